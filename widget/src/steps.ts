// What to do next, and why.
import { h, icon, sentence } from './dom';
import { button, details, reasons, type Scene, section } from './scene';
import type { Step } from './types';
import type { Key } from './words';

const CARE = 'M12 4L2.8 19.5h18.4zM12 10v4.5M12 17v.2';

/** The next steps in their order, and the talks that can be rehearsed first. */
export function drawSteps(scene: Scene): HTMLElement {
  const { say, reading: { next_steps: steps, rehearsals = [] } } = scene;
  if (!steps.length) return section(scene, 'steps', h('p', {}, say('steps_none')));
  return section(
    scene,
    'steps',
    h('ol', { class: 'steps' }, ...steps.map((step) => draw(scene, step))),
    rehearsals.length > 0 && h('p', { class: 'label' }, say('steps_rehearse')),
    rehearsals.length > 0 && h('div', { class: 'choices' }, ...rehearsals.map(({ scenario, title }) => button(scene, title, `rehearse:${scenario}`))),
  );
}

function draw(scene: Scene, step: Step): HTMLElement {
  const { say } = scene;
  const fact = (key: Key, ...facts: (string | undefined)[]) =>
    facts[0] && h('div', {}, h('dt', {}, say(key)), ...facts.map((text) => h('dd', {}, text)));
  const sources = step.sources.map(({ title, section }) => `${title}: ${section}`);
  return h(
    'li',
    { class: 'step' },
    h('h4', {}, step.title),
    step.do && h('p', {}, step.do),
    ...step.cautions.map((caution) => h('p', { class: 'care' }, icon(CARE), h('span', {}, h('strong', {}, say('step_care'), '. '), caution))),
    details(
      `step-${step.id}`,
      say('step_why'),
      null,
      ...reasons(scene, step.because),
      h('dl', {}, fact('step_with', step.with && sentence(step.with)), fact('step_sign', step.sign && sentence(step.sign)), fact('step_sources', ...new Set(sources))),
      button(scene, step.title, `step:${step.id}`, say('step_talk')),
    ),
  );
}
