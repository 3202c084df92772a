// A rehearsal on the map: the scene, who is in the room and how they stand, and the looking back.
import { type Child, CROSS, h, icon, sentence, TICK } from './dom';
import { button, type Scene, signalOf } from './scene';
import type { Debrief, Lesson } from './types';
import type { Key, Say } from './words';

/** The card of a rehearsal, with its debrief and the way back to one's own case once it is over. */
export function drawRehearsal(map: Scene): HTMLElement | null {
  const { say, reading: { rehearsal } } = map;
  if (!rehearsal) return null;
  const { title, you, scene, status, speaker, stances, cast, debrief } = rehearsal;
  const over = status === 'ended';
  if (over && !debrief) return null; // it was stopped
  return h(
    'section',
    {},
    h('h3', { tabindex: -1 }, say(over ? 'rehearsal_debrief' : 'rehearsal'), `: ${title} `, status === 'paused' && h('span', { class: 'stance' }, say('rehearsal_paused'))),
    ...(debrief ? lookBack(say, debrief) : [h('p', {}, you), h('p', { class: 'label' }, say('rehearsal_cast', { scene: sentence(scene) }))]),
    !debrief && h(
      'ul',
      { class: 'cast' },
      ...cast.map(({ name, position }) => {
        const stance = stances[name];
        return h(
          'li',
          { class: 'person', 'aria-current': name === speaker?.name && 'true' },
          h('strong', {}, name),
          h('span', {}, position),
          stance && h('span', { class: 'stance' }, say(`stance_${stance}`)),
        );
      }),
    ),
    ...(debrief ? ownCase(map) : []),
  );
}

/** What the user's own case has in common with the rehearsal, and the way back to it. */
function ownCase(map: Scene): Child[] {
  const { say, reading: { rehearsal, rehearsals = [] } } = map;
  const same = rehearsals.find(({ scenario }) => scenario === rehearsal?.scenario);
  return [
    same && h('p', {}, h('strong', {}, say('debrief_own')), ` ${sentence(signalOf(map, same.signal).heard[same.value])}`),
    h('div', { class: 'choices' }, button(map, say('debrief_back').text, 'ask_next_step')),
  ];
}

function lookBack(say: Say, { ending, goals, worked, hurt, missed, turned, next_time: next }: Debrief): Child[] {
  const lessons = (title: Key, all: Lesson[]): Child[] =>
    all.length
      ? [
          h('h4', {}, say(title)),
          h(
            'ul',
            { class: 'lessons' },
            ...all.map(({ text, why, source }) =>
              h('li', {}, why ? h('blockquote', {}, say('quote', { text })) : h('p', {}, text), why && h('p', {}, why), source && h('p', { class: 'small' }, say('step_sources'), `: ${source.title}, ${source.section}`)),
            ),
          ),
        ]
      : [];
  return [
    h('p', { class: 'ask' }, ending.title),
    h('p', {}, ending.tells),
    next && h('p', { class: 'care' }, h('span', {}, h('strong', {}, say('debrief_next'), ' '), next)),
    h('h4', {}, say('debrief_goals')),
    h(
      'ul',
      { class: 'heard' },
      ...goals.map(({ name, points, enough, reached }) =>
        h(
          'li',
          { class: `item ${reached ? 'yes' : 'no'}` },
          icon(reached ? TICK : CROSS, 'icon sign'),
          h('p', {}, h('strong', { class: 'value' }, say(reached ? 'debrief_reached' : 'debrief_not')), ` ${name} `, !reached && h('span', { class: 'small' }, say('debrief_points', { points, enough }))),
        ),
      ),
    ),
    ...lessons('debrief_turned', turned ? [turned] : []),
    ...lessons('debrief_worked', worked),
    ...lessons('debrief_hurt', hurt),
    ...lessons('debrief_missed', missed),
  ];
}
