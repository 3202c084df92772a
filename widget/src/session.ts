// What is kept in the browser: for the tab's session only, and by server.
import type { Answer } from './types';

/** A message that the server may not have yet, with the key that keeps it from counting twice. */
export interface Outgoing {
  key: string;
  text: string;
  payload?: string;
}

export interface Kept {
  agreed?: boolean;
  open?: boolean;
  conversation?: string;
  token?: string;
  draft?: string;
  outgoing?: Outgoing[];
}

export class Session {
  readonly #name: string;
  kept: Kept = {};

  constructor(server: string) {
    this.#name = `critical-friend ${server}`;
    try {
      this.kept = JSON.parse(sessionStorage.getItem(this.#name) ?? '{}') as Kept;
    } catch {
      // No storage, or nothing sensible in it: the talk then lasts as long as the page.
    }
  }

  keep(change: Kept): void {
    this.kept = { ...this.kept, ...change };
    try {
      sessionStorage.setItem(this.#name, JSON.stringify(this.kept));
    } catch {
      // As above.
    }
  }

  /** Forget the conversation, but not that the terms were agreed to. */
  drop(): void {
    const { agreed = false, open = false } = this.kept;
    this.kept = {};
    this.keep({ agreed, open });
  }
}

/** The payload of an answer given on the map. */
export const note = (signal: string, answer: Answer): string => `note:${signal}:${answer}`;

/** A key of its own for a message. `randomUUID` is there only on HTTPS; many intranets are not. */
export function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}
