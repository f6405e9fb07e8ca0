"""History and events: drawn, and what is read there is what the hub answered."""

import json
import os
import tempfile
import time
from datetime import datetime
from pathlib import Path

from checks import check, near, read


def instant(text):
    """Seconds since 1970 of a time as the API writes it."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def responses(s, part):
    """Answers the page got since the last look, by a part of their path."""
    found = []
    for e in s.browser.events:
        if e["method"] == "Network.responseReceived" and part in e["params"]["response"]["url"]:
            body = s.browser.call("Network.getResponseBody", requestId=e["params"]["requestId"])
            found.append((e["params"]["response"]["url"], json.loads(body["body"])))
    return found


def readout(s, plot):
    return s.browser.run(f"""(() => {{ const p = document.querySelector('.plot.{plot}'); return {{ at: Number(p.querySelector('.seek').value), time: p.querySelector('.at').textContent,
        text: p.querySelector('.seek').getAttribute('aria-valuetext'), values: Object.fromEntries([...p.querySelectorAll('.figure')].map(f => [f.dataset.key, f.textContent])) }}; }})()""")


def at_home(s):
    """History of one home, whose answer is not a sum; its name."""
    name = s.browser.run("[...document.querySelectorAll('.history select option')].find(o => o.value)?.value ?? ''")
    if name:
        s.browser.events.clear()
        s.browser.run(f"(() => {{ const c = document.querySelector('.history select'); c.value = {json.dumps(name)}; c.onchange?.(); c.dispatchEvent(new Event('change')); }})()")
        s.browser.listen(1)
    return name


@check("the day's history draws and its readout equals the data", needs="past")
def day(s):
    s.go("history")
    b = s.browser
    assert b.run("document.querySelectorAll('.plot.powers .area').length") > 1, "no areas"
    at_home(s)
    assert b.wait("document.querySelector('.plot.powers .area') && !document.querySelector('[aria-busy]')")
    answers = [a for u, a in responses(s, "/history?") if a["step_s"] == 900]
    assert answers, "the page asked for no quarters"
    data = answers[-1]
    checked = 0
    b.run("document.querySelector('.plot.powers .seek').focus()")
    for key in ("End", "ArrowLeft", "ArrowLeft", "Home", "ArrowRight"):
        b.key(key)
        b.listen(0.1)
        shown = readout(s, "powers")
        start = b.run("Date.parse(document.querySelector('.history').dataset.from ?? '')") or None
        t = data["t_s"][0] - data["t_s"][0] % 900 + 900 * shown["at"] if start is None else start / 1000 + 900 * shown["at"]
        if t not in data["t_s"]:
            continue
        n = data["t_s"].index(t)
        for figure in data["figures"]:
            key_name = figure.removesuffix("_W")
            if figure.endswith("_W") and key_name in shown["values"] and data["mean"][figure][n] is not None:
                near(shown["values"][key_name], data["mean"][figure][n], f"{figure} at {t}")
                assert shown["values"][key_name] in shown["text"], f"the screen reader hears {shown['text']!r}"
                checked += 1
    assert checked > 5, f"only {checked} values were compared"
    return f"{checked} values by keyboard"


@check("the readout follows the pointer")
def pointer(s):
    s.go("history")
    b = s.browser
    box = b.run("(() => { const r = document.querySelector('.plot.powers .plot-room').getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()")
    seen = set()
    for share in (0.12, 0.2, 0.3):
        b.call("Input.dispatchMouseEvent", type="mouseMoved", x=box[0] + box[2] * share, y=box[1] + box[3] / 2)
        b.listen(0.1)
        shown = readout(s, "powers")
        cursor = b.run("document.querySelector('.plot.powers .cursor').getBoundingClientRect().left") - box[0]
        first, last = b.run("document.querySelector('.plot.powers .seek').min"), b.run("document.querySelector('.plot.powers .seek').max")
        assert int(first) <= shown["at"] <= int(last)
        if shown["at"] < int(last):
            assert abs(cursor - box[2] * share) < box[2] / 60, f"the cursor is at {cursor:.0f}, the pointer at {box[2] * share:.0f}"
        seen.add(shown["time"])
    assert len(seen) > 1, "the readout stands still"


@check("week, month and year draw, with energies, and previous and next move", needs="past")
def longer(s):
    s.go("history")
    b = s.browser
    for kind, most in (("week", 7), ("month", 31), ("year", 12)):
        b.run(f"document.getElementById('kind-{kind}').click()")
        b.listen(0.2)
        assert b.wait("!document.querySelector('[aria-busy]') && document.querySelector('.plot.energies .area')", 20), f"{kind}: no energies"
        name = s.text("#period")
        b.run("document.getElementById('previous').click()")
        b.listen(0.2)
        assert b.wait("!document.querySelector('[aria-busy]') && document.querySelector('.plot.energies .area')", 30), f"{kind}: nothing before"
        assert s.text("#period") != name, f"{kind}: previous does not move"
        bars = int(b.run("document.querySelector('.plot.energies .seek').max")) + 1
        assert bars == most or kind == "month" and 28 <= bars <= 31, f"{kind}: {bars} bars"
        b.picture(s.shots / f"history-{kind}.png")
        b.run("document.getElementById('next').click()")
        b.listen(0.2)
        assert b.wait("!document.querySelector('[aria-busy]')", 30)
        assert s.text("#period") == name, f"{kind}: next does not come back"
        assert b.run("document.getElementById('next').disabled"), "the future is offered"


@check("energies of a week's days add up to the quarters of the hub", needs="past")
def week_sums(s):
    s.go("history")
    b = s.browser
    b.run("document.getElementById('kind-week').click()")
    b.run("document.getElementById('previous').click()")
    assert b.wait("!document.querySelector('[aria-busy]')", 20)
    at_home(s)
    b.listen(0.3)
    assert b.wait("!document.querySelector('[aria-busy]') && document.querySelector('.plot.energies .area')", 20)
    answers = [a for u, a in responses(s, "/history?") if a["step_s"] == 900 and "load_W" in a["figures"]]
    assert answers, "no quarters were asked"
    true = -sum(x or 0 for x in answers[-1]["out_Wh"]["load_W"])
    b.run("document.querySelector('.plot.energies ~ .sheet').open = true")
    b.listen(0.2)
    column = b.run("""(() => { const t = document.querySelector('.plot.energies ~ .sheet table'); const n = [...t.tHead.rows[0].cells].findIndex(c => c.textContent === 'Loads');
        return [...t.tBodies[0].rows].map(r => r.cells[n].textContent); })()""")
    shown = sum(read(c) for c in column)
    assert len(column) == 7 and abs(shown - true) < 0.006 * abs(true) + 5, f"the days add up to {shown} Wh, the quarters to {true:.0f} Wh"
    return f"{shown:.0f} Wh of {true:.0f} Wh"


@check("figures of the period equal the summary, with their sources", needs_mock=True)
def sums(s):
    s.go("history")
    b = s.browser
    b.events.clear()
    b.run("document.getElementById('previous').click()")
    b.listen(0.3)
    assert b.wait("!document.querySelector('[aria-busy]')", 20)
    _, summary = responses(s, "/summary?")[-1]
    shown = b.run("Object.fromEntries([...document.querySelectorAll('#sums dd')].map(d => [d.dataset.key, d.textContent]))")
    near(shown["sum.self_sufficiency"], 100 * summary["self_sufficiency"], "self-sufficiency")
    near(shown["sum.self_consumption"], 100 * summary["self_consumption"], "self-consumption")
    near(shown["sum.import"], summary["import_Wh"], "import")
    assert f"{summary['cost']:.2f}" in shown["sum.cost"], shown["sum.cost"]
    assert "tariff of the board file" in shown["sum.cost"] and "national mean of 2024" in shown["sum.co2"]
    assert "5 min" in s.text(".outages") and "grid lost" in s.text(".outages"), s.text(".outages")
    assert b.run("document.querySelectorAll('.plot.powers .band.outage').length") == len(summary["outages"]) == 1


@check("the exported file holds what is shown", needs_mock=True)
def exported(s):
    s.go("history")
    b = s.browser
    with tempfile.TemporaryDirectory() as folder:
        b.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=folder)
        b.run("document.querySelector('.export').click()")
        end = time.monotonic() + 10
        while not list(Path(folder).glob("*.csv")) and time.monotonic() < end:
            b.listen(0.1)
        files = list(Path(folder).glob("*.csv"))
        assert len(files) == 1, f"no file came: {os.listdir(folder)}"
        text = files[0].read_bytes().decode()
    rows = [r.split(",") for r in text.split("\r\n") if r]
    assert rows[0][:2] == ["time_UTC", "pv_W"] and all(len(r) == len(rows[0]) for r in rows), rows[0]
    shown = readout(s, "powers")
    near(shown["values"]["pv"], float(rows[1 + shown["at"]][1]), "pv of the file")
    return f"{len(rows) - 1} rows of {len(rows[0])} columns"


@check("events come newest first, and the filters keep what they say")
def events(s):
    s.go("events")
    b = s.browser
    listed = "[...document.querySelectorAll('.event')].map(e => ({ time: e.querySelector('time').dateTime, kind: e.querySelector('.kind').classList[1], who: e.querySelector('.who').textContent }))"
    choose = "(() => {{ const c = document.getElementById('event-{}'); c.value = {}; c.dispatchEvent(new Event('change')); }})()"
    assert b.wait("document.querySelector('.event')"), "no events"
    every = b.run(listed)
    assert [e["time"] for e in every] == sorted((e["time"] for e in every), reverse=True), "not newest first"
    kind, who = every[0]["kind"], every[0]["who"]
    b.run(choose.format("kind", json.dumps(kind)))
    assert b.run(listed) == [e for e in every if e["kind"] == kind], f"the filter for {kind} keeps others"
    b.run(choose.format("controller", json.dumps(who)))
    b.listen(0.6)
    some = b.run(listed)
    assert some and all(e["kind"] == kind and e["who"] == who for e in some), some
    b.run(choose.format("kind", "''"))
    b.run(choose.format("controller", "''"))
    b.listen(0.6)
    # More may have come; times of a young store are corrected to the millisecond as it learns its clock.
    again = [(e["kind"], e["who"], round(instant(e["time"]))) for e in b.run(listed)]
    lost = [e for e in every if not any((e["kind"], e["who"], round(instant(e["time"])) + k) in again for k in (-1, 0, 1))]
    assert not lost, f"with the filters off these are missing: {lost}"
    return f"{len(every)} events"


@check("a trip opens the plot of the minute before and after it", needs_mock=True)
def trip(s):
    s.go("events")
    b = s.browser
    assert b.wait("document.querySelector('.event .kind.trip')"), "no trip"
    b.events.clear()
    b.run("document.querySelector('.event .kind.trip').closest('button').click()")
    assert b.wait("document.querySelectorAll('.around .line').length === 3", 5), "three lines should be drawn"
    assert b.run("document.querySelectorAll('.around .marker').length") == 3
    _, data = responses(s, "/history?")[-1]
    assert data["step_s"] == 1 and 119 <= len(data["t_s"]) <= 121, "two minutes of seconds"
    for figure in ("bus_V", "bus_Hz", "active_W"):
        shown = readout(s, figure)
        near(shown["values"][figure], data["mean"][figure][shown["at"]], figure, 4)
    assert s.browser.run("document.querySelector('.event[aria-expanded=true]') !== null")
    b.picture(s.shots / "events-trip.png")


def shown_turns(s, room, kind):
    """What is drawn after that button, against the answer it was drawn from; how many rows."""
    b = s.browser
    b.run("""window.turnsAnswer = null;
        window.plainFetch ??= window.fetch;
        window.fetch = async (...asked) => {
            const answer = await window.plainFetch(...asked);
            if (String(asked[0]).includes('/turns?')) window.turnsAnswer = await answer.clone().json();
            return answer;
        }""")
    b.run(f"document.querySelector('{room} .captured').replaceChildren(), document.querySelector('{room} button.{kind}').click()")
    assert b.wait(f"document.querySelector('{room} .captured figure.plot path.line')", 15), s.text(f"{room} .capture-room")
    asked = b.run("performance.getEntriesByType('resource').map(e => e.name).filter(n => n.includes('/turns?')).at(-1)")
    answer = b.run("window.turnsAnswer")
    # What was asked for up to now may have come to the disk since; what was there stays what it was.
    again = s.get(asked[asked.index("/api/"):])
    rows = len(answer["t_s"])
    assert len(again["t_s"]) >= rows and again["start"] == answer["start"], f"{again['start']}, {len(again['t_s'])} rows after {answer['start']}, {rows}"
    later = {x["name"]: x["values"][:rows] for x in again["series"]}
    for x in answer["series"]:
        assert later[x["name"]] == x["values"], f"{x['name']} is another when it is asked for again"
    count, first = len(answer["t_s"]), "wave.bus_a" if kind == "waves" else "bus.a"
    assert str(count) in s.text(f"{room} .captured .note").replace(",", ""), s.text(f"{room} .captured .note")
    groups = {(x["group"], x["unit"]) for x in answer["series"] if any(v is not None for v in x["values"])}
    groups = {g for g in groups if ("wave" in g[0]) or kind == "turns"}
    drawn = b.run(f"document.querySelectorAll('{room} .captured figure.plot').length")
    assert drawn == len(groups), f"{drawn} plots of {sorted(groups)}"
    values = next(x for x in answer["series"] if x["name"] == first)["values"]
    n, text, points = b.run(f"""(() => {{ const f = document.querySelector('{room} .captured figure.plot'); return [Number(f.querySelector('input').value),
        f.querySelector('[data-key=trace0]').textContent, f.querySelector('path.line').getAttribute('d').split('L').length]; }})()""")
    assert abs(figure(text) - values[n]) < 0.006, f"{text} at {n}, and {values[n]}"
    assert points >= 0.9 * count, f"{points} points of {count} rows"
    return count


def figure(text):
    """The number of an English figure."""
    return float("".join(c for c in text.replace("\u2212", "-") if c in "-.0123456789"))


@check("every turn of the last seconds, and waveforms, on the engineer's view as the black box has them")
def turns_now(s):
    s.go("engineer")
    turns = shown_turns(s, "#capture", "turns")
    s.browser.run("document.getElementById('capture').scrollIntoView()")
    s.browser.picture(s.shots / "turns.png")
    waves = shown_turns(s, "#capture", "waves")
    s.browser.picture(s.shots / "waves.png")
    return f"{turns} turns, {waves} samples"


@check("every turn around an event, and its waveforms")
def turns_around(s):
    s.go("events")
    b = s.browser
    assert b.wait("document.querySelector('.event-row button.event')", 30)
    b.run("document.querySelector('.event-row button.event').click()")
    assert b.wait("document.querySelector('.event-row button.turns')", 10)
    turns = shown_turns(s, ".event-row", "turns")
    assert b.run("document.querySelector('.event-row .captured path.marker') !== null"), "the event is not marked"
    b.picture(s.shots / "event-turns.png")
    return f"{turns} turns, {shown_turns(s, '.event-row', 'waves')} samples"
