// The hand of the reader: building the panels, the cursor, zooming, keys, events.

const byId = id => document.getElementById(id);
const status = byId("status");

function legendEntry(panel, series, n) {
  const swatch = make("svg", { viewBox: "0 0 22 10", class: "swatch", "aria-hidden": "true" },
    make("line", { x1: 1, x2: 21, y1: 5, y2: 5, class: `c${n % 8} d${Math.floor(n / 8) % 3}` }));
  series.readout = html("output", "value");
  const name = html("span", "name", series.label);
  const button = html("button", "entry", swatch, name, series.readout);
  button.type = "button";
  button.title = `${series.label} (${series.name}). Click to hide or show, Shift-click for this one alone.`;
  const press = () => button.setAttribute("aria-pressed", String(series.shown));
  series.press = press;
  press();
  button.addEventListener("click", event => {
    if (event.shiftKey) {
      const alone = panel.series.every(s => s.shown === (s === series));
      panel.series.forEach(s => { s.shown = alone || s === series; s.press(); });
    } else {
      series.shown = !series.shown;
      press();
    }
    drawPanel(panel, panels.indexOf(panel));
    showCursor();
  });
  return button;
}

function build() {
  panels.forEach((panel, n) => {
    const biggest = Math.max(...panel.series.map(s => {
      let most = 0;
      for (const v of s.value) if (Math.abs(v) > most) most = Math.abs(v);
      return most;
    }));
    if (panel.unit === "W" && biggest >= 2000) {
      panel.unit = "kW";
      panel.series.forEach(s => { s.value = s.value.map(v => v / 1000); });
      panel.bands.forEach(b => { b.lower /= 1000; b.upper /= 1000; });
    }
    panel.box = html("div", "plot");
    const heading = html("h3", "", panel.title);
    if (panel.unit) heading.append(html("span", "unit", panel.unit));
    const legend = html("div", "legend");
    legend.append(...panel.series.map((s, i) => legendEntry(panel, s, i)));
    const figure = html("section", "panel", html("div", "head", heading, legend), panel.box);
    figure.setAttribute("aria-label", panel.title);
    plots.append(figure);
  });
  if (run.states.length) {
    const section = html("section", "panel states", html("h3", "", "States"));
    for (const track of run.states) {
      track.box = html("div", "plot");
      track.readout = html("output", "value");
      section.append(html("div", "trackhead", html("span", "name", track.label), track.readout), track.box);
    }
    plots.append(section);
  }
  if (run.events.length) {
    lane.box = html("div", "plot");
    plots.append(html("section", "panel lane", html("h3", "", "Events"), lane.box));
  }
  axis.box = html("div", "plot axis");
  plots.append(axis.box);
}

function showRange() {
  const places = placesFor(view.to - view.from);
  byId("range").textContent = `${clockText(view.from, places)} \u2013 ${clockText(view.to, places)}`;
  byId("reset").disabled = view.from === run.start && view.to === run.end;
}

function showCursor() {
  const t = view.cursor, visible = t !== null && t >= view.from && t <= view.to;
  const at = visible ? near(x(t)) : 0;
  for (const { cursor } of [...panels, ...run.states, lane]) {
    if (!cursor) continue;
    cursor.line.style.display = visible ? "" : "none";
    cursor.line.setAttribute("x1", at);
    cursor.line.setAttribute("x2", at);
  }
  byId("now").textContent = t === null ? "" : "t = " + clockText(t, placesFor(view.to - view.from) + 1);
  for (const panel of panels) for (const series of panel.series) {
    const i = t === null || series.time.length === 0 ? -1 : nearest(series.time, t);
    const value = i < 0 ? NaN : series.value[i];
    series.readout.textContent = i < 0 ? "" : worded(value, panel.unit);
    const dotted = visible && series.shown && !Number.isNaN(value)
      && series.time[i] >= view.from && series.time[i] <= view.to;
    series.dot.style.display = dotted ? "" : "none";
    if (dotted) {
      series.dot.setAttribute("cx", near(x(series.time[i])));
      series.dot.setAttribute("cy", near(panel.y(value)));
    }
  }
  for (const track of run.states) {
    const i = t === null ? -1 : changeAt(track.changes, t);
    track.readout.textContent = i < 0 ? "" : track.changes[i][1];
  }
}

let waiting = false;
function moveCursor(t, aloud) {
  view.cursor = t === null ? null : Math.min(run.end, Math.max(run.start, t));
  if (!waiting) {
    waiting = true;
    requestAnimationFrame(() => { waiting = false; showCursor(); });
  }
  if (aloud) say();
}

// Spoken to screen readers when the cursor is moved by keys or from the event list.
let speaking = 0;
function say() {
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    const t = view.cursor;
    if (t === null) return;
    const states = run.states.map(track => {
      const i = changeAt(track.changes, t);
      return i < 0 ? "" : `${track.label} ${track.changes[i][1]}. `;
    });
    const values = panels.flatMap(panel => panel.series.filter(s => s.shown && s.time.length).map(s =>
      `${s.label} ${worded(s.value[nearest(s.time, t)], panel.unit)} ${panel.unit}`));
    status.textContent = `${clockText(t, 2)}. ${states.join("")}${values.slice(0, 12).join(", ")}`;
  }, 350);
}

const closest = Math.max((run.end - run.start) * 1e-5, 1e-4);

function zoom(from, to) {
  const wide = Math.min(run.end - run.start, Math.max(closest, to - from));
  const begin = Math.min(run.end - wide, Math.max(run.start, (from + to - wide) / 2));
  view.from = begin;
  view.to = wide === run.end - run.start ? run.end : begin + wide;
  if (wide === run.end - run.start) view.from = run.start;
  draw();
}

