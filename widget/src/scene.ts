// What the parts of the map share: the case, the words, and whatever is drawn in more than one of them.
import { capital, type Child, h, type Phrase } from './dom';
import { note } from './session';
import type { Answer, Evidence, Guidance, Reading, Reason, Signal } from './types';
import type { Key, Say } from './words';

export interface Scene {
  reading: Reading;
  guidance: Guidance;
  say: Say;
  /** Say something through the talk, as a button does. */
  press(title: string, payload: string): void;
}

export const SPLIT = 'M4 12h6M7 9l-3 3 3 3M20 12h-6M17 9l3 3-3 3';

/** A part of the map under its heading. */
export const section = ({ say }: Scene, title: Key, ...children: Child[]): HTMLElement =>
  h('section', {}, h('h3', { tabindex: -1 }, say(title)), ...children);

/** What opens on demand; `label` says more than its title where that alone is not enough. */
export const details = (key: string, title: Phrase, label: string | null, ...inside: Child[]): HTMLElement =>
  h('details', { 'data-key': key }, h('summary', { 'data-key': `${key}-button`, 'aria-label': label }, title), h('div', { class: 'inside' }, ...inside));

/** A button that says `title` in the talk; it may show less than that. */
export const button = ({ press }: Scene, title: string, payload: string, shows?: Phrase): HTMLElement =>
  h('button', { class: shows ? 'plain' : 'choice', 'data-key': payload, 'aria-label': shows && title.includes(shows.text) && title, click: () => press(title, payload) }, shows ?? title);

/** The signal with that id, or what can be made of an id that the guidance no longer has. */
export function signalOf({ guidance }: Scene, id: string): Signal {
  const name = id.replaceAll('_', ' ');
  return guidance.signals.find((signal) => signal.id === id) ?? { id, name, group: '', means: '', question: name, heard: { yes: name, no: name } };
}

/** "Trust: yes", which the talk shows for an answer on the map, and "Correct: trust" as a button's name. */
export function about({ say }: Scene, name: string, key: Key): string {
  const word = say(key).text;
  const [what, which] = key.startsWith('answer_') ? [name, word] : [word, name];
  return say('about', { what, which }).text;
}

/** "a, b or c"; what is listed is in the language of the guidance. */
export const listed = (items: string[], type: 'conjunction' | 'disjunction'): string => new Intl.ListFormat('en-NZ', { type }).format(items);

/** What was said of the signals that reasons rest on. */
export const grounds = ({ signals }: Reading, because: Reason[] = []): Evidence[] => because.flatMap((one) => one.signals.flatMap((id) => signals[id]?.evidence ?? []));

/** What somebody said, and who, where that is known. */
export const quoted = ({ say }: Scene, { text, by }: Evidence): Phrase => say(by ? 'says' : 'quote', { text, by: by ?? '' });

/** The reasons of rules, with the words of the user that they rest on. */
export function reasons(scene: Scene, because: Reason[]): HTMLElement[] {
  const quotes = [...new Map(grounds(scene.reading, because).map((one) => [one.text, h('li', {}, quoted(scene, one))])).values()];
  return [
    ...because.flatMap(({ rule }) => scene.guidance.rules[rule]?.reason ?? []).map((reason) => h('p', {}, reason)),
    ...(quotes.length ? [h('p', { class: 'label' }, scene.say('why_words')), h('ul', { class: 'quotes' }, ...quotes)] : []),
  ];
}

/** Why a conclusion was drawn, on demand. */
export const why = (scene: Scene, key: string, because: Reason[] = []): Child =>
  because.length > 0 && details(`${key}-why`, scene.say('why'), null, ...reasons(scene, because));

/** The buttons that answer for a signal. */
export function answers(scene: Scene, signal: Signal, key: string): HTMLElement {
  const choice = (answer: Answer) => {
    const title = about(scene, signal.name, `answer_${answer}`);
    const click = (event: Event) => {
      // The disclosure that it was given in closes, and the focus stays where that is.
      const inside = (event.currentTarget as Element).closest('details');
      if (inside && inside.dataset['key'] !== 'open') {
        inside.open = false;
        inside.querySelector('summary')?.focus();
      }
      scene.press(capital(title), note(signal.id, answer));
    };
    return h('button', { class: 'choice', 'data-key': `${key}-${answer}`, click }, scene.say(`answer_${answer}`));
  };
  return h('div', { class: 'choices', role: 'group', 'aria-label': about(scene, signal.name, 'answer') }, choice('yes'), choice('no'), choice('unknown'));
}

/** The question about a signal, to be answered. */
export const asked = (scene: Scene, signal: Signal, key: string): HTMLElement[] => [h('p', {}, signal.question), answers(scene, signal, key)];
