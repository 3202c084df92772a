// A rehearsal on the map: the scene, who is in the room and how they stand, and the looking back.
import { capital, h } from './dom';
import type { Rehearsal, Told } from './types';
import type { Say } from './words';

export function drawRehearsal(say: Say, rehearsal: Rehearsal): HTMLElement {
  const { title, scene, status, speaker, stances, cast, debrief } = rehearsal;
  const person = ({ name, position }: { name: string; position: string }) =>
    h(
      'li',
      { class: 'person', 'aria-current': name === speaker?.name && 'true' },
      h('strong', {}, name),
      h('span', {}, position),
      stances[name] ? h('span', { class: 'stance' }, stances[name]) : null,
    );
  return h(
    'section',
    {},
    h('h3', { tabindex: -1 }, say('rehearsal'), `: ${title} `, status === 'paused' && h('span', { class: 'stance' }, say('rehearsal_paused'))),
    h('p', {}, scene),
    cast.length > 0 && h('p', { class: 'label' }, say('rehearsal_cast')),
    cast.length > 0 && h('ul', { class: 'cast' }, ...cast.map(person)),
    debrief !== undefined && h('div', { class: 'debrief' }, h('h4', {}, say('rehearsal_debrief')), told(debrief)),
  );
}

/** Whatever a debrief holds, as sentences, lists and labelled parts. */
function told(value: Told): HTMLElement {
  if (Array.isArray(value)) return h('ul', {}, ...value.map((item) => h('li', {}, told(item))));
  if (value === null || typeof value !== 'object') return h('span', {}, String(value ?? ''));
  const entries = Object.entries(value).filter(([, part]) => part !== null && part !== '' && !(Array.isArray(part) && !part.length));
  return h(
    'dl',
    {},
    ...entries.map(([name, part]) => h('div', {}, h('dt', {}, capital(name.replaceAll('_', ' '))), h('dd', {}, told(part)))),
  );
}
