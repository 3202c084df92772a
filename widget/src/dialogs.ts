// The two dialogues: the brief, and forgetting. The browser keeps the focus in them and gives it back.
import { h } from './dom';
import { printed } from './print';
import { type Form, trouble } from './server';
import type { Say } from './words';

export interface Making {
  brief(form: Form, notes: string, withTalk: boolean): Promise<string>;
}

const TYPES: Record<Form, string> = { md: 'text/markdown', html: 'text/html', svg: 'image/svg+xml' };

function dialog(title: string, ...content: Node[]): HTMLDialogElement {
  const click = (event: Event) => {
    if (event.target === element) element.close(); // beside the dialogue, on the backdrop
  };
  const element: HTMLDialogElement = h('dialog', { class: 'dialog', 'aria-labelledby': title, click }, h('div', { class: 'dialog-inside' }, ...content));
  return element;
}

/** Where the brief is made: notes, with or without the talk, and in which form. */
export function briefDialog(say: Say, making: Making): HTMLDialogElement {
  const notes = h('textarea', { id: 'notes', rows: 4, maxlength: 4000, 'aria-describedby': 'notes-hint' });
  const talk = h('input', { id: 'with-talk', type: 'checkbox', 'aria-describedby': 'with-talk-hint' });
  const status = h('p', { class: 'dialog-status', role: 'status' });
  const make = async (form: Form): Promise<string | null> => {
    status.textContent = '';
    try {
      return await making.brief(form, notes.value.trim(), talk.checked);
    } catch (fault) {
      status.textContent = trouble(fault).message || say('brief_failed').text;
      return null;
    }
  };
  const download = async (form: Form) => {
    const made = await make(form);
    if (made === null) return;
    const file = `${say('brief_file').text}.${form}`;
    save(file, new Blob([made], { type: `${TYPES[form]};charset=utf-8` }));
    status.textContent = say('brief_done', { file }).text;
  };
  const print = async () => {
    const text = await make('md');
    if (text !== null) await printed(text, await make('svg'));
  };
  const button = (form: Form) =>
    h('button', { class: 'choice', click: () => void download(form) }, say(`brief_${form}`));
  const element = dialog(
    'brief-title',
    h('h2', { id: 'brief-title', tabindex: -1, autofocus: true }, say('brief_title')),
    h('p', {}, say('brief_lead')),
    h('label', { for: 'notes' }, say('brief_notes')),
    notes,
    h('p', { class: 'small', id: 'notes-hint' }, say('brief_notes_hint')),
    h('div', { class: 'check' }, talk, h('label', { for: 'with-talk' }, say('brief_talk')), h('span', { class: 'small', id: 'with-talk-hint' }, say('brief_talk_hint'))),
    h('div', { class: 'choices', role: 'group', 'aria-labelledby': 'download-label' }, h('span', { class: 'label', id: 'download-label' }, say('brief_download')), button('md'), button('html'), button('svg')),
    status,
    h(
      'div',
      { class: 'dialog-end' },
      h('button', { class: 'plain', click: () => element.close() }, say('close')),
      h('button', { class: 'strong', click: () => void print() }, say('brief_print')),
    ),
  );
  return element;
}

/** Asks before everything is deleted. */
export function forgetDialog(say: Say, forget: () => Promise<void>): HTMLDialogElement {
  const status = h('p', { class: 'dialog-status', role: 'alert' });
  const element = dialog(
    'forget-title',
    h('h2', { id: 'forget-title' }, say('forget_title')),
    h('p', {}, say('forget_lead')),
    status,
    h(
      'div',
      { class: 'dialog-end' },
      h('button', { class: 'plain', autofocus: true, click: () => element.close() }, say('forget_no')),
      h('button', { class: 'strong danger', click: () => void sure() }, say('forget_yes')),
    ),
  );
  const sure = async () => {
    status.textContent = '';
    try {
      await forget();
      element.close();
    } catch (fault) {
      status.textContent = trouble(fault) && say('forget_failed').text;
    }
  };
  element.addEventListener('close', () => (status.textContent = ''));
  return element;
}

function save(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
