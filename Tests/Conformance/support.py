"""Support of voltage and frequency (IEEE 1547.1-2020, 5.13 to 5.16): steady state and response."""

import math
import shutil
import tempfile
from pathlib import Path

import ieee1547 as code
from bench import Bench
from results import Sheet, seconds
from svg import traces

WITHIN = f"± {code.POWER_PU:g} of the rating (table 3)"


def _points(bench, settings, available, points, what, column, expected, settle_s):
    """Steady state at each of `points`: (told, good, plot)."""
    bench.reset({**Bench.QUICK, **settings}, available=available)
    bench.enter(power=None if "limit_active_power.enabled" not in settings else settings["limit_active_power.limit_pu"])
    worst, at, found = -1.0, None, []
    for x in points:
        bench.grid(**{what: x})
        bench.wait(settle_s, step=0.25)
        bench.run(0.2)
        y = bench.log.mean(column, bench.time - 0.1, bench.time + 1)
        found.append(y)
        off = abs(y - expected(x))
        if not off <= worst:
            worst, at = off, x
        if not bench.on:
            return f"not in service at {x:g}", False, []
    plot = traces(f"{column.upper()} over {'voltage, pu' if what == 'v' else 'frequency, Hz'}", list(points),
                  [("asked, pu", [expected(x) for x in points]), ("measured, pu", found)],
                  "pu" if what == "v" else "Hz")
    return f"farthest {worst:.3f} pu, at {at:g}", worst <= code.POWER_PU, [plot]


def _response(bench, settings, available, change, column, olrt, title):
    """A step: what share of the change is done at the open-loop response time, and when 90 % are."""
    bench.reset({**Bench.QUICK, **settings}, available=available)
    bench.enter()
    bench.run(0.5)
    start = bench.time
    first = getattr(bench.log, column)[-1]
    change(bench)
    bench.run(min(olrt * 3.5, 40), step=min(0.05, olrt / 20))
    log = bench.log
    last = log.mean(column, bench.time - 0.1, bench.time + 1)
    values = getattr(log, column)
    k0 = log.index(start)
    reached = next((log.t[k] - start for k in range(k0, len(log.t))
                    if abs(values[k] - first) >= 0.9 * abs(last - first)), None)
    share = (log.at(start + olrt, column) - first) / (last - first) if abs(last - first) > 0.02 else math.nan
    plot = traces(title, [t - start for t in log.t[k0:]], [(f"{column.upper()}, pu", values[k0:])])
    good = abs(share - 0.9) * abs(last - first) <= code.POWER_PU and reached is not None and reached <= olrt * 1.1
    return f"{share:.0%} at {olrt:g} s; 90 % after {seconds(reached)}", good, [plot]


