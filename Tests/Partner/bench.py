"""A DER on a test bench: an ideal grid of three phasors, an inverter, and the controller in lockstep.

Everything is per unit: of nominal voltage, and of the rated apparent power.
"""

import cmath
import math
import sys
from pathlib import Path

from inverter import Inverter, balanced, positive

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "clients"))
from skerry_hil import Hil, HilError, phasor  # noqa: E402

# Below this share of rated current the DER has ceased to energise.
CEASED = 0.01
# What else a home has: a battery that is well and half full, nothing else that gives or takes.
BESIDE = {"battery_voltage": 51.2, "battery_current": 0.0, "battery_temperature": 25.0, "state_of_charge": 0.5,
          "link_voltage": 51.2, "wind_power": 0.0, "ev_power": 0.0, "load_power": 0.0}
# A dead phase keeps its angle.
NIL = 1e-6


class Unfit(Exception):
    """The DER did not come to where the test begins."""


class Log:
    """What the bench saw, a row each tick; sparse rows where it only waited."""

    def __init__(self):
        self.t, self.p, self.q, self.i, self.on, self.enabled, self.v, self.f = ([] for _ in range(8))

    def add(self, t, p, q, i, on, enabled, v, f):
        self.t.append(t)
        self.p.append(p)
        self.q.append(q)
        self.i.append(i)
        self.on.append(on)
        self.enabled.append(enabled)
        self.v.append(v)
        self.f.append(f)

    def index(self, t):
        """First row at or after `t`."""
        low, high = 0, len(self.t)
        while low < high:
            middle = (low + high) // 2
            if self.t[middle] < t - 1e-9:
                low = middle + 1
            else:
                high = middle
        return low

    def at(self, t, column="p"):
        k = min(self.index(t), len(self.t) - 1)
        return getattr(self, column)[k]

    def mean(self, column, start, end):
        values = getattr(self, column)[self.index(start):self.index(end)]
        return sum(values) / len(values) if values else math.nan


