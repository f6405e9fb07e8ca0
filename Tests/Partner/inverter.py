"""The plant of a DER: an inverter that follows commands of P and Q, with what is available behind it.

Positive power goes into the bus. The current is a positive sequence: conj(S / 3 V1), V1 the positive
sequence of the terminal voltage, and no phase carries more than the inverter can.
"""

import cmath
import math

A = cmath.exp(2j * math.pi / 3)

# Of a current loop: time constant of P and Q, and the time from a blocked gate to no current.
LAG_S = 0.003
STOP_S = 0.004


def positive(v):
    """Positive sequence of three phasors."""
    return (v[0] + A * v[1] + A * A * v[2]) / 3


def balanced(magnitude, angle_deg=0.0):
    v = cmath.rect(magnitude, math.radians(angle_deg))
    return [v, v * A.conjugate(), v * A]


class Inverter:
    """Per unit of its apparent-power rating and of nominal voltage."""

    def __init__(self, tick_s, most_current=1 / 0.88):
        self.tick_s = tick_s
        self.most_current = most_current
        self.available = 1.0
        self.charging = 0.0
        self._share = 1 - math.exp(-tick_s / LAG_S)
        self.reset()

    def reset(self):
        self.p = self.q = 0.0
        self._off_s = math.inf

    def tick(self, is_on, p, q):
        """One tick after the commands P and Q, per unit."""
        if is_on and p == p and q == q:
            self._off_s = 0.0
            p = min(p, self.available) if p >= 0 else max(p, -self.charging)
            self.p += self._share * (p - self.p)
            self.q += self._share * (q - self.q)
            return
        self._off_s += self.tick_s
        if self._off_s >= STOP_S:
            self.p = self.q = 0.0

    def current(self, v1):
        """Phasor of its positive-sequence current at the terminal voltage `v1`."""
        if not (self.p or self.q):
            return 0j
        v = abs(v1)
        i = (complex(self.p, self.q) / cmath.rect(max(v, 0.02), cmath.phase(v1))).conjugate()
        most = self.most_current
        return i if abs(i) <= most else i / abs(i) * most