def voltage(make, category, quick):
    sheet = Sheet("Voltage support")
    bench = make()
    for normal in ("B",) if quick else ("B", "A"):
        points, olrt = code.VOLT_VAR[normal]
        mode = {"reactive.mode": "volt_var", "category": normal}
        sweep = (0.89, 0.95, 1.0, 1.05, 1.09) if quick else (
            0.89, 0.91, 0.92, 0.94, 0.96, 0.98, 1.0, 1.02, 1.03, 1.05, 1.07, 1.08, 1.09)
        sheet.attempt(f"volt-var {normal}, steady state", "5.3.3, table 8", WITHIN, lambda: _points(
            bench, mode, 0.5, sweep, "v", "q", lambda v: code.curve(points, v), 3 * olrt))
        for v in (0.93, 1.07):
            sheet.attempt(f"volt-var {normal}, step from 1.00 to {v:g} pu", "5.3.3, table 8",
                          f"90 % at {olrt} s, {WITHIN}", lambda: _response(
                              bench, mode, 0.5, lambda b: b.grid(v=v), "q", olrt, f"volt-var {normal} to {v:g} pu"))

    def reference():
        bench.reset({**Bench.QUICK, "reactive.mode": "volt_var", "volt_var.reference_adjusts": True,
                     "volt_var.reference_time_s": 300}, available=0.5)
        bench.enter()
        bench.grid(v=1.05)
        points, _ = code.VOLT_VAR["B"]
        worst, t, q = 0.0, [], []
        start = bench.time
        while bench.time - start < 600:
            bench.wait(10, step=5)
            elapsed = bench.time - start
            vref = 1 + 0.05 * (1 - math.exp(-elapsed / 300))
            t.append(elapsed)
            q.append(bench.inverter.q)
            if elapsed > 30:
                worst = max(worst, abs(q[-1] - code.curve(points, 1.05 - (vref - 1))))
        return (f"farthest {worst:.3f} pu; Q {q[-1]:.3f} pu at the end", worst <= code.POWER_PU,
                [traces("volt-var, reference adjusting at 1.05 pu", t, [("Q, pu", q)])])
    sheet.attempt("volt-var, reference adjusts in 300 s", "5.3.3", f"along the curve moved with Vref, {WITHIN}", reference)

    vw, olrt = code.VOLT_WATT
    on = {"volt_watt.enabled": True}
    sheet.attempt("volt-watt, steady state", "5.4.2, table 10", WITHIN, lambda: _points(
        bench, on, 1.0, (1.0, 1.05, 1.06, 1.07, 1.08, 1.09, 1.097), "v", "p", lambda v: code.curve(vw, v), 3 * olrt))
    sheet.attempt("volt-watt, step from 1.00 to 1.08 pu", "5.4.2, table 10", f"90 % at {olrt} s, {WITHIN}",
                  lambda: _response(bench, on, 1.0, lambda b: b.grid(v=1.08), "p", olrt, "volt-watt to 1.08 pu"))

    def by_power(settings, powers, expected):
        worst, at, found = -1.0, None, []
        bench.reset({**Bench.QUICK, **settings}, available=powers[0])
        bench.enter()
        for p in powers:
            bench.inverter.available = p
            bench.run(0.5)
            bench.wait(30, step=0.5)
            bench.run(0.2)
            q, real = bench.inverter.q, bench.inverter.p
            found.append(q)
            off = abs(q - expected(real))
            if not off <= worst:
                worst, at = off, p
        return (f"farthest {worst:.3f} pu, at P {at:g}", worst <= code.POWER_PU, [traces(
            "Q over available P, pu", list(powers), [("Q, pu", found), ("asked", [expected(p) for p in powers])], "pu")])
    powers = (0.1, 0.5, 0.9) if quick else (0.1, 0.2, 0.35, 0.5, 0.6, 0.75, 0.9)
    sheet.attempt("watt-var B, steady state", "5.3.4, table 9", WITHIN, lambda: by_power(
        {"reactive.mode": "watt_var"}, powers, lambda p: code.curve(code.WATT_VAR["B"], p)))
    for words, sign in (("injecting", 1), ("absorbing", -1)):
        pf = {"reactive.mode": "constant_power_factor", "constant_power_factor.power_factor": 0.9,
              "constant_power_factor.excitation": words}
        sheet.attempt(f"constant power factor 0.9 {words}, steady state", "5.3.2", WITHIN, lambda: by_power(
            pf, powers, lambda p: sign * p * math.tan(math.acos(0.9))))

        def pf_step():
            bench.reset({**Bench.QUICK, **pf}, available=0.2)
            bench.enter()
            bench.wait(20)
            bench.run(0.2)
            start, first = bench.time, bench.inverter.q
            bench.inverter.available = 0.9
            bench.run(15, step=0.05)
            asked = sign * 0.9 * math.tan(math.acos(0.9))
            q = bench.log.at(start + code.RESPONSE_S, "q")
            share = (q - first) / (asked - first)
            return f"{share:.0%} at 10 s", abs(q - asked) <= 0.1 * abs(asked - first) + code.POWER_PU
        sheet.attempt(f"constant power factor 0.9 {words}, P from 0.2 to 0.9", "5.3.2", "90 % within 10 s", pf_step)
    for q in (0.44, -0.44) if quick else (0.44, 0.2, -0.2, -0.44):
        mode = {"reactive.mode": "constant_reactive", "constant_reactive.reactive_pu": q}

        def constant():
            bench.reset({**Bench.QUICK, **mode}, available=0.5)
            bench.enter()
            bench.wait(30)
            bench.run(0.2)
            return f"{bench.inverter.q:.3f} pu", abs(bench.inverter.q - q) <= code.POWER_PU
        sheet.attempt(f"constant reactive power {q:+g}", "5.3.5", WITHIN, constant)
    bench.close()
    return sheet.results


