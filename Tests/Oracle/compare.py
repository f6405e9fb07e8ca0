"""Where the two differ, and which clause decides: by what the trace is, never by its number."""

import math
from dataclasses import dataclass

import ieee1547 as code
from lawful import applicable, trips

STEADY_PU = 0.02


@dataclass
class Difference:
    trace: str
    words: str
    what: str
    ours: str
    oracle: str
    # None: nothing decides it, and the run fails.
    why: str | None
    clause: str


def _s(value):
    return "no trip" if value is None else f"trip at {value:.3f} s"


def _lawful(value, earliest, latest, end):
    if value is None:
        return latest >= end - 0.02
    return earliest - 1e-6 <= value <= latest + 1e-6


def compare(trace, ours, oracle):
    """Differences of one trace; an empty list where both agree."""
    words = f"{trace.kind}: {trace.words}, P {trace.available:.2g}"
    found = []

    def note(what, mine, theirs, why, clause):
        found.append(Difference(trace.name, words, what, mine, theirs, why, clause))
    if "not in service" in ours.states:
        note("service", "not in service at nominal voltage", "in service", None, "4.10")
        return found
    (earliest, early_stage), (latest, late_stage) = trips(trace)
    end = sum(s.duration_s for s in trace.segments)
    stage = late_stage or early_stage
    agree = ours.tripped_s is None and oracle.tripped_s is None
    if ours.tripped_s is not None and oracle.tripped_s is not None:
        clearing = code.STAGES[trace.category][stage][1] if stage else 0.0
        tolerance = code.time_accuracy_s(clearing)
        window = (code.TRANSIENT_CYCLES if stage and stage[1] == "F" else 1) * code.CYCLE_S
        agree = -(tolerance + window) <= ours.tripped_s - oracle.tripped_s <= tolerance
    if not agree:
        clause = code.FREQUENCY_CLAUSE if stage and stage[1] == "F" else code.TRIP_CLAUSE[trace.category]
        mine, theirs = _s(ours.tripped_s), _s(oracle.tripped_s)
        told = f"{early_stage or stage} may trip from {earliest:.3f} s, must by {latest:.3f} s"
        if not _lawful(ours.tripped_s, earliest, latest, end):
            note("trip", f"{mine}; {told}", theirs, None, clause)
        elif _lawful(oracle.tripped_s, earliest, latest, end):
            note("trip", mine, theirs, "within the accuracy of magnitude and time both are lawful", "4.4, table 3; " + clause)
        else:
            note("trip", mine, theirs, f"ours is lawful, the oracle's is not: {told}", clause)
    for k, (segment, a, b) in enumerate(zip(trace.segments, ours.samples, oracle.samples)):
        if a is None or b is None:
            continue
        (p, q, t), (po, qo, to) = a, b
        if abs(p - po) > STEADY_PU or abs(q - qo) > STEADY_PU:
            why, clause = _power(trace, segment, k, p - po, q - qo, p, q, po, qo)
            note(f"P, Q after segment {k + 1}", f"{p:.3f}, {q:.3f}", f"{po:.3f}, {qo:.3f}", why, clause)
        elif t is not None and to is not None and trace.response:
            olrt = trace.response[1]
            allowed = 0.05 * olrt + code.TRANSIENT_CYCLES * code.CYCLE_S
            if abs(t - to) > allowed:
                note(f"90 % of {trace.response[0].upper()}", f"{t:.2f} s", f"{to:.2f} s",
                     f"ours is at the open-loop response time of {olrt:g} s" if abs(t - olrt) <= allowed else None,
                     "open-loop response time, tables 8, 10 and 24")
    return found


def _power(trace, segment, k, dp, dq, p, q, po, qo):
    low, high = applicable(segment.phases)
    reach = code.TRANSIENT_V_PU if segment.duration_s < 1 else code.STEADY_V_PU
    modes = {code.region(trace.category, v)[0]
             for x in (low, high) for v in (x - reach, x, x + reach)} - {"continuous"}
    clause = code.REGION_CLAUSE[trace.category]
    one_ceased = (math.hypot(p, q) < 0.01) != (math.hypot(po, qo) < 0.01)
    if "permissive" in modes and one_ceased:
        return "permissive operation: it may go on or cease", clause
    if one_ceased and any(len({code.region(trace.category, v)[0] for v in (x - reach, x + reach)}) > 1
                          for x in (low, high)):
        return "voltage within its accuracy of a border between regions", "4.4, table 3; " + clause
    if abs(dp) <= STEADY_PU and min(p, po) < 0.2:
        return "below 20 % of rated active power less reactive power is asked", "5.2, table 7"
    # The active method, of which the oracle has none: q = 0.2 per hertz of what the frequency has moved, at
    # most 0.25, and it fades in 2 s. Reactive power goes before active.
    moved = max(abs(segment.frequency_Hz - f) for f in [60.0] + [s.frequency_Hz for s in trace.segments[:k]])
    push = min(0.25, 0.2 * moved * math.exp(-segment.duration_s / 2) * 1.2)
    if moved > 0 and abs(dq) <= push + STEADY_PU and (
            abs(dp) <= STEADY_PU or abs(dp) <= po - math.sqrt(max(1 - q * q, 0)) + STEADY_PU):
        return "active anti-islanding, fading after the frequency has moved", "8.1"
    off = abs(segment.frequency_Hz - 60)
    responding = segment.duration_s < 4 * code.DROOP_S and off > code.DROOP_DEADBAND_HZ
    if responding and math.hypot(dp, dq) <= code.POWER_PU:
        return "still responding: within the accuracy of power", "4.4, table 3; 6.5.2.7"
    return None, "6.4.2" if modes else "5; 4.7"
