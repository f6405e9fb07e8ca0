"""A trace through opender, EPRI's open model of a DER under IEEE 1547-2018 (version 2.2.0)."""

import logging
import math

import numpy
import opender

import ieee1547
from outcome import Outcome, Sampler

ANGLES = (0.0, -2 * math.pi / 3, 2 * math.pi / 3)
# Steps where something changes, on a ramp, and the longest where nothing does.
FINE_S, RAMP_S, COARSE_S = 0.002, 0.005, 0.25


def _fresh(trace):
    der = opender.DER_PV()
    f = der.der_file
    f.NP_PHASE, f.NP_AC_V_NOM = "THREE", 480
    f.NP_VA_MAX = f.NP_P_MAX = 100_000
    f.NP_ABNORMAL_OP_CAT = {1: "CAT_I", 2: "CAT_II", 3: "CAT_III"}[trace.category]
    f.NP_NORMAL_OP_CAT = "CAT_B"
    f.NP_V_MEAS_UNBALANCE = "POS"
    f.NP_CURRENT_PU = 1 / 0.88
    f.NP_INV_DELAY = 0.01
    # Of permissive operation ours goes on; momentary cessation is category III's alone.
    f.MC_ENABLE = trace.category == 3
    for name, (pickup, clearing, _, _) in ieee1547.STAGES[trace.category].items():
        setattr(f, f"{name}_TRIP_{name[1]}", pickup)
        setattr(f, f"{name}_TRIP_T", clearing)
    for key, value in trace.oracle.items():
        setattr(f, key, value)
    # Its numbers are NumPy scalars, which cost it half of its time.
    for key in dir(f):
        if key[:1] == "_" and key[1:2].isupper() and isinstance(getattr(f, key), numpy.generic):
            setattr(f, key, getattr(f, key).item())
    return der


_TIMERS = [f"{n}_delay" for n in ("uv1", "uv2", "ov1", "ov2", "uf1", "uf2", "of1", "of2")]


def run(trace):
    logging.disable(logging.CRITICAL)
    der = _fresh(trace)
    outcome = Outcome()
    time = 0.0
    phases, frequency = (1.0, 1.0, 1.0), 60.0
    limits = [(getattr(der.opstatus.tripcrit, n), float(getattr(der.der_file, n[:3].upper() + "_TRIP_T")))
              for n in _TIMERS]

    def turn(step):
        nonlocal time
        opender.DER.t_s = step
        der.update_der_input(v_pu=list(phases), theta=list(ANGLES), f=frequency, p_dc_pu=trace.available)
        der.run()
        time += step

    # Into steady state.
    for _ in range(40):
        turn(0.05)
    if trace.kind == "support":
        # Functions begin from rest; what takes ten seconds has had four times that.
        for _ in range(160):
            turn(0.25)
    time = 0.0
    for segment in trace.segments:
        start, end = time, time + segment.duration_s
        before = (phases, frequency)
        sampler = Sampler(segment, start)
        while time < end - 1e-9:
            if segment.is_ramp:
                step = min(RAMP_S, end - time)
                share = min((time + step - start) / segment.duration_s, 1.0)
                phases = tuple(a + (b - a) * share for a, b in zip(before[0], segment.phases))
                frequency = before[1] + (segment.frequency_Hz - before[1]) * share
            else:
                phases, frequency = segment.phases, segment.frequency_Hz
                if time - start < 0.1:
                    step = FINE_S
                else:
                    soonest = min((limit - timer.con_del_enable_int for timer, limit in limits
                                   if 0 < timer.con_del_enable_int < limit), default=COARSE_S)
                    olrt = trace.response[1] if trace.response else 5.0
                    coarse = min(COARSE_S, olrt / 50)
                    step = max(FINE_S, min(coarse, soonest - FINE_S))
                step = min(step, end - time)
            turn(step)
            if der.der_status == "Trip":
                outcome.trip(time)
                return outcome
            outcome.states.add(der.der_status)
            sampler.see(time, float(der.p_out_pu), float(der.q_out_pu))
        outcome.samples.append(sampler.done(time, trace.response if segment is trace.segments[-1] else None))
    return outcome
