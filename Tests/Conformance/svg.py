"""Plots as SVG text that follows the page's colours: lines over time, and a map of two variables."""

import math
import re
from html import escape

W, H = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 46, 36


def _nice(low, high, count=5):
    span = max(high - low, 1e-9)
    raw = span / count
    size = 10 ** math.floor(math.log10(raw))
    step = next(m * size for m in (1, 2, 5, 10) if m * size >= raw)
    first = math.ceil(low / step - 1e-9)
    return [k * step for k in range(first, int(high / step + 1e-9) + 1)]


def _thin(t, y, most=700):
    """Least and greatest of each stretch: no spike is lost."""
    if len(t) <= most:
        return list(zip(t, y))
    size = -(-len(t) // (most // 2))
    out = []
    for k in range(0, len(t), size):
        part = range(k, min(k + size, len(t)))
        low, high = min(part, key=y.__getitem__), max(part, key=y.__getitem__)
        out += [(t[n], y[n]) for n in sorted({low, high})]
    return out


def traces(title, t, series, x_label="s"):
    """Lines over `t`: series is a list of (name, values)."""
    values = [v for _, y in series for v in y if v == v]
    if not t or not values:
        return ""
    low, high = min(values + [0.0]), max(values)
    margin = 0.06 * max(high - low, 1e-6)
    low, high = low - margin, high + margin
    x0, x1 = t[0], max(t[-1], t[0] + 1e-9)

    def x(value):
        return LEFT + (value - x0) / (x1 - x0) * (W - LEFT - RIGHT)

    def y(value):
        return H - BOTTOM - (value - low) / (high - low) * (H - TOP - BOTTOM)
    parts = [f'<svg class="plot" viewBox="0 0 {W} {H}" role="img" aria-label="{escape(title)}">',
             f'<text class="title" x="{LEFT}" y="16">{escape(title)}</text>']
    for v in _nice(low, high):
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{W - RIGHT}" y1="{y(v):.1f}" y2="{y(v):.1f}"/>'
                     f'<text class="tick" text-anchor="end" x="{LEFT - 6}" y="{y(v) + 4:.1f}">{v:g}</text>')
    for v in _nice(x0, x1, 8):
        parts.append(f'<text class="tick" text-anchor="middle" x="{x(v):.1f}" y="{H - BOTTOM + 16}">{v:g}</text>')
    parts.append(f'<text class="tick" text-anchor="end" x="{W - RIGHT}" y="{H - 6}">{x_label}</text>')
    for n, (name, values) in enumerate(series):
        points = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in _thin(t, values) if b == b)
        parts.append(f'<polyline class="line s{n}" points="{points}"/>')
        at = LEFT + 150 * n
        parts.append(f'<line class="line s{n}" x1="{at}" x2="{at + 18}" y1="30" y2="30"/>'
                     f'<text class="tick" x="{at + 24}" y="34">{escape(name)}</text>')
    return "".join(parts) + "</svg>"


def heat(title, xs, ys, cells, x_label, y_label, most):
    """A map: cells[row][column] seconds to cease; None: not within `most` seconds."""
    w, h = 420, 400
    left, top, right, bottom = 64, 34, 12, 48
    dx, dy = (w - left - right) / len(xs), (h - top - bottom) / len(ys)
    parts = [f'<svg class="plot map" viewBox="0 0 {w} {h}" role="img" aria-label="{escape(title)}">',
             f'<text class="title" x="8" y="18">{escape(title)}</text>']
    for r, yv in enumerate(ys):
        cy = h - bottom - (r + 1) * dy
        for c, xv in enumerate(xs):
            value = cells[r][c]
            cx = left + c * dx
            tip = f"P {xv:+g} %, Q {yv:+g} %: " + ("goes on" if value is None else f"{value:.2f} s")
            style = 'class="never"' if value is None else (
                f'class="cell" style="--share:{min(value / most, 1):.2f}"')
            parts.append(f'<rect {style} x="{cx:.1f}" y="{cy:.1f}" width="{dx - 1:.1f}" height="{dy - 1:.1f}">'
                         f'<title>{tip}</title></rect>')
            ink = "ink-never" if value is None else "ink"
            parts.append(f'<text class="cell-text {ink}" text-anchor="middle" x="{cx + dx / 2:.1f}" '
                         f'y="{cy + dy / 2 + 4:.1f}">{"∞" if value is None else f"{value:.2f}"}</text>')
        parts.append(f'<text class="tick" text-anchor="end" x="{left - 6}" y="{cy + dy / 2 + 4:.1f}">{yv:+g}</text>')
    for c, xv in enumerate(xs):
        parts.append(f'<text class="tick" text-anchor="middle" x="{left + (c + 0.5) * dx:.1f}" '
                     f'y="{h - bottom + 16}">{xv:+g}</text>')
    parts.append(f'<text class="tick" text-anchor="middle" x="{(left + w - right) / 2}" y="{h - 8}">{x_label}</text>'
                 f'<text class="tick" text-anchor="middle" transform="translate(16 {(top + h - bottom) / 2}) rotate(-90)">'
                 f'{y_label}</text>')
    return "".join(parts) + "</svg>"


ALONE = """text { fill: #5b6472; font: 11px sans-serif; } text.title { fill: #1d2430; font-size: 12.5px; font-weight: 600; }
.grid { stroke: #d8d6cf; } .line { fill: none; stroke-width: 1.6; } .s0 { stroke: #1f5fa8; } .s1 { stroke: #c0561f; }
.s2 { stroke: #5a7d1c; } .cell { fill: #1f5fa8; } .never { fill: #b3261e; }
text.cell-text { fill: #1d2430; font-size: 10px; } text.ink-never { fill: #fff; font-size: 13px; }"""


def alone(plot):
    """A plot of the report as a file of its own."""
    head, body = plot.split(">", 1)
    share = re.compile(r'style="--share:([0-9.]+)"')
    body = share.sub(lambda m: f'fill-opacity="{0.12 + 0.6 * float(m[1]):.2f}"', body)
    return (f'{head} xmlns="http://www.w3.org/2000/svg"><style>{ALONE}</style>'
            f'<rect width="100%" height="100%" fill="#fbfaf7"/>{body}\n')
