"""What IEEE 1547-2018 asks of a DER, as this judge reads it; not taken from the files under judgement.

Voltages per unit, times in seconds, frequencies in hertz. A number whose clause could not be compared with
the text is marked unverified.
"""

CYCLE_S = 1 / 60

# Tables 11 to 13 (voltage) and 18 (frequency): default pickup and clearing time, and their ranges.
_OV = {"OV2": (1.20, 0.16, (1.20, 1.20), (0.16, 0.16))}
_F = {
    "OF2": (62.0, 0.16, (61.8, 66.0), (0.16, 1000)),
    "OF1": (61.2, 300, (61.0, 66.0), (180, 1000)),
    "UF1": (58.5, 300, (50.0, 59.0), (180, 1000)),
    "UF2": (56.5, 0.16, (50.0, 57.0), (0.16, 1000)),
}
STAGES = {
    1: {**_OV, "OV1": (1.10, 2, (1.10, 1.20), (1, 13)), "UV1": (0.70, 2, (0, 0.88), (2, 21)),
        "UV2": (0.45, 0.16, (0, 0.50), (0.16, 2)), **_F},
    2: {**_OV, "OV1": (1.10, 2, (1.10, 1.20), (1, 13)), "UV1": (0.70, 10, (0, 0.88), (2, 21)),
        "UV2": (0.45, 0.16, (0, 0.50), (0.16, 2)), **_F},
    3: {**_OV, "OV1": (1.10, 13, (1.10, 1.20), (1, 13)), "UV1": (0.88, 21, (0, 0.88), (21, 50)),
        "UV2": (0.50, 2, (0, 0.50), (2, 21)), **_F},
}
TRIP_CLAUSE = {1: "6.4.1, table 11", 2: "6.4.1, table 12", 3: "6.4.1, table 13"}
FREQUENCY_CLAUSE = "6.5.1, table 18"

# Tables 14 to 16: lowest and highest voltage of a region, what is asked there, and for how long.
REGIONS = {
    1: [(1.175, 1.20, "permissive", lambda v: 0.2), (1.15, 1.175, "permissive", lambda v: 0.5),
        (1.10, 1.15, "permissive", lambda v: 1.0), (0.88, 1.10, "continuous", None),
        (0.70, 0.88, "mandatory", lambda v: 0.7 + 4 * (v - 0.7)),
        (0.50, 0.70, "permissive", lambda v: 0.16), (0.0, 0.50, "cease", None)],
    2: [(1.175, 1.20, "permissive", lambda v: 0.2), (1.15, 1.175, "permissive", lambda v: 0.5),
        (1.10, 1.15, "permissive", lambda v: 1.0), (0.88, 1.10, "continuous", None),
        (0.65, 0.88, "mandatory", lambda v: 3 + 8.7 * (v - 0.65)),
        (0.45, 0.65, "permissive", lambda v: 0.32), (0.30, 0.45, "permissive", lambda v: 0.16),
        (0.0, 0.30, "cease", None)],
    3: [(1.10, 1.20, "momentary cessation", lambda v: 12.0), (0.88, 1.10, "continuous", None),
        (0.70, 0.88, "mandatory", lambda v: 20.0), (0.50, 0.70, "mandatory", lambda v: 10.0),
        (0.0, 0.50, "momentary cessation", lambda v: 1.0)],
}
REGION_CLAUSE = {1: "6.4.2, table 14", 2: "6.4.2, table 15", 3: "6.4.2, table 16"}
# Response times of momentary cessation and cease to energise.
MOMENTARY_S, CEASE_S = 0.083, 0.16
# 6.4.2.7: share of the current of before, and how soon.
RECOVERY_PU, RECOVERY_S = 0.80, 0.4
# Table 17: how many disturbances in a row, and the least time between two.
CONSECUTIVE = {1: (2, 20), 2: (2, 10), 3: (3, 5)}

# Table 19: 57.0 to 58.8 and 61.2 to 61.8 Hz are ridden through for 299 s.
FREQUENCY_RIDE_S = 299
# Table 21 and 6.5.2.6 (angles unverified).
ROCOF_HZ_PER_S = {1: 0.5, 2: 2.0, 3: 3.0}
JUMP_POSITIVE_DEG, JUMP_PHASE_DEG = 20, 60

# Table 4.
ENTER = {"low_pu": 0.917, "high_pu": 1.05, "low_Hz": 59.5, "high_Hz": 60.1, "delay_s": 300, "ramp_s": 300}

# Table 3.
STEADY_V_PU, STEADY_HZ, POWER_PU = 0.01, 0.01, 0.05
TRANSIENT_V_PU, TRANSIENT_HZ, TRANSIENT_CYCLES = 0.02, 0.1, 5


def time_accuracy_s(seconds):
    """Table 3: two cycles up to five seconds, one per cent beyond."""
    return 2 * CYCLE_S if seconds <= 5 else 0.01 * seconds


def region(category, v):
    """Region of table 14 to 16 in which a voltage lies: its mode and least time (None: no bound)."""
    regions = sorted(REGIONS[category], key=lambda r: r[2] != "continuous")
    for low, high, mode, least in regions:
        if low <= v <= high:
            return mode, least(v) if least else None
    return "cease", None


# Tables 8 to 10 and 24, categories A and B.
VOLT_VAR = {
    "A": ([(0.90, 0.25), (1.00, 0.0), (1.00, 0.0), (1.10, -0.25)], 10),
    "B": ([(0.92, 0.44), (0.98, 0.0), (1.02, 0.0), (1.08, -0.44)], 5),
}
WATT_VAR = {"A": [(0.2, 0.0), (0.5, 0.0), (1.0, -0.25)], "B": [(0.2, 0.0), (0.5, 0.0), (1.0, -0.44)]}
VOLT_WATT = ([(1.06, 1.0), (1.10, 0.0)], 10)
DROOP_DEADBAND_HZ, DROOP_PU, DROOP_S = 0.036, 0.05, 5
# Constant power factor and reactive power, watt-var: at most 10 s; active-power limit: at most 30 s (4.6.2).
RESPONSE_S, LIMIT_S = 10, 30


def curve(points, x):
    """A curve of straight lines, level beyond its ends."""
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x <= x1:
            return y1 if x1 == x0 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]


def droop(p_before, f, available=1.0, deadband=DROOP_DEADBAND_HZ, k=DROOP_PU):
    """Table 22: active power after frequency-droop has settled."""
    if f > 60 + deadband:
        return max(p_before - (f - 60 - deadband) / (60 * k), 0.0)
    if f < 60 - deadband:
        return min(p_before + (60 - deadband - f) / (60 * k), available)
    return p_before
