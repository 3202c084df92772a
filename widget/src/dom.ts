// Building elements. Text goes in as text only: nothing here, or anywhere in the widget, takes HTML.

/** Words with the language they are in, where that is not the language around them. */
export interface Phrase {
  text: string;
  lang?: string;
}

export type Child = Node | Phrase | string | null | false | undefined;
type Value = string | number | boolean | null | undefined | ((event: never) => void);
export type Props = Record<string, Value>;

const SVG = 'http://www.w3.org/2000/svg';

function fill(element: Element, props: Props, children: Child[]): void {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name, value as EventListener);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  put(element, children);
}

/** Put children into an element, words in another language with that. */
export function put(element: Element, children: Child[]): void {
  for (const child of children) {
    if (!child) continue;
    if (typeof child === 'string' || child instanceof Node) element.append(child);
    else if (!child.lang) element.append(child.text);
    else if (children.length === 1 && !element.hasAttribute('lang')) {
      element.setAttribute('lang', child.lang);
      element.append(child.text);
    } else element.append(h('span', { lang: child.lang }, child.text));
  }
}

/** An HTML element. A property whose value is a function is a listener for the event of that name. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (tag === 'button') element.setAttribute('type', 'button'); // none sends a form unless it says so
  fill(element, props, children);
  return element;
}

/** An SVG element. */
export function s(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS(SVG, tag) as SVGElement;
  fill(element, props, children);
  return element;
}

/** A small drawing beside words that say the same, and so hidden from screen readers. */
export function icon(path: string, className = 'icon'): SVGElement {
  return s(
    'svg',
    { viewBox: '0 0 24 24', class: className, 'aria-hidden': 'true', focusable: 'false' },
    s('path', { d: path }),
  );
}

export const TICK = 'M5 12.5l4.5 4.5L19 7.5';
export const CROSS = 'M7 7l10 10M17 7L7 17';

/** What lines stand for: points of a list, and whatever `draw` makes of the others; null where a line ends what is open. */
export function blocks(text: string, inline: (point: string) => Child[], draw: (line: string, open?: HTMLElement) => HTMLElement | null): HTMLElement[] {
  const out: HTMLElement[] = [];
  let open = null as HTMLElement | null; // what the next line may go on with
  for (const line of text.split('\n')) {
    const point = /^- (.*)/.exec(line)?.[1];
    const block: HTMLElement | null = point === undefined ? draw(line, open ?? undefined) : open?.localName === 'ul' ? open : h('ul', { class: 'points' });
    if (point !== undefined) block?.append(h('li', {}, ...inline(point)));
    if (block && block !== open) out.push(block);
    open = block;
  }
  return out;
}

/** With a capital letter first. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** With a full stop at the end, unless it has one. */
export const sentence = (text: string): string => capital(text) + (/[.?!]$/.test(text) ? '' : '.');
