// What has been heard, in whose words; what is still open; and what is asked just now.
import { capital, type Child, CROSS, h, icon, sentence, TICK } from './dom';
import { about, answers, asked, button, details, listed, quoted, type Scene, section, signalOf, SPLIT } from './scene';
import type { Signal } from './types';

/** The question at hand, or what was heard without being certain of it. */
export function drawQuestion(scene: Scene): HTMLElement | null {
  const { say, guidance, reading: { question, confirm, phase, rehearsal } } = scene;
  if (rehearsal && rehearsal.status !== 'ended') return null; // nothing that is answered now goes into the case
  if (confirm) {
    return section(
      scene,
      'question_confirm',
      h('p', { class: 'ask' }, sentence(confirm.heard)),
      h('div', { class: 'choices' }, ...confirm.choices.map(({ title, payload }) => button(scene, title, payload))),
    );
  }
  if (!question) return phase.id ? section(scene, 'question', h('p', {}, say('question_none'))) : null;
  const settles = (question.would_settle ?? []).flatMap((id) =>
    id === 'phase' || id === 'mode' ? say(`question_${id}`).text : (guidance.roles.find((role) => role.id === id)?.name ?? []),
  );
  return section(
    scene,
    'question',
    h('p', { class: 'ask' }, question.text),
    answers(scene, signalOf(scene, question.signal), `question-${question.signal}`),
    settles.length > 0 && h('p', { class: 'small' }, say('question_settles', { list: listed(settles, 'conjunction') })),
  );
}

/** For each group of signals that has some: its name, and a list of them. */
const grouped = ({ guidance }: Scene, signals: Signal[], list: string, item: (signal: Signal) => HTMLElement): Child[] =>
  guidance.groups.flatMap(({ id, name }) => {
    const items = signals.filter(({ group }) => group === id).map(item);
    return items.length ? [h('h4', {}, name), h('ul', { class: list }, ...items)] : [];
  });

/** What has been heard, each to be corrected or taken out. */
export function drawHeard(scene: Scene): HTMLElement {
  const known = scene.guidance.signals.filter(({ id }) => scene.reading.signals[id]);
  return section(scene, 'heard', ...(known.length ? grouped(scene, known, 'heard', (signal) => item(scene, signal)) : [h('p', {}, scene.say('heard_none'))]));
}

function item(scene: Scene, signal: Signal): HTMLElement {
  const { say, reading } = scene;
  const { id, name, heard } = signal;
  const { value = 'yes', evidence = [] } = reading.signals[id] ?? {};
  const contested = value === 'contested';
  return h(
    'li',
    { class: `item ${value}` },
    icon(contested ? SPLIT : value === 'yes' ? TICK : CROSS, 'icon sign'),
    h(
      'div',
      {},
      h('p', {}, h('strong', { class: 'value' }, `${capital(name)}: `, say(contested ? 'role_contested' : `answer_${value}`)), !contested && ` ${sentence(heard[value])}`),
      ...evidence.map((one) => h('blockquote', {}, quoted(scene, one))),
      h(
        'div',
        { class: 'item-tools' },
        details(`correct-${id}`, say('correct'), about(scene, name, 'correct'), ...asked(scene, signal, `correct-${id}`)),
        button(scene, about(scene, name, 'remove'), `withdraw:${id}`, say('remove')),
      ),
    ),
  );
}

/** All that could still be answered; `before` is what was drawn of it until now. */
export function drawOpen(scene: Scene, before?: HTMLElement): HTMLElement | null {
  const open = scene.guidance.signals.filter(({ id }) => !scene.reading.signals[id]);
  if (!open.length) return null;
  const all = details('open', scene.say('open', { count: open.length }), null);
  const inside = all.lastElementChild as Element;
  const fill = () => {
    if (!inside.childElementCount) inside.append(...(grouped(scene, open, 'asked', (signal) => h('li', {}, ...asked(scene, signal, `open-${signal.id}`))) as Node[]));
  };
  // Thirty questions with three buttons each are drawn only for those who look at them.
  all.addEventListener('toggle', fill);
  if (before?.querySelector('details[open]')) fill();
  return h('section', {}, all);
}
