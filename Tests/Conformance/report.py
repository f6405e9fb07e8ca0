"""The report of a category: one page that needs nothing else."""

from collections import OrderedDict
from html import escape

STYLE = """
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #1d2430; --soft: #5b6472; --rule: #d8d6cf;
  --good: #1b7f4d; --bad: #b3261e; --s0: #1f5fa8; --s1: #c0561f; --s2: #5a7d1c; --cell: 31, 95, 168; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171c; --ink: #e6e8ec; --soft: #9aa3b0; --rule: #333942;
  --good: #58c48a; --bad: #ff7b70; --s0: #6ea8e6; --s1: #f0965c; --s2: #a4c95a; --cell: 110, 168, 230; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 80px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 40px 0 8px; }
.sub { color: var(--soft); margin: 0 0 20px; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th { text-align: left; color: var(--soft); font-weight: 600; }
th, td { padding: 6px 10px 6px 0; border-bottom: 1px solid var(--rule); vertical-align: top; overflow-wrap: anywhere; }
td:nth-child(1) { width: 30%; } td:nth-child(2) { width: 13%; color: var(--soft); } td:nth-child(3) { width: 25%; }
td.verdict { width: 52px; font-weight: 700; white-space: nowrap; }
.soft { color: var(--soft); } .good { color: var(--good); } .bad { color: var(--bad); }
.sums { display: flex; flex-wrap: wrap; gap: 8px 28px; padding: 14px 0; border-top: 1px solid var(--rule);
  border-bottom: 1px solid var(--rule); }
.sums b { font-size: 22px; display: block; line-height: 1.2; }
.plots { display: flex; flex-wrap: wrap; gap: 16px; margin: 10px 0; }
svg.plot { width: 100%; max-width: 520px; height: auto; } svg.map { max-width: 500px; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; } svg text.title { fill: var(--ink); font-size: 12.5px; font-weight: 600; }
svg .grid { stroke: var(--rule); stroke-width: 1; } svg .line { fill: none; stroke-width: 1.6; }
svg .s0 { stroke: var(--s0); } svg .s1 { stroke: var(--s1); } svg .s2 { stroke: var(--s2); }
svg .cell { fill: rgba(var(--cell), calc(0.12 + 0.6 * var(--share))); } svg .never { fill: var(--bad); }
svg text.cell-text { fill: var(--ink); font-size: 10px; } svg text.ink-never { fill: #fff; font-size: 13px; }
details { margin: 6px 0; } summary { cursor: pointer; color: var(--soft); }
@media (max-width: 720px) { td:nth-child(2), th:nth-child(2) { display: none; } }
"""


def page(title, subtitle, results):
    groups = OrderedDict()
    for r in results:
        groups.setdefault(r.group, []).append(r)
    failed = [r for r in results if r.passed is False]
    asked = sum(r.passed is not None for r in results)
    out = ["<!doctype html>", '<html lang="en"><head><meta charset="utf-8">',
           '<meta name="viewport" content="width=device-width, initial-scale=1">',
           f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>",
           f'<h1>{escape(title)}</h1><p class="sub">{escape(subtitle)}</p>', '<div class="sums">',
           f"<span><b>{asked}</b>tests</span>",
           f'<span><b class="good">{asked - len(failed)}</b>pass</span>',
           f'<span><b class="{"bad" if failed else "good"}">{len(failed)}</b>fail</span></div>']
    if failed:
        out += ["<h2>What fails</h2>", _table(failed)]
    for name, rows in groups.items():
        good, counted = sum(r.passed is True for r in rows), sum(r.passed is not None for r in rows)
        out.append(f"<h2>{escape(name)}</h2>")
        out.append(f'<p class="sub">{good} of {counted} pass</p>')
        out.append(_table(rows))
        plots = [p for r in rows for p in r.plots if p]
        if plots:
            opened = " open" if "island" in name.lower() else ""
            out.append(f'<details{opened}><summary>{len(plots)} plots</summary><div class="plots">'
                       + "".join(plots) + "</div></details>")
    out.append("</main></body></html>")
    return "\n".join(out)


def _table(rows):
    out = ["<table><thead><tr><th>Test</th><th>Clause</th><th>Required</th><th>Measured</th><th></th></tr></thead><tbody>"]
    for r in rows:
        word, tone = {True: ("pass", "good"), False: ("fail", "bad"), None: ("told", "soft")}[r.passed]
        out.append(f"<tr><td>{escape(r.test)}</td><td>{escape(r.clause)}</td><td>{escape(r.requirement)}</td>"
                   f'<td>{escape(r.measured)}</td><td class="verdict {tone}">{word}</td></tr>')
    return "\n".join(out) + "</tbody></table>"
