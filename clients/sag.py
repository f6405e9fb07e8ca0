#!/usr/bin/env python3
"""A voltage sag at a point of common coupling, and how its controller answers: the islanding switch opens
after the clearing time of the grid code's stage. Writes a plot, by the standard library alone.

usage: clients/sag.py [SKERRY [BOARD [PLOT.svg]]]
       left out: .build/release/skerry boards/sim-village out/sag.svg
"""

import os
import sys

from skerry_hil import Hil, current_of

DEPTH_PU = 0.30
SAG_S, LENGTH_S = 0.20, 0.60
WINDOW_S = 1.2


def run(skerry, board):
    """Time, voltage told, voltage measured and the switch, tick by tick; the events; the nominal voltage."""
    with Hil.start(board, skerry=skerry, controllers=["pcc"]) as hil:
        pcc = hil.controllers["pcc"]
        volts, hertz = pcc["nominal"]["voltage_V"], pcc["nominal"]["frequency_Hz"]
        amperes, angle = current_of(6000, 1000, volts)
        healthy = {"magnitude_V": volts, "angle_deg": 0, "frequency_Hz": hertz}
        # Until it has entered service: the grid code's delay, and a little.
        step = hil.advance(0.0, {
            "grid": healthy, "bus": healthy,
            "current": {"magnitude_A": amperes, "angle_deg": angle}})
        while step["controllers"]["pcc"]["states"]["islanding"] != "grid_tied":
            step = hil.advance(1.0)
            if step["time_s"] > 900:
                sys.exit("the switch did not close in a quarter of an hour")
        tied_s = step["time_s"]
        names = ["pcc.grid_positive_V", "pcc.islanding_switch", "pcc.picked_up"]
        parts, events = [], []
        for pu, for_s in ((1, SAG_S), (DEPTH_PU, LENGTH_S), (1, WINDOW_S - SAG_S - LENGTH_S)):
            sag = {"magnitude_V": pu * volts}
            step = hil.advance(for_s, {"grid": sag, "bus": sag}, trace=names, want=[])
            parts.append((pu * volts, step))
            events += step["events"]
        told, measured, switch, picked = [], [], [], []
        for level, step in parts:
            told += [level] * step["ticks"]
            measured += step["trace"][names[0]]
            switch += step["trace"][names[1]]
            picked += step["trace"][names[2]]
        tick_s = hil.hello["tick_s"]
        times = [(n + 1) * tick_s for n in range(len(told))]
        for event in events:
            event["time_s"] -= tied_s
        return times, told, measured, switch, picked, events, volts


def draw(times, told, measured, switch, picked, events, volts):
    """The response as an SVG."""
    width, left, right = 900, 70, 40
    top, high, gap, low = 60, 260, 30, 46
    span = times[-1]

    def x(t):
        return left + (width - left - right) * t / span

    def y(v):
        return top + high * (1 - v / (1.1 * volts))

    def line(values, at):
        points, last = [], None
        for t, v in zip(times, values):
            if last is not None and v != last:
                points.append(f"{x(t):.1f},{at(last):.1f}")
            if v != last or t == times[-1]:
                points.append(f"{x(t):.1f},{at(v):.1f}")
            last = v
        return " ".join(points)

    trip = next((e for e in events if e["kind"] == "trip"), None)
    rows = [("stage picked up", [1 if p else 0 for p in picked], "#b45f06"),
            ("islanding switch told to close", switch, "#1b7f5c")]
    height = top + high + gap + len(rows) * (low + 22) + 40
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
           f'font-family="sans-serif" font-size="13" fill="#222">',
           f'<rect width="{width}" height="{height}" fill="#fff"/>',
           f'<text x="{left}" y="26" font-size="17">A sag to {DEPTH_PU:.2f} pu for '
           f'{LENGTH_S * 1000:.0f} ms</text>']
    if trip:
        after = (trip["time_s"] - SAG_S) * 1000
        out.append(f'<text x="{left}" y="46" fill="#555">{trip["text"]} {after:.0f} ms after it began'
                   f'</text>')
    for pu in (0, 0.25, 0.5, 0.75, 1):
        out.append(f'<line x1="{left}" x2="{width - right}" y1="{y(pu * volts):.1f}" '
                   f'y2="{y(pu * volts):.1f}" stroke="#ddd"/>'
                   f'<text x="{left - 8}" y="{y(pu * volts) + 4:.1f}" text-anchor="end" '
                   f'fill="#555">{pu * volts:.0f} V</text>')
    bottom = top + high + gap + len(rows) * (low + 22)
    ticks = [0.2 * n for n in range(int(span / 0.2 + 1e-9) + 1)]
    for t in ticks:
        out.append(f'<line x1="{x(t):.1f}" x2="{x(t):.1f}" y1="{top}" y2="{bottom}" stroke="#eee"/>'
                   f'<text x="{x(t):.1f}" y="{bottom + 18}" text-anchor="middle" fill="#555">'
                   f'{t * 1000:.0f} ms</text>')
    out.append(f'<polyline points="{line(told, y)}" fill="none" stroke="#999" stroke-width="1.5" '
               f'stroke-dasharray="5 3"/>')
    out.append(f'<polyline points="{line(measured, y)}" fill="none" stroke="#1f5fa8" '
               f'stroke-width="2"/>')
    key = x(SAG_S + LENGTH_S) - 10
    out.append(f'<text x="{key:.0f}" y="{y(0.62 * volts):.0f}" text-anchor="end" fill="#1f5fa8">'
               f'measured, positive sequence</text>'
               f'<text x="{key:.0f}" y="{y(0.55 * volts):.0f}" text-anchor="end" fill="#777">'
               f'told (dashed)</text>')
    at = top + high + gap
    for name, values, colour in rows:
        base, roof = at + low + 14, at + 26
        out.append(f'<text x="{left}" y="{at + 14}" fill="{colour}">{name}</text>')
        out.append(f'<line x1="{left}" x2="{width - right}" y1="{base}" y2="{base}" stroke="#ddd"/>')
        out.append(f'<polyline points="{line(values, lambda v: base - (base - roof) * v)}" '
                   f'fill="none" stroke="{colour}" stroke-width="2"/>')
        at += low + 22
    if trip:
        out.append(f'<line x1="{x(trip["time_s"]):.1f}" x2="{x(trip["time_s"]):.1f}" y1="{top}" '
                   f'y2="{bottom}" stroke="#c0392b" stroke-dasharray="2 3"/>')
    out.append("</svg>")
    return "\n".join(out) + "\n"


def main():
    skerry = sys.argv[1] if len(sys.argv) > 1 else os.path.join(".build", "release", "skerry")
    board = sys.argv[2] if len(sys.argv) > 2 else os.path.join("boards", "sim-village")
    plot = sys.argv[3] if len(sys.argv) > 3 else os.path.join("out", "sag.svg")
    response = run(skerry, board)
    for event in response[5]:
        print(f"{event['time_s'] * 1000:7.0f} ms  {event['kind']:10}  {event['text']}")
    if os.path.dirname(plot):
        os.makedirs(os.path.dirname(plot), exist_ok=True)
    with open(plot, "w", encoding="utf-8") as file:
        file.write(draw(*response))
    print(f"{plot}")


if __name__ == "__main__":
    main()
