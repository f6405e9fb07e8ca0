// A plot with a readout. Areas and bars are stacked: what is positive upwards from zero, what is negative
// downwards; lines stand for themselves, with a band from least to most where there is one. The readout is a
// slider: keyboard, finger and pointer move the same thing.
import { el, svg, put, mark, freshID } from './dom.js';
import { t } from './words.js';
import { isKnown } from './units.js';
import { timeMarks } from './periods.js';

/** Round steps so that about `count` fit between the ends. */
export function steps(low, high, count) {
  const raw = (high - low) / count || 1;
  const base = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find(m => m * base >= raw * 0.999) * base;
  const marks = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-6; v += step) marks.push(Math.abs(v) < step * 1e-6 ? 0 : v);
  return marks;
}

/** The stack's edges: for each series and time, where its part begins and ends. */
export function stacked(series, count) {
  const up = new Float64Array(count), down = new Float64Array(count);
  return series.map(s => Array.from({ length: count }, (_, n) => {
    const pair = [[up[n], up[n] + Math.max(0, s.up[n] ?? 0)], [down[n], down[n] + Math.min(0, s.down[n] ?? 0)]];
    [up[n], down[n]] = [pair[0][1], pair[1][1]];
    return pair;
  }));
}

function extent(plot) {
  let low = plot.low ?? Infinity, high = plot.high ?? -Infinity;
  const take = v => { if (isKnown(v)) { low = Math.min(low, v); high = Math.max(high, v); } };
  if (plot.kind === 'lines') {
    for (const s of plot.series) for (const list of [s.values, s.min, s.max]) list?.forEach(take);
    if (!(low < high)) [low, high] = isKnown(low) ? [low - 1, high + 1] : [0, 1];
    const room = (high - low) * 0.06;
    if (plot.low === undefined) low -= room;
    if (plot.high === undefined) high += room;
  } else {
    take(0);
    for (const layer of stacked(plot.series, plot.t_s.length)) for (const [a, b] of layer) { take(a[1]); take(b[1]); }
    if (low === high) high = low + 1;
    [low, high] = [low * 1.05, high * 1.05];
  }
  return [low, high];
}

/**
 * @param plot {title, desc, kind: 'areas'|'bars'|'lines', from, to, t_s (begin of each value), step_s, series, format,
 *   low, high, bands: [{from, to, kind}], marker, height}; a series is {key, label, values} for lines (min and max are
 *   its band) or {key, label, up, down, values} for stacks; `values` is what the readout says.
 */
