// Days, weeks, months and years.
import { el, choice, field } from './dom.js';
import { t, phrase } from './words.js';
import { power, energy, percent, hertz, money, mass, duration, number, when, moment, isKnown } from './units.js';
import { askSummary } from './api.js';
import { state } from './state.js';
import { kinds, period, periodWords } from './periods.js';
import { chronicle, gathered } from './chronicle.js';
import { plotView } from './plot.js';
import { sheet, exportLink } from './sheet.js';

const kept = { kind: 'day', back: 0, who: '' };
const order = ['pv', 'wind', 'battery', 'grid', 'village', 'ev', 'load'];

export function historyView() {
  const room = el('div', { class: 'charts', 'aria-live': 'off' });
  const name = el('h3', { class: 'period', id: 'period', 'aria-live': 'polite' });
  const tabs = kinds.map(k => el('button', { type: 'button', id: `kind-${k}`, onclick: () => { [kept.kind, kept.back] = [k, 0]; load(); } }, t(`kind.${k}`)));
  const previous = el('button', { type: 'button', id: 'previous', 'aria-label': t('history.previous'), onclick: () => { kept.back += 1; load(); } }, '‹');
  const next = el('button', { type: 'button', id: 'next', 'aria-label': t('history.next'), onclick: () => { kept.back -= 1; load(); } }, '›');
  const many = state.site.controllers.length > 1;
  if (!many || !state.site.controllers.some(c => c.name === kept.who)) kept.who = many ? '' : state.site.controllers[0]?.name ?? '';
  const who = many ? field(t('history.of'), choice([['', t('history.whole')],
    ...state.site.controllers.filter(c => c.kind !== 'coupling').map(c => [c.name, c.name])], kept.who, v => { kept.who = v; load(); })) : null;
  const node = el('section', { class: 'history', 'aria-labelledby': 'history-head' }, el('h2', { id: 'history-head' }, t('nav.history')),
    el('div', { class: 'row bar' }, el('div', { class: 'group', role: 'group', 'aria-label': t('history.kind') }, tabs), who,
      el('div', { class: 'group' }, previous, next)), name, room);
  let cancel = null;

  async function load() {
    cancel?.abort();
    const mine = cancel = new AbortController();
    const { kind, back } = kept, span = period(kind, back);
    tabs.forEach((b, n) => b.setAttribute('aria-pressed', String(kinds[n] === kind)));
    next.disabled = back <= 0;
    name.textContent = periodWords(kind, span);
    node.dataset.from = span.from.toISOString();
    room.setAttribute('aria-busy', 'true');
    try {
      const [c, summary] = await Promise.all([chronicle(kept.who, kind, span, mine.signal),
        askSummary(span.from, span.to, mine.signal).catch(() => null)]);
      if (!mine.signal.aborted) room.replaceChildren(...charts(c, summary, kind, span));
    } catch (error) {
      if (!mine.signal.aborted) room.replaceChildren(el('p', { class: 'card trouble', role: 'alert' }, t('history.failed'), ' ', error.message));
    }
    if (!mine.signal.aborted) room.removeAttribute('aria-busy');
  }
  load();
  return { node, leave: () => cancel?.abort() };
}

