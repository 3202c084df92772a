// A rehearsal on the map: the scene, who is in the room and how they stand, and the looking back.
import { type Child, CROSS, h, icon, sentence, TICK } from './dom';
import type { Debrief, Lesson, Rehearsal } from './types';
import type { Key, Say } from './words';

/** The card of a rehearsal, with its debrief once it is over; `own` leads back to the user's own case. */
export function drawRehearsal(say: Say, { title, you, scene, status, speaker, stances, cast, debrief }: Rehearsal, ...own: Child[]): HTMLElement | null {
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
    ...(debrief ? own : []),
  );
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
