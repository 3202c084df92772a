// The conversation: what was said, what is under way, and what to do when the server is not there.
import { newKey, type Outgoing, type Session } from './session';
import { type Form, type Opened, type Server, Trouble, trouble } from './server';
import type { Button, Guidance, Reading, Reply } from './types';

export type Delivery = 'sending' | 'sent' | 'waiting' | 'refused';

export interface Line {
  by: 'user' | 'bot';
  text: string;
  speaker?: string | null;
  buttons?: Button[];
  /** Of the user's lines only. */
  delivery?: Delivery;
  problem?: string;
  outgoing?: Outgoing;
  /** Whether it came just now, and not from what was kept. */
  fresh?: boolean;
}

export type Standing = 'ready' | 'busy' | 'away' | 'lost';

/** What a view is told of. */
export interface Listener {
  added(lines: Line[]): void;
  changed(line: Line): void;
  standing(now: Standing): void;
  known(): void;
  emptied(): void;
}

const PAUSES = [1, 2, 3, 5, 8, 10]; // seconds between looks whether the server is back

/** The line of a message that is under way. */
const under = (outgoing: Outgoing): Line => ({ by: 'user', text: outgoing.text, delivery: 'sending', outgoing });

const isReading = (custom: Reply['custom']): custom is Reading => custom?.type === 'reading';

export class Talk {
  readonly lines: Line[] = [];
  reading: Reading | null = null;
  guidance: Guidance | null = null;
  now: Standing = 'ready';
  readonly #queue: Line[] = [];
  #pumping = false;
  #stopped = false;
  #look = 0;

  constructor(
    readonly server: Server,
    readonly session: Session,
    readonly listener: Listener,
  ) {}

  /** The words of the guidance, asked for once. Raises `Trouble`. */
  async learn(): Promise<Guidance> {
    return (this.guidance ??= await this.server.guidance());
  }

  /** Take up what was kept of this talk, if there is any. Comes back by itself when the server does. */
  async start(): Promise<void> {
    try {
      await this.learn();
      const talk = this.#opened();
      if (talk && !this.lines.length) {
        const { transcript, reading } = await this.server.read(talk);
        this.reading = reading;
        this.#add(transcript.map((line) => ({ ...line, ...(line.by === 'user' && { delivery: 'sent' }) })));
      }
      const waiting = this.session.kept.outgoing ?? [];
      if (!this.#queue.length && waiting.length) {
        const left = waiting.map(under);
        this.#queue.push(...left);
        this.#add(left);
      }
      this.listener.known();
      this.#stand('ready');
      void this.#pump();
    } catch (fault) {
      this.#trouble(fault);
    }
  }

  /** Stop looking for the server; the element has left the page. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#look);
  }

  /** Say something, or press a button: its title is what the talk shows. */
  say(text: string, payload?: string): void {
    if (payload !== undefined && this.#queue.some(({ outgoing }) => outgoing?.payload === payload)) return;
    const outgoing = { key: newKey(), text, ...(payload !== undefined && { payload }) };
    const line = under(outgoing);
    this.#queue.push(line);
    this.#remember();
    this.#add([line]);
    void this.#pump();
  }

  /** Try again now, with the same key, so that nothing counts twice. */
  retry(): void {
    clearTimeout(this.#look);
    if (this.guidance) void this.#pump();
    else void this.start();
  }

  /** Delete everything kept of the talk, here and on the server. Raises `Trouble` if that fails. */
  async forget(): Promise<void> {
    const talk = this.#opened();
    if (talk) {
      try {
        await this.server.forget(talk);
      } catch (fault) {
        if (trouble(fault).kind !== 'gone') throw fault;
      }
    }
    this.anew();
  }

  /** Begin with nothing, on this side. */
  anew(): void {
    this.session.drop();
    this.#queue.length = 0;
    this.reading = null;
    this.#clear();
    this.listener.known();
    this.#stand('ready');
  }

  /** The brief of the case. Raises `Trouble`. */
  brief(form: Form, notes: string, withTalk: boolean): Promise<string> {
    const talk = this.#opened();
    if (!talk) throw new Trouble('refused');
    return this.server.brief(talk, form, notes, withTalk);
  }

  #opened(): Opened | null {
    const { conversation, token } = this.session.kept;
    return conversation && token ? { conversation, token } : null;
  }

  async #open(): Promise<Opened> {
    const known = this.#opened();
    if (known) return known;
    const opened = await this.server.open();
    this.session.keep(opened);
    return opened;
  }

  /** Deliver what waits, one after the other, until all is there or there is trouble. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (let line = this.#queue[0]; line?.outgoing && !this.#stopped; line = this.#queue[0]) {
        this.#stand('busy');
        this.#deliver(line, 'sending');
        const { key, text, payload } = line.outgoing;
        try {
          const replies = await this.server.say(await this.#open(), key, text, payload);
          if (this.#queue[0] !== line) break; // it was forgotten meanwhile
          this.#done(line, 'sent');
          this.#replied(replies);
        } catch (fault) {
          if (this.#queue[0] !== line) break;
          const { kind, seconds, message } = trouble(fault);
          if (kind === 'busy') {
            await new Promise((on) => setTimeout(on, seconds * 1000));
          } else if (kind === 'refused') {
            this.#done(line, 'refused', message);
          } else {
            this.#deliver(line, 'waiting', message);
            this.#trouble(fault);
            return;
          }
        }
      }
      this.#stand('ready');
    } finally {
      this.#pumping = false;
    }
  }

  #replied(replies: Reply[]): void {
    const lines: Line[] = [];
    for (const { text, buttons, speaker, custom } of replies) {
      if (isReading(custom)) {
        this.reading = custom;
        if (custom.forgotten) this.#clear();
      }
      if (text) lines.push({ by: 'bot', text, buttons: buttons ?? [], speaker: speaker ?? null, fresh: true });
    }
    this.#add(lines);
    this.listener.known();
  }

  #clear(): void {
    this.lines.length = 0;
    this.listener.emptied();
  }

  #trouble(fault: unknown): void {
    if (trouble(fault).kind === 'gone') return this.#stand('lost');
    this.#stand('away');
    this.#watch(0);
  }

  #watch(turn: number): void {
    clearTimeout(this.#look);
    const pause = PAUSES[Math.min(turn, PAUSES.length - 1)] ?? 10;
    this.#look = window.setTimeout(async () => {
      if (this.#stopped || this.now !== 'away') return;
      if (await this.server.healthy()) this.retry();
      else this.#watch(turn + 1);
    }, pause * 1000);
  }

  #add(lines: Line[]): void {
    this.lines.push(...lines);
    this.listener.added(lines);
  }

  #deliver(line: Line, delivery: Delivery, problem = ''): void {
    line.delivery = delivery;
    line.problem = problem;
    this.listener.changed(line);
  }

  #done(line: Line, delivery: Delivery, problem = ''): void {
    this.#queue.shift();
    this.#remember();
    this.#deliver(line, delivery, problem);
  }

  #remember(): void {
    this.session.keep({ outgoing: this.#queue.flatMap((line) => line.outgoing ?? []) });
  }

  #stand(now: Standing): void {
    this.now = now;
    this.listener.standing(now);
  }
}