class Bench:
    """A grid-following DER of a board: that of the home called `name`."""

    # What boards/sim-der chooses for a demonstration, put back to the defaults of the standard.
    DEFAULTS = {"enter_service.delay_s": 300, "enter_service.ramp_s": 300,
                "reactive.mode": "constant_power_factor"}

    # Wrong on purpose, whatever a test asks: a judge must find it.
    FAULT = {}

    def __init__(self, skerry, board="boards/sim-der", name="roof", grid_code=None, seed=1):
        self.hil = Hil.start(board, skerry=skerry, controllers=[name], seed=seed)
        self.controller = self.hil.controllers[name]
        self.name = name
        self.inputs = {i["name"].split(".", 1)[1]: i for i in self.controller["inputs"]}
        self.signals = {s["name"].split(".", 1)[1]: s for s in self.controller["signals"]}
        nominal = self.controller["nominal"]
        self.nominal_V = nominal["voltage_V"]
        self.nominal_Hz = nominal["frequency_Hz"]
        self.rated_A = nominal["current_A"]
        self.rated_VA = 3 * self.nominal_V * self.rated_A
        self.tick_s = self.hil.hello["tick_s"]
        self.cycle_s = 1 / self.nominal_Hz
        self.sides = [s for s in ("bus", "grid") if f"{s}_a" in self.inputs]
        self.hil.watch(trace=[f"{self.name}.{n}" for n in self.TRACE])
        self.mode_follow = self.signals["inverter_mode"]["values"].index("follow")
        self.inverter = Inverter(self.tick_s)
        self.grid_code = grid_code
        self._written = {}
        self.reset()

    # Settings

    def _key(self, key):
        return key[1:] if key.startswith("/") else f"homes[{self.name}].der.{key}"

    def set(self, settings):
        """Keys of the DER's section; with a leading slash, of the board file."""
        written = {self._key(k): v for k, v in settings.items()}
        self._written = {**self._written, **written}
        return self.hil.set(written)

    def reset(self, settings=None, available=1.0):
        """All anew, with the board's own settings but these."""
        fresh = {}
        if self.grid_code:
            fresh["/grid_code"] = self.grid_code
        fresh.update(self.DEFAULTS)
        fresh.update(settings or {})
        fresh.update(self.FAULT)
        written = {self._key(k): v for k, v in fresh.items()}
        if self._written != written:
            self.hil.set({**{k: None for k in set(self._written) - set(written)}, **written})
        self._written = written
        self.hil.reset()
        self.time = 0.0
        self.log = Log()
        self.events = []
        self.inverter.reset()
        self.inverter.available = available
        self.on = self.enabled = False
        self.p_command = self.q_command = 0.0
        self._told = None
        self.frequency = self.nominal_Hz
        self.v = balanced(1.0)

    # Grid

    def grid(self, v=None, f=None, angle_deg=None, phases=None):
        """Balanced voltage `v`, or magnitudes of `phases` a, b, c; an angle that jumps."""
        if phases is not None:
            self.v = [cmath.rect(max(m, NIL), cmath.phase(u)) for m, u in zip(phases, balanced(1.0))]
        elif v is not None:
            angle = math.degrees(cmath.phase(self.v[0]))
            self.v = balanced(max(v, NIL), angle)
        if angle_deg is not None:
            turn = cmath.exp(1j * (math.radians(angle_deg) - cmath.phase(self.v[0])))
            self.v = [u * turn for u in self.v]
        if f is not None:
            self.frequency = f

    def jump_phase(self, phase, degrees):
        """One phase alone turns."""
        self.v = list(self.v)
        self.v[phase] *= cmath.exp(1j * math.radians(degrees))

    def _orders(self):
        orders = {}
        told = (tuple(self.v), self.frequency)
        told_anew = self._told is None
        if told != self._told:
            self._told = told
            for name, u in zip("abc", self.v):
                wave = phasor(abs(u) * self.nominal_V, math.degrees(cmath.phase(u)), self.frequency)
                for side in self.sides:
                    orders[f"{self.name}.{side}_{name}"] = wave
        i = self.inverter.current(positive(self.v))
        angle = math.degrees(cmath.phase(i if i else positive(self.v)))
        for name, turn in zip("abc", (0, -120, 120)):
            orders[f"{self.name}.current_{name}"] = phasor(abs(i) * self.rated_A, angle + turn)
        if "pv_power" in self.inputs:
            orders[f"{self.name}.pv_power"] = self.inverter.available * self.rated_VA
        if told_anew:
            for name, value in BESIDE.items():
                if name in self.inputs:
                    orders[f"{self.name}.{name}"] = value
        return orders

    # Time

    TRACE = ("inverter_mode", "inverter_enable", "inverter_active_W", "inverter_reactive_var")

    def _advance(self, seconds, is_ramp):
        step = self.hil.advance_frame(seconds, self._orders(), ramp=is_ramp, signals=False, trace=True)
        self.events += step.events
        return [step.trace[f"{self.name}.{n}"] for n in self.TRACE]

    def run(self, seconds, step=0.02, is_ramp=False, sees=None):
        """Goes on, each tick seen; the currents answer the commands with a delay of one `step`.

        sees: called after each step."""
        steps = max(1, round(seconds / step))
        size = seconds / steps
        inverter, log = self.inverter, self.log
        base = self.rated_VA
        for _ in range(steps):
            columns = self._advance(size, is_ramp)
            v1 = positive(self.v)
            for mode, enable, p, q in zip(*columns):
                self.time += self.tick_s
                self.enabled = enable > 0.5
                self.on = self.enabled and mode == self.mode_follow
                self.p_command, self.q_command = p / base, q / base
                inverter.tick(self.on, self.p_command, self.q_command)
                i = inverter.current(v1)
                s = v1 * i.conjugate()
                log.add(self.time, s.real, s.imag, abs(i), self.on, self.enabled, abs(v1), self.frequency)
            if sees:
                sees()

    def wait(self, seconds, step=1.0, until=None):
        """Goes on with a row only for each step and each change of what the inverter is told to be.

        Back before its time where the inverter was disabled, or where `until` says so; then True."""
        left = seconds
        while left > 1e-9:
            size = min(step, left)
            modes, enables, actives, reactives = self._advance(size, False)
            if not modes:
                # Less than a tick: it is carried.
                left -= size
                continue
            v1 = positive(self.v)
            changed = False
            last = len(modes) - 1
            steady = modes.count(modes[0]) == last + 1 and enables.count(enables[0]) == last + 1
            start = self.time
            for k in ((0, last) if steady else range(last + 1)):
                on = enables[k] > 0.5 and modes[k] == self.mode_follow
                enabled = enables[k] > 0.5
                is_new = on != self.on or enabled != self.enabled
                if not is_new and k != last:
                    continue
                changed = changed or is_new
                self.time = start + (k + 1) * self.tick_s
                if is_new and not on:
                    self.inverter.reset()
                elif not is_new:
                    for _ in range(20):
                        self.inverter.tick(on, actives[k] / self.rated_VA, reactives[k] / self.rated_VA)
                self.on, self.enabled = on, enabled
                i = self.inverter.current(v1)
                s = v1 * i.conjugate()
                self.log.add(self.time, s.real, s.imag, abs(i), on, enabled, abs(v1), self.frequency)
            self.p_command, self.q_command = actives[last] / self.rated_VA, reactives[last] / self.rated_VA
            left -= size
            if (changed and not self.enabled) or (until and until(self)):
                return True
        return False

    def ramp(self, seconds, v=None, f=None, step=0.02):
        """Voltage and frequency on straight lines, each tick seen."""
        steps = max(1, round(seconds / step))
        v0, f0 = abs(self.v[0]), self.frequency
        for k in range(1, steps + 1):
            self.grid(v=None if v is None else v0 + (v - v0) * k / steps,
                      f=None if f is None else f0 + (f - f0) * k / steps)
            self.run(seconds / steps, step=seconds / steps, is_ramp=True)

    # States

    QUICK = {"enter_service.delay_s": 0, "enter_service.ramp_s": 1}

    def enter(self, power=None, within_s=30):
        """From a reset to steady operation at nominal voltage and frequency."""
        wanted = self.inverter.available if power is None else power
        self.grid(v=1.0, f=self.nominal_Hz, angle_deg=0)
        end = self.time + within_s
        while self.time < end:
            self.run(0.25, step=0.05)
            if self.on and abs(self.inverter.p - wanted) < 0.02:
                self.run(0.5, step=0.05)
                return
        state = self.state()
        raise Unfit(f"not in service at {wanted:.2f} pu after {within_s} s: P {self.inverter.p:.3f}, {state}")

    def state(self):
        reply = self.hil.advance(0, want=["states", "verdict"])
        c = reply["controllers"][self.name]
        told = {k: v for k, v in c["states"].items()}
        told.update({k: v for k, v in c["verdict"].items() if v not in ([], False, "", "none", None)})
        return ", ".join(f"{k} {v}" for k, v in told.items())

    def tripped_after(self, start):
        """Seconds from `start` to the end of current for good because the inverter was disabled."""
        k = self.log.index(start)
        for n in range(k, len(self.log.t)):
            if not self.log.enabled[n]:
                while n < len(self.log.t) and self.log.i[n] >= CEASED:
                    n += 1
                return (self.log.t[n] if n < len(self.log.t) else self.log.t[-1]) - start
        return None

    def ceased_after(self, start):
        """Seconds from `start` to the first tick without current."""
        for n in range(self.log.index(start), len(self.log.t)):
            if self.log.i[n] < CEASED:
                return self.log.t[n] - start
        return None

    def close(self):
        self.hil.close()
