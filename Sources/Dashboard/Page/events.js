// What happened and why; and the plot of the two minutes around it.
import { el, choice, field } from './dom.js';
import { t, phrase, coded } from './words.js';
import { volts, hertz, power, moment, when, isKnown } from './units.js';
import { askEvents, askHistory } from './api.js';
import { state } from './state.js';
import { plotView } from './plot.js';
import { sheet, exportLink } from './sheet.js';
import { capture } from './capture.js';

const kinds = ['trip', 'transition', 'contactor', 'blind', 'loads', 'fault', 'wish'];
const spans = { day: 1, week: 7, month: 31 };
const kept = { kind: '', who: '', span: 'day' };
const around_s = 60, most = 500;

export function eventsView() {
  const list = el('ol', { class: 'happenings', id: 'event-list' });
  const note = el('p', { class: 'note', id: 'event-count', role: 'status' });
  const who = state.site.controllers.map(c => [c.name, c.name]);
  if (!who.some(([n]) => n === kept.who)) kept.who = '';
  const filter = el('div', { class: 'row bar' },
    field(t('events.kind'), named('event-kind', choice([['', t('events.all')], ...kinds.map(k => [k, t(`event.${k}`)])], kept.kind, v => { kept.kind = v; draw(); }))),
    field(t('events.controller'), named('event-controller', choice([['', t('events.all')], ...who], kept.who, v => { kept.who = v; load(); }))),
    field(t('events.span'), named('event-span', choice(Object.keys(spans).map(s => [s, t(`span.${s}`)]), kept.span, v => { kept.span = v; load(); }))),
    exportLink('events.csv', () => ['time', 'controller', 'kind', 'text'].map(name => ({ name, values: chosen().map(e => e[name] ?? '') }))));
  const node = el('section', { 'aria-labelledby': 'events-head' }, el('h2', { id: 'events-head' }, t('nav.events')), filter, note, list);
  let all = [], asked = 0;
  const chosen = () => all.filter(e => e && (!kept.kind || e.kind === kept.kind));

  async function load() {
    const mine = asked += 1;
    const to = new Date(), from = new Date(to - spans[kept.span] * 86400000);
    try {
      const answer = await askEvents({ from: from.toISOString(), to: to.toISOString(), controller: kept.who, limit: most });
      if (mine !== asked) return;
      all = Array.isArray(answer) ? answer : [];
      draw();
    } catch (refusal) {
      if (mine !== asked) return;
      all = [];
      list.replaceChildren();
      note.textContent = `${t('events.failed')} ${refusal.message}`;
    }
  }

  function draw() {
    const shown = chosen();
    note.textContent = shown.length === 0 ? t('events.none') : all.length >= most ? t('events.most', { count: shown.length }) : t('events.count', { count: shown.length });
    let day = '';
    list.replaceChildren(...shown.flatMap(e => {
      const date = when(e.time, { weekday: 'long', day: 'numeric', month: 'long' });
      const head = date === day ? [] : [el('li', { class: 'day' }, el('h3', {}, date))];
      day = date;
      return [...head, item(e)];
    }));
  }
  load();
  return { node };
}

const named = (id, control) => { control.id = id; return control; };

function item(e) {
  const room = el('div', { class: 'around', hidden: true });
  const open = el('button', { type: 'button', class: 'event', 'aria-expanded': 'false', onclick: async () => {
    const isOpen = open.getAttribute('aria-expanded') === 'true';
    open.setAttribute('aria-expanded', String(!isOpen));
    room.hidden = isOpen;
    if (!isOpen && !room.firstChild) room.replaceChildren(...await around(e));
  } }, el('time', { datetime: e.time }, when(e.time, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 })),
    el('span', { class: `kind ${e.kind}` }, coded('event', e.kind, e.kind)), el('span', { class: 'who' }, e.controller ?? ''),
    el('span', { class: 'text' }, phrase(e.text)));
  return el('li', { class: 'event-row' }, open, room);
}

/** Voltage, frequency and active power, second by second, a minute before and after; and every turn of the seconds next to it. */
async function around(e) {
  const at = Date.parse(e.time), second = Math.floor(at / 1000) * 1000;
  return [...await seconds(e, at), capture(e.controller, { turns: () => [second - 1000, second + 3000], waves: () => [at - 100, at + 200], marker: at })];
}

async function seconds(e, at) {
  const from = new Date(at - around_s * 1000), to = new Date(at + around_s * 1000);
  const figures = { bus_V: [t('fact.voltage'), v => volts(v, 1)], bus_Hz: [t('fact.frequency'), v => hertz(v, 3)], active_W: [t('fact.active'), v => power(v, true)] };
  let answer;
  try {
    answer = await askHistory(e.controller, from, to, 1, Object.keys(figures));
  } catch (refusal) { return [el('p', { class: 'note' }, `${t('events.no_plot')} ${refusal.message}`)]; }
  const tell = time => when(time, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const t_s = answer.t_s ?? [];
  const shown = Object.entries(figures).filter(([key]) => answer.mean?.[key]?.some(isKnown));
  if (shown.length === 0) return [el('p', { class: 'note' }, t('plot.nothing'))];
  return [...shown.map(([key, [title, format]]) => plotView({
    from, to, t_s, step_s: 1, kind: 'lines', key, title, desc: t('events.around', { time: moment(e.time) }), marker: at, height: 150, tell, format, axis: format, bands: [],
    start: Math.max(0, t_s.findIndex(s => s * 1000 > at - 1000)), series: [{ key, label: title, values: answer.mean[key] }],
  })), sheet(t('events.around', { time: moment(e.time) }), [{ head: t('sheet.time'), values: t_s, format: s => tell(s * 1000) },
    ...shown.map(([key, [head, format]]) => ({ head, values: answer.mean[key], format }))])];
}