export function plotView(plot) {
  const readoutID = freshID('readout');
  const room = el('div', { class: 'plot-room' });
  const slider = el('input', { type: 'range', min: 0, max: Math.max(0, plot.t_s.length - 1), value: 0, class: 'seek', 'aria-label': `${t('plot.seek')}: ${plot.title}`, disabled: plot.t_s.length === 0 });
  const time = el('p', { class: 'at' });
  const rows = plot.series.map(s => ({ s, figure: el('span', { class: 'figure', 'data-key': s.key }) }));
  const readout = el('div', { class: 'readout', id: readoutID }, time,
    el('ul', {}, rows.map(r => el('li', { class: `series ${r.s.key}` }, el('span', { class: 'swatch' }), el('span', { class: 'label' }, r.s.label), r.figure))));
  const node = el('figure', { class: `plot ${plot.key ?? ''}` }, el('figcaption', {}, el('h3', {}, plot.title)), room, slider, readout);
  let place = null, cursor = null, drawnWidth = 0;
  const middle = n => (plot.t_s[n] + plot.step_s / 2) * 1000;

  function say(n) {
    if (!plot.t_s.length) { put(time, t('plot.nothing')); return; }
    put(time, plot.tell(new Date(plot.t_s[n] * 1000), new Date((plot.t_s[n] + plot.step_s) * 1000)));
    const words = rows.map(r => { put(r.figure, plot.format(r.s.values[n])); return `${r.s.label} ${r.figure.textContent}`; });
    slider.setAttribute('aria-valuetext', `${time.textContent}: ${words.join(', ')}`);
    if (cursor && place) mark(cursor, 'd', `M${place.x(middle(n))} ${place.top}V${place.bottom}`);
  }

  function draw(width) {
    const height = plot.height ?? 240, [right, top, bottom] = [8, 8, 26];
    const [low, high] = extent(plot);
    const rules = steps(low, high, Math.max(3, Math.round(height / 40))).map(v => [v, plot.axis(v)]);
    const left = 14 + 6.6 * Math.max(plot.marker ? 8 : 4, ...rules.map(([, words]) => words.length));
    const x = ms => left + (ms - plot.from) / (plot.to - plot.from) * (width - left - right);
    const y = v => top + (high - v) / (high - low) * (height - top - bottom);
    place = { x, left, right, top, bottom: height - bottom };
    const pieces = [];
    for (const b of plot.bands ?? []) {
      const [a, z] = [Math.max(left, x(b.from)), Math.min(width - right, x(b.to))];
      if (z >= left && a <= width - right) pieces.push(svg('rect', { x: a, y: top, width: Math.max(2, z - a), height: height - top - bottom, class: `band ${b.kind}` }));
    }
    for (const [v, words] of rules) {
      pieces.push(svg('path', { d: `M${left} ${y(v)}H${width - right}`, class: v === 0 && plot.kind !== 'lines' ? 'zero' : 'rule' }),
        svg('text', { x: left - 6, y: y(v) + 4, class: 'tick end' }, words));
    }
    for (const m of timeMarks(plot.from, plot.to, Math.max(3, Math.floor(width / 75)))) {
      const at = x(m.at), isBar = plot.kind === 'bars' && plot.centred;
      pieces.push(svg('path', { d: `M${at} ${height - bottom}v4`, class: 'rule' }));
      const seat = isBar ? at + plot.step_s * 500 / (plot.to - plot.from) * (width - left - right) : at;
      if (seat < width - 18) pieces.push(svg('text', { x: seat, y: height - 8, class: 'tick' }, m.words));
    }
    pieces.push(...(plot.kind === 'lines' ? lines(x, y) : plot.kind === 'bars' ? bars(x, y) : areas(x, y)));
    if (plot.marker) pieces.push(svg('path', { d: `M${x(plot.marker)} ${top}V${height - bottom}`, class: 'marker' }));
    cursor = svg('path', { class: 'cursor' });
    // The slider reaches from the first value to the last, so that its knob stands under the cursor.
    if (plot.t_s.length) {
      slider.style.marginLeft = `${Math.max(0, x(middle(0)) - 8)}px`;
      slider.style.width = `${x(middle(plot.t_s.length - 1)) - x(middle(0)) + 16}px`;
    }
    const [titleID, descID] = [freshID('title'), freshID('desc')];
    room.replaceChildren(svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-labelledby': `${titleID} ${descID}` },
      svg('title', { id: titleID }, plot.title), svg('desc', { id: descID }, plot.desc ?? range()), pieces, cursor));
    say(Number(slider.value));
  }

  /** What a line does, in a sentence. */
  function range() {
    const all = plot.series.flatMap(s => s.values).filter(isKnown);
    return all.length ? t('plot.range', { low: plot.format(all.reduce((a, b) => Math.min(a, b))), high: plot.format(all.reduce((a, b) => Math.max(a, b))) }) : t('plot.nothing');
  }

  const known = n => plot.series.some(s => isKnown(s.values[n]));
  /** Runs of times without a hole. */
  function runs(isKnownAt) {
    const list = [];
    plot.t_s.forEach((at, n) => {
      if (!isKnownAt(n)) return;
      const last = list.at(-1);
      if (last && last.at(-1) === n - 1 && at - plot.t_s[n - 1] <= 1.5 * plot.step_s) last.push(n);
      else list.push([n]);
    });
    return list;
  }

  /** A run's points; a lone one is drawn as wide as its step. */
  const points = (run, x) => run.length > 1 ? run.map(n => [x(middle(n)), n])
    : [[x(plot.t_s[run[0]] * 1000), run[0]], [x((plot.t_s[run[0]] + plot.step_s) * 1000), run[0]]];
  const line = list => list.map(([a, b]) => `${a.toFixed(1)} ${b.toFixed(1)}`).join('L');

  function areas(x, y) {
    const layers = stacked(plot.series, plot.t_s.length), whole = runs(known);
    return plot.series.flatMap((s, k) => [0, 1].map(side => {
      if (!layers[k].some(p => p[side][0] !== p[side][1])) return null;
      const d = whole.map(run => {
        const p = points(run, x);
        return `M${line(p.map(([a, n]) => [a, y(layers[k][n][side][1])]))}L${line(p.reverse().map(([a, n]) => [a, y(layers[k][n][side][0])]))}Z`;
      }).join('');
      return svg('path', { d, class: `area ${s.key}` });
    }));
  }

  function bars(x, y) {
    return stacked(plot.series, plot.t_s.length).flatMap((layer, k) => layer.map((p, n) => {
      const [a, b] = [x(plot.t_s[n] * 1000), x((plot.t_s[n] + (plot.widths?.[n] ?? plot.step_s)) * 1000)];
      const gap = Math.min(3, (b - a) * 0.15);
      const d = p.filter(([u, v]) => u !== v).map(([u, v]) => `M${a + gap} ${y(u)}V${y(v)}H${b - gap}V${y(u)}Z`).join('');
      return d ? svg('path', { d, class: `area ${plot.series[k].key}` }) : null;
    }));
  }

  function lines(x, y) {
    return plot.series.flatMap(s => {
      const whole = runs(n => isKnown(s.values[n]));
      const band = s.min && whole.map(run => {
        const p = points(run, x);
        return `M${line(p.map(([a, n]) => [a, y(s.max[n] ?? s.values[n])]))}L${line(p.reverse().map(([a, n]) => [a, y(s.min[n] ?? s.values[n])]))}Z`;
      }).join('');
      const d = whole.map(run => `M${line(points(run, x).map(([a, n]) => [a, y(s.values[n])]))}`).join('');
      return [band ? svg('path', { d: band, class: `spread ${s.key}` }) : null, d ? svg('path', { d, class: `line ${s.key}` }) : null];
    });
  }

  function seek(event) {
    if (!plot.t_s.length || !place) return;
    const box = room.getBoundingClientRect(), at = event.clientX - box.left;
    const ms = plot.from.getTime() + (at - place.left) / (box.width - place.left - place.right) * (plot.to - plot.from);
    let best = 0;
    for (let n = 1; n < plot.t_s.length; n += 1) if (Math.abs(middle(n) - ms) < Math.abs(middle(best) - ms)) best = n;
    slider.value = best;
    say(best);
  }
  room.addEventListener('pointermove', seek);
  room.addEventListener('pointerdown', seek);
  slider.addEventListener('input', () => say(Number(slider.value)));
  slider.value = String(plot.start ?? Math.max(0, plot.t_s.length - 1));
  new ResizeObserver(() => {
    const width = Math.floor(room.clientWidth);
    if (width > 0 && width !== drawnWidth) { drawnWidth = width; draw(width); }
  }).observe(room);
  say(Number(slider.value));
  return node;
}