function scale(factor, about) {
  const middle = about ?? view.cursor ?? (view.from + view.to) / 2;
  zoom(middle - (middle - view.from) * factor, middle + (view.to - middle) * factor);
}

const pan = by => zoom(view.from + by, view.to + by);
const reset = () => zoom(run.start, run.end);

function jump(t) {
  if (t < view.from || t > view.to) pan(t - (view.from + view.to) / 2);
  moveCursor(t, true);
  mark(t);
}

const rows = [...document.querySelectorAll("#events [data-t]")];

function mark(t) {
  for (const row of rows) row.toggleAttribute("data-here", Number(row.dataset.t) === t);
}

function step(direction) {
  const t = view.cursor ?? run.start - 1, times = run.events.map(event => event[0]);
  const next = direction > 0 ? times.find(e => e > t + 1e-9) : times.findLast(e => e < t - 1e-9);
  if (next === undefined) return;
  jump(next);
  rows.find(row => Number(row.dataset.t) === next)?.scrollIntoView({
    block: "nearest", behavior: reduced ? "auto" : "smooth",
  });
}

function pointers() {
  let start = null;
  const place = event => {
    const box = plots.getBoundingClientRect();
    return (event.clientX - box.left) / box.width * width;
  };
  const inside = px => Math.min(width - right, Math.max(left, px));
  const onPlot = event => event.target.closest(".plot") !== null;
  const choose = (a, b) => {
    for (const { cursor } of [...panels, ...run.states, lane]) {
      if (!cursor) continue;
      cursor.chosen.style.display = a === null ? "none" : "";
      if (a === null) continue;
      cursor.chosen.setAttribute("x", near(Math.min(a, b)));
      cursor.chosen.setAttribute("width", near(Math.abs(b - a)));
    }
  };
  plots.addEventListener("pointerdown", event => {
    if (!onPlot(event) || event.button !== 0) return;
    moveCursor(timeAt(inside(place(event))));
    if (event.pointerType === "mouse") {
      start = inside(place(event));
      plots.setPointerCapture(event.pointerId);
    }
  });
  plots.addEventListener("pointermove", event => {
    if (start === null && !onPlot(event)) return;
    const here = inside(place(event));
    moveCursor(timeAt(here));
    if (start !== null && Math.abs(here - start) > 4) choose(start, here);
  });
  plots.addEventListener("pointerup", event => {
    if (start === null) return;
    const here = inside(place(event)), a = timeAt(Math.min(start, here)), b = timeAt(Math.max(start, here));
    const dragged = Math.abs(here - start) > 4;
    const icon = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-t]");
    start = null;
    choose(null);
    if (dragged) zoom(a, b); else if (icon) jump(Number(icon.dataset.t));
  });
  plots.addEventListener("pointercancel", () => { start = null; choose(null); });
  plots.addEventListener("dblclick", event => {
    // The first press captured the pointer, so the target is the whole of the plots.
    if (document.elementFromPoint(event.clientX, event.clientY)?.closest(".plot")) reset();
  });
  plots.addEventListener("wheel", event => {
    if (!onPlot(event)) return;
    const along = event.shiftKey && !event.deltaX ? event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) scale(Math.exp(event.deltaY * 0.002), timeAt(inside(place(event))));
    else if (Math.abs(along) > Math.abs(event.shiftKey ? 0 : event.deltaY))
      pan(along / (width - left - right) * (view.to - view.from));
    else return;
    event.preventDefault();
  }, { passive: false });
}

function keys() {
  plots.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.target.closest("button")) return;
    const wide = view.to - view.from, fine = event.shiftKey ? 0.1 : 0.01;
    const here = view.cursor ?? (view.from + view.to) / 2;
    const go = t => {
      if (t < view.from || t > view.to) pan(t - here);
      moveCursor(t, true);
    };
    const verbs = {
      ArrowLeft: () => go(Math.max(run.start, here - wide * fine)),
      ArrowRight: () => go(Math.min(run.end, here + wide * fine)),
      Home: () => go(view.from), End: () => go(view.to),
      "+": () => scale(0.5), "=": () => scale(0.5), "-": () => scale(2),
      0: reset, Escape: reset, n: () => step(1), p: () => step(-1),
    };
    const verb = verbs[event.key];
    if (!verb) return;
    event.preventDefault();
    verb();
  });
}

function buttons() {
  byId("in").addEventListener("click", () => scale(0.5));
  byId("out").addEventListener("click", () => scale(2));
  byId("reset").addEventListener("click", reset);
  byId("previous").addEventListener("click", () => step(-1));
  byId("next").addEventListener("click", () => step(1));
  byId("copy")?.addEventListener("click", async event => {
    const button = event.currentTarget, words = byId("command");
    try {
      await navigator.clipboard.writeText(words.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(words);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  for (const row of rows) row.addEventListener("click", () => jump(Number(row.dataset.t)));
  for (const box of document.querySelectorAll("#kinds input"))
    box.addEventListener("change", () => {
      for (const row of document.querySelectorAll(`#events li[data-kind="${box.value}"]`))
        row.hidden = !box.checked;
    });
}

if (run.end > run.start) {
  byId("workbench").hidden = false;
  build();
  draw();
  pointers();
  keys();
  buttons();
  let wide = plots.clientWidth;
  new ResizeObserver(() => {
    if (plots.clientWidth === wide) return;
    wide = plots.clientWidth;
    draw();
  }).observe(plots);
}
