"""What a test found, and how one is run."""

import traceback
from dataclasses import dataclass, field


@dataclass
class Result:
    group: str
    test: str
    clause: str
    requirement: str
    measured: str
    # None: told, and not asked by the standard.
    passed: bool | None
    plots: list = field(default_factory=list)
    # Files to be written beside the report, by name.
    data: dict = field(default_factory=dict)


class Sheet:
    """Collects the results of one group of tests."""

    def __init__(self, group):
        self.group = group
        self.results = []

    def add(self, test, clause, requirement, measured, passed, plots=()):
        self.results.append(
            Result(self.group, test, clause, requirement, measured, None if passed is None else bool(passed), list(plots)))

    def attempt(self, test, clause, requirement, body):
        """Runs `body`, which gives (measured, passed) or (measured, passed, plots).

        What cannot be carried out has failed, and says why."""
        from bench import Unfit
        from skerry_hil import HilError
        try:
            self.add(test, clause, requirement, *body())
        except (Unfit, HilError) as fault:
            self.add(test, clause, requirement, f"not carried out: {fault}", False)
        except (ArithmeticError, IndexError, KeyError, TypeError, ValueError):
            self.add(test, clause, requirement, f"not carried out: {traceback.format_exc(limit=-2)}", False)


def seconds(value):
    if value is None:
        return "never"
    return f"{value * 1000:.0f} ms" if abs(value) < 1 else f"{value:.3f} s"
