"""What a trace did to a DER: when it tripped, and what it delivered at the end of each segment."""

from dataclasses import dataclass, field


@dataclass
class Outcome:
    tripped_s: float | None = None
    # One for each segment before the trip: (P, Q) or None where it is not compared, and t90.
    samples: list = field(default_factory=list)
    states: set = field(default_factory=set)

    def trip(self, time):
        self.tripped_s = time


class Sampler:
    """P and Q over a segment, per unit of the rating."""

    def __init__(self, segment, start):
        self.segment = segment
        self.start = start
        self.rows = []

    def see(self, time, p, q):
        self.rows.append((time, p, q))

    def done(self, end, response):
        """(P, Q, seconds to 90 % of the change or None), or None where nothing settled."""
        segment = self.segment
        if segment.settled_s is None or segment.duration_s < segment.settled_s or not self.rows:
            return None
        tail = [r for r in self.rows if r[0] > end - 0.1] or self.rows[-1:]
        p = sum(r[1] for r in tail) / len(tail)
        q = sum(r[2] for r in tail) / len(tail)
        reached = None
        if response:
            column = 1 if response[0] == "p" else 2
            first, last = self.rows[0][column], (p, q)[column - 1]
            if abs(last - first) > 0.05:
                reached = next((r[0] - self.start for r in self.rows
                                if abs(r[column] - first) >= 0.9 * abs(last - first)), None)
        return p, q, reached
