// The run as the page holds it: decoded samples, searching, wording of numbers.

const run = JSON.parse(document.getElementById("trace").textContent);
const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;

function decode(base64, Kind) {
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new Kind(bytes.buffer);
}

// A clock holds instants as fractions of the run: 0 is its start, 2^32 - 1 its end.
const clocks = run.clocks.map(text =>
  Float64Array.from(decode(text, Uint32Array), k => run.start + k / 4294967295 * (run.end - run.start)));

const panels = run.panels.map(panel => ({
  ...panel,
  series: panel.series.map(s => ({
    ...s, time: clocks[s.clock], value: decode(s.values, Float32Array), shown: true,
  })),
}));

// The first index whose time is not below t.
function lowerBound(time, t) {
  let low = 0, high = time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (time[middle] < t) low = middle + 1; else high = middle;
  }
  return low;
}

function nearest(time, t) {
  const i = lowerBound(time, t);
  if (i === 0) return 0;
  if (i === time.length) return i - 1;
  return t - time[i - 1] <= time[i] - t ? i - 1 : i;
}

// The last change at or before t, or -1.
function changeAt(changes, t) {
  let low = 0, high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (changes[middle][0] <= t) low = middle + 1; else high = middle;
  }
  return low - 1;
}

function decimals(value, places) {
  const text = Math.abs(value).toFixed(places);
  return (value < 0 && Number(text) !== 0 ? "\u2212" : "") + text;
}

const fixedPlaces = { Hz: 3, pu: 4, V: 1, "%": 1, "\u00b0": 1 };

function worded(value, unit) {
  if (Number.isNaN(value)) return "\u2013";
  const size = Math.abs(value);
  const places = fixedPlaces[unit]
    ?? (size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : size === 0 ? 0 : 3);
  return size > 0 && size < 0.0005 ? value.toExponential(1) : decimals(value, places);
}

// Round steps for `count` lines or so between two numbers.
function steps(low, high, count) {
  const raw = (high - low) / Math.max(1, count), power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map(m => m * power).find(s => s >= raw * 0.999);
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (step / power === 2.5 ? 1 : 0));
  const lines = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) lines.push(n * step);
  return { lines, step, places: Math.min(places, 9) };
}

const clockSteps = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

function timeSteps(low, high, count) {
  if (high - low < 120) return steps(low, high, count);
  const raw = (high - low) / count;
  const step = clockSteps.find(s => s >= raw) ?? Math.ceil(raw / 86400) * 86400;
  const lines = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) lines.push(n * step);
  return { lines, step, places: 0 };
}

// Seconds in a short run, hours and minutes in a long one.
function clockText(t, places) {
  if (run.end - run.start < 120) return decimals(t, places) + " s";
  const sign = t < 0 ? "\u2212" : "", size = Math.abs(t);
  const scaled = Math.round(size * 10 ** places), whole = Math.floor(scaled / 10 ** places);
  const seconds = ((whole % 60) + (scaled % 10 ** places) / 10 ** places).toFixed(places);
  const pair = n => String(n).padStart(2, "0");
  return sign + Math.floor(whole / 3600) + ":" + pair(Math.floor(whole / 60) % 60)
    + ":" + (Number(seconds) < 10 ? "0" : "") + seconds;
}

const placesFor = width => Math.max(0, Math.min(6, 3 - Math.floor(Math.log10(width))));
