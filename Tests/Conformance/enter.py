"""Entering service, permission to, and leaving it at a word (IEEE 1547.1-2020, 5.6, 5.7)."""

import ieee1547 as code
from bench import Bench
from results import Sheet, seconds
from svg import traces

INSIDE = {"low voltage": ("v", code.ENTER["low_pu"], -1, 0.01), "high voltage": ("v", code.ENTER["high_pu"], 1, 0.01),
          "low frequency": ("f", code.ENTER["low_Hz"], -1, 0.02), "high frequency": ("f", code.ENTER["high_Hz"], 1, 0.02)}


def _energised_after(bench, start, within_s, step=0.02):
    """Seconds from `start` to the first current."""
    end = start + within_s
    while bench.time < end:
        bench.run(min(0.5, end - bench.time), step=step)
        log = bench.log
        for k in range(log.index(start), len(log.t)):
            if log.on[k]:
                return log.t[k] - start
    return None


def run(make, category, quick):
    sheet = Sheet("Enter service")
    bench = make()
    delay = 2.0
    for words, (what, edge, outward, margin) in INSIDE.items():
        def window():
            bench.reset({"enter_service.delay_s": delay, "enter_service.ramp_s": 1})
            bench.grid(**{what: edge + outward * margin})
            outside = _energised_after(bench, 0.0, 3 * delay)
            start = bench.time
            bench.grid(**{what: edge - outward * margin})
            inside = _energised_after(bench, start, 3 * delay)
            return (f"outside: {seconds(outside)}; inside: after {seconds(inside)}",
                    outside is None and inside is not None
                    and delay - code.time_accuracy_s(delay) <= inside <= delay + 0.5)
        sheet.attempt(f"{words}: {edge + outward * margin:g} then {edge - outward * margin:g}", "4.10.2, table 4",
                      f"not outside; inside after {delay:g} s", window)

    def default_delay():
        bench.reset({})
        bench.grid(v=1.0, f=60.0)
        bench.wait(code.ENTER["delay_s"] - 4, step=5, until=lambda b: b.on)
        found = bench.time if bench.on else _energised_after(bench, 0.0, code.ENTER["delay_s"] * 1.01 + 1)
        t, p = [], []
        if found is not None:
            for _ in range(64):
                bench.wait(5, step=5)
                t.append(bench.time - found)
                p.append(bench.inverter.p)
        late = [abs(y - min(x / code.ENTER["ramp_s"], 1)) for x, y in zip(t, p)]
        plot = traces("enter service at the default ramp", t, [("P, pu", p)])
        good = found is not None and abs(found - code.ENTER["delay_s"]) <= code.time_accuracy_s(300)
        return (f"delay {seconds(found)}; farthest from the ramp {max(late, default=9):.3f} pu, at the end "
                f"{p[-1] if p else 0:.3f} pu", good and max(late) <= code.POWER_PU and p[-1] >= 0.98, [plot])
    if not quick:
        sheet.attempt("default delay and ramp", "4.10.3, table 4",
                      "after 300 s ± 1 %; on a line of 300 s ± 5 %", default_delay)

    def interrupted():
        bench.reset({"enter_service.delay_s": 5, "enter_service.ramp_s": 1})
        bench.grid(v=1.0, f=60.0)
        bench.run(3.5)
        bench.grid(v=0.85)
        bench.run(0.15)
        bench.grid(v=1.0)
        start = bench.time
        found = _energised_after(bench, start, 10)
        return f"{seconds(found)} after the excursion", found is not None and 5 - 0.034 <= found <= 5.5
    sheet.attempt("an excursion of 150 ms in the delay", "4.10.3", "the delay of 5 s begins anew", interrupted)

    def ramp():
        bench.reset({"enter_service.delay_s": 0, "enter_service.ramp_s": 10})
        bench.grid(v=1.0, f=60.0)
        found = _energised_after(bench, 0.0, 5)
        if found is None:
            return "not in service", False
        bench.run(12, step=0.05)
        log = bench.log
        worst = max(abs(p - min(max(t - found, 0) / 10, 1)) for t, p in zip(log.t, log.p) if t > found)
        step = max(b - a for a, b in zip(log.p, log.p[100:]))
        return (f"farthest from the line {worst:.3f} pu, largest rise in 100 ms {step:.3f} pu",
                worst <= code.POWER_PU and step <= 0.2)
    sheet.attempt("ramp of 10 s", "4.10.3", "on the line ± 5 %; no step above 20 %", ramp)

    def randomised():
        bench.reset({"enter_service.delay_s": 1, "enter_service.ramp_s": 1, "enter_service.random_delay_s": 10})
        bench.grid(v=1.0, f=60.0)
        found = []
        for _ in range(4 if quick else 8):
            start = bench.time
            found.append(_energised_after(bench, start, 13, step=0.1))
            bench.set({"enter_service.permit": False})
            bench.run(2.5)
            bench.set({"enter_service.permit": True})
        told = ", ".join(seconds(t) for t in found)
        good = all(t is not None and 1 - 0.034 <= t <= 11.5 for t in found)
        return told, good and max(found) - min(found) >= 1.5
    sheet.attempt("randomised delay of up to 10 s", "4.10.3", "each in 1 … 11 s, spread over more than 1.5 s", randomised)

    def permit():
        bench.reset({**Bench.QUICK, "enter_service.delay_s": 2})
        bench.enter()
        start = bench.time
        bench.set({"enter_service.permit": False})
        bench.run(3, step=0.02)
        ceased = bench.ceased_after(start)
        stayed = not any(bench.log.on[bench.log.index(start + 2.0):])
        bench.run(4)
        stayed = stayed and not bench.on
        start = bench.time
        bench.set({"enter_service.permit": True})
        back = _energised_after(bench, start, 6)
        return (f"ceased after {seconds(ceased)}, {'stayed away' if stayed else 'came back'}, "
                f"permitted again: after {seconds(back)}",
                ceased is not None and ceased <= 2.0 and stayed and back is not None and 2 - 0.034 <= back <= 2.5)
    sheet.attempt("cease to energise and permit service", "4.6.1, 4.10.3",
                  "ceases within 2 s and stays away; permitted, enters after the delay of 2 s", permit)

    def after_trip():
        bench.reset({**Bench.QUICK, "enter_service.delay_s": 5})
        bench.enter()
        start = bench.time
        bench.grid(v=1.25)
        bench.run(0.5)
        tripped = bench.tripped_after(start)
        start = bench.time
        bench.grid(v=1.0)
        back = _energised_after(bench, start, 10)
        return (f"tripped after {seconds(tripped)}, back after {seconds(back)}",
                tripped is not None and back is not None and 5 - 0.034 <= back <= 5.5)
    sheet.attempt("back after a trip", "4.10.3, 6.3", "not before the delay of 5 s", after_trip)
    bench.close()
    return sheet.results
