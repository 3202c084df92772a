// Who plays which part.
import { capital, CROSS, h, s, TICK } from './dom';
import { about, asked, details, type Scene, section, signalOf, SPLIT } from './scene';
import type { Named, RoleState } from './types';

const ASK = 'M9 9.2a3 3 0 1 1 4.6 2.6c-1 .6-1.6 1.2-1.6 2.4M12 17.6v.2';
const MARKS: Record<RoleState, string> = { present: TICK, missing: CROSS, contested: SPLIT, unknown: ASK };

/** The roles, each to be answered for or corrected. */
export function drawRoles(scene: Scene): HTMLElement {
  const card = ({ id, name, means }: Named) => {
    const state = scene.reading.roles[id] ?? 'unknown';
    const verb = state === 'unknown' ? 'answer' : 'correct';
    const key = `role-${id}`;
    return h(
      'li',
      { class: `role ${state}` },
      shape(state),
      h('div', {}, h('strong', {}, capital(name)), h('span', { class: 'role-state' }, scene.say(`role_${state}`))),
      details(key, scene.say(verb), about(scene, name, verb), h('p', { class: 'small' }, means), ...asked(scene, signalOf(scene, id), key)),
    );
  };
  return section(scene, 'roles', h('p', { class: 'small' }, scene.say('roles_note')), h('ul', { class: 'roles' }, ...scene.guidance.roles.map(card)));
}

/** Full, empty, split or dotted: a shape for each state, beside its word. */
function shape(state: RoleState): SVGElement {
  return s(
    'svg',
    { viewBox: '0 0 48 48', class: `role-shape ${state}`, 'aria-hidden': 'true' },
    s('circle', { cx: 24, cy: 24, r: 19, class: 'shape' }),
    state === 'contested' && s('path', { d: 'M24 5a19 19 0 0 0 0 38z', class: 'half' }),
    s('path', { d: MARKS[state], class: 'mark', transform: 'translate(12 12)' }),
  );
}
