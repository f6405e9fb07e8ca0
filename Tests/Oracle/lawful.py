"""The earliest and the latest trip that IEEE 1547-2018 allows for a trace, with the accuracies of its table 3.

An ideal relay of each stage, eager and lazy: the eager one takes voltage and frequency for worse than they are
by the accuracy, its clock runs ahead by the accuracy of time and the window it measures over, and it bridges gaps
shorter than these; the lazy one the other way round.
"""

import cmath
import math

import ieee1547 as code

STEP_S = 0.001
ANGLES = [cmath.rect(1, a) for a in (0.0, -2 * math.pi / 3, 2 * math.pi / 3)]


def applicable(phases):
    """Lowest and highest of phase-to-neutral and phase-to-phase voltages, per unit (4.3)."""
    u = [m * a for m, a in zip(phases, ANGLES)]
    all_six = list(phases) + [abs(u[0] - u[1]) / math.sqrt(3), abs(u[1] - u[2]) / math.sqrt(3),
                              abs(u[2] - u[0]) / math.sqrt(3)]
    return min(all_six), max(all_six)


def _pieces(trace):
    """(duration, lowest, highest, frequency) with ramps in steps; long holds whole."""
    phases, frequency = (1.0, 1.0, 1.0), 60.0
    for s in trace.segments:
        if s.is_ramp:
            steps = max(1, round(s.duration_s / 0.004))
            for k in range(1, steps + 1):
                share = k / steps
                now = tuple(a + (b - a) * share for a, b in zip(phases, s.phases))
                yield (s.duration_s / steps, *applicable(now), frequency + (s.frequency_Hz - frequency) * share)
        else:
            yield (s.duration_s, *applicable(s.phases), s.frequency_Hz)
        phases, frequency = s.phases, s.frequency_Hz


def trips(trace):
    """((earliest, stage), (latest, stage)) in seconds from the start; infinity: never."""
    earliest, latest = (math.inf, ""), (math.inf, "")
    pieces = list(_pieces(trace))
    for name, (pickup, clearing, _, _) in code.STAGES[trace.category].items():
        is_frequency, is_over = name[1] == "F", name[0] == "O"
        tolerance = code.time_accuracy_s(clearing)
        window = (code.TRANSIENT_CYCLES if is_frequency else 1) * code.CYCLE_S
        # Short events are measured with the accuracy of transients.
        off = (code.TRANSIENT_HZ if clearing < 5 else code.STEADY_HZ) if is_frequency else (
            code.TRANSIENT_V_PU if clearing < 5 else code.STEADY_V_PU)
        sign = 1 if is_over else -1

        def outside(piece, shift):
            value = piece[3] if is_frequency else piece[2] if is_over else piece[1]
            return sign * (value - pickup) > -shift

        found = _first(pieces, lambda p: outside(p, off), max(clearing - tolerance - window, 0.0), tolerance + window)
        if found < earliest[0]:
            earliest = (found, name)
        found = _first(pieces, lambda p: outside(p, -off), clearing + tolerance, 0.0)
        if found < latest[0]:
            latest = (found, name)
    return earliest, latest


def _first(pieces, is_outside, hold_s, bridges_s):
    """When a timer of `hold_s` ends that forgets after `bridges_s` inside."""
    time, timer, inside = 0.0, 0.0, math.inf
    for piece in pieces:
        duration = piece[0]
        if is_outside(piece):
            if inside > bridges_s + 1e-9:
                timer = 0.0
            elif inside < math.inf:
                timer += inside
            inside = 0.0
            if timer + duration >= hold_s - 1e-9:
                return time + max(hold_s - timer, 0.0)
            timer += duration
        else:
            # What was measured before may still count while the window empties.
            if inside < math.inf and bridges_s and timer + inside + min(duration, bridges_s - inside) >= hold_s:
                if inside < bridges_s:
                    return time + max(hold_s - timer - inside, 0.0)
            inside += duration
        time += duration
    return math.inf
