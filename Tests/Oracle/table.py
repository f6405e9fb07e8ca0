"""The table of differences: Markdown in out/oracle.md."""

from collections import Counter


def _cell(text):
    return str(text).replace("|", "/").replace("\n", " ")


def markdown(counts, differences, command):
    classes = Counter((d.why or "UNCLASSIFIED", d.clause) for d in differences)
    out = ["# The controller beside opender 2.2.0", "",
           f"By `{command}`. The same traces of voltage and frequency through both; the text of IEEE 1547-2018 decides,",
           "not the oracle. Left out: opender's flag that the time of ride-through has passed (`rt_pass_time_req`), whose",
           "comparisons above nominal voltage look inverted; it moves none of its trips and powers.", "",
           "| Category | Traces | Agree | Differ, classified | Unclassified |", "|---|---|---|---|---|"]
    for category, (traces, differ, open_) in sorted(counts.items()):
        out.append(f"| {'I' * category} | {traces} | {traces - differ} | {differ - open_} | {open_} |")
    out += ["", "## By clause", "", "| Why | Clause | Differences |", "|---|---|---|"]
    for (why, clause), n in classes.most_common():
        out.append(f"| {_cell(why if len(why) < 90 else why[:88] + ' …')} | {clause} | {n} |")
    out += ["", "## Each", "", "Replay one: `make oracle ARGS=\"--replay CATEGORY:NUMBER\"`.", "",
            "| Trace | What it is | Of | Ours | Oracle | Decided by | Clause |", "|---|---|---|---|---|---|---|"]
    for d in sorted(differences, key=lambda d: (d.why is not None, d.trace)):
        out.append("| " + " | ".join(_cell(c) for c in (
            d.trace, d.words, d.what, d.ours, d.oracle, d.why or "**nothing: unclassified**", d.clause)) + " |")
    return "\n".join(out) + "\n"
