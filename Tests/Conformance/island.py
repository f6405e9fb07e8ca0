"""Unintentional islands: a parallel RLC load tuned to the DER's output (IEEE 1547-2018, 8.1; IEEE 1547.1-2020, 5.10).

The island is a node of a coil, a capacitor and a resistor, exact in a frame that turns at 60 Hz, integrated
ten times a tick; the inverter's current turns with the voltage of the tick before.
"""

import cmath
import math

import ieee1547 as code
from bench import Bench
from inverter import balanced
from results import Sheet, seconds
from skerry_hil import phasor
from svg import alone, heat, traces

MOST_S = 2.0
OMEGA = 2 * math.pi * 60
SUBSTEPS = 10


class Island:
    """Per unit; at `power`, of quality factor `q_factor`, with mismatches of the load in per cent of it."""

    def __init__(self, power, q_factor, p_off_percent=0.0, q_off_percent=0.0, reactive=0.0):
        load = power * (1 + p_off_percent / 100)
        self.g = load
        # The coil takes q_factor · P at nominal; the capacitor gives that, less what the DER injects.
        inductive = q_factor * power
        capacitive = inductive - reactive + power * q_off_percent / 100
        self.c = capacitive / OMEGA
        self.l = 1 / (OMEGA * inductive)
        self.v = 1 + 0j
        self.i_l = self.v / 1j * inductive

    def step(self, current, h):
        """Runge–Kutta, fourth order, over `h` seconds of a constant current."""
        c, l, g = self.c, self.l, self.g

        def rate(v, i):
            return ((current - g * v - i) / c - 1j * OMEGA * v, v / l - 1j * OMEGA * i)
        v, i = self.v, self.i_l
        a1, b1 = rate(v, i)
        a2, b2 = rate(v + h / 2 * a1, i + h / 2 * b1)
        a3, b3 = rate(v + h / 2 * a2, i + h / 2 * b2)
        a4, b4 = rate(v + h * a3, i + h * b3)
        self.v = v + h / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
        self.i_l = i + h / 6 * (b1 + 2 * b2 + 2 * b3 + b4)


def live(bench, settings, power, q_factor, p_off, q_off, most_s=MOST_S, keeps=None):
    """Seconds from the loss of the grid to no current, or None within `most_s`."""
    bench.reset({**Bench.QUICK, **settings}, available=power)
    bench.enter(power=power)
    inverter = bench.inverter
    island = Island(inverter.p, q_factor, p_off, q_off, inverter.q)
    name, base = bench.name, bench.rated_VA
    tick, rated_V, rated_A = bench.tick_s, bench.nominal_V, bench.rated_A
    angle, frequency, elapsed = 0.0, 60.0, 0.0
    follow = bench.mode_follow
    advance, watched = bench.hil.advance_frame, [f"{name}.{n}" for n in bench.TRACE]
    while elapsed < most_s - tick / 2:
        # The loop locks onto the voltage one tick late, and knows how fast it turns.
        lock = cmath.rect(1, cmath.phase(island.v))
        magnitude = max(abs(island.v), 0.02)
        i = (complex(inverter.p, inverter.q) / magnitude).conjugate()
        if abs(i) > inverter.most_current:
            i *= inverter.most_current / abs(i)
        turn = cmath.exp(1j * (frequency - 60) * 2 * math.pi * tick / SUBSTEPS)
        current = i * lock
        before = island.v
        for _ in range(SUBSTEPS):
            island.step(current, tick / SUBSTEPS)
            current *= turn
        frequency = 60 + cmath.phase(island.v / before) / (2 * math.pi * tick)
        v = abs(island.v)
        orders = {f"{name}.{side}_{p}": phasor(v * rated_V, a, max(frequency, 0.0))
                  for side in bench.sides for p, a in zip("abc", (0, -120, 120))}
        shift = math.degrees(cmath.phase(i)) if i else 0.0
        for p, a in zip("abc", (0, -120, 120)):
            orders[f"{name}.current_{p}"] = phasor(abs(i) * rated_A, a + shift)
        step = advance(tick, orders, signals=False, trace=True)
        mode, enable, active, reactive = (step.trace[n][0] for n in watched)
        inverter.tick(enable > 0.5 and mode == follow, active / base, reactive / base)
        elapsed += tick
        if keeps is not None:
            keeps.append((elapsed, v, frequency, inverter.p, inverter.q))
        if not inverter.p and not inverter.q:
            return elapsed
    return None


