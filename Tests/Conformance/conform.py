#!/usr/bin/env python3
"""Type tests of a DER under IEEE 1547-2018, our own rendering of IEEE 1547.1-2020, through `skerry hil`.

Exit status: 0 all pass; 1 a test fails; 2 the tests could not be run. Reports: out/conformance-<category>.html,
failures as text, and the non-detection zones as CSV and SVG.
"""

import argparse
import multiprocessing
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAMS = os.environ.get("PROGRAMS", ".build/release")
sys.path[:0] = [str(HERE.parent / "Partner"), str(HERE)]

GROUPS = [
    ("island", "zone"), ("island", "tuned"), ("trips", "slow_frequency"), ("trips", "under_voltage"),
    ("trips", "over_voltage"), ("ride", "voltage"), ("ride", "frequency"), ("support", "voltage"),
    ("support", "active"), ("enter", "run"), ("trips", "fast_frequency"), ("sync", "run"),
]
ORDER = [("trips", "over_voltage"), ("trips", "under_voltage"), ("trips", "fast_frequency"),
         ("trips", "slow_frequency"), ("ride", "voltage"), ("ride", "frequency"), ("enter", "run"), ("sync", "run"),
         ("support", "voltage"), ("support", "active"), ("island", "tuned"), ("island", "zone")]


# Settings that are wrong on purpose, and the group that must find them.
FAULTS = [
    ("trips", "under_voltage", {"stages[UV2].clearing_s": 0.25}),
    ("trips", "over_voltage", {"stages[OV1].pickup_pu": 1.13}),
    ("trips", "fast_frequency", {"stages[OF2].clearing_s": 0.4}),
    ("ride", "voltage", {"stages[UV2].pickup_pu": 0.50}),
    ("enter", "run", {"enter_service.low_pu": 0.89}),
    ("support", "voltage", {"volt_var.Q1_pu": 0.2}),
    ("support", "active", {"frequency_droop.droop_over_pu": 0.03}),
    ("island", "zone", {"anti_islanding.gain_per_Hz": 0}),
]


def one(job):
    """One group of one category, in a process of its own."""
    import importlib
    from bench import Bench
    from results import Sheet
    module, name, category, skerry, quick, fault = job
    Bench.FAULT = fault
    start = time.monotonic()
    try:
        def make(**where):
            return Bench(skerry, grid_code=f"ieee-1547-2018-cat-{category}", **where)
        run = getattr(importlib.import_module(module), name)
        results = run(skerry, category, quick) if module == "sync" else run(make, category, quick)
    except Exception as broken:  # A group that breaks off is a failure that is told, and the others go on.
        sheet = Sheet(f"{module}, {name}")
        sheet.add("the whole group", "", "to be carried out", f"broke off: {type(broken).__name__}: {broken}", False)
        results = sheet.results
    return module, name, category, results, time.monotonic() - start


def fresh(jobs):
    """Workers that live for one group each. Spawned: a fork beside the pool's threads may never wake."""
    return multiprocessing.get_context("spawn").Pool(jobs, maxtasksperchild=1)


def prove(skerry, jobs):
    """Each fault must make a test fail that passes without it."""
    groups = {(m, n) for m, n, _ in FAULTS}
    work = [(m, n, 2, skerry, True, {}) for m, n in sorted(groups)] + [(m, n, 2, skerry, True, f) for m, n, f in FAULTS]
    with fresh(jobs) as pool:
        done = pool.map(one, work, chunksize=1)
    sound = {(m, n): {r.test for r in results if r.passed} for m, n, _, results, _ in done[:len(groups)]}
    missed = 0
    for (m, n, fault), (_, _, _, results, _) in zip(FAULTS, done[len(groups):]):
        found = [r for r in results if r.passed is False and r.test in sound[m, n]]
        missed += not found
        key, value = next(iter(fault.items()))
        told = f"found by {found[0].test}: {found[0].measured}" if found else "NOT FOUND"
        print(f"{key} = {value}: {told}")
    print(f"Conformance: {len(FAULTS) - missed} of {len(FAULTS)} faults found, {missed} missed.")
    return 1 if missed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--skerry", default=f"{PROGRAMS}/skerry", help="the program under test")
    parser.add_argument("--category", type=int, choices=(1, 2, 3), action="append", help="all three if left out")
    parser.add_argument("--quick", action="store_true", help="fewer settings and phases, no five-minute clearing times")
    parser.add_argument("--only", action="append", help="groups whose name contains this, such as trips or zone")
    parser.add_argument("--prove", action="store_true",
                        help="give the DER wrong settings on purpose, one after the other: a test must find each")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", default="out")
    args = parser.parse_args()
    skerry = str(Path(args.skerry).resolve())
    if not os.access(skerry, os.X_OK):
        print(f"There is no program {args.skerry}. Run make build.", file=sys.stderr)
        return 2
    categories = args.category or [1, 2, 3]
    if args.prove:
        return prove(skerry, args.jobs)
    jobs = [(m, n, c, skerry, args.quick, {}) for m, n in GROUPS for c in categories
            if (not args.only or any(o in f"{m}.{n}" for o in args.only)) and (m != "sync" or c == categories[0])
            and not (args.quick and n == "slow_frequency")]
    found = {}
    with fresh(args.jobs) as pool:
        for m, n, c, results, took in pool.imap_unordered(one, jobs):
            found[m, n, c] = results
            good, asked = sum(r.passed is True for r in results), sum(r.passed is not None for r in results)
            print(f"category {c}, {m} {n}: {good} of {asked} pass, {took:.0f} s", flush=True)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    from report import page
    total = bad = 0
    for c in categories:
        results = [r for m, n in ORDER for r in found.get((m, n, c), [])]
        roman = {1: "I", 2: "II", 3: "III"}[c]
        title = f"Conformance, IEEE 1547-2018, category {roman}"
        (out / f"conformance-{c}.html").write_text(page(
            title, f"Type tests after IEEE 1547.1-2020 on boards/sim-der{', the quick choice of them' if args.quick else ''}",
            results), encoding="utf-8")
        for r in results:
            for name, text in r.data.items():
                (out / f"conformance-{c}-{name}").write_text(text, encoding="utf-8")
        failures = [r for r in results if r.passed is False]
        total += sum(r.passed is not None for r in results)
        bad += len(failures)
        for r in failures:
            print(f"FAIL category {roman}, {r.group}: {r.test} ({r.clause})\n     required: {r.requirement}\n"
                  f"     measured: {r.measured}")
    print(f"Reports: {', '.join(str(out / f'conformance-{c}.html') for c in categories)}")
    print(f"Conformance: {total - bad} of {total} tests pass, {bad} fail.")
    return 1 if bad or not total else 0


if __name__ == "__main__":
    sys.exit(main())
