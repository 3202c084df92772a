// The map: the case drawn from its reading. Each part is drawn anew only when what it shows has changed,
// so that what somebody has opened, and where the focus is, stay as they are.
import { capital, type Child, CROSS, h, icon, type Phrase, s, sentence, TICK } from './dom';
import { drawRehearsal } from './rehearsal';
import { river } from './river';
import { note } from './session';
import type { Answer, Guidance, Named, Reading, Reason, RoleState, Signal, Step } from './types';
import type { Key, Say } from './words';

export interface MapActions {
  /** Say something through the talk, as a button does. */
  press(title: string, payload: string): void;
}

interface Scene {
  reading: Reading;
  guidance: Guidance;
}

const NOTHING: Reading = {
  type: 'reading',
  phase: { status: 'open', id: null, candidates: [], because: [] },
  mode: { status: 'open', id: null },
  roles: {},
  signals: {},
  next_steps: [],
  question: null,
};

const SPLIT = 'M4 12h6M7 9l-3 3 3 3M20 12h-6M17 9l3 3-3 3';
const ASK = 'M9 9.2a3 3 0 1 1 4.6 2.6c-1 .6-1.6 1.2-1.6 2.4M12 17.6v.2';
const CARE = 'M12 4L2.8 19.5h18.4zM12 10v4.5M12 17v.2';
const PIN = 'M12 21s6.5-6.2 6.5-11.2A6.5 6.5 0 0 0 5.5 9.8C5.5 14.800 12 21 12 21zM12 12.2a2.4 2.4 0 1 0 0-4.800 2.4 2.4 0 0 0 0 4.800z';

export class MapView {
  readonly element: HTMLElement;
  readonly heading: HTMLElement;
  readonly #parts = new Map<string, { element: HTMLElement; shown: string }>();
  readonly #top = h('div', { class: 'map-column' });
  readonly #left = h('div', { class: 'map-column' });
  readonly #right = h('div', { class: 'map-column' });

  constructor(
    readonly say: Say,
    readonly actions: MapActions,
    ...tools: Child[]
  ) {
    this.heading = h('h2', { id: 'map-title', tabindex: -1 }, say('map_title'));
    this.element = h(
      'section',
      { class: 'map', 'aria-labelledby': 'map-title' },
      h('div', { class: 'map-head' }, this.heading, ...tools),
      h('div', { class: 'map-body' }, this.#top, this.#left, this.#right),
    );
  }

  update(reading: Reading | null, guidance: Guidance | null): void {
    if (!guidance) return;
    const scene = { reading: reading ?? NOTHING, guidance };
    const { rehearsal, rehearsals, phase, signals, question, confirm, roles, mode, next_steps: steps } = scene.reading;
    this.#part(this.#top, 'rehearsal', [rehearsal, rehearsals], () => rehearsal && drawRehearsal(this.say, rehearsal, ...this.#ownCase(scene)));
    this.#part(this.#top, 'phases', [phase, signals], () => this.#phases(scene));
    this.#part(this.#top, 'question', [question, confirm, !reading], () => this.#question(scene));
    this.#part(this.#left, 'roles', roles, () => this.#roles(scene));
    this.#part(this.#left, 'steps', [steps, signals, rehearsals], () => this.#steps(scene));
    this.#part(this.#right, 'heard', signals, () => this.#heard(scene));
    this.#part(this.#right, 'mode', mode, () => this.#mode(scene));
    this.#part(this.#right, 'open', Object.keys(signals), () => this.#open(scene));
  }

  clear(): void {
    this.#parts.clear();
    for (const column of [this.#top, this.#left, this.#right]) column.replaceChildren();
  }

  /** Draw one part, if what it shows is not what is drawn. Focus and open disclosures are kept. */
  #part(column: HTMLElement, name: string, shows: unknown, draw: () => HTMLElement | null | undefined): void {
    const shown = JSON.stringify(shows) ?? '';
    const before = this.#parts.get(name);
    if (before?.shown === shown) return;
    const element = draw() ?? h('div', { hidden: true });
    element.classList.add(`part-${name}`);
    if (!before) {
      column.append(element);
    } else {
      element.classList.add('changed');
      const opened = [...before.element.querySelectorAll<HTMLElement>('details[open][data-key]')];
      const root = before.element.getRootNode() as ShadowRoot;
      const focused = root.activeElement;
      const had = focused !== null && before.element.contains(focused) ? (focused as HTMLElement) : null;
      before.element.replaceWith(element);
      const same = (old: HTMLElement) =>
        old.dataset['key'] ? element.querySelector<HTMLElement>(`[data-key="${CSS.escape(old.dataset['key'])}"]`) : null;
      for (const old of opened) same(old)?.setAttribute('open', '');
      if (had) (same(had) ?? element.querySelector<HTMLElement>('h3, summary') ?? this.heading).focus();
    }
    this.#parts.set(name, { element, shown });
  }

  #section(title: Key, ...children: Child[]): HTMLElement {
    return h('section', {}, h('h3', { tabindex: -1 }, this.say(title)), ...children);
  }

  #signal(scene: Scene, id: string): Signal {
    const known = scene.guidance.signals.find((signal) => signal.id === id);
    const name = id.replaceAll('_', ' ');
    return known ?? { id, name, group: '', means: '', question: name, heard: { yes: name, no: name } };
  }

