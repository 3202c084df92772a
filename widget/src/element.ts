// The element: it puts the parts together and hands on what happens in one to the others.
import { sheet } from './sheet';
import { briefDialog, forgetDialog } from './dialogs';
import { type Child, CROSS, h, icon, s } from './dom';
import { LogView } from './log';
import { MapView } from './map';
import { Server } from './server';
import { Session } from './session';
import { type Line, Talk } from './talk';
import { catalogue, type Say } from './words';

const LONGEST = 4000;
const ICONS = {
  brief: 'M7 3.5h7l4 4v13H7zM14 3.5v4h4M10 12h5M10 15.5h5',
  rehearse: 'M4 5h10v7H8.5L5.5 15v-3H4zM17 9h3v7h-1.5v3l-3-3H10v-1.5',
  forget: 'M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13M10.5 10.5v6M13.5 10.5v6',
  send: 'M4 12h14M12.5 6l6 6-6 6',
  wide: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  down: 'M12 5v14M6 13l6 6 6-6',
  machine: 'M6 8h12v10H6zM12 8V4.5M9.5 12v1M14.5 12v1M10 15.5h4M3.5 12v3M20.5 12v3',
  kept: 'M4 6h16v4H4zM5.5 10v9h13v-9M10 13.5h4',
  seen: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  law: 'M12 4v16M7 20h10M5 7h14M5 7l-2.5 6h5zM19 7l-2.5 6h5z',
  names: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-4 2.5-6 6-6s6 2 6 6M16.5 9.5l5 5M21.5 9.5l-5 5',
} as const;
const OPENERS = ['opener_1', 'opener_2', 'opener_3'] as const;

export class CriticalFriend extends HTMLElement {
  /** Where the script came from; the server, unless an attribute names another. */
  static home = '';

  #root: ShadowRoot | null = null;
  #say: Say = catalogue('en');
  #talk: Talk | null = null;
  #session: Session | null = null;
  #log!: LogView;
  #map!: MapView;
  #panel!: HTMLElement;
  #launcher: HTMLButtonElement | null = null;
  #consent!: HTMLElement;
  #kept!: HTMLElement;
  #work!: HTMLElement;
  #tools!: HTMLElement;
  #input!: HTMLTextAreaElement;
  #count!: HTMLElement;
  #banner!: HTMLElement;
  #moves!: HTMLElement;
  readonly #at = h('span');

