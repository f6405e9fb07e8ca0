"""The checks of the page, each by name. `Site` is the page under test."""

import json
import re
import time
import urllib.request
from pathlib import Path

ALL = []
VIEWS = ["now", "village", "history", "events", "engineer", "sign-in"]
PROBES = (Path(__file__).parent / "probes.js").read_text(encoding="utf-8")


def check(name, needs_mock=False, needs=None):
    """`needs`: "mock", the made-up village, or "run", the running one, "past", a hub
    that has seen more than minutes; None: any hub."""
    def keep(function):
        ALL.append((name, "mock" if needs_mock else needs, function))
        return function
    return keep


class Site:
    def __init__(self, browser, url, world, shots):
        self.browser, self.url, self.world, self.shots = browser, url, world, shots
        self.may_fail = False
        self.village = None

    def begin(self):
        """The same beginning for each check: the whole village on the grid, nobody signed in, English, light."""
        self.may_fail = False
        b = self.browser
        if self.world:
            self.mock(case="village", api="ok", stream="ok", grid="auto")
            self.mock(grid="live")
            self.world.tries.clear()
        b.call("Network.clearBrowserCookies")
        b.size(1280, 900)
        b.scheme("light")
        self.go("now")
        b.run("localStorage.clear(), localStorage.setItem('skerry.language', 'en')")
        self.go("now")
        b.events.clear()

    def end(self):
        """No check may leave an error in the console, unless it broke something itself."""
        if not self.may_fail:
            errors = self.errors()
            assert not errors, f"the console says: {errors[:3]}"

    def errors(self):
        found = []
        for e in self.browser.events:
            p = e["params"]
            if e["method"] == "Runtime.exceptionThrown":
                found.append(p["exceptionDetails"].get("exception", {}).get("description") or p["exceptionDetails"]["text"])
            if e["method"] == "Log.entryAdded" and p["entry"]["level"] == "error":
                found.append(f"{p['entry']['text']} {p['entry'].get('url', '')}")
            if e["method"] == "Runtime.consoleAPICalled" and p["type"] in ("error", "assert"):
                found.append(str([a.get("value", a.get("description")) for a in p["args"]]))
        return found

    def mock(self, **fields):
        request = urllib.request.Request(self.url + "/mock", json.dumps(fields).encode(), {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=10).close()

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return json.load(answer)

    def go(self, view, quick=False):
        """Loads the page anew at a view, and waits until it shows something."""
        b = self.browser
        b.call("Page.navigate", url="about:blank")
        b.listen(0.05)
        b.call("Page.navigate", url=f"{self.url}/#{view}")
        if quick:
            return
        ready = {"now": "document.querySelector('.picture') || document.querySelector('main .card')", "village": "document.querySelector('.home .state')?.textContent || document.querySelector('main > .card')",
                 "history": "document.querySelector('.charts')?.firstChild", "events": "document.querySelector('#event-count')?.textContent",
                 "engineer": "document.querySelector('.figures td') || document.querySelector('main > .card')", "sign-in": "document.querySelector('main .card')"}[view.split("/")[0]]
        assert b.wait(f"document.readyState === 'complete' && !document.querySelector('main [role=status].card') && Boolean({ready})"), f"{view} did not come: {b.run('document.body.innerText')[:300]}"

    def text(self, selector="body"):
        return self.browser.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''").replace("\u00a0", " ")

    def probe(self, call):
        self.browser.run(f"window.probes ?? ({PROBES})")
        return self.browser.run(f"probes.{call}")

    def snapshots(self):
        return [json.loads(e["params"]["data"]) | {"heard": e["heard"]} for e in self.browser.events
                if e["method"] == "Network.eventSourceMessageReceived" and e["params"]["eventName"] == "snapshot"]

    def sign_in(self, user, password="skerry"):
        self.go("sign-in")
        b = self.browser
        b.run(f"user.value = {json.dumps(user)}, password.value = {json.dumps(password)}, document.getElementById('do-sign-in').click()")


def read(text):
    """A figure of the page as a number in its base unit: '−1.20 kW' is -1200."""
    match = re.search(r"([−+-]?)([\d,]*\.?\d+)\s*([kMG]?)(\S*)", text)
    assert match, f"no figure in {text!r}"
    value = float(match[2].replace(",", "")) * {"": 1, "k": 1e3, "M": 1e6, "G": 1e9}[match[3]]
    return -value if match[1] in ("−", "-") else value


def near(shown, true, what, digits=3):
    """Equal to the digits that are shown: three, or whole units below a thousand."""
    room = max(abs(true) * 0.5 * 10 ** (1 - digits), 0.51)
    assert abs(read(shown) - true) <= room, f"{what}: the page says {shown!r}, the snapshot {true!r}"


from checks_live import *      # noqa: E402,F401,F403
from checks_past import *      # noqa: E402,F401,F403
from checks_access import *    # noqa: E402,F401,F403
from checks_broken import *    # noqa: E402,F401,F403
from checks_real import *      # noqa: E402,F401,F403
