"""The live picture says what the snapshot says, at once, and says so when it does not know."""

import time

from checks import check, near, read


@check("values on the Now page equal the snapshot")
def values_now(s):
    b = s.browser
    b.listen(0.6)
    at = b.run("""(() => { const f = n => document.querySelector(`.picture .part.${n}`);
        const part = n => f(n) && { figure: f(n).querySelector('.figure').textContent, flow: f(n).dataset.flow };
        return { time: document.querySelector('.now').dataset.time, parts: Object.fromEntries(['grid', 'pv', 'wind', 'battery', 'ev', 'load'].map(n => [n, part(n)])),
          frequency: document.getElementById('fact-frequency').textContent, voltage: document.getElementById('fact-voltage').textContent,
          charge: document.getElementById('fact-charge').textContent, big: document.getElementById('situation').textContent,
          at: document.querySelector('.contactor')?.dataset.at, blade: document.querySelector('.blade') && getComputedStyle(document.querySelector('.blade')).transform }; })()""")
    b.listen(0.3)
    found = [x for x in s.snapshots() if x["time"] == at["time"]]
    assert found, f"the page shows a snapshot of {at['time']} that the stream did not bring"
    site, count = found[0]["site"], 0
    for part, shown in at["parts"].items():
        true = site.get(f"{part}_W")
        if true is None:
            continue
        assert shown, f"the site has {part}, the picture has not"
        if part != "grid" or site["grid_presence"] != "dead":
            near(shown["figure"], abs(true), part)
        flow = "none" if abs(true) < 5 else "in" if true > 0 else "out"
        assert shown["flow"] == flow or part == "grid" and site["grid_presence"] == "dead", f"{part}: {true} W is drawn as {shown['flow']}"
        count += 1
    if site["frequency_Hz"] is not None:
        assert abs(read(at["frequency"]) - site["frequency_Hz"]) <= 0.0051, f"{at['frequency']} is not {site['frequency_Hz']}"
    if site["voltage_V"] is not None:
        assert abs(read(at["voltage"]) - site["voltage_V"]) <= 0.051, f"{at['voltage']} is not {site['voltage_V']}"
    if site["state_of_charge"] is not None:
        assert abs(read(at["charge"]) - 100 * site["state_of_charge"]) <= 0.51, f"{at['charge']} is not {site['state_of_charge']}"
    if site["islanding"] in ("gridTied", "islanded"):
        assert at["at"] == ("closed" if site["islanding"] == "gridTied" else "open"), f"the contactor is drawn {at['at']}"
        assert (at["blade"] == "none") == (site["islanding"] == "gridTied"), f"the blade is drawn {at['blade']}"
    return f"{count} powers, frequency, voltage, charge, contactor"


@check("values on the Village cards equal the snapshot")
def values_village(s):
    s.go("village")
    b = s.browser
    b.listen(0.6)
    at = b.run("""({ time: document.querySelector('main > section').dataset.time, cards: [...document.querySelectorAll('.home')].map(h => ({ name: h.dataset.name,
        charge: h.querySelector('.store span')?.textContent, flows: Object.fromEntries([...h.querySelectorAll('.flows li')].map(l => [l.className, l.querySelector('.figure').textContent])) })) })""")
    b.listen(0.3)
    snapshot = next((x for x in s.snapshots() if x["time"] == at["time"]), None)
    assert snapshot, "no such snapshot"
    names = [c["name"] for c in snapshot["controllers"]]
    assert [c["name"] for c in at["cards"]] == names, f"cards {[c['name'] for c in at['cards']]}, controllers {names}"
    count = 0
    for card, c in zip(at["cards"], snapshot["controllers"]):
        for part, shown in card["flows"].items():
            true = c.get(f"{part}_W")
            if true is not None and part not in ("grid", "village"):
                near(shown, true, f"{c['name']} {part}")
                count += 1
        if c["state_of_charge"] is not None:
            near(card["charge"], 100 * c["state_of_charge"], c["name"])
    assert count > 0
    return f"{count} figures on {len(names)} cards"


@check("a card leads to the picture of its home")
def card_leads(s):
    s.go("village")
    name = s.browser.run("(() => { const a = document.querySelector('.home a[href^=\"#now/\"]'); a.click(); return a.textContent; })()")
    assert s.browser.wait("document.querySelector('.now h2')?.textContent"), "no picture"
    assert s.text(".now h2") == name, f"{s.text('.now h2')!r} is not {name!r}"
    assert s.browser.run("document.activeElement.id") == "main", "focus did not follow"