def _wide(category, late):
    """Every trip as far out as it may be, and as late where asked."""
    settings = {}
    for name, (_, _, pickups, clearings) in code.STAGES[category].items():
        unit = "Hz" if name[1] == "F" else "pu"
        settings[f"stages[{name}].pickup_{unit}"] = pickups[1] if name[0] == "O" else pickups[0]
        if late:
            settings[f"stages[{name}].clearing_s"] = clearings[1]
    return settings


PASSIVE = {"anti_islanding.gain_per_Hz": 0}


def tuned(make, category, quick):
    sheet = Sheet("Unintentional islanding")
    bench = make()
    trips = (("default trips", {}), ("trips as far out as may be", _wide(category, False)),
             ("trips as far out and as late as may be", _wide(category, True)))
    for words, settings in trips:
        for power in (1.0, 0.66, 0.33) if not quick else (1.0,):
            for q_factor in (0.5, 1.0, 2.5) if not quick else (1.0,):
                offs = (-5, -2, -1, 0, 1, 2, 5) if q_factor == 1.0 and not quick else (-1, 0, 1)

                def body():
                    times = [live(bench, settings, power, q_factor, 0, q) for q in offs]
                    told = ", ".join(f"{q:+g} %: {seconds(t)}" for q, t in zip(offs, times))
                    plots = []
                    if power == 1.0 and q_factor == 1.0:
                        kept = []
                        live(bench, settings, power, q_factor, 0, 0, keeps=kept)
                        t = [k[0] for k in kept]
                        plots = [traces(f"island, {words}", t, [
                            ("frequency − 60, Hz", [k[2] - 60 for k in kept]), ("voltage, pu", [k[1] for k in kept])])]
                    return told, all(t is not None and t <= MOST_S for t in times), plots
                if q_factor > 1.0:
                    needed = "told, not asked: quality factor above 1"

                    def body(inner=body):
                        told, _, plots = inner()
                        return told, None, plots
                else:
                    needed = "ceases within 2 s at every mismatch of Q"
                sheet.attempt(f"P {power:g}, quality factor {q_factor:g}, {words}", "8.1", needed, body)

    def steady():
        bench.reset(dict(Bench.QUICK))
        bench.enter()
        bench.run(5)
        excess = max(abs(q) for q in bench.log.q[bench.log.index(bench.time - 4):])
        return f"Q at most {excess:.4f} pu", excess <= 0.005
    sheet.attempt("on a stiff grid the active method does nothing", "8.1", "Q at most 0.005 pu in 4 s", steady)
    bench.close()
    return sheet.results


def zone(make, category, quick):
    """Non-detection zone over mismatches of P and Q, without and with the active method."""
    sheet = Sheet("Unintentional islanding")
    bench = make()
    xs = (-20, -10, -5, -2, 0, 2, 5, 10, 20) if not quick else (-10, 0, 10)
    ys = (-5, -2, -1, -0.5, 0, 0.5, 1, 2, 5) if not quick else (-1, 0, 1)
    maps, plots = {}, {}
    for words, settings in (("passive alone", PASSIVE), ("with the active method", {})):
        def body():
            cells = [[live(bench, settings, 0.8, 1.0, p, q) for p in xs] for q in ys]
            maps[words] = cells
            gone = sum(t is None for row in cells for t in row)
            plot = heat(f"{words}: seconds until it ceases", xs, ys, cells,
                        "mismatch of P, %", "mismatch of Q, % of P", MOST_S)
            plots[words] = plot
            told = f"{gone} of {len(xs) * len(ys)} islands go on beyond 2 s"
            return told, None if words == "passive alone" else gone == 0, [plot]
        needed = "told, not asked: the method is off" if words == "passive alone" else "no island beyond 2 s"
        sheet.attempt(f"non-detection zone, quality factor 1, P 0.8, {words}", "8.1", needed, body)
    bench.close()
    for words, cells in maps.items():
        rows = ["mismatch_Q_percent,mismatch_P_percent,ceased_after_s"]
        rows += [f"{q},{p},{'' if t is None else f'{t:.3f}'}" for q, row in zip(ys, cells) for p, t in zip(xs, row)]
        name = f"zone-{'passive' if 'passive' in words else 'active'}"
        sheet.results[0].data[f"{name}.csv"] = "\n".join(rows) + "\n"
        sheet.results[0].data[f"{name}.svg"] = alone(plots[words])
    return sheet.results