function charts(c, summary, kind, span) {
  const outages = summary?.outages ?? [];
  const bands = [...c.incomplete, ...outages.map(o => ({ from: Date.parse(o.from), to: o.to ? Date.parse(o.to) : Date.now(), kind: 'outage' }))];
  const parts = order.filter(p => c.power[p]);
  const label = p => t(p === 'grid' ? 'history.grid' : `part.${p}`);
  const fine = kind === 'day' || kind === 'week';
  const tell = fine ? at => when(at, { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
    : at => when(at.getTime() + 43200000, { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });
  const common = { ...span, t_s: c.t_s, step_s: c.step_s, bands, tell };
  const nothing = parts.length === 0 && !c.charge?.mean.some(isKnown);
  if (nothing) return [el('p', { class: 'card', role: 'status' }, t('plot.nothing'))];
  const list = [figures(summary, c, span)];
  const side = (values, sense) => values.map(v => isKnown(v) ? sense > 0 ? Math.max(0, v) : Math.min(0, v) : null);
  if (c.missing.length) list.push(el('p', { class: 'note' }, t('history.missing', { names: c.missing.join(', ') })));
  if (fine && parts.length) {
    list.push(card(plotView({ ...common, key: 'powers', kind: 'areas', title: t('history.powers'), desc: t('history.powers.desc'), height: 300, format: v => power(v, true), axis: v => power(v),
      series: parts.map(p => ({ key: p, label: label(p), values: c.power[p], up: side(c.power[p], 1), down: side(c.power[p], -1) })) }),
    legend(bands), sheet(t('history.powers'), [{ head: t('sheet.time'), values: c.t_s, format: v => tell(new Date(v * 1000)) },
      ...parts.map(p => ({ head: label(p), values: c.power[p], format: v => power(v, true) }))])));
  }
  if (kind !== 'day' && Object.keys(c.energy).length) list.push(energies(c, kind, span, label));
  const lines = [];
  if (c.charge) lines.push(plotView({ ...common, key: 'charge', kind: 'lines', title: t('fact.charge'), low: 0, high: 1, height: 170, format: v => percent(v, 1), axis: v => percent(v),
    series: [{ key: 'charge', label: t('fact.charge'), values: c.charge.mean, min: c.charge.min, max: c.charge.max }] }));
  if (c.frequency?.mean.some(isKnown)) lines.push(plotView({ ...common, key: 'frequency', kind: 'lines', title: t('fact.frequency'), height: 170, format: v => hertz(v, 3), axis: v => hertz(v, 2),
    series: [{ key: 'frequency', label: t('fact.frequency'), values: c.frequency.mean, min: c.frequency.min, max: c.frequency.max }] }));
  list.push(el('div', { class: 'pair' }, lines.map(l => card(l))));
  list.push(outageList(outages));
  list.push(el('div', { class: 'row' }, exportLink(`${kept.who || 'site'}-${kind}-${when(span.from, { year: 'numeric', month: '2-digit', day: '2-digit' }).replace(/\D+/g, '-')}.csv`, () => table(c, parts))));
  return list;
}

const card = (...children) => el('div', { class: 'card' }, children);

const legend = bands => el('ul', { class: 'legend' }, [...new Set(bands.map(b => b.kind))].map(k =>
  el('li', {}, el('span', { class: `swatch ${k}` }), t(`band.${k}`))));

/** All that is shown, as columns of a file. */
function table(c, parts) {
  const all = [{ name: 'time_UTC', values: c.t_s.map(s => new Date(s * 1000).toISOString()) }];
  for (const p of parts) all.push({ name: `${p}_W`, values: c.power[p] });
  for (const p of Object.keys(c.energy)) all.push({ name: `${p}_in_Wh`, values: c.energy[p].up }, { name: `${p}_out_Wh`, values: c.energy[p].down });
  if (c.charge) all.push({ name: 'state_of_charge', values: c.charge.mean });
  if (c.frequency) all.push({ name: 'bus_Hz', values: c.frequency.mean });
  return all;
}

function energies(c, kind, span, label) {
  const g = gathered(c, kind, span), parts = order.filter(p => g.energy[p]);
  const tell = at => kind === 'year' ? when(at.getTime() + 43200000, { month: 'long', year: 'numeric' }) : when(at.getTime() + 43200000, { weekday: 'short', day: 'numeric', month: 'short' });
  const both = p => g.energy[p].up.map((u, n) => isKnown(u) || isKnown(g.energy[p].down[n]) ? (u ?? 0) + (g.energy[p].down[n] ?? 0) : null);
  const series = parts.map(p => ({ key: p, label: label(p), up: g.energy[p].up, down: g.energy[p].down, values: both(p) }));
  return card(plotView({ ...span, key: 'energies', kind: 'bars', centred: true, t_s: g.t_s, step_s: g.step_s, widths: g.widths, bands: [], tell, title: t('history.energies'),
    desc: t('history.powers.desc'), height: 300, format: v => energy(v, true), axis: v => energy(v), series }),
  sheet(t('history.energies'), [{ head: t('sheet.time'), values: g.t_s, format: v => tell(new Date(v * 1000)) },
    ...series.map(s => ({ head: s.label, values: s.values, format: v => energy(v, true) }))]));
}

/** The period in figures: the hub's for the site, our own sums for one controller. */
function figures(summary, c, span) {
  const total = (part, side) => {
    const list = c.energy[part]?.[side];
    return list?.some(isKnown) ? list.filter(isKnown).reduce((a, b) => a + Math.abs(b), 0) : null;
  };
  const rows = [];
  const add = (key, text, note = '') => rows.push(el('div', { class: 'fact' }, el('dt', {}, t(key)), el('dd', { 'data-key': key }, text, note ? el('small', {}, note) : null)));
  const { tariff, intensity } = state.site;
  if (!kept.who && summary) {
    add('sum.self_sufficiency', percent(summary.self_sufficiency), t('sum.self_sufficiency.note'));
    add('sum.self_consumption', percent(summary.self_consumption), t('sum.self_consumption.note'));
    for (const key of ['import', 'export', 'pv', 'wind', 'load', 'ev']) {
      if (isKnown(summary[`${key}_Wh`]) && (!['pv', 'wind', 'ev'].includes(key) || c.power[key])) add(`sum.${key}`, energy(Math.abs(summary[`${key}_Wh`])));
    }
    if (isKnown(summary.cost)) add('sum.cost', money(summary.cost, summary.currency), tariff ? t('sum.source', { source: tariff.source }) : '');
    if (isKnown(summary.co2_g)) add('sum.co2', mass(summary.co2_g), intensity ? t('sum.source', { source: intensity.source }) : '');
    add('sum.outages', number((summary.outages ?? []).length), t('sum.ridden', { count: (summary.outages ?? []).filter(o => o.ridden_through).length }));
    if (isKnown(summary.covered) && summary.covered < 0.995) add('sum.covered', percent(summary.covered), t('sum.covered.note'));
  } else {
    for (const part of ['pv', 'wind']) if (c.energy[part]) add(`sum.${part}`, energy(total(part, 'up')));
    for (const part of ['load', 'ev']) if (c.energy[part]) add(`sum.${part}`, energy(total(part, 'down')));
    if (c.energy.battery) { add('sum.discharged', energy(total('battery', 'up'))); add('sum.charged', energy(total('battery', 'down'))); }
  }
  return rows.length ? el('dl', { class: 'sums card', id: 'sums' }, rows) : null;
}

function outageList(outages) {
  return el('section', { class: 'card', 'aria-labelledby': 'outages-head' }, el('h3', { id: 'outages-head' }, t('outages.head')),
    outages.length === 0 ? el('p', {}, t('outages.none')) : el('ul', { class: 'outages' }, outages.map(o => el('li', { class: o.ridden_through ? 'ridden' : 'dark' },
      el('strong', {}, moment(o.from)), ' ', el('span', { class: 'for' }, o.to ? t('outages.for', { time: duration(o.duration_s) }) : t('outages.still')),
      el('span', { class: 'line' }, phrase(o.cause)), el('span', { class: 'line' }, t(o.ridden_through ? 'outages.ridden' : 'outages.dark'))))));
}
