// Where the case stands: the phases, and how closely to work.
import { capital, h, s } from './dom';
import { river } from './river';
import { listed, type Scene, section, why } from './scene';
import type { Named } from './types';
import type { Key } from './words';

const PIN = 'M12 21s6.5-6.2 6.5-11.2A6.5 6.5 0 0 0 5.5 9.8C5.5 14.8 12 21 12 21zM12 12.2a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8z';

type State = 'here' | 'open' | 'out';

/** The four phases as a river, with where the case stands and what it could still be. */
export function drawPhases(scene: Scene): HTMLElement {
  const { say, reading: { phase }, guidance: { phases } } = scene;
  const at = phases.findIndex(({ id }) => id === phase.id);
  const named = phases[at];
  const settled = phase.status === 'settled';
  const others = phases.filter(({ id }) => named && id !== phase.id && phase.candidates.includes(id));
  const state = (one: Named): [State, Key] =>
    one === named
      ? ['here', settled ? 'phase_here' : 'phase_guess']
      : !named
        ? ['open', 'role_unknown']
        : others.includes(one)
          ? ['open', 'phase_could']
          : ['out', 'phase_not'];
  const item = (one: Named) => {
    const [className, word] = state(one);
    return h(
      'li',
      { class: `phase ${className}`, 'aria-current': one === named && 'step' },
      stage(className, settled),
      h('span', { class: 'phase-name' }, capital(one.name)),
      h('span', { class: 'phase-word' }, say(word)),
    );
  };
  return section(
    scene,
    'phases',
    h('div', { class: 'journey' }, river(named ? (at + 0.5) / phases.length : 0, 'reach'), h('ol', { class: 'phases' }, ...phases.map(item))),
    h(
      'p',
      { class: 'lead' },
      named ? h('strong', {}, say(settled ? 'phase_settled' : 'phase_open', { phase: capital(named.name) })) : say('map_empty'),
      named && ` ${named.means} `,
      others.length > 0 && say('phase_others', { list: listed(others.map(({ name }) => `‘${name}’`), 'disjunction') }),
    ),
    named && why(scene, 'phase', phase.because),
  );
}

function stage(state: State, settled: boolean): SVGElement {
  const circle = (r: number, className: string) => s('circle', { cx: 24, cy: 24, r, class: className });
  const shapes = {
    here: () => [circle(21, settled ? 'halo' : 'halo guess'), circle(14, 'disc'), s('path', { d: PIN, class: 'mark', transform: 'translate(13.2 13.2) scale(.9)' })],
    open: () => [circle(10, 'ring')],
    out: () => [circle(9, 'ring out'), s('path', { d: 'M17.5 30.5l13-13', class: 'ring out' })],
  };
  return s('svg', { viewBox: '0 0 48 48', class: 'stage', 'aria-hidden': 'true' }, ...shapes[state]());
}

/** The modes of working as steps, with the one that fits. */
export function drawMode(scene: Scene): HTMLElement {
  const { say, reading: { mode }, guidance: { modes } } = scene;
  const named = modes.find(({ id }) => id === mode.id);
  const item = (one: Named) =>
    h('li', { class: one === named ? 'mode here' : 'mode', 'aria-current': one === named && 'true' }, h('span', { class: 'bar', 'aria-hidden': 'true' }), h('span', {}, capital(one.name)));
  return section(
    scene,
    'mode',
    h('ol', { class: 'modes' }, ...modes.map(item)),
    h('p', {}, named ? h('strong', {}, say(mode.status === 'settled' ? 'mode_settled' : 'mode_open', { mode: named.name })) : say('mode_none'), named && ` ${named.means}`),
    why(scene, 'mode', mode.because),
  );
}
