"""What goes wrong outside does not break the page; and it asks nothing of anybody else."""

import urllib.request

import village
from checks import VIEWS, check
from checks_access import tall

SOUND = "document.querySelector('main').innerText.trim().length > 0"


@check("nothing is asked of anybody else, and everything together weighs less than 200 kB")
def weight(s):
    b = s.browser
    b.call("Network.setCacheDisabled", cacheDisabled=True)
    b.events.clear()
    for view in VIEWS:
        s.go(view)
    asked = [e["params"]["request"]["url"] for e in b.events if e["method"] == "Network.requestWillBeSent"]
    b.call("Network.setCacheDisabled", cacheDisabled=False)
    elsewhere = [u for u in asked if not u.startswith((s.url + "/", "about:"))]
    assert not elsewhere, f"asked elsewhere: {elsewhere}"
    files = {u.removeprefix(s.url).split("#")[0] for u in asked if u.startswith(s.url) and "/api/" not in u} | {"/lang/de.json", "/lang/es.json"}
    total = sum(len(urllib.request.urlopen(s.url + f, timeout=10).read()) for f in files)
    assert len(files) > 10 and total < 200_000, f"{total} bytes in {len(files)} files"
    s.go("now")
    loaded_ms = b.run("performance.getEntriesByType('navigation')[0].loadEventEnd")
    return f"{total / 1000:.0f} kB in {len(files)} files; the first view is loaded in {loaded_ms:.0f} ms"


@check("hostile names and texts stay texts", needs_mock=True)
def hostile(s):
    kept = village.controllers
    name = "<img src=x onerror=alert(1)>&\"'"

    def controllers(case):
        found = kept(case)
        found[1]["name"] = name
        return found
    try:
        village.controllers = controllers
        for view in ("now", "village", "engineer", "history"):
            s.go(view)
            s.browser.listen(0.5)
            assert s.browser.run("document.querySelectorAll('main img').length") == 0, view
        s.go("village")
        assert name in s.text("main")
        s.browser.run("document.querySelector('.home:nth-child(2) a').click()")
        assert s.browser.wait("document.querySelector('.now h2')"), "its picture does not open"
        assert s.text(".now h2") == name
    finally:
        village.controllers = kept


def strange(case, look=()):
    def run(s):
        b = s.browser
        s.mock(case=case)
        for view in VIEWS:
            b.size(360, 740, True)
            s.go(view)
            b.listen(0.4)
            assert b.run(SOUND), f"{view} is empty"
            wide = b.run("document.documentElement.scrollWidth")
            assert wide <= 360, f"{view} is {wide} px wide"
            tall(s, 360, True)
            bad = s.probe("cut()")
            assert not bad, f"{view}: {bad[:4]}"
            text = s.probe("words()")
            assert not any(w in text for w in ("NaN", "undefined", "null", "[object", "Infinity", "⟦")), f"{view}: {text[:300]}"
            b.picture(s.shots / f"strange-{case}-{view}-phone.png")
            if view in ("now", "village"):
                b.size(1280, 900)
                b.listen(0.6)
                bad = s.probe("cut()") + s.probe("overlaps()")
                assert not bad, f"{view} on a desk: {bad[:4]}"
                b.picture(s.shots / f"strange-{case}-{view}-desk.png")
    return run


for word, about in (("nulls", "every figure unknown"), ("many", "twelve homes"), ("names", "very long names"), ("megawatts", "megawatts"), ("bare", "no pv, wind, battery or car"),
                    ("nocoupling", "no coupling"), ("dc", "a DC nanogrid"), ("der", "one inverter"), ("empty", "no controller")):
    check(f"a site with {about} is shown whole", needs_mock=True)(strange(word))


@check("a hub that answers with errors is told of, and the page recovers", needs_mock=True)
def errors(s):
    b = s.browser
    s.may_fail = True
    s.mock(api="fail")
    assert b.wait("!document.getElementById('broken').hidden", 6)
    for view, words in (("history", "could not be read"), ("events", "could not be read"), ("engineer", "the store is closed")):
        b.run(f"location.hash = '#{view}'")
        assert b.wait(f"document.querySelector('main').innerText.includes({words!r})", 5), f"{view}: {s.text('main')[:200]}"
    s.go("now", quick=True)
    assert b.wait("document.getElementById('broken')?.hidden === false", 8), "a page that never had a stream says nothing"
    assert "no live stream yet" in s.text("#broken")
    s.mock(api="ok")
    assert b.wait("document.querySelector('.picture [data-flow=in]') && document.getElementById('broken').hidden", 25), "it does not recover"
    exceptions = [e for e in b.events if e["method"] == "Runtime.exceptionThrown"]
    assert not exceptions, exceptions[:2]
