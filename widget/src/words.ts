// The catalogue of what the widget itself says. A language that lacks a text falls back to English.
import en from '../text/en.json';
import mi from '../text/mi.json';
import type { Phrase } from './dom';

export type Key = keyof typeof en;
export type Say = (key: Key, filled?: Record<string, string | number>) => Phrase;

const OTHERS: Record<string, Partial<Record<Key, string>>> = { mi };

/** The texts in `lang`; `lang` in an answer is set where it differs from English. */
export function catalogue(lang: string): Say {
  const code = lang.toLowerCase().split('-')[0] ?? '';
  return (key, filled = {}) => {
    const own = OTHERS[code]?.[key];
    const text = (own ?? en[key]).replace(/\{(\w+)\}/g, (_, name: string) => String(filled[name] ?? ''));
    return own === undefined ? { text } : { text, lang: code };
  };
}
