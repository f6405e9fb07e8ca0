// The history of a site or of one controller, put together from each controller's own: powers and energies
// added up, states of charge weighed by their batteries.
import { askHistory } from './api.js';
import { state, coupling, entry } from './state.js';
import { isKnown } from './units.js';
import { period } from './periods.js';

const quarter_s = 900, day_s = 86400;
const powers = ['pv', 'wind', 'battery', 'ev', 'load'];
const column = part => `${part}_W`;

/** Beginnings of the pieces of a period: quarters of an hour, or the site's days; none in the future. */
function pieces(kind, { from, to }, now) {
  const end = Math.min(to, now);
  if (kind === 'day' || kind === 'week') {
    const count = Math.max(0, Math.ceil((end - from) / 1000 / quarter_s));
    return Array.from({ length: count }, (_, n) => from / 1000 + n * quarter_s);
  }
  return days({ from, to: new Date(end) });
}

/** Midnights of the site in a period, seconds since 1970. */
function days({ from, to }) {
  const list = [];
  for (let at = from; at < to;) {
    list.push(at / 1000);
    at = period('day', -1, new Date(at.getTime() + 3600000)).from;
  }
  return list;
}

/** Index of the piece that holds an instant; -1 if none does. */
function seat(starts, end_s, t_s) {
  if (t_s < starts[0] || t_s >= end_s) return -1;
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= t_s) low = middle; else high = middle;
  }
  return low;
}

/** One controller's answer, put in its places; pieces without a reading stay null. */
function seated(answer, starts, end_s, step_s) {
  const places = Array(starts.length).fill(null);
  (answer.t_s ?? []).forEach((t, n) => {
    const at = seat(starts, end_s, t + step_s / 2);
    if (at >= 0 && !(answer.readings && answer.readings[n] === 0)) places[at] = n;
  });
  return (list) => places.map(n => n === null ? null : list?.[n] ?? null);
}

const sum = list => list.some(isKnown) ? list.filter(isKnown).reduce((a, b) => a + b, 0) : null;

/** @param who '' for the whole site, or a controller's name. */
export async function chronicle(who, kind, span, signal, now = new Date()) {
  const step_s = kind === 'day' || kind === 'week' ? quarter_s : day_s;
  const starts = pieces(kind, span, now), end_s = Math.min(span.to, starts.at(-1) * 1000 + step_s * 1000) / 1000;
  const list = who ? [entry(who)].filter(Boolean) : state.site.controllers;
  const pcc = who ? null : coupling();
  const asked = await Promise.all(list.map(async c => {
    const figures = c.kind === 'coupling' ? ['active_W', 'bus_Hz']
      : [...powers.filter(p => c.has?.includes(p)).map(column), ...(c.kind === 'der' ? ['active_W'] : ['load_W']), 'state_of_charge', 'bus_Hz'];
    try {
      return { c, figures, answer: await askHistory(c.name, span.from, span.to, step_s, figures, signal) };
    } catch (refusal) { return { c, refusal }; }
  }));
  signal?.throwIfAborted();
  const heard = asked.filter(a => a.answer);
  if (heard.length === 0) throw asked[0]?.refusal ?? new Error('');
  for (const a of heard) {
    const set = seated(a.answer, starts, end_s, step_s);
    a.read = set(a.answer.readings ?? []);
    a.of = (block, figure) => set(a.answer[block]?.[figure]);
    a.meter = block => set(a.answer[block]);
  }
  const each = make => starts.map((_, n) => make(n));
  const power = {}, energy = {};
  for (const part of powers) {
    const holders = heard.filter(a => a.figures.includes(column(part))).map(a => ({
      mean: a.of('mean', column(part)), up: a.of('in_Wh', column(part)), down: a.of('out_Wh', column(part)),
    }));
    if (!holders.some(h => [...h.mean, ...h.up].some(isKnown))) continue;
    power[part] = each(n => sum(holders.map(h => h.mean[n])));
    energy[part] = { up: each(n => sum(holders.map(h => h.up[n]))), down: each(n => minus(sum(holders.map(h => h.down[n])))) };
  }
  const tie = heard.find(a => a.c === pcc);
  if (tie) {
    power.grid = tie.of('mean', 'active_W');
    energy.grid = { up: tie.meter('energy_in_Wh'), down: tie.meter('energy_out_Wh').map(minus) };
  } else if (who && list[0]?.kind === 'home') {
    const parts = Object.keys(power);
    power.village = each(n => minus(sum(parts.map(p => power[p][n]))));
    const net = each(n => minus(sum(parts.flatMap(p => [energy[p].up[n], energy[p].down[n]]))));
    energy.village = { up: net.map(v => v === null ? null : Math.max(0, v)), down: net.map(v => v === null ? null : Math.min(0, v)) };
  }
  const batteries = heard.filter(a => a.c.has?.includes('battery')).map(a => ({ weight: a.c.battery_Wh || 1, of: b => a.of(b, 'state_of_charge') }));
  const weighed = block => {
    const sets = batteries.map(b => ({ weight: b.weight, list: b.of(block) }));
    return each(n => {
      const here = sets.filter(s => isKnown(s.list[n]));
      const all = here.reduce((a, s) => a + s.weight, 0);
      return all ? here.reduce((a, s) => a + s.weight * s.list[n], 0) / all : null;
    });
  };
  const beat = tie ?? heard.find(a => a.of('mean', 'bus_Hz').some(isKnown));
  return {
    t_s: starts, step_s, end_s, power, energy,
    charge: batteries.length ? { mean: weighed('mean'), min: weighed('min'), max: weighed('max') } : null,
    frequency: beat ? { mean: beat.of('mean', 'bus_Hz'), min: beat.of('min', 'bus_Hz'), max: beat.of('max', 'bus_Hz') } : null,
    missing: asked.filter(a => a.refusal).map(a => a.c.name),
    incomplete: spans(starts, step_s, n => heard.some(a => !a.read[n]) || heard.length < asked.length),
  };
}

const minus = v => v === null ? null : v === 0 ? 0 : -v;

/** Runs of pieces of which something is missing, ms since 1970. */
function spans(starts, step_s, isSo) {
  const list = [];
  starts.forEach((t, n) => {
    if (!isSo(n)) return;
    const last = list.at(-1);
    if (last && last.to >= t * 1000) last.to = (t + step_s) * 1000;
    else list.push({ from: t * 1000, to: (t + step_s) * 1000, kind: 'incomplete' });
  });
  return list;
}

/** Energies of quarters or days added up to days or months. */
export function gathered(c, kind, span) {
  const bounds = kind === 'week' ? days(span) : kind === 'month' ? c.t_s
    : Array.from({ length: 12 }, (_, n) => period('month', -n, new Date(span.from.getTime() + 12 * 3600000)).from / 1000);
  const starts = bounds.filter(b => b < c.end_s);
  const energy = {};
  for (const [part, { up, down }] of Object.entries(c.energy)) {
    const fold = list => {
      const sums = Array(starts.length).fill(null);
      list.forEach((v, n) => {
        const at = seat(starts, Infinity, c.t_s[n]);
        if (isKnown(v) && at >= 0) sums[at] = (sums[at] ?? 0) + v;
      });
      return sums;
    };
    energy[part] = { up: fold(up), down: fold(down) };
  }
  const widths = starts.map((s, n) => (starts[n + 1] ?? (kind === 'year' ? period('month', -1, new Date((s + 43200) * 1000)).from / 1000 : s + day_s)) - s);
  return { t_s: starts, widths, step_s: widths[0] ?? day_s, energy };
}
