"""What must be ridden through: voltage, frequency, rate of change, phase jumps (IEEE 1547.1-2020, 5.4.4 to 5.5.5)."""

import ieee1547 as code
from bench import Bench
from results import Sheet, seconds
from svg import traces


def _wide(category):
    """Trips as far out and as late as the area operator may set them."""
    stages = code.STAGES[category]
    settings = dict(Bench.QUICK)
    for name in ("OV1", "UV1", "UV2"):
        settings[f"stages[{name}].clearing_s"] = stages[name][3][1]
    return settings


def _recovery(bench, end, before):
    """Seconds from `end` until the current has come back to its share, for good."""
    log = bench.log
    first = log.index(end)
    back = None
    for k in range(first, len(log.t)):
        if log.i[k] < code.RECOVERY_PU * before:
            back = None
        elif back is None:
            back = log.t[k] - end
    return back


def _plot(bench, start, end, title):
    log = bench.log
    a, b = log.index(start), log.index(end)
    t = [x - start for x in log.t[a:b]]
    return traces(title, t, [("voltage, pu", log.v[a:b]), ("current, pu", log.i[a:b]), ("P, pu", log.p[a:b])])


def _sag(bench, settings, v, duration, mode, phases=None):
    bench.reset(settings)
    bench.enter()
    before = bench.log.i[-1]
    start = bench.time
    if phases:
        bench.grid(phases=[v if p in phases else 1.0 for p in range(3)])
    else:
        bench.grid(v=v)
    if duration > 4:
        bench.run(1.0)
        bench.wait(duration - 1.5)
        bench.run(0.5)
    else:
        bench.run(duration, step=min(0.02, duration / 4))
    end = bench.time
    tripped = bench.tripped_after(start)
    log = bench.log
    a = log.index(start + 0.05)
    while_sagging = log.i[a:log.index(end)] or [log.i[-1]]
    ceased = bench.ceased_after(start)
    bench.grid(v=1.0)
    bench.run(1.0, step=0.01)
    tripped = tripped if tripped is not None else bench.tripped_after(start)
    return {
        "before": before, "tripped": tripped, "least": min(while_sagging),
        "ceased": ceased if ceased is not None and ceased < end - start else None,
        "recovery": _recovery(bench, end, before),
        "plot": _plot(bench, start - 0.1, end + 1.0, f"{v:g} pu for {duration:.3g} s") if duration < 5 else None,
    }


def voltage(make, category, quick):
    sheet = Sheet("Voltage ride-through")
    bench = make()
    clause = code.REGION_CLAUSE[category]
    for low, high, mode, least in code.REGIONS[category]:
        if mode == "continuous":
            continue
        edges = [(low, 0.01), (high, -0.01)]
        for edge, inward in edges if not quick else edges[:1]:
            v = max(edge + inward, 0.0)
            if mode == "cease":
                duration = 0.1 if edge == high or edge == 0 else 0.12
            else:
                duration = least(v)
            for words, settings in (("default trips", dict(Bench.QUICK)), ("widest trips", _wide(category))):
                if mode == "cease":
                    continue
                if quick and words != "default trips":
                    continue
                held = duration
                if words == "default trips" and low < 1 and v < code.STAGES[category]["UV2"][0]:
                    # Here must trip and must not trip meet: the clocks of both may err (table 3).
                    held = min(duration, code.STAGES[category]["UV2"][1] - code.time_accuracy_s(0))
                needed = "no trip; current back to 80 % within 0.4 s"
                if mode == "mandatory":
                    needed += "; current not below 80 %"
                if mode == "momentary cessation":
                    needed += "; ceases within 83 ms"

                def body():
                    r = _sag(bench, settings, v, held, mode)
                    told = (f"{'trip after ' + seconds(r['tripped']) if r['tripped'] is not None else 'no trip'}, "
                            f"least current {r['least'] / r['before']:.0%}, back after {seconds(r['recovery'])}")
                    good = r["tripped"] is None and r["recovery"] is not None and r["recovery"] <= code.RECOVERY_S
                    if mode == "mandatory":
                        good = good and r["least"] >= code.RECOVERY_PU * r["before"]
                    if mode == "momentary cessation":
                        told += f", ceased after {seconds(r['ceased'])}"
                        good = good and r["ceased"] is not None and r["ceased"] <= code.MOMENTARY_S + 1e-6
                    return told, good, [r["plot"]] if r["plot"] and words == "default trips" else []
                sheet.attempt(f"{mode}, {v:.3g} pu for {held:.3g} s, {words}", clause + "; 6.4.2.7", needed, body)
        if mode == "cease":
            v = low + 0.05 if high < 1 else high + 0.05

            def cease():
                bench.reset(_wide(category))
                bench.enter()
                start = bench.time
                bench.grid(v=v)
                bench.run(0.5, step=0.01)
                found = bench.ceased_after(start)
                return seconds(found), found is not None and found <= code.CEASE_S + 1e-6
            sheet.attempt(f"cease to energise, {v:.3g} pu", clause, "no current within 160 ms", cease)
    if category != 3:
        def over():
            bench.reset(_wide(category))
            bench.enter()
            start = bench.time
            bench.grid(v=1.25)
            bench.run(0.5, step=0.01)
            found = bench.ceased_after(start)
            return seconds(found), found is not None and found <= code.CEASE_S + 1e-6
        sheet.attempt("cease to energise, 1.25 pu", clause, "no current within 160 ms", over)

    # One phase or two, in the region of mandatory operation; two of every three ride-through faults are such.
    mandatory = [r for r in code.REGIONS[category] if r[2] == "mandatory"][0]
    for phases in ((0,), (1,), (2,), (0, 1)) if not quick else ((0,),):
        v = mandatory[0] + 0.05

        def unbalanced():
            r = _sag(bench, _wide(category), v, min(mandatory[3](v), 2.0), "mandatory", phases)
            return (f"{'trip after ' + seconds(r['tripped']) if r['tripped'] is not None else 'no trip'}, least current "
                    f"{r['least'] / r['before']:.0%}, back after {seconds(r['recovery'])}",
                    r["tripped"] is None and r["recovery"] is not None and r["recovery"] <= code.RECOVERY_S
                    and r["least"] >= code.RECOVERY_PU * r["before"])
        sheet.attempt(f"mandatory, {v:.3g} pu on {' and '.join('abc'[p] for p in phases)} alone", clause,
                      "no trip; current not below 80 %", unbalanced)

    count, apart = code.CONSECUTIVE[category]

    def consecutive():
        bench.reset(dict(Bench.QUICK))
        bench.enter()
        start = bench.time
        v, duration = mandatory[0] + 0.02, mandatory[3](mandatory[0] + 0.02)
        for n in range(count):
            bench.grid(v=v)
            bench.wait(duration * 0.98)
            bench.grid(v=1.0)
            bench.wait(apart)
        found = bench.tripped_after(start)
        return "no trip" if found is None else f"trip after {seconds(found)}", found is None
    sheet.attempt(f"{count} disturbances in a row, {apart} s apart", "6.4.2.5, table 17", "no trip", consecutive)
    bench.close()
    return sheet.results