  connectedCallback(): void {
    if (this.#root) {
      if (this.#session?.kept.agreed) void this.#talk?.start();
      return;
    }
    const server = (this.getAttribute('server') ?? CriticalFriend.home).replace(/\/+$/, '');
    const lang = this.closest('[lang]')?.getAttribute('lang') ?? 'en';
    this.#say = catalogue(lang);
    this.#session = new Session(server);
    this.#talk = new Talk(new Server(server), this.#session, {
      added: (lines) => this.#log.add(lines, !lines.some(({ fresh, delivery }) => fresh || delivery === 'sending')),
      changed: (line) => this.#log.change(line),
      standing: (now) => {
        this.#log.stand(now);
        this.#panel.dataset['now'] = now;
      },
      known: () => this.#known(),
      emptied: () => {
        this.#log.empty();
        this.#map.clear();
      },
    });
    this.#root = this.attachShadow({ mode: 'open' });
    this.#root.adoptedStyleSheets = [sheet];
    this.#build(this.#root, this.#talk, this.#session);
  }

  disconnectedCallback(): void {
    this.#talk?.stop();
  }

  get #whole(): boolean {
    return this.getAttribute('display') === 'page';
  }

  #build(root: ShadowRoot, talk: Talk, session: Session): void {
    const say = this.#say;
    const press = (title: string, payload: string) => talk.say(title, payload);
    const openers = h(
      'div',
      { class: 'openers' },
      h('p', { class: 'small' }, say('welcome_try')),
      h('div', { class: 'choices' }, ...OPENERS.map((key) => h('button', { class: 'choice', click: () => this.#fill(say(key).text) }, say(key)))),
    );
    this.#log = new LogView(
      say,
      {
        press: ({ title, payload }) => {
          press(title, payload);
          this.#focusInput();
        },
        retry: () => talk.retry(),
        edit: (line: Line) => this.#fill(line.text),
        anew: () => {
          talk.anew();
          this.#focusInput();
        },
      },
      openers,
    );
    const widen = () => alone.setAttribute('aria-pressed', String(this.#work.classList.toggle('alone')));
    const alone: HTMLElement = h('button', { class: 'tool wide', 'aria-pressed': 'false', click: widen }, icon(ICONS.wide), say('map_alone'));
    this.#map = new MapView(say, press, alone, h('button', { class: 'tool back', click: () => this.#focusInput() }, say('to_talk')));

    const brief = briefDialog(say, { brief: (form, notes, withTalk) => talk.brief(form, notes, withTalk) });
    const forget = forgetDialog(say, async () => {
      await talk.forget();
      this.#log.tell(say('forgotten').text);
    });
    const tool = (key: 'brief' | 'rehearse' | 'forget', click: () => void) =>
      h('button', { class: 'tool', click }, icon(ICONS[key]), say(key));
    this.#tools = h(
      'div',
      { class: 'tools', hidden: true },
      tool('brief', () => brief.showModal()),
      tool('rehearse', () => {
        press(say('rehearse').text, 'rehearse');
        this.#focusInput();
      }),
      tool('forget', () => forget.showModal()),
    );
    const close = this.#whole
      ? null
      : h('button', { class: 'tool close', click: () => this.#shut() }, icon(CROSS), h('span', {}, say('close')));

    this.#work = h('div', { class: 'work', hidden: true }, this.#talkPart(talk), this.#map.element);
    this.#consent = this.#terms(() => {
      session.keep({ agreed: true });
      this.#begin();
      this.#input.focus();
    });
    const keydown = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) this.#shut();
    };
    this.#panel = h(
      'section',
      { class: 'panel', 'aria-labelledby': 'name', role: this.#whole ? 'region' : 'dialog', keydown },
      h(
        'header',
        { class: 'head' },
        mark(),
        h('div', { class: 'title' }, h('h2', { id: 'name', tabindex: -1 }, say('name')), h('p', {}, say('tagline'))),
        this.#tools,
        close,
      ),
      this.#consent,
      this.#work,
    );
    root.append(this.#panel, brief, forget);
    if (!this.#whole) {
      const launcher = h('button', { class: 'launcher', 'aria-haspopup': 'dialog', click: () => this.#open(true) }, mark(), say('launch'));
      this.#launcher = launcher;
      this.#panel.hidden = true;
      root.prepend(launcher);
    }
    if (!this.#whole && session.kept.open) this.#open(false);
    else if (this.#whole) this.#enter();
  }

  #talkPart(talk: Talk): HTMLElement {
    const say = this.#say;
    this.#count = h('p', { class: 'small', id: 'count', role: 'status' });
    const send = (event: Event) => {
      event.preventDefault();
      const text = this.#input.value.trim();
      if (!text || text.length > LONGEST) return;
      this.#input.value = '';
      this.#typed();
      talk.say(text);
      this.#input.focus();
    };
    const keydown = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send(event);
    };
    this.#input = h('textarea', { id: 'message', rows: 2, 'aria-describedby': 'hint count', input: () => this.#typed(), keydown });
    this.#input.value = this.#session?.kept.draft ?? '';
    const form = h(
      'form',
      { class: 'composer', novalidate: true, submit: send },
      h('label', { for: 'message' }, say('message')),
      h(
        'div',
        { class: 'entry' },
        this.#input,
        h('button', { type: 'submit', class: 'strong send' }, say('send'), icon(ICONS.send)),
      ),
      h('p', { class: 'small', id: 'hint' }, say('hint')),
      this.#count,
    );
    this.#moves = h('div', { class: 'choices' });
    this.#banner = h('div', { class: 'banner', hidden: true }, h('p', {}, h('strong', {}, say('rehearsal_banner'))), this.#moves);
    return h(
      'section',
      { class: 'talk', 'aria-labelledby': 'talk-title' },
      h('h2', { id: 'talk-title', class: 'hidden', tabindex: -1 }, say('talk')),
      h('button', { class: 'jump', click: () => this.#toMap() }, h('span', {}, say('to_map'), this.#at), icon(ICONS.down)),
      this.#banner,
      this.#log.element,
      this.#log.announced,
      this.#log.status,
      form,
    );
  }

  #terms(agree: () => void): HTMLElement {
    const say = this.#say;
    const filled = {
      days: 365,
      by: this.getAttribute('kept-by') ?? say('consent_kept_by').text,
    };
    const term = (name: 'machine' | 'kept' | 'seen' | 'law' | 'names'): Child => {
      const words = h('p', {}, say(`consent_${name}`, filled));
      if (name === 'kept') this.#kept = words;
      return h('li', {}, icon(ICONS[name], 'icon big'), h('div', {}, h('h3', {}, say(`consent_${name}_title`)), words));
    };
    return h(
      'div',
      { class: 'consent' },
      h(
        'div',
        { class: 'consent-inside' },
        h('h2', { id: 'consent-title', tabindex: -1 }, say('consent_title')),
        h('p', { class: 'lead' }, say('consent_lead')),
        h(
          'ul',
          { class: 'terms' },
          ...(['machine', 'names', 'kept', 'seen', 'law'] as const).map(term),
        ),
        h('button', { class: 'strong', click: agree }, say('consent_agree')),
      ),
    );
  }

  /** Show the talk and the map, once the terms are agreed to. Nothing typed goes anywhere before. */
  #begin(): void {
    this.#consent.hidden = true;
    this.#tools.hidden = this.#work.hidden = false;
    void this.#talk?.start();
  }

  /** Go on where it was left, or say for how long the server keeps things: it is told nothing for that. */
  #enter(): void {
    if (!this.#work.hidden) return;
    if (this.#session?.kept.agreed) this.#begin();
    else void this.#talk?.learn().then(({ kept_for_days: days }) => {
      if (days) this.#kept.textContent = this.#say('consent_kept', { days }).text;
    }, () => undefined); // if the server is away, that shows soon enough
  }

  #open(focus: boolean): void {
    this.#session?.keep({ open: true });
    this.#panel.hidden = false;
    if (this.#launcher) this.#launcher.hidden = true;
    this.#enter();
    if (!focus) return;
    if (this.#work.hidden) this.#consent.querySelector<HTMLElement>('h2')?.focus();
    else this.#input.focus();
  }

  #shut(): void {
    if (!this.#launcher) return;
    this.#session?.keep({ open: false });
    this.#panel.hidden = true;
    this.#launcher.hidden = false;
    this.#launcher.focus();
  }

  #toMap(): void {
    this.#map.element.scrollIntoView({ block: 'start' });
    this.#map.heading.focus({ preventScroll: true });
  }

  #focusInput(): void {
    // On a touch screen the keyboard would cover the answer that is about to come.
    if (matchMedia('(pointer: coarse)').matches) this.#log.element.focus();
    else this.#input.focus();
  }

  #fill(text: string): void {
    this.#input.value = text;
    this.#typed();
    this.#input.focus();
  }

  #typed(): void {
    const { value } = this.#input;
    this.#session?.keep({ draft: value });
    const left = LONGEST - value.trim().length;
    this.#input.setAttribute('aria-invalid', String(left < 0));
    const words = left < 0 ? this.#say('too_long', { count: -left }) : this.#say('left', { count: left });
    const shown = left < 300 ? words.text : '';
    if (this.#count.textContent !== shown) this.#count.textContent = shown;
  }

  #known(): void {
    const { reading = null, guidance = null } = this.#talk ?? {};
    this.#map.update(reading, guidance);
    const phase = guidance?.phases.find(({ id }) => id === reading?.phase.id)?.name;
    this.#at.textContent = phase ? `: ${phase}` : '';
    const status = reading?.rehearsal?.status;
    const playing = status === 'playing' || status === 'paused';
    this.#banner.hidden = !playing;
    if (!playing) return;
    const button = (name: 'hint' | 'pause' | 'resume' | 'stop') => {
      const title = this.#say(`rehearsal_${name}`);
      return h('button', { class: 'choice', 'data-key': name, click: () => this.#talk?.say(title.text, `play:${name}`) }, title);
    };
    const moves = status === 'paused' ? (['resume', 'stop'] as const) : (['hint', 'pause', 'stop'] as const);
    if (this.#moves.dataset['moves'] === moves.join()) return;
    const had = this.#moves.contains(this.#root?.activeElement ?? null);
    this.#moves.dataset['moves'] = moves.join();
    this.#moves.replaceChildren(...moves.map(button));
    if (had) this.#moves.querySelector('button')?.focus();
  }
}

/** The sign of Critical Friend: strands that come together. */
function mark(): SVGElement {
  const strands = ['M3 7c8 0 9 9 26 9', 'M3 16h26', 'M3 25c8 0 9-9 26-9'];
  return s(
    'svg',
    { viewBox: '0 0 32 32', class: 'sign-mark', 'aria-hidden': 'true' },
    ...strands.map((d, i) => s('path', { d, class: `strand-${i * 2}` })),
  );
}
