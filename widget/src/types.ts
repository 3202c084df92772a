// What the server sends; the contract's shapes, as far as the widget uses them.

export type Answer = 'yes' | 'no' | 'unknown';
export type Sure = 'yes' | 'no';

export interface Button {
  title: string;
  payload: string;
}

export interface Evidence {
  value: Sure;
  text: string;
  by?: string | null;
  at?: string | null;
}

export interface Heard {
  value: Sure | 'contested';
  evidence: Evidence[];
}

export interface Reason {
  rule: string;
  signals: string[];
}

export interface Source {
  title: string;
  section: string;
  firmness?: string;
}

export interface Step {
  id: string;
  title: string;
  do?: string;
  with?: string;
  sign?: string;
  because: Reason[];
  cautions: string[];
  sources: Source[];
}

export type RoleState = 'present' | 'missing' | 'contested' | 'unknown';

/** Something that was said or missed in a rehearsal, and why it mattered. */
export interface Lesson {
  text: string;
  why?: string;
  source?: Source;
}

export interface Debrief {
  ending: { title: string; tells: string };
  goals: { name: string; points: number; enough: number; reached: boolean }[];
  worked: Lesson[];
  hurt: Lesson[];
  missed: Lesson[];
  turned: Lesson | null;
  next_time: string;
}

export interface Rehearsal {
  scenario: string;
  title: string;
  you: string;
  scene: string;
  status: 'playing' | 'paused' | 'ended';
  speaker: { name: string; position: string } | null;
  stances: Record<string, 'cold' | 'wary' | 'open' | 'won'>;
  cast: { name: string; position: string }[];
  debrief?: Debrief;
}

export interface Reading {
  type: 'reading';
  guidance?: string;
  phase: { status: 'settled' | 'open'; id: string | null; candidates: string[]; because: Reason[] };
  mode: { status: 'settled' | 'open'; id: string | null; because?: Reason[] };
  roles: Record<string, RoleState>;
  signals: Record<string, Heard>;
  next_steps: Step[];
  question: { signal: string; text: string; would_settle?: string[] } | null;
  /** Heard, but not for certain: it waits for a yes. */
  confirm?: { signal: string; heard: string; choices: Button[] } | null;
  rehearsal?: Rehearsal | null;
  /** Those that the case calls for, with what calls for each. */
  rehearsals?: { scenario: string; title: string; signal: string; value: Sure }[];
  /** Everything said has been deleted in this turn. */
  forgotten?: boolean;
}

export interface Reply {
  text: string;
  buttons?: Button[];
  speaker?: string | null;
  custom?: Reading | { type?: string };
}

export interface TranscriptLine {
  by: 'user' | 'bot';
  text: string;
  at?: string | number | null;
  speaker?: string | null;
  buttons?: Button[];
}

export interface Named {
  id: string;
  name: string;
  means: string;
}

export interface Signal extends Named {
  group: string;
  question: string;
  heard: Record<Sure, string>;
}

export interface Guidance {
  version: string;
  phases: Named[];
  modes: Named[];
  roles: Named[];
  signals: Signal[];
  groups: { id: string; name: string }[];
  rules: Record<string, { reason: string }>;
  kept_for_days?: number;
}
