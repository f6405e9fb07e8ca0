"""Traces of voltage and frequency: each from a category and a number alone."""

import random
from dataclasses import dataclass, field

import ieee1547 as code

RANDOM_TRACES = 500


@dataclass
class Segment:
    """Goes to these values at once, or on straight lines, and stays `duration_s`."""
    duration_s: float
    phases: tuple = (1.0, 1.0, 1.0)
    frequency_Hz: float = 60.0
    is_ramp: bool = False
    # Seconds after which what it delivers is steady, or None: not to be compared.
    settled_s: float | None = 0.5


@dataclass
class Trace:
    category: int
    number: int
    kind: str
    words: str
    segments: list
    available: float = 1.0
    # Of our DER, and the same in the oracle's words.
    settings: dict = field(default_factory=dict)
    oracle: dict = field(default_factory=dict)
    # Ticks into service at which it begins: the point on the wave.
    shift_ticks: int = 0
    # (column, open-loop response time) of the change in the last segment, where it is to be timed.
    response: tuple | None = None

    @property
    def name(self):
        return f"{self.category}:{self.number}"


def count(category):
    return len(_threshold_cases(category)) + RANDOM_TRACES


def _threshold_cases(category):
    cases = []
    for name, (pickup, clearing, _, _) in code.STAGES[category].items():
        voltage = name[1] == "V"
        for percent in (-1, 1):
            for phases in ((0, 1, 2), (0,), (1,), (2,)) if voltage else ((0, 1, 2),):
                cases.append((name, pickup, clearing, percent, phases))
    return cases


def make(category, number):
    """Numbers below those of the thresholds ± 1 % are these; the rest are random."""
    cases = _threshold_cases(category)
    if number < len(cases):
        return _threshold(category, number, *cases[number])
    draw = random.Random(category * 1_000_003 + number)
    kinds = [_step, _notch, _several, _voltage_ramp, _frequency_step, _frequency_ramp, _support]
    kind = draw.choices(kinds, weights=(26, 18, 14, 10, 12, 8, 12))[0]
    trace = kind(draw, category, number)
    trace.shift_ticks = draw.randrange(17)
    return trace


def _threshold(category, number, name, pickup, clearing, percent, phases):
    value = pickup * (1 + percent / 100)
    hold = clearing * 1.05 + 0.4
    if name[1] == "F":
        segment = Segment(hold, frequency_Hz=value, settled_s=None)
    else:
        segment = Segment(hold, tuple(value if p in phases else 1.0 for p in range(3)), settled_s=None)
    where = "" if name[1] == "F" else " on " + "".join("abc"[p] for p in phases)
    return Trace(category, number, "threshold", f"{name} {percent:+d} %{where}", [segment, Segment(0.6)])


def _phases(draw, v):
    which = draw.choices(((0, 1, 2), (0,), (1,), (2,), (0, 1), (1, 2), (2, 0)), weights=(5, 1, 1, 1, 1, 1, 1))[0]
    return tuple(v if p in which else 1.0 for p in range(3))


def _depth(draw):
    return draw.uniform(1.06, 1.3) if draw.random() < 0.35 else draw.uniform(0.0, 0.92)


def _available(draw):
    return draw.choice((1.0, 1.0, 0.8, 0.5, 0.3))


def _step(draw, category, number):
    v = _depth(draw)
    longest = max(1.3 * t for n, (_, t, _, _) in code.STAGES[category].items() if n[1] == "V")
    hold = draw.choice((draw.uniform(0.6, 3.0), draw.uniform(0.6, longest)))
    segments = [Segment(hold, _phases(draw, v)), Segment(1.5)]
    return Trace(category, number, "step", f"{v:.3f} pu for {hold:.2f} s", segments, _available(draw))


def _notch(draw, category, number):
    v, hold = _depth(draw), draw.uniform(0.01, 0.4)
    segments = [Segment(hold, _phases(draw, v), settled_s=None), Segment(1.5)]
    return Trace(category, number, "notch", f"{v:.3f} pu for {hold * 1000:.0f} ms", segments, _available(draw))


def _several(draw, category, number):
    segments = []
    for _ in range(draw.randrange(2, 5)):
        segments += [Segment(draw.uniform(0.02, 0.8), _phases(draw, _depth(draw)), settled_s=None),
                     Segment(draw.uniform(0.05, 1.2), settled_s=None)]
    segments.append(Segment(1.5))
    return Trace(category, number, "several notches", f"{len(segments) // 2} of them", segments, _available(draw))


def _voltage_ramp(draw, category, number):
    v, rise, hold = _depth(draw), draw.uniform(0.2, 3.0), draw.uniform(0.6, 4.0)
    segments = [Segment(rise, (v,) * 3, is_ramp=True, settled_s=None), Segment(hold, (v,) * 3),
                Segment(rise, is_ramp=True, settled_s=None), Segment(1.5)]
    return Trace(category, number, "voltage ramp", f"to {v:.3f} pu in {rise:.2f} s", segments, _available(draw))


def _frequency(draw):
    return draw.choice((draw.uniform(55.0, 59.5), draw.uniform(60.5, 64.0), draw.uniform(61.5, 62.6),
                        draw.uniform(56.0, 57.2)))


