// One picture of a site or a home: grid, islanding contactor, bus, and what hangs on it. It is drawn
// once for its parts and its width; then only figures, arrows and states change.
import { svg, put, mark, freshID } from './dom.js';
import { icon } from './icons.js';
import { t } from './words.js';
import { power } from './units.js';

const least_W = 5;                 // below that nothing flows that a picture should show
const above = ['pv', 'wind'], below = ['battery', 'load', 'ev'];

/** Where the parts stand. Wide: the bus lies, sources above it; narrow: it stands, parts on both sides. */
function layout(parts, hasGrid, isWide) {
  const up = above.filter(p => parts.has(p)), down = below.filter(p => parts.has(p));
  const places = {};
  if (isWide) {
    const [w, h, busY] = [182, 122, 262];
    const left = hasGrid ? 334 : 40, right = 920;
    const spread = (list, y, edge) => list.forEach((part, n) => {
      const x = left + (right - left) * (n + 0.5) / list.length;
      places[part] = { x: x - w / 2, y, w, h, from: [x, edge], to: [x, busY] };
    });
    spread(up, 10, 132);
    spread(down, 392, 392);
    if (hasGrid) places.grid = { x: 10, y: busY - h / 2, w, h, from: [192, busY], to: [left, busY], gap: [[244, busY], [296, busY]] };
    return { width: 940, height: 524, bus: [[left, busY], [right, busY]], places };
  }
  const [w, h, middle] = [126, 92, 180];
  const top = hasGrid ? 196 : 12;
  const rows = Math.max(up.length + (down.includes('battery') ? 1 : 0), down.filter(p => p !== 'battery').length, 1);
  const leftSide = [...up, ...down.filter(p => p === 'battery')], rightSide = down.filter(p => p !== 'battery');
  const stack = (list, isLeft) => list.forEach((part, n) => {
    const y = top + 8 + n * (h + 14);
    const x = isLeft ? 4 : 360 - 4 - w;
    places[part] = { x, y, w, h, from: [isLeft ? x + w : x, y + h / 2], to: [middle, y + h / 2] };
  });
  stack(leftSide, true);
  stack(rightSide, false);
  if (hasGrid) places.grid = { x: middle - w / 2 - 20, y: 4, w: w + 40, h, from: [middle, 4 + h], to: [middle, top], gap: [[middle, 128], [middle, 168]] };
  const height = top + 8 + rows * (h + 14);
  return { width: 360, height, bus: [[middle, top], [middle, height - 6]], places };
}

function arrowAt([x, y], [dx, dy]) {
  const angle = Math.atan2(dy, dx) * 180 / Math.PI;
  return `translate(${x} ${y}) rotate(${angle})`;
}

/** A part's box, its line to the bus and the arrow on it. */
function drawPart(name, place, words) {
  const { x, y, w, h, from, to, gap } = place;
  const pieces = gap ? [[from, gap[0]], [gap[1], to]] : [[from, to]];
  const lines = pieces.flatMap(([a, b]) => {
    const d = `M${a} L${b}`;
    return [svg('path', { d, class: 'wire' }), svg('path', { d, class: 'flow' })];
  });
  const [a, b] = pieces[0];
  const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const arrow = svg('path', { d: 'M-9 -10 11 0 -9 10z', class: 'arrow' });
  const tall = h > 100;
  const label = svg('text', { x: x + 40, y: y + (tall ? 28 : 25), class: 'label' }, words);
  const figure = svg('text', { x: x + w / 2, y: y + (tall ? 69 : 55), class: 'figure' });
  const detail = svg('text', { x: x + w / 2, y: y + (tall ? 93 : name === 'battery' ? 73 : 77), class: 'detail' });
  const children = [...lines, svg('rect', { x, y, width: w, height: h, rx: 12, class: 'box' }),
    icon(name, x + 10, y + (tall ? 10 : 8), 24), label, figure, detail, arrow];
  let level = null, reserve = null;
  if (name === 'battery') {
    const bar = { x: x + 12, y: y + h - 14, height: 7, rx: 3.5 };
    level = svg('rect', { ...bar, width: 0, class: 'level' });
    reserve = svg('path', { class: 'reserve' });
    children.push(svg('rect', { ...bar, width: w - 24, class: 'trough' }), level, reserve);
  }
  const g = svg('g', { class: `part ${name}` }, children);
  const direction = [Math.sign(b[0] - a[0]), Math.sign(b[1] - a[1])];
  return { g, flows: lines.filter(l => l.classList.contains('flow')), arrow, label, figure, detail, level, reserve, middle, direction, place };
}

