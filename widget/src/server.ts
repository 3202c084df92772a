// The HTTP interface of Critical Friend. The token travels in a header and never in an address.
import type { Guidance, Reading, Reply, TranscriptLine } from './types';

export type Kind = 'away' | 'busy' | 'gone' | 'refused';

/** A request that was not answered as hoped. `message` is a sentence for the user, if the server sent one. */
export class Trouble extends Error {
  constructor(
    readonly kind: Kind,
    detail = '',
    readonly seconds = 0,
  ) {
    super(detail);
  }
}

/** The trouble that a fault is; what is none is a fault of the program, and goes on. */
export function trouble(fault: unknown): Trouble {
  if (fault instanceof Trouble) return fault;
  throw fault;
}

export interface Opened {
  conversation: string;
  token: string;
}

export type Form = 'md' | 'html' | 'svg';

const LONGEST = 60_000;

export class Server {
  constructor(readonly base: string) {}

  open(): Promise<Opened> {
    return this.#json('POST', 'api/conversations');
  }

  say(talk: Opened, key: string, text: string, payload?: string): Promise<Reply[]> {
    return this.#json('POST', this.#path(talk, '/messages'), {
      talk,
      key,
      body: payload === undefined ? { text } : { text, payload },
    });
  }

  read(talk: Opened): Promise<{ transcript: TranscriptLine[]; reading: Reading }> {
    return this.#json('GET', this.#path(talk), { talk });
  }

  async forget(talk: Opened): Promise<void> {
    await this.#call('DELETE', this.#path(talk), { talk });
  }

  async brief(talk: Opened, form: Form, notes: string, withTalk: boolean): Promise<string> {
    const answer = await this.#call('POST', this.#path(talk, `/brief.${form}`), {
      talk,
      body: { notes, talk: withTalk },
    });
    return answer.text();
  }

  guidance(): Promise<Guidance> {
    return this.#json('GET', 'api/guidance');
  }

  async healthy(): Promise<boolean> {
    try {
      return (await this.#call('GET', 'health')).ok;
    } catch {
      return false;
    }
  }

  #path(talk: Opened, rest = ''): string {
    return `api/conversations/${encodeURIComponent(talk.conversation)}${rest}`;
  }

  async #json<T>(method: string, path: string, options: Options = {}): Promise<T> {
    const answer = await this.#call(method, path, options);
    try {
      return (await answer.json()) as T;
    } catch {
      throw new Trouble('away');
    }
  }

  async #call(method: string, path: string, { talk, key, body }: Options = {}): Promise<Response> {
    const headers: Record<string, string> = {};
    if (talk) headers['Authorization'] = `Bearer ${talk.token}`;
    if (key) headers['Idempotency-Key'] = key;
    if (body) headers['Content-Type'] = 'application/json';
    let answer: Response;
    try {
      answer = await fetch(`${this.base}/${path}`, {
        method,
        headers,
        body: body ? JSON.stringify(body) : null,
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(LONGEST),
      });
    } catch {
      throw new Trouble('away');
    }
    if (answer.ok) return answer;
    const { status } = answer;
    const kind =
      status === 429 ? 'busy' : status === 401 || status === 404 ? 'gone' : status >= 500 ? 'away' : 'refused';
    throw new Trouble(kind, await detail(answer), Number(answer.headers.get('Retry-After')) || 2);
  }
}

interface Options {
  talk?: Opened;
  key?: string;
  body?: object;
}

async function detail(answer: Response): Promise<string> {
  try {
    const problem = (await answer.json()) as { detail?: unknown };
    return typeof problem.detail === 'string' ? problem.detail : '';
  } catch {
    return '';
  }
}