def _frequency_step(draw, category, number):
    f = _frequency(draw)
    hold = draw.uniform(150, 330) if draw.random() < 0.15 else draw.uniform(0.05, 6.0)
    segments = [Segment(hold, frequency_Hz=f), Segment(1.0, settled_s=None)]
    return Trace(category, number, "frequency step", f"{f:.2f} Hz for {hold:.2f} s", segments, _available(draw))


def _frequency_ramp(draw, category, number):
    f, rate = _frequency(draw), draw.uniform(0.5, 1.2 * code.ROCOF_HZ_PER_S[category])
    rise = abs(f - 60) / rate
    segments = [Segment(rise, frequency_Hz=f, is_ramp=True, settled_s=None), Segment(draw.uniform(0.6, 3.0), frequency_Hz=f),
                Segment(rise, is_ramp=True, settled_s=None), Segment(1.0, settled_s=None)]
    return Trace(category, number, "frequency ramp", f"to {f:.2f} Hz at {rate:.2f} Hz/s", segments, _available(draw))


def _support(draw, category, number):
    """One support function, with settings drawn from their ranges, driven to a few places inside continuous operation."""
    which = draw.choice(("volt-var", "volt-watt", "watt-var", "power factor", "constant Q", "droop"))
    settings, oracle, available = {}, {}, draw.choice((1.0, 0.8, 0.5))
    response, settle = None, 12.0
    places = [Segment(0, (draw.uniform(0.89, 1.095),) * 3) for _ in range(2)]
    if which == "volt-var":
        olrt = draw.choice((1.0, 2.0, 5.0))
        v1, v4 = round(draw.uniform(0.85, 0.94), 3), round(draw.uniform(1.06, 1.15), 3)
        v2, v3 = round(draw.uniform(0.97, 1.0), 3), round(draw.uniform(1.0, 1.03), 3)
        q1, q4 = round(draw.uniform(0.1, 0.44), 2), -round(draw.uniform(0.1, 0.44), 2)
        settings = {"reactive.mode": "volt_var", "volt_var.response_s": olrt, "volt_var.V1_pu": v1, "volt_var.V2_pu": v2,
                    "volt_var.V3_pu": v3, "volt_var.V4_pu": v4, "volt_var.Q1_pu": q1, "volt_var.Q4_pu": q4}
        oracle = {"QV_MODE_ENABLE": True, "QV_OLRT": olrt, "QV_CURVE_V1": v1, "QV_CURVE_V2": v2, "QV_CURVE_V3": v3,
                  "QV_CURVE_V4": v4, "QV_CURVE_Q1": q1, "QV_CURVE_Q4": q4}
        response, settle = ("q", olrt), 4 * olrt
    elif which == "volt-watt":
        olrt = draw.choice((0.5, 2.0, 10.0))
        v1 = round(draw.uniform(1.05, 1.08), 3)
        settings = {"volt_watt.enabled": True, "volt_watt.V1_pu": v1, "volt_watt.response_s": olrt}
        oracle = {"PV_MODE_ENABLE": True, "PV_CURVE_V1": v1, "PV_OLRT": olrt}
        available = 1.0
        places[0] = Segment(0)
        places[1] = Segment(0, (draw.uniform(v1, 1.095),) * 3)
        response, settle = ("p", olrt), 4 * olrt
    elif which == "watt-var":
        settings, oracle = {"reactive.mode": "watt_var"}, {"QP_MODE_ENABLE": True}
        settle = 40.0
        places = places[:1]
        available = draw.uniform(0.25, 0.9)
    elif which == "power factor":
        pf, excitation = round(draw.uniform(0.9, 1.0), 3), draw.choice(("injecting", "absorbing"))
        settings = {"constant_power_factor.power_factor": pf, "constant_power_factor.excitation": excitation}
        oracle = {"CONST_PF_MODE_ENABLE": True, "CONST_PF": pf,
                  "CONST_PF_EXCITATION": "INJ" if excitation == "injecting" else "ABS"}
        settle = 40.0
        places = places[:1]
    elif which == "constant Q":
        q = round(draw.uniform(-0.44, 0.44), 3)
        settings = {"reactive.mode": "constant_reactive", "constant_reactive.reactive_pu": q}
        oracle = {"CONST_Q_MODE_ENABLE": True, "CONST_Q": q}
        settle = 40.0
        places = places[:1]
    else:
        low, quick = {1: (0.03, 1.0), 2: (0.03, 1.0), 3: (0.02, 0.2)}[category]
        k, db, olrt = round(draw.uniform(low, 0.05), 4), round(draw.uniform(0.017, 0.3), 3), draw.choice((quick, 2.0, 5.0))
        settings = {"frequency_droop.droop_over_pu": k, "frequency_droop.deadband_over_Hz": db,
                    "frequency_droop.droop_under_pu": k, "frequency_droop.deadband_under_Hz": db,
                    "frequency_droop.response_s": olrt}
        oracle = {"PF_KOF": k, "PF_DBOF": db, "PF_KUF": k, "PF_DBUF": db, "PF_OLRT": olrt}
        places = [Segment(0), Segment(0, frequency_Hz=draw.uniform(60.1 + db, 61.15))]
        response, settle = ("p", olrt), 4 * olrt
    for place in places:
        place.duration_s = place.settled_s = settle
    return Trace(category, number, "support", which, places, available, settings, oracle, response=response)