def frequency(make, category, quick):
    sheet = Sheet("Frequency ride-through")
    bench = make()
    for f in (57.05, 58.75, 61.25, 61.75) if not quick else ():
        def long():
            bench.reset(dict(Bench.QUICK))
            bench.enter()
            start = bench.time
            bench.grid(f=f)
            bench.run(0.5)
            bench.wait(code.FREQUENCY_RIDE_S - 0.5, step=10)
            found = bench.tripped_after(start)
            bench.grid(f=60.0)
            bench.run(1.0)
            found = found if found is not None else bench.tripped_after(start)
            return "no trip" if found is None else f"trip after {seconds(found)}", found is None
        sheet.attempt(f"{f:g} Hz for {code.FREQUENCY_RIDE_S} s", "6.5.2, table 19", "no trip", long)
    rate = code.ROCOF_HZ_PER_S[category]
    for end in (57.2, 61.7):
        def rocof():
            bench.reset(dict(Bench.QUICK))
            bench.enter()
            start = bench.time
            bench.ramp(abs(end - 60) / rate, f=end)
            bench.run(0.5)
            bench.ramp(abs(end - 60) / rate, f=60.0)
            bench.run(0.5)
            found = bench.tripped_after(start)
            gone = bench.ceased_after(start)
            a, b = bench.log.index(start), len(bench.log.t)
            plot = traces(f"{rate:g} Hz/s to {end:g} Hz and back", [t - start for t in bench.log.t[a:b]],
                          [("frequency − 60, Hz", [x - 60 for x in bench.log.f[a:b]]), ("P, pu", bench.log.p[a:b])])
            return (f"{'no trip' if found is None else 'trip after ' + seconds(found)}"
                    f"{'' if gone is None else ', ceased after ' + seconds(gone)}",
                    found is None and gone is None, [plot])
        sheet.attempt(f"{rate:g} Hz/s to {end:g} Hz and back", "6.5.2.5, table 21",
                      "no trip, no cessation", rocof)
    jumps = [("positive sequence", d) for d in (code.JUMP_POSITIVE_DEG, -code.JUMP_POSITIVE_DEG)]
    jumps += [(p, d) for p in "abc" for d in (code.JUMP_PHASE_DEG, -code.JUMP_PHASE_DEG)]
    for which, degrees in jumps if not quick else jumps[:3]:
        def jump():
            bench.reset(dict(Bench.QUICK))
            bench.enter()
            bench.run(0.007, step=0.007)
            before, start = bench.log.i[-1], bench.time
            if which == "positive sequence":
                bench.grid(angle_deg=degrees)
            else:
                # A leap of one phase is a sag between phases: it lasts no longer than that is ridden through.
                bench.jump_phase("abc".index(which), degrees)
                bench.run(0.15, step=0.005)
                bench.jump_phase("abc".index(which), -degrees)
            bench.run(2.0, step=0.005)
            found = bench.tripped_after(start)
            back = _recovery(bench, start, before)
            return (f"{'no trip' if found is None else 'trip after ' + seconds(found)}, "
                    f"current back after {seconds(back)}", found is None and back is not None and back <= 0.5)
        sheet.attempt(f"phase jump of {degrees:+d}° of {which}", "6.5.2.6 (angles unverified)",
                      "no trip; current back within 0.5 s", jump)
    bench.close()
    return sheet.results
