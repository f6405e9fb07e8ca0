// Figures as people read them, with a space that does not break before the unit. Not a number, and nothing, are a dash.
import { language, t } from './words.js';

const dash = '–', space = '\u00a0';
const known = x => typeof x === 'number' && Number.isFinite(x);
const formats = new Map();

export function number(x, digits = 0, signed = false) {
  if (!known(x)) return dash;
  const key = `${language} ${digits} ${signed}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat(language, {
      minimumFractionDigits: digits, maximumFractionDigits: digits,
      signDisplay: signed ? 'exceptZero' : 'negative',
    }));
  }
  return formats.get(key).format(x).replace('-', '−');
}

/** Three digits that count, with the prefix that suits: 850 W, 1.20 kW, 3.40 MW. */
function scaled(x, unit, signed = false) {
  if (!known(x)) return dash;
  let [value, prefix] = [x, ''];
  for (const p of ['k', 'M', 'G']) {
    if (Math.abs(value) < 999.5) break;
    [value, prefix] = [value / 1000, p];
  }
  const size = Math.abs(value);
  const digits = prefix === '' ? 0 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
  return `${number(value, digits, signed)}${space}${prefix}${unit}`;
}

export const power = (x, signed) => scaled(x, 'W', signed);
export const energy = (x, signed) => scaled(x, 'Wh', signed);
export const reactive = x => scaled(x, 'var', true);
export const apparent = x => scaled(x, 'VA');
export const volts = (x, digits = 1) => known(x) ? Math.abs(x) >= 9999.5 ? scaled(x, 'V') : `${number(x, digits)}${space}V` : dash;
export const amperes = x => known(x) ? `${number(x, 1)}${space}A` : dash;
export const hertz = (x, digits = 2) => known(x) ? `${number(x, digits)}${space}Hz` : dash;
export const percent = (x, digits = 0) => known(x) ? `${number(100 * x, digits)}${space}%` : dash;
export const degrees = x => known(x) ? `${number(x, 1)}°` : dash;
export const celsius = x => known(x) ? `${number(x, 1)}${space}°C` : dash;
export const isKnown = known;

/** Seconds as the two units that matter: 12 s, 3 min 5 s, 11 h 23 min, 2 d 4 h. */
export function duration(s) {
  if (!known(s)) return dash;
  const whole = Math.max(0, Math.round(s));
  const [d, h, m] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  const unit = (n, key) => n > 0 ? ` ${number(n)}${space}${t(key)}` : '';
  if (d > 0) return `${number(d)}${space}${t('unit.d')}${unit(h, 'unit.h')}`;
  if (h > 0) return `${number(h)}${space}${t('unit.h')}${unit(m, 'unit.min')}`;
  if (m > 0) return `${number(m)}${space}${t('unit.min')}${m < 10 ? unit(whole % 60, 'unit.s') : ''}`;
  return `${number(whole)}${space}${t('unit.s')}`;
}

export function money(x, currency) {
  if (!known(x)) return dash;
  try {
    return new Intl.NumberFormat(language, { style: 'currency', currency }).format(x).replace('-', '−');
  } catch { return `${number(x, 2)} ${currency ?? ''}`; }
}

export const mass = g => known(g) ? Math.abs(g) < 1000 ? `${number(g)}${space}g` : `${number(g / 1000, 1)}${space}kg` : dash;

let zone;
/** The site's time zone, in which all times are told; one that is not known to the browser is left. */
export function useZone(name) {
  try { new Intl.DateTimeFormat('en', { timeZone: name }); zone = name; } catch { zone = undefined; }
}
export const timeZone = () => zone;

const dates = new Map();
export function when(time, options) {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return dash;
  const key = `${language} ${zone} ${JSON.stringify(options)}`;
  if (!dates.has(key)) dates.set(key, new Intl.DateTimeFormat(language, { timeZone: zone, hourCycle: 'h23', ...options }));
  return dates.get(key).format(date);
}
export const clock = time => when(time, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
export const moment = time => when(time, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' });
