// How far a figure is from nominal: a needle on a scale whose middle is nominal.
import { svg, mark } from './dom.js';
import { isKnown } from './units.js';

/** The green part is 0.4 of the scale each way. @param span what the ends of the scale stand for, in the figure's own unit. */
export function gauge(span) {
  const needle = svg('rect', { x: 98, y: 1, width: 4, height: 14, rx: 2, class: 'needle' });
  const root = svg('svg', { class: 'gauge', viewBox: '0 0 200 16', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { x: 0, y: 6, width: 200, height: 4, rx: 2, class: 'trough' }),
    svg('rect', { x: 60, y: 6, width: 80, height: 4, class: 'good' }),
    svg('rect', { x: 99.5, y: 3, width: 1, height: 10, class: 'middle' }), needle);
  return {
    root,
    show(off) {
      const share = isKnown(off) ? Math.max(-1, Math.min(1, off / span)) : 0;
      mark(needle, 'x', 98 + 97 * share);
      mark(root, 'data-at', !isKnown(off) ? 'unknown' : Math.abs(share) > 0.4 ? 'far' : 'near');
    },
  };
}
