// The map: the case drawn from its reading. Each part is drawn anew only when what it shows has changed,
// so that what somebody has opened, and where the focus is, stay as they are.
import { type Child, h } from './dom';
import { drawHeard, drawOpen, drawQuestion } from './heard';
import { drawRehearsal } from './rehearsal';
import { drawRoles } from './roles';
import { grounds, type Scene } from './scene';
import { drawSteps } from './steps';
import type { Guidance, Reading } from './types';
import { drawMode, drawPhases } from './where';
import type { Say } from './words';

const NOTHING: Reading = {
  type: 'reading',
  phase: { status: 'open', id: null, candidates: [], because: [] },
  mode: { status: 'open', id: null },
  roles: {},
  signals: {},
  next_steps: [],
  question: null,
};

interface Part {
  name: string;
  column: 0 | 1 | 2;
  /** What it depends on. */
  shows(reading: Reading): unknown;
  draw(scene: Scene, before?: HTMLElement): HTMLElement | null;
}

const PARTS: Part[] = [
  { name: 'rehearsal', column: 0, shows: ({ rehearsal, rehearsals }) => [rehearsal, rehearsals], draw: drawRehearsal },
  { name: 'phases', column: 0, shows: (reading) => [reading.phase, grounds(reading, reading.phase.because)], draw: drawPhases },
  { name: 'question', column: 0, shows: ({ question, confirm, rehearsal, phase }) => [question, confirm, rehearsal?.status, phase.id], draw: drawQuestion },
  { name: 'roles', column: 1, shows: ({ roles }) => roles, draw: drawRoles },
  { name: 'steps', column: 1, shows: (reading) => [reading.next_steps.map((step) => [step, grounds(reading, step.because)]), reading.rehearsals], draw: drawSteps },
  { name: 'heard', column: 2, shows: ({ signals }) => signals, draw: drawHeard },
  { name: 'mode', column: 2, shows: (reading) => [reading.mode, grounds(reading, reading.mode.because)], draw: drawMode },
  { name: 'open', column: 2, shows: ({ signals }) => Object.keys(signals), draw: drawOpen },
];

export class MapView {
  readonly element: HTMLElement;
  readonly heading: HTMLElement;
  readonly #drawn = new Map<Part, { element: HTMLElement; shown: string }>();
  readonly #columns = [0, 1, 2].map(() => h('div', { class: 'map-column' }));

  constructor(
    readonly say: Say,
    readonly press: Scene['press'],
    ...tools: Child[]
  ) {
    this.heading = h('h2', { id: 'map-title', tabindex: -1 }, say('map_title'));
    this.element = h(
      'section',
      { class: 'map', 'aria-labelledby': 'map-title' },
      h('div', { class: 'map-head' }, this.heading, ...tools),
      h('div', { class: 'map-body' }, ...this.#columns),
    );
  }

  update(reading: Reading | null, guidance: Guidance | null): void {
    if (!guidance) return;
    const scene = { reading: reading ?? NOTHING, guidance, say: this.say, press: this.press };
    for (const part of PARTS) this.#draw(part, scene);
  }

  clear(): void {
    this.#drawn.clear();
    for (const column of this.#columns) column.replaceChildren();
  }

  /** Draw one part, if what it shows is not what is drawn. Focus and open disclosures are kept. */
  #draw(part: Part, scene: Scene): void {
    const shown = JSON.stringify(part.shows(scene.reading)) ?? '';
    const before = this.#drawn.get(part);
    if (before?.shown === shown) return;
    const old = before?.element;
    const element = part.draw(scene, old) ?? h('div', { hidden: true });
    element.classList.add(`part-${part.name}`);
    if (old) {
      element.classList.add('changed');
      const { activeElement: focused } = old.getRootNode() as ShadowRoot;
      const had = old.contains(focused);
      const opened = old.querySelectorAll('details[open][data-key]');
      old.replaceWith(element);
      const same = (one: Element | null) => {
        const key = one?.getAttribute('data-key');
        return key ? element.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) : null;
      };
      for (const one of opened) same(one)?.setAttribute('open', '');
      if (had) (same(focused) ?? element.querySelector<HTMLElement>('h3, summary') ?? this.heading).focus();
    } else {
      this.#columns[part.column]?.append(element);
    }
    this.#drawn.set(part, { element, shown });
  }
}
