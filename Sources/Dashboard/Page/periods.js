// Days, weeks, months and years of the site's own calendar, daylight saving included.
import { timeZone, when } from './units.js';

/** Year, month 1 ... 12, day and time of an instant on the site's clocks. */
function wall(instant) {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timeZone(), hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  }).formatToParts(instant);
  return Object.fromEntries(parts.filter(p => p.type !== 'literal').map(p => [p.type, Number(p.value)]));
}

/** The instant at which the site's clocks show midnight of a date; month and day may run over. */
function midnight(year, month, day) {
  const meant = Date.UTC(year, month - 1, day);
  let instant = meant;
  for (let n = 0; n < 3; n += 1) {
    const w = wall(new Date(instant));
    instant += meant - Date.UTC(w.year, w.month - 1, w.day, w.hour, w.minute, w.second);
  }
  return new Date(instant);
}

export const kinds = ['day', 'week', 'month', 'year'];

/** The period of a kind that is `back` periods before now's. */
export function period(kind, back, now = new Date()) {
  const { year, month, day } = wall(now);
  if (kind === 'day') return { from: midnight(year, month, day - back), to: midnight(year, month, day - back + 1) };
  if (kind === 'week') {
    const monday = day - (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7 - 7 * back;
    return { from: midnight(year, month, monday), to: midnight(year, month, monday + 7) };
  }
  if (kind === 'month') return { from: midnight(year, month - back, 1), to: midnight(year, month - back + 1, 1) };
  return { from: midnight(year - back, 1, 1), to: midnight(year - back + 1, 1, 1) };
}

export function periodWords(kind, { from, to }) {
  if (kind === 'day') return when(from, { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });
  if (kind === 'month') return when(from, { month: 'long', year: 'numeric' });
  if (kind === 'year') return when(from, { year: 'numeric' });
  const last = new Date(to - 3600000);
  return `${when(from, { day: 'numeric', month: 'short' })} – ${when(last, { day: 'numeric', month: 'short', year: 'numeric' })}`;
}

/** Instants for the marks of a time axis, about `count` of them, each with its words. */
export function timeMarks(from, to, count) {
  const span_s = (to - from) / 1000;
  const marks = [];
  if (span_s > 200 * 86400) {
    const { year, month } = wall(from);
    for (let n = 0; n < 13; n += span_s > 0 && count < 8 ? 2 : 1) {
      const at = midnight(year, month + n, 1);
      if (at >= from && at < to) marks.push({ at, words: when(at, { month: 'short' }) });
    }
  } else if (span_s > 1.5 * 86400) {
    const { year, month, day } = wall(from);
    const days = Math.round(span_s / 86400), step = Math.max(1, Math.ceil(days / count));
    for (let n = 0; n < days; n += step) {
      const at = midnight(year, month, day + n);
      marks.push({ at, words: when(at, days < 8 ? { weekday: 'short', day: 'numeric' } : { day: 'numeric' }) });
    }
  } else {
    const step_s = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 1800, 3600, 7200, 10800, 14400, 21600].find(s => span_s / s <= count) ?? 21600;
    const form = step_s < 1 ? { minute: '2-digit', second: '2-digit', fractionalSecondDigits: step_s < 0.1 ? 2 : 1 }
      : step_s < 5 ? { minute: '2-digit', second: '2-digit' }
        : step_s < 60 ? { hour: '2-digit', minute: '2-digit', second: '2-digit' } : { hour: '2-digit', minute: '2-digit' };
    // What is shorter than a minute may begin between its marks.
    const step = step_s * 1000, first = span_s < 60 ? Math.ceil(from.getTime() / step) * step : from.getTime();
    for (let ms = first; ms < to.getTime(); ms += step) marks.push({ at: new Date(ms), words: when(new Date(ms), form) });
  }
  return marks;
}
