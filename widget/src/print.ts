// Printing the brief: its Markdown becomes elements in a frame of its own, so that nothing of the page
// around is printed, and nothing from the server is taken as HTML.
import { h } from './dom';
import css from './print.css';

const INLINE = /\*\*(.+?)\*\*|(?<![*\w])[*_](.+?)[*_](?![*\w])/g;

function inline(text: string): (Node | string)[] {
  const out: (Node | string)[] = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    out.push(text.slice(at, found.index), h(found[1] ? 'strong' : 'em', {}, found[1] ?? found[2] ?? ''));
    at = found.index + found[0].length;
  }
  out.push(text.slice(at));
  return out.map((part) => (typeof part === 'string' ? part.replace(/\\([\\`*_{}[\]()#+.!|<>~-])/g, '$1') : part));
}

const HEADINGS = ['h1', 'h2', 'h3', 'h4'] as const;

/** The elements that a brief in Markdown stands for: headings, lists, quotes, tables and paragraphs. */
export function elements(markdown: string): HTMLElement[] {
  const out: HTMLElement[] = [];
  let open: HTMLElement | null = null; // the list, quote, table or paragraph that the next line may go on with
  const within = (tag: 'ul' | 'ol' | 'blockquote' | 'table'): HTMLElement => {
    if (open?.localName !== tag) out.push((open = h(tag)));
    return open;
  };
  for (const raw of markdown.split('\n')) {
    const line = raw.trim();
    const heading = /^(#{1,4}) (.*)/.exec(line);
    const item = /^(?:[-*+]|(\d+)[.)]) (.*)/.exec(line);
    if (!line || /^([-*_]) ?(\1 ?){2,}$/.test(line)) {
      if (open?.localName !== 'ol' && open?.localName !== 'ul') open = null;
    } else if (heading) {
      open = null;
      out.push(h(HEADINGS[(heading[1]?.length ?? 1) - 1] ?? 'h4', {}, ...inline(heading[2] ?? '')));
    } else if (item && /^\s{2,}/.test(raw) && open?.lastElementChild) {
      open.lastElementChild.append(h('p', {}, '– ', ...inline(item[2] ?? '')));
    } else if (item) {
      within(item[1] ? 'ol' : 'ul').append(h('li', {}, ...inline(item[2] ?? '')));
    } else if (line.startsWith('>')) {
      within('blockquote').append(h('p', {}, ...inline(line.slice(1).trim())));
    } else if (line.startsWith('|')) {
      const cells = line.replace(/^\||\|$/g, '').split('|').map((cell) => cell.trim());
      if (cells.every((cell) => /^:?-+:?$/.test(cell))) continue;
      const table = within('table');
      const tag = table.childElementCount ? 'td' : 'th';
      table.append(h('tr', {}, ...cells.map((cell) => h(tag, {}, ...inline(cell)))));
    } else if (/^\s/.test(raw) && open?.lastElementChild) {
      open.lastElementChild.append(h('br'), ...inline(line));
    } else if (open?.localName === 'p') {
      open.append(' ', ...inline(line));
    } else {
      out.push((open = h('p', {}, ...inline(line))));
    }
  }
  return out;
}

/** Open the browser's print dialogue with the brief, and with the map if there is one. */
export async function printed(markdown: string, map: string | null): Promise<void> {
  const frame = h('iframe', { class: 'hidden', 'aria-hidden': 'true', tabindex: -1, title: '' });
  document.body.append(frame);
  const inside = frame.contentWindow as (Window & typeof globalThis) | null;
  if (!inside) return frame.remove();
  const sheet = new inside.CSSStyleSheet();
  sheet.replaceSync(css);
  inside.document.adoptedStyleSheets = [sheet];
  inside.document.documentElement.lang = 'en-NZ';
  const brief = elements(markdown);
  inside.document.title = brief[0]?.textContent ?? '';
  const url = map === null ? null : URL.createObjectURL(new Blob([map], { type: 'image/svg+xml' }));
  if (url) {
    const picture = h('img', { src: url, alt: '' });
    await picture.decode().then(() => brief.splice(1, 0, picture), () => undefined);
  }
  inside.document.body.append(...brief);
  const done = () => {
    frame.remove();
    if (url) URL.revokeObjectURL(url);
  };
  inside.addEventListener('afterprint', () => setTimeout(done, 500));
  inside.focus();
  inside.print();
}
