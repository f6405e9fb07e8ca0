#!/usr/bin/env python3
"""Runs the cases of `cases/` on the kernels of `kernels`, each in a machine restored from a
snapshot, two machines at once, and prints what held. Exits 1 unless everything did.

    suite.py --work FOLDER [--kernels 6.1,6.12] [--keep] [CASE...]

A CASE is a name or a pattern (`relay-*`). `make test-kernel` fetches the kernels and builds the
programs first.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import fnmatch
import hashlib
import json
import os
import re
import sys
import threading
import time

import image
from guest_machine import Guest, GuestFailure, snapshot_key

HERE = os.path.dirname(os.path.abspath(__file__))
AT_ONCE = 2  # machines; each is one busy thread
BOOT_S, STAGE_S, CASE_S = 600, 600, 600  # on the host's clock; a case may ask for more


@dataclasses.dataclass
class Script:
    """A case or a stage: shell for the guest, and what its head says about it."""

    name: str
    text: str
    what: str  # one line
    start: str  # the stage it starts from
    kernels: list
    within_s: float
    fails: str  # why it must fail; empty for all but the scripts that try the harness itself

    @staticmethod
    def read(path, kernels):
        with open(path) as file:
            text = file.read()
        name = os.path.splitext(os.path.basename(path))[0]
        head = dict(re.findall(r"^# (from|kernels|within|fails): *(.+)$", text, re.MULTILINE))
        what = re.match(r"# (.+)", text)
        only = head.get("kernels", "*").split()
        chosen = [k for k in kernels if any(fnmatch.fnmatch(k, pattern) for pattern in only)]
        within = head.get("within", f"{CASE_S} s")
        if not what or not within.endswith(" s"):
            raise SystemExit(f"{path}: the first line says what it shows; `within` is in s")
        return Script(name, text, what[1], head.get("from", "boot"), chosen, float(within[:-2]),
                      head.get("fails", ""))  # fmt: skip


@dataclasses.dataclass
class Outcome:
    case: str
    kernel: str
    passed: bool
    seconds: float
    why: str  # of a failure
    said: list


def scripts(folder, kernels):
    paths = sorted(os.path.join(HERE, folder, name) for name in os.listdir(f"{HERE}/{folder}"))
    return {script.name: script for script in (Script.read(p, kernels) for p in paths)}


class Kernel:
    """One kernel: its image and its snapshots, made when first asked for."""

    def __init__(self, name, work, contents, stages, tell):
        self.name, self.stages, self.tell = name, stages, tell
        self.folder = os.path.join(work, "guests", name)
        os.makedirs(self.folder, exist_ok=True)
        source = os.path.join(work, "kernels", name)
        self.vmlinuz = os.path.join(source, "vmlinuz")
        self.initrd = os.path.join(self.folder, "initrd")
        image.write(self.initrd, contents, source)
        self.key = snapshot_key(self.vmlinuz, self.initrd)
        self.locks = collections.defaultdict(threading.Lock)
        self.broken = {}  # stage -> why

    def guest(self, name, snapshot=None):
        return Guest(os.path.join(self.folder, name), self.vmlinuz, self.initrd, snapshot)

    def snapshot(self, stage):
        """The path of the snapshot after `stage`. One caller makes it, the others wait."""
        with self.locks[stage]:
            if stage in self.broken:
                raise GuestFailure(self.broken[stage])
            key = self.key
            if stage != "boot":
                key += "".join(hash_of(self.stages[s].text) for s in self.lineage(stage))
            path = os.path.join(self.folder, f"{stage}.snapshot")
            if not (os.path.exists(path) and read(path + ".key") == key):
                try:
                    self.make(stage, path)
                except GuestFailure as failure:
                    self.broken[stage] = f"stage {stage}: {failure}"
                    raise GuestFailure(self.broken[stage]) from None
                with open(path + ".key", "w") as file:
                    file.write(key)
            return path

    def lineage(self, stage):
        while stage != "boot":
            yield stage
            stage = self.stages[stage].start

    def make(self, stage, path):
        script = self.stages.get(stage)
        before = self.snapshot(script.start) if script else None
        start = time.monotonic()
        guest = self.guest(f"stage-{stage}", before)
        try:
            deadline = start + BOOT_S
            if script:
                deadline = start + script.within_s
                guest.send(stage, script.text, stay=True)
                if guest.until("done", deadline)["done"] != 0:
                    raise GuestFailure(f"{misses(guest.said)}\n{guest.tail()}")
            guest.until("ready", deadline)
            ready = time.monotonic()
            guest.save(path)
        finally:
            guest.close()
        self.tell(
            f"{self.name}: {stage} after {ready - start:.1f} s, saved in"
            f" {time.monotonic() - ready:.1f} s ({os.path.getsize(path) >> 20} MB)")

    def run(self, case):
        start = time.monotonic()
        guest = None
        try:
            snapshot = self.snapshot(case.start)
            start = time.monotonic()
            guest = self.guest(case.name, snapshot)
            guest.send(case.name, case.text)
            status = guest.status(start + case.within_s)
            why = misses(guest.said)
            if not any("expect" in line for line in guest.said):
                why = "nothing was expected, so nothing was shown"
            if status != 0 or why:
                why = f"{why or f'ended with {status}'}\n{guest.tail()}"
        except GuestFailure as failure:
            why = f"{misses(guest.said)}\n" if guest else ""
            why += str(failure)
        finally:
            if guest:
                guest.close()
        said = guest.said if guest else []
        if case.fails:
            caught = case.fails in why
            why = "" if caught else f"should have failed with: {case.fails}\nbut: {why or 'passed'}"
            said = []
        return Outcome(case.name, self.name, not why, time.monotonic() - start, why, said)


def misses(said):
    """What did not hold, a line each."""
    return "\n".join(
        f"not so: {line['expect']}\n    {line.get('command')}\n    {line.get('said')}"
        if "expect" in line
        else f"garbled: {line['garbled']}"
        for line in said
        if line.get("holds") is False or "garbled" in line
    )


def hash_of(text):
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except FileNotFoundError:
        return None


def kernel_names():
    lines = (line.split() for line in open(os.path.join(HERE, "kernels")))
    return [words[0] for words in lines if words and not words[0].startswith("#")]


def table(outcomes, kernels, cases):
    """case x kernel: the seconds it took, or FAILED; - where the case is not for that kernel."""
    by = {(o.case, o.kernel): o for o in outcomes}
    width = max(len(case.name) for case in cases)
    yield " ".join(["case".ljust(width), *(k.rjust(10) for k in kernels)])
    for case in cases:
        cells = []
        for kernel in kernels:
            outcome = by.get((case.name, kernel))
            cells.append("-" if not outcome else
                         f"{outcome.seconds:.1f} s" if outcome.passed else "FAILED")  # fmt: skip
        yield " ".join([case.name.ljust(width), *(c.rjust(10) for c in cells), " " + case.what])


def main():
    ask = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    ask.add_argument("--work", required=True, help="where kernels, images and snapshots are")
    ask.add_argument("--kernels", default="", help="names, with commas between; all when empty")
    ask.add_argument("--keep", action="store_true", help="keep snapshots for the next run")
    ask.add_argument("cases", nargs="*", help="names or patterns; all when empty")
    asked = ask.parse_args()
    asked.work = os.path.abspath(asked.work)

    names = kernel_names()
    if asked.kernels:
        unknown = set(asked.kernels.split(",")) - set(names)
        if unknown:
            raise SystemExit(f"no such kernel: {' '.join(unknown)}; there are {' '.join(names)}")
        names = [name for name in names if name in asked.kernels.split(",")]
    stages = scripts("stages", names)
    # The harness itself first: what must fail does, on the first kernel.
    cases = [*scripts("must-fail", names[:1]).values(), *scripts("cases", names).values()]
    if asked.cases:
        for pattern in asked.cases:
            if not any(fnmatch.fnmatch(case.name, pattern) for case in cases):
                raise SystemExit(f"no case is called {pattern}")
        cases = [c for c in cases if any(fnmatch.fnmatch(c.name, p) for p in asked.cases)]

    lock = threading.Lock()

    def tell(words):
        with lock:
            print(words, flush=True)

    start = time.monotonic()
    contents = image.contents(asked.work)
    kernels = [Kernel(name, asked.work, contents, stages, tell) for name in names]
    tell(f"{len(kernels)} images of {os.path.getsize(kernels[0].initrd) >> 20} MB in"
         f" {time.monotonic() - start:.1f} s")  # fmt: skip

    # The longest first, so that none is left to run alone at the end.
    pairs = [(c, k) for c in sorted(cases, key=lambda c: -c.within_s) for k in kernels
             if k.name in c.kernels]  # fmt: skip
    outcomes = []
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(k.run, c) for c, k in pairs]
        for done in concurrent.futures.as_completed(running):
            outcome = done.result()
            outcomes.append(outcome)
            word = f"{outcome.seconds:.1f} s" + ("" if outcome.passed else ", FAILED")
            tell(f"{outcome.kernel}: {outcome.case}: {word}")
            if not outcome.passed:
                tell("    " + outcome.why.replace("\n", "\n    "))
            for line in outcome.said:
                if "figure" in line:
                    tell(f"    {line['figure']}: {line['value']}")

    with open(os.path.join(asked.work, "results.jsonl"), "w") as file:
        for outcome in outcomes:
            file.write(json.dumps(dataclasses.asdict(outcome)) + "\n")
    if not asked.keep:
        for kernel in kernels:
            for name in os.listdir(kernel.folder):
                if name.endswith(".snapshot"):
                    os.remove(os.path.join(kernel.folder, name))
    print()
    print("\n".join(table(outcomes, names, cases)))
    failed = sum(not outcome.passed for outcome in outcomes)
    print(f"\n{len(outcomes) - failed} passed, {failed} failed, in {time.monotonic() - start:.0f} s")
    return 1 if failed or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