@check("islanding appears within a second of its snapshot, and is announced", needs_mock=True)
def islanding(s):
    b, slowest = s.browser, 0
    for grid, code, words in (("dead", "islanded", "On its own: island"), ("live", "gridTied", "Connected to the grid")):
        b.events.clear()
        s.mock(grid=grid)
        script = f"document.getElementById('situation').textContent === {words!r} && document.getElementById('pill').textContent === {words!r}"
        assert b.wait(script, 5), f"{words!r} did not appear"
        shown = time.monotonic()
        first = next((x for x in s.snapshots() if x["site"]["islanding"] == code), None)
        assert first, "no snapshot has it"
        slowest = max(slowest, shown - first["heard"])
        assert slowest < 1, f"{slowest:.2f} s after its snapshot"
        said = s.text("#polite")
        assert words in said and "The grid is" in said, f"the screen reader hears {said!r}"
    return f"within {slowest * 1000:.0f} ms"


@check("a broken stream is said, figures are not shown as live, and it comes back", needs_mock=True)
def broken_stream(s):
    b = s.browser
    s.may_fail = True
    s.mock(stream="cut")
    assert b.wait("!document.getElementById('broken').hidden", 5), "no word of the broken stream"
    assert "broken" in s.text("#broken") and "rying again" in s.text("#broken"), s.text("#broken")
    assert s.text("#situation") == "State unknown", "the picture still claims a state"
    b.listen(0.7)
    flows = b.run("[...document.querySelectorAll('.picture .part')].filter(p => p.dataset.flow !== 'none' || p.dataset.state !== 'stale').length")
    assert flows == 0, f"{flows} parts are drawn as if they were live"
    b.picture(s.shots / "now-broken.png")
    s.mock(stream="ok")
    assert b.wait("document.getElementById('broken').hidden && document.querySelector('.picture [data-flow=in]')", 20), "it did not come back"
    assert s.text("#situation") == "Connected to the grid"


@check("a page that the browser keeps gives its connection back, and goes on when somebody comes back to it")
def kept(s):
    b = s.browser
    # A browser has six connections for a site.
    for _ in range(10):
        s.go("now")
    b.call("Page.navigate", url="about:blank")
    b.listen(0.5)
    b.run("history.back()")
    assert b.wait("document.querySelector('.now')?.dataset.time", 5), "the page did not come back"
    first = b.run("document.querySelector('.now').dataset.time")
    assert b.wait(f"document.querySelector('.now').dataset.time > '{first}'", 5), "the page stands still"


@check("a silent controller is shown as silent, not as live", needs_mock=True)
def silent(s):
    b = s.browser
    s.mock(case="silent")
    assert b.wait("document.getElementById('alarms').innerText.includes('no word from mill since')", 5), s.text("#alarms")
    assert "no word from school since" in s.text("#alarms")
    assert b.run("document.querySelector('.picture .wind').dataset.state") == "stale", "the mill alone has wind"
    assert b.run("document.querySelector('.picture .pv').dataset.state") == "partial", "the mill has a part of the pv"
    s.go("village")
    assert b.run("document.querySelector('[data-name=mill]').dataset.stale") == "yes"
    assert b.run("getComputedStyle(document.querySelector('[data-name=mill] .flows')).visibility") == "hidden", "old figures are shown"
    assert "no word from mill since" in s.text("[data-name=mill]")
    s.go("now/mill")
    assert b.run("document.querySelector('.picture').dataset.stale") == "yes"
    b.picture(s.shots / "now-silent.png")


@check("alarms stand on top in words, and the urgent ones are announced", needs_mock=True)
def alarms(s):
    b = s.browser
    s.mock(case="alarms")
    assert b.wait("document.getElementById('alarms').innerText.includes('mill tripped: under-voltage')", 5), s.text("#alarms")
    top = b.run("document.getElementById('alarms').getBoundingClientRect().top < document.querySelector('.hero').getBoundingClientRect().top")
    assert top, "alarms are not on top"
    assert "mill tripped" in s.text("#urgent")
    b.picture(s.shots / "now-alarms.png")


@check("nothing is drawn that the site has not", needs_mock=True)
def only_what_is(s):
    parts = "[...document.querySelectorAll('.picture .part')].map(p => p.classList[1]).sort().join()"
    for case, want, contactor in (("bare", "grid,load", True), ("nocoupling", "battery,ev,load,pv,wind", False), ("dc", "battery,load,pv", False)):
        s.mock(case=case)
        s.go("now")
        s.browser.listen(0.5)
        found = s.browser.run(parts)
        assert found == want, f"{case}: drawn are {found}, not {want}"
        assert s.browser.run("Boolean(document.querySelector('.contactor'))") == contactor, f"{case}: contactor"
    assert "48 V" in s.text(".fact.voltage") and s.browser.run("document.querySelector('.fact.frequency').hidden"), s.text(".facts")
