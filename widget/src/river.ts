// The drawing behind the phases: strands that run apart, come together, braid, and flow on as one.
import { s } from './dom';

const STRANDS = 5;
const WIDTH = 1000;
const HEIGHT = 140;

/** 0 before `from`, 1 after `to`, and smooth between. */
function ramp(x: number, from: number, to: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

function strand(lane: number): string {
  let path = '';
  for (let x = 0; x <= WIDTH; x += 8) {
    const apart = 27 * (1 - ramp(x, 190 + lane * 14, 520)) + 2.5;
    const weave = 15 * ramp(x, 430, 580) * (1 - ramp(x, 700, 900));
    const own = 3 * Math.sin(x / 60 + lane * 2) * (1 - ramp(x, 300, 520));
    const y = HEIGHT / 2 + lane * apart + own + weave * Math.sin(((x - 470) / 90) * Math.PI + lane * 1.257);
    path += `${path ? 'L' : 'M'}${x} ${y.toFixed(1)}`;
  }
  return path;
}

const PATHS = Array.from({ length: STRANDS }, (_, i) => strand(i - (STRANDS - 1) / 2));

/** The river, with colour as far as the case has come (`reached`: a share of its length). */
export function river(reached: number, id: string): SVGElement {
  const strands = (className: string) =>
    PATHS.map((d, i) => s('path', { d, class: `${className} strand-${i}`, 'vector-effect': 'non-scaling-stroke' }));
  const clip = s('rect', { x: 0, y: 0, width: WIDTH * reached, height: HEIGHT });
  return s(
    'svg',
    { class: 'river', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    s('defs', {}, s('clipPath', { id }, clip)),
    s('g', {}, ...strands('bed')),
    s('g', { 'clip-path': `url(#${id})` }, ...strands('flow')),
  );
}
