"""Abnormal voltage and frequency: at what magnitude and how soon the DER trips (IEEE 1547.1-2020, 5.4, 5.5)."""

import ieee1547 as code
from bench import Bench
from results import Sheet, seconds

PHASES = {"all phases": (0, 1, 2), "phase a": (0,), "phase b": (1,), "phase c": (2,)}


def _settings(category, name, pickup, clearing):
    """The stage under test as asked, those beside it as far away as they may be."""
    unit = "Hz" if name[1] == "F" else "pu"
    settings = dict(Bench.QUICK)
    beside = {"UV1": "UV2", "UV2": "UV1", "OV1": None, "OV2": "OV1",
              "UF1": "UF2", "UF2": "UF1", "OF1": "OF2", "OF2": "OF1"}[name]
    if beside and beside not in ("UV2",):
        _, _, pickups, clearings = code.STAGES[category][beside]
        if beside[1] == "F":
            settings[f"stages[{beside}].pickup_Hz"] = pickups[0] if beside[0] == "U" else pickups[1]
        settings[f"stages[{beside}].clearing_s"] = clearings[1]
    settings[f"stages[{name}].pickup_{unit}"] = pickup
    settings[f"stages[{name}].clearing_s"] = clearing
    return settings


def _apply(bench, name, value, phases):
    if name[1] == "F":
        bench.grid(f=value)
    else:
        bench.grid(phases=[value if p in phases else 1.0 for p in range(3)])


def _normal(bench):
    bench.grid(phases=[1.0, 1.0, 1.0], f=60.0)


def _hold(bench, duration):
    """Long times are waited through, their ends are seen tick by tick."""
    if duration > 3:
        if bench.wait(duration - 1.5, step=min(20.0, duration / 4)):
            bench.run(0.1)
            return
        duration = 1.5
    bench.run(duration)


def _magnitude(bench, category, name, pickup, clearing, phases):
    """A staircase across the setting; the first step at which it trips is what it measures by."""
    bench.reset(_settings(category, name, pickup, clearing))
    bench.enter()
    sign = 1 if name[0] == "O" else -1
    frequency = name[1] == "F"
    step = (0.02 if clearing > 5 else 0.04) if frequency else 0.0025
    count = 3 if clearing > 5 else 6
    hold = clearing + max(code.time_accuracy_s(clearing), 0.1) + 0.1
    for k in range(-count, count + 1):
        value = pickup + sign * k * step
        start = bench.time
        _apply(bench, name, value, phases)
        _hold(bench, hold)
        if bench.tripped_after(start) is not None:
            return value
        _normal(bench)
        bench.run(0.4)
    return None


def _time(bench, category, name, pickup, clearing, phases, shift_ticks):
    bench.reset(_settings(category, name, pickup, clearing))
    bench.enter()
    if shift_ticks:
        bench.run(shift_ticks * bench.tick_s, step=shift_ticks * bench.tick_s)
    far = {"OV1": 0.02, "OV2": 0.05, "UV1": -0.03, "UV2": -0.05,
           "OF1": 0.2, "OF2": 0.5, "UF1": -0.2, "UF2": -0.5}[name]
    start = bench.time
    _apply(bench, name, pickup + far, phases)
    _hold(bench, clearing + max(0.02 * clearing, 0.4))
    return bench.tripped_after(start)


def _values(category, name):
    """(pickup, clearing) at its least, default and greatest, where no neighbour covers it."""
    default, clearing, pickups, clearings = code.STAGES[category][name]
    low, high = pickups
    if name == "UV1":
        low = 0.55
    if name == "UV2":
        low = 0.35
    if name == "OV1":
        high = 1.17
    if name == "OF1":
        high = 62.0
    if name == "OF2":
        high = 64.0
    if name == "UF1":
        low = 57.5
    if name == "UF2":
        low = 55.0
    top = min(clearings[1], 1000)
    told = [("default", default, clearing), ("least", low, clearings[0]), ("greatest", high, top)]
    return [v for k, v in enumerate(told) if v[1:] not in [w[1:] for w in told[:k]]]


def _voltage(make, category, names, quick):
    sheet = Sheet("Voltage trips" if names[0][1] == "V" else "Frequency trips")
    bench = make()
    frequency = names[0][1] == "F"
    clause = code.FREQUENCY_CLAUSE if frequency else code.TRIP_CLAUSE[category]
    unit = "Hz" if frequency else "pu"
    for name in names:
        for words, pickup, clearing in _values(category, name):
            if quick and (words != "default" or clearing > 60):
                continue
            wanted = dict(PHASES) if words == "default" and not frequency else {
                "all phases": PHASES["all phases"]}
            if clearing > 60:
                accuracy = code.STEADY_HZ
            elif frequency:
                accuracy = code.TRANSIENT_HZ
            else:
                accuracy = code.STEADY_V_PU
            for phase_words, phases in wanted.items():
                label = f"{name} {words} {pickup:g} {unit}, {clearing:g} s, {phase_words}"
                step = (0.02 if clearing > 5 else 0.04) if frequency else 0.0025
                allowed = accuracy + step if frequency else accuracy

                def magnitude():
                    value = _magnitude(bench, category, name, pickup, clearing, phases)
                    if value is None:
                        return "no trip", False
                    return f"{value:.4g} {unit}", abs(value - pickup) <= allowed + 1e-6
                if clearing <= 300:
                    sheet.attempt(f"{label}: magnitude", clause,
                                  f"{pickup:g} ± {allowed:.4g} {unit} (table 3)", magnitude)
                tolerance = code.time_accuracy_s(clearing)
                least = clearing - tolerance - (
                    code.TRANSIENT_CYCLES * code.CYCLE_S if frequency and clearing <= 5 else 0)

                def timing():
                    shifts = (0, 4, 9, 13) if clearing <= 2 and phase_words == "all phases" else (0,)
                    found = [_time(bench, category, name, pickup, clearing, phases, s) for s in shifts]
                    told = ", ".join(seconds(t) for t in found)
                    return told, all(t is not None and least <= t <= clearing + 1e-6 for t in found)
                sheet.attempt(f"{label}: time", clause,
                              f"within {clearing:g} s, not before {least:.3f} s (table 3)", timing)
    bench.close()
    return sheet.results


def over_voltage(make, category, quick):
    return _voltage(make, category, ["OV1", "OV2"], quick)


def under_voltage(make, category, quick):
    return _voltage(make, category, ["UV1", "UV2"], quick)


def fast_frequency(make, category, quick):
    return _voltage(make, category, ["OF2", "UF2"], quick)


def slow_frequency(make, category, quick):
    return _voltage(make, category, ["OF1", "UF1"], quick)
