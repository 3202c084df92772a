// Printing the brief: its Markdown becomes elements in a frame of its own, so that nothing of the page
// around is printed, and nothing from the server is taken as HTML.
import { blocks, type Child, h, put } from './dom';
import css from './print.css';

function inline(text: string): Child[] {
  const plain = (part: string) => part.replace(/\\(\W)/g, '$1');
  return text.split(/\*\*(.+?)\*\*/).map((part, i) => (i % 2 ? h('strong', {}, plain(part)) : plain(part)));
}

/** A heading or a line of a paragraph; none for an empty line and a rule. */
function draw(line: string, open?: HTMLElement): HTMLElement | null {
  const [, heading, text = ''] = /^(?:(#+) |---$)?(.*)/.exec(line) ?? [];
  if (heading) return h(`h${heading.length}` as 'h1', {}, ...inline(text));
  if (!text) return null;
  const paragraph = open?.localName === 'p' ? open : h('p');
  put(paragraph, [...inline(text), h('br')]);
  return paragraph;
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
  const brief = blocks(markdown, inline, draw);
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
