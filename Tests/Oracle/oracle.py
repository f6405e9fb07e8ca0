#!/usr/bin/env python3
"""The controller and an independent model of a DER on the same traces; their differences, and what decides them.

Exit status: 0 where every difference is decided by a clause; 1 where one is not; 2 where it could not be run.
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

QUICK_TRACES = 80
_bench = {}


def _both(job):
    """One trace through both, and their differences."""
    skerry, category, number = job
    import our_side
    import oracle_side
    from bench import Bench
    from compare import compare
    from traces import make
    if category not in _bench:
        for old in _bench.values():
            old.close()
        _bench.clear()
        _bench[category] = Bench(skerry, grid_code=f"ieee-1547-2018-cat-{category}")
    trace = make(category, number)
    start = time.monotonic()
    try:
        ours = our_side.run(_bench[category], trace)
    except Exception as broken:
        raise RuntimeError(f"trace {category}:{number} broke off: {type(broken).__name__}: {broken}") from broken
    middle = time.monotonic()
    oracle = oracle_side.run(trace)
    return category, number, trace, ours, oracle, compare(trace, ours, oracle), middle - start, time.monotonic() - middle


def _choice(category, quick):
    from traces import RANDOM_TRACES, count
    total = count(category)
    if not quick:
        return range(total)
    from traces import make
    fixed = [n for n in range(total - RANDOM_TRACES) if make(category, n).segments[0].duration_s < 60]
    return fixed[::2] + list(range(total - RANDOM_TRACES, total - RANDOM_TRACES + QUICK_TRACES))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--skerry", default=f"{PROGRAMS}/skerry", help="the program under test")
    parser.add_argument("--category", type=int, choices=(1, 2, 3), action="append", help="all three if left out")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_TRACES} random traces of each category, and "
                        "every second threshold below a minute")
    parser.add_argument("--replay", metavar="CATEGORY:NUMBER", help="one trace, and what both made of it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", default="out")
    args = parser.parse_args()
    skerry = str(Path(args.skerry).resolve())
    if not os.access(skerry, os.X_OK):
        print(f"There is no program {args.skerry}. Run make build.", file=sys.stderr)
        return 2
    if args.replay:
        category, number = (int(x) for x in args.replay.split(":"))
        _, _, trace, ours, oracle, differences, a, b = _both((skerry, category, number))
        print(trace)
        print(f"ours   ({a:.2f} s): {ours}")
        print(f"oracle ({b:.2f} s): {oracle}")
        for d in differences:
            print(d)
        for bench in _bench.values():
            bench.close()
        return 1 if any(d.why is None for d in differences) else 0
    categories = args.category or [1, 2, 3]
    jobs = [(skerry, c, n) for c in categories for n in _choice(c, args.quick)]
    counts = {c: [0, 0, 0] for c in categories}
    differences, spent, began = [], [0.0, 0.0], time.monotonic()
    with multiprocessing.Pool(args.jobs) as pool:
        for k, (c, n, trace, ours, oracle, found, a, b) in enumerate(pool.imap_unordered(_both, jobs, chunksize=8), 1):
            counts[c][0] += 1
            counts[c][1] += bool(found)
            counts[c][2] += any(d.why is None for d in found)
            differences += found
            spent[0] += a
            spent[1] += b
            if k % 250 == 0:
                print(f"{k} of {len(jobs)} traces, {time.monotonic() - began:.0f} s", flush=True)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    from table import markdown
    command = "make oracle" + (' ARGS="--quick"' if args.quick else "")
    (out / "oracle.md").write_text(markdown(counts, differences, command), encoding="utf-8")
    open_ = [d for d in differences if d.why is None]
    for d in open_[:40]:
        print(f"UNCLASSIFIED {d.trace} ({d.words}), {d.what}: ours {d.ours}; oracle {d.oracle} ({d.clause})\n"
              f"     again: make oracle ARGS=\"--replay {d.trace}\"")
    if len(open_) > 40:
        print(f"… and {len(open_) - 40} more in {out}/oracle.md")
    for c in categories:
        traces, differ, unknown = counts[c]
        print(f"category {'I' * c}: {traces} traces, {traces - differ} agree, {differ - unknown} differ and a clause decides, "
              f"{unknown} unclassified")
    total = sum(c[0] for c in counts.values())
    print(f"Oracle: {total} traces, {len(differences)} differences, {len(open_)} unclassified; "
          f"{time.monotonic() - began:.0f} s (ours {spent[0]:.0f} s, opender {spent[1]:.0f} s of processor). Table: {out}/oracle.md")
    return 1 if open_ or not total else 0


if __name__ == "__main__":
    sys.exit(main())
