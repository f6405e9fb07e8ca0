// Drawing: one SVG for each panel, all on the same time axis.

const SVG = "http://www.w3.org/2000/svg";
const view = { from: run.start, to: run.end, cursor: null };
const plots = document.getElementById("plots");
let width = 0, left = 0, right = 0;

function make(kind, attributes, ...children) {
  const element = document.createElementNS(SVG, kind);
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  element.append(...children);
  return element;
}

function html(kind, className, ...children) {
  const element = document.createElement(kind);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

const x = t => left + (t - view.from) / (view.to - view.from) * (width - left - right);
const timeAt = px => view.from + (px - left) / (width - left - right) * (view.to - view.from);
const near = n => Math.round(n * 10) / 10;

// The line of a series as a path: at most four points for each pixel column (first, lowest,
// highest, last), so that no extreme is lost; broken where samples are missing.
function path(series, y) {
  const { time, value } = series;
  const from = Math.max(0, lowerBound(time, view.from) - 1);
  const to = Math.min(time.length, lowerBound(time, view.to) + 2);
  const crowded = to - from > 3 * (width - left - right);
  let text = "", run = 0;
  const put = i => {
    text += (run++ ? "L" : "M") + near(x(time[i])) + " " + near(y(value[i]));
  };
  const end = () => { if (run === 1) text += "h.01"; run = 0; };
  let column = NaN, first = -1, low = -1, high = -1, last = -1;
  const flush = () => {
    if (first < 0) return;
    const marks = [...new Set([first, low, high, last])].sort((a, b) => a - b);
    marks.forEach(put);
    first = -1;
  };
  for (let i = from; i < to; i++) {
    if (Number.isNaN(value[i])) { flush(); end(); continue; }
    if (!crowded) { put(i); continue; }
    const here = Math.floor(x(time[i]));
    if (here !== column) { flush(); column = here; }
    if (first < 0) { first = low = high = i; }
    if (value[i] < value[low]) low = i;
    if (value[i] > value[high]) high = i;
    last = i;
  }
  flush();
  end();
  return text;
}

const zeroUnits = new Set(["W", "kW", "A", "var", "VA"]);

function range(panel) {
  let low = Infinity, high = -Infinity;
  for (const { time, value, shown } of panel.series) {
    if (!shown) continue;
    const to = Math.min(time.length, lowerBound(time, view.to) + 1);
    for (let i = Math.max(0, lowerBound(time, view.from) - 1); i < to; i++) {
      if (value[i] < low) low = value[i];
      if (value[i] > high) high = value[i];
    }
  }
  if (low > high) return [0, 1];
  const zoomed = view.from > run.start || view.to < run.end;
  if (!zoomed) for (const band of panel.bands) {
    if (band.tone !== "normal" || band.upper - band.lower > 30 * (high - low)) continue;
    low = Math.min(low, band.lower);
    high = Math.max(high, band.upper);
  }
  if (zeroUnits.has(panel.unit)) { low = Math.min(low, 0); high = Math.max(high, 0); }
  const least = { Hz: 0.02, pu: 0.005, V: 1, "%": 1 }[panel.unit] ?? 1e-6 * Math.max(1, Math.abs(high));
  const pad = Math.max((high - low) * 0.06, (least - (high - low)) / 2);
  return [low - pad, high + pad];
}

function timeLines(height) {
  const group = make("g", { class: "grid" });
  const many = Math.max(2, Math.floor((width - left - right) / 90));
  for (const t of timeSteps(view.from, view.to, many).lines)
    group.append(make("line", { x1: near(x(t)), x2: near(x(t)), y1: 0, y2: height }));
  return group;
}

const ruled = new Set(["grid", "transition", "trip", "fault"]);

function eventLines(height) {
  const group = make("g", { class: "marks" });
  let drawn = 0, previous = -9;
  for (const [t, kind] of run.events) {
    if (!ruled.has(kind) || t < view.from || t > view.to) continue;
    const at = near(x(t));
    if (at - previous < 1 && kind !== "trip") continue;
    if (++drawn > 400) break;
    previous = at;
    group.append(make("line", { x1: at, x2: at, y1: 0, y2: height, class: "k-" + kind }));
  }
  return group;
}

// Everything that follows the pointer, kept apart so that moving it redraws nothing else.
function cursorLayer(height) {
  const line = make("line", { y1: 0, y2: height, class: "cursor" });
  const chosen = make("rect", { y: 0, height, class: "chosen" });
  line.style.display = chosen.style.display = "none";
  return { line, chosen };
}

function frame(box, height, label) {
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  box.replaceChildren(svg);
  return svg;
}

function drawPanel(panel, index) {
  const height = panel.series.length > 6 ? 210 : 160;
  const [low, high] = range(panel);
  const y = v => (high - v) / (high - low) * (height - 8) + 4;
  const svg = frame(panel.box, height, describe(panel));
  const clip = "clip" + index;
  svg.append(make("clipPath", { id: clip },
    make("rect", { x: left, y: 0, width: width - left - right, height })));

  const bands = make("g", { "clip-path": `url(#${clip})` });
  for (const band of panel.bands) {
    const top = Math.max(0, Math.min(height, y(band.upper)));
    const bottom = Math.max(0, Math.min(height, y(band.lower)));
    if (bottom <= top) continue;
    bands.append(make("rect", {
      x: left, width: width - left - right, y: near(top), height: near(bottom - top),
      class: "band t-" + band.tone,
    }, make("title", {}, band.label)));
    if (bottom - top > 16) bands.append(make("text", {
      x: width - right - 5, y: near(top + 12), "text-anchor": "end", class: "bandlabel",
    }, band.label));
  }
  svg.append(bands, timeLines(height));

  const grid = make("g", { class: "grid" }), ticks = make("g", { class: "ticks" });
  const { lines, places } = steps(low, high, height / 42);
  for (const v of lines) {
    const at = near(y(v));
    grid.append(make("line", {
      x1: left, x2: width - right, y1: at, y2: at, class: Math.abs(v) < 1e-12 ? "zero" : "",
    }));
    if (at > 7 && at < height - 6)
      ticks.append(make("text", { x: left - 6, y: at + 4, "text-anchor": "end" }, decimals(v, places)));
  }
  svg.append(grid, ticks, eventLines(height));

  const lineLayer = make("g", { class: "lines", "clip-path": `url(#${clip})` });
  const dots = make("g", { class: "dots" });
  panel.series.forEach((series, n) => {
    series.dot = make("circle", { r: 3.5, class: "c" + n % 8 });
    series.dot.style.display = "none";
    if (!series.shown) return;
    lineLayer.append(make("path", {
      d: path(series, y), class: `c${n % 8} d${Math.floor(n / 8) % 3}`,
    }));
    dots.append(series.dot);
  });
  panel.y = y;
  panel.cursor = cursorLayer(height);
  svg.append(lineLayer, panel.cursor.chosen, panel.cursor.line, dots);
}

// What a plot says to somebody who cannot see it.
function describe(panel) {
  const parts = panel.series.filter(s => s.shown).map(s => {
    let low = Infinity, high = -Infinity;
    for (const v of s.value) { if (v < low) low = v; if (v > high) high = v; }
    return low > high ? `${s.label}: no values`
      : `${s.label}: ${worded(low, panel.unit)} to ${worded(high, panel.unit)} ${panel.unit}`;
  });
  return `${panel.title}. ${parts.join("; ")}`;
}

function drawStates(track) {
  const height = 22, svg = frame(track.box, height, `${track.label}: ${track.changes.length} states`);
  svg.append(timeLines(height));
  let tint = new Map();
  for (const [, state, tone] of track.changes)
    if (tone === "normal" && !tint.has(state)) tint.set(state, tint.size % 3);
  track.changes.forEach(([t, state, tone], i) => {
    const until = i + 1 < track.changes.length ? track.changes[i + 1][0] : run.end;
    const begin = Math.max(t, view.from), end = Math.min(until, view.to);
    if (end < begin || until < view.from || t > view.to) return;
    const from = x(begin), wide = Math.max(1, x(end) - from);
    const kind = tone === "normal" ? `t-normal n${tint.get(state)}` : `t-${tone}`;
    svg.append(make("rect", {
      x: near(from), y: 1, width: near(wide), height: height - 2, class: "state " + kind,
    }, make("title", {}, `${state}, ${clockText(t, 3)} to ${clockText(until, 3)}`)));
    const room = Math.floor((wide - 8) / 6.6);
    if (room >= 3) svg.append(make("text", { x: near(from + 4), y: 15, class: "statelabel" },
      state.length <= room ? state : state.slice(0, room - 1) + "\u2026"));
  });
  track.cursor = cursorLayer(height);
  svg.append(track.cursor.chosen, track.cursor.line);
}

const lane = { label: "Events" };

function drawLane() {
  const rows = 3, rowHeight = 15, height = rows * rowHeight + 2;
  const svg = frame(lane.box, height, `${run.events.length} events`);
  svg.append(timeLines(height), eventLines(height));
  const free = new Array(rows).fill(-99);
  for (const [t, kind, source, text] of run.events) {
    if (t < view.from || t > view.to) continue;
    const at = x(t);
    const row = free.findIndex(last => at - last >= 13);
    if (row < 0) continue;
    free[row] = at;
    const icon = make("use", {
      href: "#icon-" + kind, x: near(at - 6), y: row * rowHeight + 2, width: 12, height: 12,
      class: "icon k-" + kind, "data-t": t,
    });
    icon.append(make("title", {}, `${clockText(t, 3)} ${source}: ${text}`));
    svg.append(icon);
  }
  lane.cursor = cursorLayer(height);
  svg.append(lane.cursor.chosen, lane.cursor.line);
}

const axis = {};

function drawAxis() {
  const svg = frame(axis.box, 20, "Time");
  const many = Math.max(2, Math.floor((width - left - right) / 90));
  const { lines, places } = timeSteps(view.from, view.to, many);
  const group = make("g", { class: "ticks" });
  for (const t of lines) {
    const at = x(t), text = clockText(t, places);
    const edge = at > width - right - 24 ? "end" : at < left + 24 ? "start" : "middle";
    group.append(make("text", { x: near(at), y: 14, "text-anchor": edge }, text));
  }
  svg.append(group);
}

function draw() {
  width = Math.max(280, plots.clientWidth);
  left = width < 560 ? 44 : 56;
  right = 8;
  panels.forEach(drawPanel);
  run.states.forEach(drawStates);
  if (run.events.length) drawLane();
  drawAxis();
  showRange();
  showCursor();
}