function drawContactor([[x1, y1], [x2, y2]], isWide) {
  const long = isWide ? x2 - x1 : y2 - y1;
  const turn = isWide ? `translate(${x1} ${y1})` : `translate(${x1} ${y1}) rotate(90)`;
  const blade = svg('path', { d: `M0 0 H${long}`, class: 'blade' });
  const label = isWide ? svg('text', { x: (x1 + x2) / 2, y: y1 + 34, class: 'detail' })
    : svg('text', { x: x1 + 14, y: (y1 + y2) / 2 + 5, class: 'detail start' });
  return { blade, label, g: svg('g', { class: 'contactor' },
    svg('g', { transform: turn }, blade, svg('circle', { r: 5, class: 'contact' }), svg('circle', { cx: long, r: 5, class: 'contact' })), label) };
}

/**
 * A picture of the parts; `grid` is false, or {name, hasContactor}.
 * Its `show(view)` takes {grid, parts: {pv: {power_W, detail, state}}, contactor, charge, reserve, stale, live, summary}.
 */
export function picture(parts, grid, isWide, title) {
  const plan = layout(parts, Boolean(grid), isWide);
  const titleID = freshID('title'), descID = freshID('desc');
  const desc = svg('desc', { id: descID });
  const drawn = {};
  for (const [name, place] of Object.entries(plan.places)) {
    const shown = name === 'grid' && grid.isVillage ? 'village' : name;
    if (name === 'grid' && !grid.hasContactor) delete place.gap;
    drawn[name] = drawPart(shown, place, t(`part.${shown}`));
  }
  const contactor = grid?.hasContactor ? drawContactor(plan.places.grid.gap, isWide) : null;
  const bus = svg('path', { d: `M${plan.bus[0]} L${plan.bus[1]}`, class: 'bus' });
  const root = svg('svg', {
    class: 'picture', 'data-narrow': !isWide, viewBox: `0 0 ${plan.width} ${plan.height}`, role: 'img', 'aria-labelledby': `${titleID} ${descID}`,
  }, svg('title', { id: titleID }, title), desc,
    Object.values(drawn).map(d => d.g), bus, contactor?.g);

  function show(view) {
    mark(root, 'data-bus', view.bus);
    mark(root, 'data-stale', view.stale ? 'yes' : null);
    const said = [];
    for (const [name, d] of Object.entries(drawn)) {
      const part = view.parts[name] ?? {};
      const watts = part.power_W;
      const flows = !view.stale && part.state !== 'stale' && Math.abs(watts) >= least_W ? (watts > 0 ? 'in' : 'out') : 'none';
      mark(d.g, 'data-flow', flows);
      mark(d.g, 'data-state', view.stale ? 'stale' : part.state ?? 'live');
      const size = Math.abs(watts) || 0;
      for (const f of d.flows) mark(f, 'data-pace', size > 5000 ? 3 : size > 1000 ? 2 : 1);
      if (flows !== 'none') {
        const sense = flows === 'in' ? 1 : -1;
        mark(d.arrow, 'transform', arrowAt(d.middle, d.direction.map(v => v * sense)));
      }
      const figure = part.figure ?? power(watts === null || watts === undefined ? null : Math.abs(watts));
      put(d.figure, figure);
      put(d.detail, part.detail ?? '');
      mark(d.figure, 'dy', part.detail || d.level ? null : 8);
      fit(d.detail, d.place.w - 12);
      if (part.label) put(d.label, part.label);
      fit(d.label, d.place.w - 46);
      fit(d.figure, d.place.w - 12);
      said.push(`${d.label.textContent}: ${figure}${part.detail ? ` (${part.detail})` : ''}`);
      if (d.level) {
        const wide = d.place.w - 24;
        mark(d.level, 'width', Math.max(0, Math.min(1, view.charge ?? 0)) * wide);
        const at = d.place.x + 12 + (view.reserve ?? 0) * wide;
        mark(d.reserve, 'd', view.reserve > 0 ? `M${at} ${d.place.y + d.place.h - 17} v13` : 'M0 0');
      }
    }
    if (contactor) {
      mark(contactor.g, 'data-at', view.contactor);
      put(contactor.label, t(`switch.${view.contactor}`));
      said.unshift(`${t('part.contactor')}: ${contactor.label.textContent}`);
    }
    const sentence = said.join('. ');
    if (view.describe) put(desc, sentence);
  }
  return { root, show };
}

/** Long details are set narrower rather than cut. */
function fit(text, room) {
  const key = text.textContent;
  if (text.fitted === key) return;
  text.fitted = key;
  text.removeAttribute('textLength');
  text.removeAttribute('lengthAdjust');
  if (key && text.getComputedTextLength?.() > room) {
    text.setAttribute('textLength', room);
    text.setAttribute('lengthAdjust', 'spacingAndGlyphs');
  }
}
