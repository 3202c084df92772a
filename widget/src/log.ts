// What was said, drawn; and said once to those who listen.
import { blocks, capital, h, icon, TICK } from './dom';
import type { Line, Standing } from './talk';
import type { Button } from './types';
import type { Say } from './words';

export interface LogActions {
  press(button: Button): void;
  retry(): void;
  edit(line: Line): void;
  anew(): void;
}

const CLOCK = 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 1.8';
const ALERT = 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v5M12 16v.2';
const PATIENCE = 6000; // ms until a slow turn is spoken of

export class LogView {
  readonly element: HTMLElement;
  /** Each reply is added here once, which is what a screen reader reads out. */
  readonly announced: HTMLElement;
  readonly status: HTMLElement;
  readonly #lines: HTMLOListElement;
  readonly #welcome: HTMLElement;
  readonly #typing: HTMLElement;
  readonly #thought = h('span');
  readonly #notice: HTMLElement;
  readonly #drawn = new Map<Line, HTMLElement>();
  #patience = 0;
  #frame = 0;

  constructor(
    readonly say: Say,
    readonly actions: LogActions,
    openers: HTMLElement,
  ) {
    this.#lines = h('ol', { class: 'lines' });
    this.#welcome = h('div', { class: 'welcome' }, h('p', { class: 'bubble' }, say('welcome')), openers);
    this.#typing = h(
      'p',
      { class: 'typing', hidden: true },
      h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')),
      this.#thought,
    );
    this.#notice = h('div', { class: 'notice', hidden: true });
    this.announced = h('div', { class: 'hidden', role: 'log', 'aria-live': 'polite', 'aria-relevant': 'additions' });
    this.status = h('div', { class: 'hidden', role: 'status' });
    this.element = h(
      'div',
      { class: 'log', tabindex: 0, role: 'region', 'aria-label': say('talk_log').text },
      this.#welcome,
      this.#lines,
      this.#typing,
      this.#notice,
    );
  }

  add(lines: Line[], whole: boolean): void {
    if (!lines.length) return;
    // The buttons of a turn go when the next one begins.
    for (const old of this.#lines.querySelectorAll('.choices')) old.remove();
    for (const old of this.#lines.querySelectorAll('button.offer')) old.replaceWith(h('strong', {}, old.textContent));
    const last = lines.findLastIndex(({ by }) => by === 'user');
    for (const [i, line] of lines.entries()) {
      const element = this.#draw(line, !whole || i > last);
      this.#drawn.set(line, element);
      this.#lines.append(element);
      if (line.by === 'user') this.change(line);
      if (line.fresh) this.#announce(line);
    }
    this.#welcome.classList.add('past');
    this.#scroll();
  }

  /** Show how the delivery of a line goes; that of earlier lines is no longer of interest. */
  change(line: Line): void {
    const element = this.#drawn.get(line);
    if (!element || !line.delivery) return;
    for (const old of this.#lines.querySelectorAll('.delivery.sent')) old.remove();
    element.querySelector('.delivery')?.remove();
    const { delivery } = line;
    element.append(
      h(
        'p',
        { class: `delivery ${delivery}` },
        icon(delivery === 'sent' ? TICK : delivery === 'sending' ? CLOCK : ALERT),
        this.say(`delivery_${delivery}`),
        line.problem ? `. ${line.problem}` : null,
        delivery === 'refused' &&
          h('button', { class: 'plain', click: () => this.actions.edit(line) }, this.say('edit')),
      ),
    );
    if (delivery === 'refused') this.tell(`${this.say('delivery_refused').text}. ${line.problem ?? ''}`);
    this.#scroll();
  }

  stand(now: Standing): void {
    clearTimeout(this.#patience);
    this.#typing.hidden = now !== 'busy';
    if (now === 'busy') {
      this.#thought.textContent = this.say('thinking').text;
      this.#patience = window.setTimeout(() => this.tell((this.#thought.textContent = this.say('thinking_long').text)), PATIENCE);
      return this.#scroll();
    }
    const title = now === 'away' ? 'away_title' : now === 'lost' ? 'lost_title' : null;
    if (!title) {
      if (!this.#notice.hidden && this.#notice.contains(this.#active())) this.element.focus();
      this.#notice.hidden = true;
      return;
    }
    if (!this.#notice.hidden && this.#notice.dataset['now'] === now) return;
    this.#notice.dataset['now'] = now;
    const away = now === 'away';
    this.#notice.replaceChildren(
      h('p', {}, h('strong', {}, this.say(title)), ' ', this.say(away ? 'away' : 'lost')),
      h(
        'button',
        { class: 'choice', click: () => (away ? this.actions.retry() : this.actions.anew()) },
        this.say(away ? 'again' : 'anew'),
      ),
    );
    this.#notice.hidden = false;
    this.tell(`${this.say(title).text} ${this.say(away ? 'away' : 'lost').text}`);
    this.#scroll();
  }

  /** Say something about how it goes, to those who listen. */
  tell(text: string): void {
    this.status.textContent = text;
  }

  empty(): void {
    this.#drawn.clear();
    this.#lines.replaceChildren();
    this.announced.replaceChildren();
    this.#welcome.classList.remove('past');
  }

  #active(): Element | null {
    return (this.element.getRootNode() as ShadowRoot).activeElement;
  }

  #draw(line: Line, buttons: boolean): HTMLElement {
    const bot = line.by === 'bot';
    const who = line.speaker ? { text: line.speaker } : this.say(bot ? 'name' : 'you');
    const offered = buttons ? [...(line.buttons ?? [])] : [];
    const bubble = h('div', { class: 'bubble', lang: bot ? 'en-NZ' : null }, ...this.#paragraphs(line, offered));
    return h(
      'li',
      { class: `line ${line.by}${line.speaker ? ' played' : ''}${line.fresh ? ' fresh' : ''}` },
      h('span', { class: line.speaker ? 'speaker' : 'hidden' }, line.speaker ? initials(line.speaker) : null, who, line.speaker ? null : ': '),
      bubble,
      offered.length > 0 && h('div', { class: 'choices', role: 'group', 'aria-label': this.say('answer').text }, ...offered.map((button) => this.#choice(button))),
    );
  }

  #choice(button: Button, more = ''): HTMLElement {
    return h('button', { class: `choice${more}`, lang: 'en-NZ', click: () => this.actions.press(button) }, button.title);
  }

  /** A paragraph for each line, or a point of a list. A line that starts with the title of a button has that button;
   *  where there are several lines, what stands before a colon leads into each. */
  #paragraphs({ text, speaker }: Line, offered: Button[]): HTMLElement[] {
    const several = text.includes('\n');
    return blocks(text.replace(`${speaker}: `, ''), (point) => [point], (line) => {
      const at = offered.findIndex(({ title }) => line.startsWith(`${title}: `));
      const [button] = at < 0 ? [] : offered.splice(at, 1);
      const label = (several && /^[A-Z][^:.?!“]{2,60}:(?=$| [^;]+$)/.exec(line)?.[0]) || '';
      if (button) return h('p', {}, this.#choice(button, ' offer'), line.slice(button.title.length + 1));
      return h('p', {}, label && h('strong', {}, label), line.slice(label.length));
    });
  }

  #announce(line: Line): void {
    const titles = (line.buttons ?? []).map(({ title }) => title).join(', ');
    const choices = titles ? ` ${this.say('choices', { list: titles }).text}` : '';
    this.announced.append(h('p', { lang: 'en-NZ' }, line.text + choices));
    while (this.announced.childElementCount > 20) this.announced.firstChild?.remove();
  }

  /** Once a frame: to ask for places in between would make the browser lay everything out each time. */
  #scroll(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const { element } = this;
      const newest = [...this.#lines.querySelectorAll('.user')].at(-1) ?? this.#notice;
      const { top, bottom, height } = newest.getBoundingClientRect();
      // The start of the replies stays in view, however long they are and however long the message was.
      if (getComputedStyle(element).overflowY !== 'visible') element.scrollTop += Math.max(top - 12, bottom - element.clientHeight / 3) - element.getBoundingClientRect().top;
      // Where there is little height the whole page scrolls; it is not pulled away from somebody who is elsewhere on it.
      else if (this.#active()?.closest('.talk')) ((height > innerHeight / 3 && newest.nextElementSibling) || newest).scrollIntoView();
    });
  }
}

function initials(name: string): HTMLElement {
  const letters = name.split(/\s+/, 2).map((word) => capital(word).charAt(0));
  return h('span', { class: 'face', 'aria-hidden': 'true' }, ...letters);
}
