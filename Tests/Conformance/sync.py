"""Synchronisation at the islanding switch of boards/sim-village (IEEE 1547.1-2020, 5.7; IEEE 1547-2018, 4.10.4)."""

from results import Sheet, seconds
from skerry_hil import Hil, phasor

# Table 5, up to 500 kVA.
SLIP_HZ, VOLTAGE_PU, ANGLE_DEG = 0.3, 0.10, 20.0
# Travel of the switch of that board, and how long the grid must have been there on it.
CLOSE_S, DELAY_S = 0.05, 5.0
NOMINAL_V, NOMINAL_HZ = 230.0, 50.0


def _closing(hil, slip, voltage, angle_deg, for_s=30.0):
    """(seconds until the contacts close, angle across them there), or (None, None)."""
    hil.reset()
    hil.watch(trace=["pcc.islanding_switch"])
    hil.wish(3600, connect=True)
    tick = hil.hello["tick_s"]
    inputs = {"pcc.grid": phasor(NOMINAL_V, 0, NOMINAL_HZ), "pcc.current": phasor(0),
              "pcc.bus": phasor(NOMINAL_V * voltage, angle_deg, NOMINAL_HZ + slip)}
    time = 0.0
    while time < for_s:
        step = hil.advance_frame(0.5, inputs, signals=False, trace=True)
        inputs = {}
        closing = step.trace["pcc.islanding_switch"]
        for n, value in enumerate(closing):
            if value:
                made = time + (n + 1) * tick + CLOSE_S
                return made, (angle_deg + 360 * slip * made + 180) % 360 - 180
        time += 0.5
    return None, None


def run(skerry, category, quick):
    sheet = Sheet("Synchronisation")
    hil = Hil.start("boards/sim-village", skerry=skerry, controllers=["pcc"])
    inside = [(0.05, 1.0, 40), (0.1, 1.0, 0), (-0.1, 1.0, 0), (0.25, 1.0, 90), (-0.25, 1.0, -90), (0.1, 1.08, 0),
              (0.1, 0.92, 0), (0.0, 1.0, 2)]
    for slip, voltage, angle in inside[:3] if quick else inside:
        def closes():
            made, across = _closing(hil, slip, voltage, angle)
            if made is None:
                return "does not close within 30 s", False
            return (f"closes after {seconds(made)} at {across:+.1f}°",
                    abs(across) <= ANGLE_DEG and made >= DELAY_S - 0.034)
        sheet.attempt(f"slip {slip:+g} Hz, bus at {voltage:g} pu, from {angle:+g}°", "4.10.4, table 5",
                      f"closes, not before {DELAY_S:g} s, within ± {ANGLE_DEG:g}°", closes)
    outside = [(0.35, 1.0, 0), (-0.35, 1.0, 0), (0.1, 1.115, 0), (0.1, 0.885, 0), (0.0, 1.0, 25), (0.0, 1.0, -25),
               (0.0, 1.0, 180)]
    for slip, voltage, angle in outside[:2] if quick else outside:
        def stays():
            made, across = _closing(hil, slip, voltage, angle)
            if made is None:
                return "stays open for 30 s", True
            return f"closes after {seconds(made)} at {across:+.1f}°", False
        sheet.attempt(f"slip {slip:+g} Hz, bus at {voltage:g} pu, at {angle:+g}°", "4.10.4, table 5", "stays open", stays)
    hil.close()
    return sheet.results