def active(make, category, quick):
    sheet = Sheet("Active power and frequency support")
    bench = make()
    over = (60.02, 60.2, 60.5, 61.0, 61.15)
    for available in (1.0,) if quick else (1.0, 0.5):
        # Each from nominal anew: the power of before is that at the edge of the dead band.
        def steady(points=over):
            worst, at, found = -1.0, None, []
            for f in points:
                bench.reset(dict(Bench.QUICK), available=available)
                bench.enter()
                bench.grid(f=f)
                bench.wait(4 * code.DROOP_S, step=0.25)
                bench.run(0.2)
                found.append(bench.inverter.p)
                off = abs(found[-1] - code.droop(available, f, available))
                if not off <= worst:
                    worst, at = off, f
            return (f"farthest {worst:.3f} pu, at {at:g} Hz", worst <= code.POWER_PU, [traces(
                f"frequency-droop from {available:g} pu", list(points),
                [("asked, pu", [code.droop(available, f, available) for f in points]), ("P, pu", found)], "Hz")])
        sheet.attempt(f"frequency-droop over 60 Hz from {available:g} pu", "6.5.2.7, tables 22 and 24", WITHIN, steady)
    sheet.attempt("frequency-droop, step to 61.0 Hz", "6.5.2.7, table 24", f"90 % at {code.DROOP_S} s, {WITHIN}",
                  lambda: _response(bench, {}, 1.0, lambda b: b.grid(f=61.0), "p", code.DROOP_S, "droop to 61 Hz"))
    fast = {1: (0.03, 1), 2: (0.03, 1), 3: (0.02, 0.2)}[category]
    quick_droop = {"frequency_droop.deadband_over_Hz": 0.017, "frequency_droop.droop_over_pu": fast[0],
                   "frequency_droop.response_s": fast[1]}
    sheet.attempt(f"frequency-droop at its fastest ({fast[1]} s), step to 60.5 Hz", "6.5.2.7, table 24",
                  f"90 % at {fast[1]} s, {WITHIN}", lambda: _response(
                      bench, quick_droop, 1.0, lambda b: b.grid(f=60.5), "p", fast[1], "fastest droop to 60.5 Hz"))

    def under():
        with tempfile.TemporaryDirectory() as folder:
            # The same board with a battery behind the inverter.
            shutil.copytree("boards/grid-codes", f"{folder}/grid-codes")
            shutil.copytree("boards/sim-der", f"{folder}/sim-der")
            file = Path(folder, "sim-der", "board.yaml")
            file.write_text(file.read_text().replace("kind: pv", "kind: storage"))
            stored = make(board=f"{folder}/sim-der")
            stored.inverter.charging = 1.0
            worst = -1.0
            for f in (59.8, 59.5, 59.0):
                stored.reset(dict(Bench.QUICK))
                stored.hil.wish(3600, active_W=0.4 * stored.rated_VA, tied=True)
                stored.enter(power=0.4)
                stored.grid(f=f)
                stored.wait(4 * code.DROOP_S, step=0.25)
                stored.run(0.2)
                worst = max(worst, abs(stored.inverter.p - code.droop(0.4, f)))
            stored.close()
            return f"farthest {worst:.3f} pu", worst <= code.POWER_PU
    sheet.attempt("frequency-droop under 60 Hz from 0.4 pu (storage)", "6.5.2.7, tables 22 and 24", WITHIN, under)

    for limit in (0.5, 0.2) if not quick else (0.5,):
        def limited():
            bench.reset(dict(Bench.QUICK))
            bench.enter()
            start = bench.time
            bench.set({"limit_active_power.enabled": True, "limit_active_power.limit_pu": limit})
            bench.run(0.1)
            bench.run(35, step=0.1)
            log = bench.log
            late = next((log.t[k] - start for k in range(len(log.t) - 1, log.index(start), -1)
                         if log.p[k] > limit + code.POWER_PU), 0.0)
            return (f"{log.p[-1]:.3f} pu, reached after {seconds(late)}",
                    abs(log.p[-1] - limit) <= code.POWER_PU and late <= code.LIMIT_S)
        sheet.attempt(f"limit active power to {limit:g}", "4.6.2", f"within 30 s, {WITHIN}", limited)

    def both(settings, v, asked_p, asked_q, f=60.0):
        bench.reset({**Bench.QUICK, **settings})
        _in_service(bench)
        bench.grid(v=v, f=f)
        bench.wait(45, step=0.25)
        bench.run(0.2)
        p, q = bench.inverter.p, bench.inverter.q
        s = math.hypot(p, q)
        return (f"P {p:.3f}, Q {q:.3f}, S {s:.3f} pu", abs(p - asked_p) <= code.POWER_PU
                and abs(q - asked_q) <= code.POWER_PU and s <= 1 + 0.01)
    root = math.sqrt(1 - 0.44 ** 2)
    cases = [
        ("reactive over active, Q 0.44", {"reactive.mode": "constant_reactive", "reactive.priority": "reactive",
                                          "constant_reactive.reactive_pu": 0.44}, 1.0, root, 0.44, 60.0),
        ("constant power factor 0.9 keeps its factor", {
            "constant_power_factor.power_factor": 0.9, "constant_power_factor.excitation": "absorbing"},
         1.0, 0.9, -0.9 * math.tan(math.acos(0.9)), 60.0),
        ("volt-var and volt-watt at 1.08 pu", {"reactive.mode": "volt_var", "volt_watt.enabled": True},
         1.08, 0.5, -0.44, 60.0),
        ("volt-watt 1.08 pu and droop 60.5 Hz: the lower", {"volt_watt.enabled": True},
         1.08, 0.5, 0.0, 60.5),
        ("limit 0.6 and volt-watt 1.07 pu: the lower", {
            "volt_watt.enabled": True, "limit_active_power.enabled": True, "limit_active_power.limit_pu": 0.6},
         1.07, 0.6, 0.0, 60.0),
    ]
    for words, settings, v, p, q, f in cases:
        sheet.attempt(f"priority: {words}", "4.7", f"P {p:.3f}, Q {q:.3f} {WITHIN}; S at most 1",
                      lambda: both(settings, v, p, q, f))
    bench.close()
    return sheet.results


def _in_service(bench):
    """Into service and through the ramp, whatever the functions leave of the power."""
    bench.grid(v=1.0, f=60.0, angle_deg=0)
    for _ in range(100):
        bench.run(0.1, step=0.05)
        if bench.on:
            bench.run(2.0, step=0.05)
            return
