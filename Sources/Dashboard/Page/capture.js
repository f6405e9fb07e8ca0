// Every turn of a few seconds, out of the controller's black box: what the loop measured and was told, and the waveforms
// where the board samples them.
import { el } from './dom.js';
import { t, phrase } from './words.js';
import { volts, amperes, hertz, power, reactive, degrees, moment, when, isKnown } from './units.js';
import { askTurns } from './api.js';
import { plotView } from './plot.js';
import { exportLink } from './sheet.js';

const formats = { V: v => volts(v, 2), A: amperes, W: v => power(v, true), var: reactive, Hz: v => hertz(v, 3), deg: degrees };
const tell = time => when(time, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });

/** A button that fetches them, and where the plots go; `span` says from when to when, in ms, when it is pressed. */
export function capture(controller, words, span, marker) {
  const room = el('div', { class: 'captured' });
  const button = el('button', { type: 'button', class: 'capture', onclick: async () => {
    button.disabled = true;
    const [from, to] = span().map(ms => new Date(ms));
    try {
      room.replaceChildren(...plots(await askTurns(controller, from, to), marker));
    } catch (refusal) { room.replaceChildren(el('p', { class: 'note' }, `${t('capture.none')} ${phrase(refusal.message)}`)); }
    button.disabled = false;
  } }, words);
  return el('div', { class: 'capture-room' }, button, room);
}

function plots(answer, marker) {
  const start = Date.parse(answer.start), t_s = answer.t_s.map(s => start / 1000 + s);
  const step_s = t_s.length > 1 ? (t_s.at(-1) - t_s[0]) / (t_s.length - 1) : 1 / answer.rate_Hz;
  const from = new Date(t_s[0] * 1000), to = new Date((t_s.at(-1) + step_s) * 1000);
  // Of one group and one unit; what is turned off all the time is left out.
  const groups = new Map();
  for (const s of answer.series) {
    if (!s.values.some(isKnown)) continue;
    const key = `${s.group} ${s.unit}`;
    groups.set(key, [...groups.get(key) ?? [], s]);
  }
  const start_n = marker ? Math.max(0, t_s.findIndex(s => s * 1000 >= marker)) : undefined;
  return [
    el('p', { class: 'note' }, t('capture.of', { time: moment(from), count: t_s.length })),
    ...[...groups.values()].map(list => {
      const format = formats[list[0].unit] ?? String;
      return plotView({ from, to, t_s, step_s, kind: 'lines', title: t(`capture.${list[0].group}`), height: 150, tell, format, axis: format, bands: [], marker, start: start_n,
        series: list.map((s, n) => ({ key: `trace${n % 4}`, label: t(`capture.${s.label}`), values: s.values })) });
    }),
    exportLink('turns.csv', () => [{ name: 'time', values: t_s.map(s => new Date(s * 1000).toISOString()) },
      { name: 't_s', values: answer.t_s }, ...answer.series.map(s => ({ name: `${s.name}_${s.unit}`, values: s.values }))]),
  ];
}
