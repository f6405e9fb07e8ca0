// Every turn of a few seconds, out of the controller's black box: what the loop measured and was told, and the waveforms
// where the board samples them.
import { el } from './dom.js';
import { t, has, phrase } from './words.js';
import { volts, amperes, hertz, power, reactive, number, moment, when, isKnown } from './units.js';
import { askTurns } from './api.js';
import { plotView } from './plot.js';
import { exportLink } from './sheet.js';

const formats = { V: v => volts(v, 2), A: amperes, W: v => power(v, true), var: reactive, Hz: v => hertz(v, 3), deg: v => isKnown(v) ? `${number(v, 2)}°` : '–' };
const tell = time => when(time, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });

/**
 * Buttons that fetch them, and where the plots go. `turns` and `waves` say from when to when, in ms, when they are pressed.
 */
export function capture(controller, { turns, waves, marker }) {
  const room = el('div', { class: 'captured' });
  const button = (kind, span) => {
    const node = el('button', { type: 'button', class: kind, onclick: async () => {
      node.disabled = true;
      const [from, to] = span().map(ms => new Date(ms));
      try {
        room.replaceChildren(...plots(await askTurns(controller, from, to, kind === 'waves'), marker, kind));
      } catch (refusal) { room.replaceChildren(el('p', { class: 'note' }, `${t('capture.none')} ${phrase(refusal.message)}`)); }
      node.disabled = false;
    } }, t(`capture.${kind}`));
    return node;
  };
  return el('div', { class: 'capture-room' }, el('div', { class: 'row' }, button('turns', turns), button('waves', waves)), room);
}

/** Groups of several units have a title for each. */
const named = s => t(has(`capture.${s.group} ${s.unit}`) ? `capture.${s.group} ${s.unit}` : `capture.${s.group}`);

function plots(answer, marker, kind) {
  const start = Date.parse(answer.start), t_s = answer.t_s.map(s => start / 1000 + s);
  const step_s = t_s.length > 1 ? (t_s.at(-1) - t_s[0]) / (t_s.length - 1) : 1 / answer.rate_Hz;
  const from = new Date(t_s[0] * 1000), to = new Date((t_s.at(-1) + step_s) * 1000);
  // Of one group and one unit; what is turned off all the time is left out.
  const groups = new Map();
  for (const s of answer.series) {
    if (!s.values.some(isKnown) || (kind === 'waves' && !s.name.startsWith('wave.'))) continue;
    const key = `${s.group} ${s.unit}`;
    groups.set(key, [...groups.get(key) ?? [], s]);
  }
  if (groups.size === 0) return [el('p', { class: 'note' }, t('capture.no_waves'))];
  const start_n = marker ? Math.max(0, t_s.findIndex(s => s * 1000 >= marker)) : undefined;
  return [
    el('p', { class: 'note' }, t('capture.of', { time: moment(from), count: t_s.length })),
    ...[...groups.values()].map(list => {
      const format = formats[list[0].unit] ?? String;
      return plotView({ from, to, t_s, step_s, kind: 'lines', title: named(list[0]), height: 150, tell, format, axis: format, bands: [], marker, start: start_n,
        series: list.map((s, n) => ({ key: `trace${n % 4}`, label: t(`capture.${s.label}`), values: s.values })) });
    }),
    exportLink('turns.csv', () => [{ name: 'time', values: t_s.map(s => new Date(s * 1000).toISOString()) },
      { name: 't_s', values: answer.t_s }, ...answer.series.map(s => ({ name: `${s.name}_${s.unit}`, values: s.values }))]),
  ];
}