  /** "Trust: yes", which the talk shows for an answer on the map, and "Correct: trust" as a button's name. */
  #about(name: string, key: Key): string {
    const word = this.say(key).text;
    const [what, which] = key.startsWith('answer_') ? [name, word] : [word, name];
    return this.say('about', { what, which }).text;
  }

  // ---- where the case stands

  #phases(scene: Scene): HTMLElement {
    const { phase } = scene.reading;
    const { phases } = scene.guidance;
    const at = phases.findIndex(({ id }) => id === phase.id);
    const named = phases[at];
    const others = phases.filter(({ id }) => id !== phase.id && phase.candidates.includes(id));
    const settled = phase.status === 'settled';
    const state = (id: string): [string, Key] =>
      id === phase.id
        ? ['here', settled ? 'phase_here' : 'phase_guess']
        : !named
          ? ['open', 'role_unknown']
          : phase.candidates.includes(id)
            ? ['open', 'phase_could']
            : ['out', 'phase_not'];
    const item = ({ id, name }: Named) => {
      const [className, word] = state(id);
      return h(
        'li',
        { class: `phase ${className}`, 'aria-current': id === phase.id && 'step' },
        this.#stage(className, settled),
        h('span', { class: 'phase-name' }, capital(name)),
        h('span', { class: 'phase-word' }, this.say(word)),
      );
    };
    return this.#section(
      'phases',
      h(
        'div',
        { class: 'journey' },
        river(named ? (at + 0.5) / phases.length : 0, 'reach'),
        h('ol', { class: 'phases' }, ...phases.map(item)),
      ),
      h(
        'p',
        { class: 'lead' },
        named
          ? h('strong', {}, this.say(settled ? 'phase_settled' : 'phase_open', { phase: capital(named.name) }))
          : this.say('map_empty'),
        named ? ` ${named.means} ` : null,
        others.length > 0 && named
          ? this.say('phase_others', { list: listed(others.map(({ name }) => `‘${name}’`), 'disjunction') })
          : null,
      ),
      named && this.#why(scene, 'phase', 'why', phase.because),
    );
  }

  #stage(state: string, settled: boolean): SVGElement {
    const circle = (r: number, className: string) => s('circle', { cx: 24, cy: 24, r, class: className });
    const shapes = {
      here: () => [circle(21, settled ? 'halo' : 'halo guess'), circle(14, 'disc'), s('path', { d: PIN, class: 'mark', transform: 'translate(13.2 13.2) scale(.9)' })],
      open: () => [circle(10, 'ring')],
      out: () => [circle(9, 'ring out'), s('path', { d: 'M17.5 30.5l13-13', class: 'ring out' })],
    };
    return s('svg', { viewBox: '0 0 48 48', class: 'stage', 'aria-hidden': 'true' }, ...shapes[state as keyof typeof shapes]());
  }

  #why(scene: Scene, key: string, title: Key, because: Reason[]): HTMLElement | null {
    if (!because.length) return null;
    return this.#details(`${key}-why`, this.say(title), null, ...this.#reasons(scene, because));
  }

  /** What opens on demand; `label` says more than its title where that alone is not enough. */
  #details(key: string, title: Phrase, label: string | null, ...inside: Child[]): HTMLElement {
    return h('details', { 'data-key': key }, h('summary', { 'data-key': `${key}-button`, 'aria-label': label }, title), h('div', { class: 'inside' }, ...inside));
  }

  #reasons(scene: Scene, because: Reason[]): HTMLElement[] {
    const reasons = because.flatMap(({ rule }) => scene.guidance.rules[rule]?.reason ?? []);
    const quotes = this.#quotes(scene, [...new Set(because.flatMap(({ signals }) => signals))]);
    return [
      ...reasons.map((reason) => h('p', {}, reason)),
      ...(quotes.length ? [h('p', { class: 'label' }, this.say('why_words')), h('ul', { class: 'quotes' }, ...quotes)] : []),
    ];
  }

  #quotes(scene: Scene, signals: string[]): HTMLElement[] {
    const seen = new Set<string>();
    return signals
      .flatMap((id) => scene.reading.signals[id]?.evidence ?? [])
      .filter(({ text }) => !seen.has(text) && seen.add(text))
      .map(({ text, by }) => h('li', {}, this.say(by ? 'says' : 'quote', { text, by: by ?? '' })));
  }

  // ---- the question at hand

  #question(scene: Scene): HTMLElement | null {
    const { question, confirm, phase } = scene.reading;
    if (confirm) {
      return this.#section(
        'question_confirm',
        h('p', { class: 'ask' }, sentence(confirm.heard)),
        h('div', { class: 'choices' }, ...confirm.choices.map(({ title, payload }) => this.#choice(title, payload))),
      );
    }
    if (!question) return phase.id ? this.#section('question', h('p', {}, this.say('question_none'))) : null;
    const settles = (question.would_settle ?? []).flatMap((id) => {
      if (id === 'phase') return this.say('question_phase').text;
      if (id === 'mode') return this.say('question_mode').text;
      return scene.guidance.roles.find((role) => role.id === id)?.name ?? [];
    });
    return this.#section(
      'question',
      h('p', { class: 'ask' }, question.text),
      this.#answers(this.#signal(scene, question.signal), `question-${question.signal}`),
      settles.length > 0 && h('p', { class: 'small' }, this.say('question_settles', { list: listed(settles, 'conjunction') })),
    );
  }

  #asked(signal: Signal, key: string): HTMLElement[] {
    return [h('p', {}, signal.question), this.#answers(signal, key)];
  }

  /** Buttons that answer for a signal. */
  #answers(signal: Signal, key: string): HTMLElement {
    const button = (answer: Answer) => {
      const title = this.#about(capital(signal.name), `answer_${answer}`);
      return h(
        'button',
        { class: 'choice', 'data-key': `${key}-${answer}`, click: (event: Event) => this.#answered(event, title, note(signal.id, answer)) },
        this.say(`answer_${answer}`),
      );
    };
    return h('div', { class: 'choices', role: 'group', 'aria-label': this.#about(signal.name, 'answer') }, button('yes'), button('no'), button('unknown'));
  }

  /** Send an answer; the disclosure that it was given in closes, and the focus stays where that is. */
  #answered(event: Event, title: string, payload: string): void {
    const details = (event.currentTarget as Element).closest('details');
    if (details && details.dataset['key'] !== 'open') {
      details.open = false;
      details.querySelector('summary')?.focus();
    }
    this.actions.press(title, payload);
  }

  // ---- who plays which part

  #roles(scene: Scene): HTMLElement {
    const card = ({ id, name, means }: Named) => {
      const state = scene.reading.roles[id] ?? 'unknown';
      const verb = state === 'unknown' ? 'answer' : 'correct';
      return h(
        'li',
        { class: `role ${state}` },
        roleShape(state),
        h('div', {}, h('strong', {}, capital(name)), h('span', { class: 'role-state' }, this.say(`role_${state}`))),
        this.#details(`role-${id}`, this.say(verb), this.#about(name, verb), h('p', { class: 'small' }, means), ...this.#asked(this.#signal(scene, id), `role-${id}`)),
      );
    };
    return this.#section(
      'roles',
      h('p', { class: 'small' }, this.say('roles_note')),
      h('ul', { class: 'roles' }, ...scene.guidance.roles.map(card)),
    );
  }

  // ---- what to do next

  #steps(scene: Scene): HTMLElement {
    const { next_steps: steps } = scene.reading;
    if (!steps.length) return this.#section('steps', h('p', {}, this.say('steps_none')));
    const rehearsals = (scene.reading.rehearsals ?? []).map(({ scenario, title }) => this.#choice(title, `rehearse:${scenario}`));
    const offered = rehearsals.length ? [h('p', { class: 'label' }, this.say('steps_rehearse')), h('div', { class: 'choices' }, ...rehearsals)] : [];
    return this.#section(
      'steps',
      h('ol', { class: 'steps' }, ...steps.map((step) => this.#step(scene, step))),
      ...offered,
    );
  }

  /** The way back from a rehearsal, and what the case has in common with it. */
  #ownCase(scene: Scene): Child[] {
    const { rehearsal, rehearsals = [] } = scene.reading;
    const same = rehearsals.find(({ scenario }) => scenario === rehearsal?.scenario);
    return [
      same && h('p', {}, h('strong', {}, this.say('debrief_own')), ` ${sentence(this.#signal(scene, same.signal).heard[same.value])}`),
      h('div', { class: 'choices' }, this.#choice(this.say('debrief_back').text, 'ask_next_step')),
    ];
  }

  #choice(title: string, payload: string): HTMLElement {
    return h('button', { class: 'choice', 'data-key': payload, click: () => this.actions.press(title, payload) }, title);
  }

  /** A button that shows less than it says. */
  #button(title: string, payload: string, shows: Phrase): HTMLElement {
    return h('button', { class: 'plain', 'data-key': payload, 'aria-label': title.includes(shows.text) && title, click: () => this.actions.press(title, payload) }, shows);
  }

  #step(scene: Scene, step: Step): HTMLElement {
    const fact = (key: Key, text: string | undefined) =>
      text ? h('div', {}, h('dt', {}, this.say(key)), h('dd', {}, sentence(text))) : null;
    const sources = [...new Set(step.sources.map(({ title, section }) => `${title}: ${section}`))];
    return h(
      'li',
      { class: 'step' },
      h('h4', {}, step.title),
      step.do ? h('p', {}, step.do) : null,
      ...step.cautions.map((caution) =>
        h('p', { class: 'care' }, icon(CARE), h('span', {}, h('strong', {}, this.say('step_care'), '. '), caution)),
      ),
      this.#details(
        `step-${step.id}`,
        this.say('step_why'),
        null,
        ...this.#reasons(scene, step.because),
        h(
          'dl',
          {},
          fact('step_with', step.with),
          fact('step_sign', step.sign),
          h('div', {}, h('dt', {}, this.say('step_sources')), ...sources.map((source) => h('dd', {}, source))),
        ),
        this.#button(step.title, `step:${step.id}`, this.say('step_talk')),
      ),
    );
  }

  // ---- what has been heard

  #heard(scene: Scene): HTMLElement {
    const { signals } = scene.reading;
    const groups = scene.guidance.groups.flatMap((group) => {
      const items = scene.guidance.signals.filter(({ id, group: of }) => of === group.id && signals[id]);
      return items.length ? [h('h4', {}, group.name), h('ul', { class: 'heard' }, ...items.map((item) => this.#item(scene, item)))] : [];
    });
    return this.#section('heard', ...(groups.length ? groups : [h('p', {}, this.say('heard_none'))]));
  }

  #item(scene: Scene, signal: Signal): HTMLElement {
    const { value, evidence } = scene.reading.signals[signal.id] ?? { value: 'yes' as const, evidence: [] };
    const { id, name, heard } = signal;
    const said = value === 'contested' ? signal.name : heard[value];
    return h(
      'li',
      { class: `item ${value}` },
      icon(value === 'yes' ? TICK : value === 'no' ? CROSS : SPLIT, 'icon sign'),
      h(
        'div',
        {},
        h('p', {}, h('strong', { class: 'value' }, this.say(value === 'contested' ? 'role_contested' : `answer_${value}`)), ` ${sentence(said)}`),
        ...evidence.map(({ text, by }) => h('blockquote', {}, this.say(by ? 'says' : 'quote', { text, by: by ?? '' }))),
        h(
          'div',
          { class: 'item-tools' },
          this.#details(`correct-${id}`, this.say('correct'), this.#about(name, 'correct'), ...this.#asked(signal, `correct-${id}`)),
          this.#button(this.#about(name, 'remove'), `withdraw:${id}`, this.say('remove')),
        ),
      ),
    );
  }

  // ---- how closely to work

  #mode(scene: Scene): HTMLElement {
    const { mode } = scene.reading;
    const { modes } = scene.guidance;
    const named = modes.find(({ id }) => id === mode.id);
    const item = ({ id, name }: Named) =>
      h(
        'li',
        { class: id === mode.id ? 'mode here' : 'mode', 'aria-current': id === mode.id && 'true' },
        h('span', { class: 'bar', 'aria-hidden': 'true' }),
        h('span', {}, capital(name)),
      );
    const settled = mode.status === 'settled' ? 'mode_settled' : 'mode_open';
    return this.#section(
      'mode',
      h('ol', { class: 'modes' }, ...modes.map(item)),
      h('p', {}, named ? h('strong', {}, this.say(settled, { mode: named.name })) : this.say('mode_none'), named && ` ${named.means}`),
      this.#why(scene, 'mode', 'why', mode.because ?? []),
    );
  }

  // ---- what is still open

  #open(scene: Scene): HTMLElement | null {
    const open = scene.guidance.signals.filter(({ id }) => !scene.reading.signals[id]);
    if (!open.length) return null;
    const details = this.#details('open', this.say('open', { count: open.length }), null);
    const inside = details.lastElementChild as Element;
    const fill = () => {
      if (inside.childElementCount) return;
      for (const group of scene.guidance.groups) {
        const items = open.filter(({ group: of }) => of === group.id);
        if (!items.length) continue;
        inside.append(
          h('h4', {}, group.name),
          h('ul', { class: 'asked' }, ...items.map((signal) => h('li', {}, ...this.#asked(signal, `open-${signal.id}`)))),
        );
      }
    };
    // Thirty questions with three buttons each are drawn only for those who look at them.
    details.addEventListener('toggle', fill);
    if (this.#parts.get('open')?.element.querySelector('details[open]')) fill();
    return h('section', {}, details);
  }
}

/** "a, b or c"; what is listed is in the language of the guidance. */
const listed = (items: string[], type: 'conjunction' | 'disjunction'): string => new Intl.ListFormat('en-NZ', { type }).format(items);

/** Full, empty, split or dotted: a shape for each state, beside its word. */
function roleShape(state: RoleState): SVGElement {
  const ring = s('circle', { cx: 24, cy: 24, r: 19, class: 'shape' });
  const mark = { present: TICK, missing: CROSS, contested: SPLIT, unknown: ASK }[state];
  const half = state === 'contested' && s('path', { d: 'M24 5a19 19 0 0 0 0 38z', class: 'half' });
  return s(
    'svg',
    { viewBox: '0 0 48 48', class: `role-shape ${state}`, 'aria-hidden': 'true' },
    ring,
    half,
    s('path', { d: mark, class: 'mark', transform: 'translate(12 12)' }),
  );
}
