// Printing the brief: its Markdown becomes elements in a frame of its own, so that nothing of the page
// around is printed, and nothing from the server is taken as HTML.
import { h } from './dom';
import css from './print.css';

const LINE = /^(?:(#{1,4}) |(-) |---$)?(.*)$/;

function inline(text: string): (Node | string)[] {
  const plain = (part: string) => part.replace(/\\(\W)/g, '$1');
  return text.split(/\*\*(.+?)\*\*/).map((part, i) => (i % 2 ? h('strong', {}, plain(part)) : plain(part)));
}

/** The elements that the brief's Markdown stands for: headings, lists and paragraphs. */
export function elements(markdown: string): HTMLElement[] {
  const out: HTMLElement[] = [];
  let open = null as HTMLElement | null; // what the next line may go on with
  for (const line of markdown.split('\n')) {
    const [, heading, bullet, text = ''] = LINE.exec(line) ?? [];
    if (!text) {
      open = null;
    } else if (heading) {
      out.push(h(`h${heading.length}` as 'h1', {}, ...inline(text)));
    } else {
      const within = bullet ? 'ul' : 'p';
      if (open?.localName !== within) out.push((open = h(within)));
      open.append(...(bullet ? [h('li', {}, ...inline(text))] : [...inline(text), h('br')]));
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
