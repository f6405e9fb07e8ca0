"""Everybody can use it: phone and wall, light and dark, keyboard and screen reader, three languages; and commands."""

import json
import re

from checks import VIEWS, check


def settle(s, view):
    s.go(view)
    s.browser.listen(0.4)


def tall(s, width, phone=False):
    """The whole page in one window, so that everything can be looked at."""
    s.browser.size(width, 740, phone)
    s.browser.listen(0.3)
    height = max(740, min(6000, s.browser.run("document.documentElement.scrollHeight")))
    s.browser.size(width, height, phone)
    s.browser.listen(0.5)


def phone_view(s, view, language="en"):
    b = s.browser
    b.size(360, 740, True)
    settle(s, view)
    b.run(f"localStorage.setItem('skerry.language', '{language}')")
    settle(s, view)
    if view == "events":
        b.run("document.querySelector('.event')?.click()")
        b.listen(0.7)
    wide = b.run("document.documentElement.scrollWidth")
    assert wide <= 360, f"{view} ({language}) is {wide} px wide"
    tall(s, 360, True)
    b.picture(s.shots / f"{view}-phone-{language}.png")
    bad = s.probe("cut()") + [f"overlap: {x}" for x in s.probe("overlaps()")]
    assert not bad, f"{view} ({language}): {bad[:4]}"


@check("on a phone of 360 x 740 nothing scrolls sideways and no text is cut, in three languages")
def phone(s):
    for language in ("en", "de", "es"):
        for view in VIEWS:
            phone_view(s, view, language)


@check("on a wall of 1920 x 1080 the Now view fits without scrolling")
def wall(s):
    b = s.browser
    b.size(1920, 1080)
    for view in VIEWS:
        settle(s, view)
        assert b.run("document.documentElement.scrollWidth") <= 1920, f"{view} scrolls sideways"
        bad = s.probe("cut()") + s.probe("overlaps()")
        assert not bad, f"{view}: {bad[:4]}"
        b.picture(s.shots / f"{view}-wall.png")
    settle(s, "now")
    high = b.run("document.documentElement.scrollHeight")
    assert high <= 1080, f"the Now view is {high} px high"
    size = b.run("parseFloat(getComputedStyle(document.getElementById('situation')).fontSize)")
    assert size >= 44, f"the big words are {size} px high"


def contrast(s, theme):
    b, count = s.browser, 0
    b.scheme(theme, reduced=True)
    for case in ("village", "alarms", "silent") if s.world else (None,):
        if case:
            s.mock(case=case)
            s.mock(grid="dead" if case == "alarms" else "live")
        for view in VIEWS if case in ("village", None) else ("now", "village", "engineer"):
            settle(s, view)
            if view == "events":
                b.run("document.querySelector('.event')?.click()")
                b.listen(0.5)
            assert b.run("document.documentElement.dataset.theme") == theme
            tall(s, 1280)
            b.picture(s.shots / f"{view}-desk-{theme}{'' if case in ('village', None) else f'-{case}'}.png")
            found = s.probe("contrast()")
            assert found["count"] > 8, f"{view}: only {found['count']} texts were found"
            assert not found["poor"], f"{view} ({case}): {found['poor'][:5]}"
            count += found["count"]
            b.size(1280, 900)
    return f"{count} texts"


@check("in light every text has a contrast of 4.5 : 1")
def light(s):
    return contrast(s, "light")


@check("in dark every text has a contrast of 4.5 : 1")
def dark(s):
    return contrast(s, "dark")


@check("the colours can be chosen, and the choice is remembered")
def theme(s):
    b = s.browser
    for wish in ("dark", "light"):
        b.run(f"(() => {{ const t = document.getElementById('theme'); t.value = '{wish}'; t.dispatchEvent(new Event('change')); }})()")
        assert b.run("document.documentElement.dataset.theme") == wish
        b.scheme("light" if wish == "dark" else "dark")
        s.go("now")
        assert b.run("document.documentElement.dataset.theme") == wish, "forgotten"
        assert b.run("document.getElementById('theme').value") == wish


@check("with reduced motion nothing moves")
def motion(s):
    b = s.browser
    moving = "document.getAnimations().filter(a => a.playState === 'running').length"
    b.listen(0.4)
    before = b.run(moving)
    b.scheme("light", reduced=True)
    s.go("now")
    b.listen(0.4)
    assert b.run(moving) == 0, "something moves"
    return f"{before} move otherwise"


@check("the keyboard reaches every control, in order, without a trap")
def keyboard(s):
    b, counts = s.browser, []
    for view in VIEWS:
        settle(s, view)
        want = s.probe("focusable()")
        b.run("document.activeElement.blur()")
        seen, order = [], []
        for _ in range(want + 3):
            b.key("Tab")
            at = b.run("""(() => { const e = document.activeElement; if (!e || e === document.body) return null;
                window.seen ??= []; if (!seen.includes(e)) seen.push(e);
                const s = getComputedStyle(e), r = e.getBoundingClientRect();
                return [seen.indexOf(e), e.id || e.textContent.trim().slice(0, 20) || e.tagName, s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2]; })()""")
            if at is None:
                break
            if at[0] in seen:
                break
            seen.append(at[0])
            order.append(at[1])
            assert at[2], f"{view}: the focus on {at[1]!r} cannot be seen"
        assert len(seen) == want, f"{view}: {len(seen)} of {want} controls are reached: {order}"
        assert order[0] == "skip", f"{view}: the first stop is {order[0]}, not the skip link"
        counts.append(len(seen))
    s.go("now")
    b.run("document.activeElement.blur()")
    b.key("Tab")
    b.key("Enter")
    b.listen(0.3)
    assert b.run("location.hash.length > 0 && document.activeElement.id") == "main", "the skip link does not lead to the content"
    assert b.run("document.querySelector('.now') !== null"), "the skip link lost the view"
    return f"{sum(counts)} stops in {len(VIEWS)} views"


@check("every control and picture has an accessible name")
def names(s):
    count = 0
    for view in VIEWS:
        settle(s, view)
        nodes = s.browser.call("Accessibility.getFullAXTree")["nodes"]
        roles = {"button", "link", "combobox", "textbox", "slider", "spinbutton", "img", "image", "meter", "navigation", "MenuListPopup", "region"}
        bare = []
        for node in nodes:
            role = node.get("role", {}).get("value")
            if node.get("ignored") or role not in roles - {"MenuListPopup"}:
                continue
            count += 1
            if not node.get("name", {}).get("value", "").strip():
                bare.append(role)
        assert not bare, f"{view}: without a name: {bare}"
        found = {node.get("role", {}).get("value") for node in nodes}
        assert {"main", "navigation", "banner", "contentinfo"} <= found, f"{view}: landmarks: {found & {'main', 'navigation', 'banner', 'contentinfo'}}"
        assert s.browser.run("document.querySelectorAll('h1').length") == 1
        bad = s.browser.run("[...document.querySelectorAll('svg[role=img]')].filter(p => !p.querySelector('title')?.textContent || !p.querySelector('desc')?.textContent).length")
        assert bad == 0, f"{view}: {bad} pictures without title or desc"
    return f"{count} names"


def holes(text):
    """The {names} that words leave open."""
    return sorted(re.findall(r"\{\w+\}", text))


@check("three languages have the same keys, and every word of the page is in them")
def languages(s):
    tables = {code: s.get(f"/lang/{code}.json") for code in ("en", "de", "es")}
    first = set(tables["en"])
    for code, table in tables.items():
        assert set(table) == first, f"{code}: {set(table) ^ first}"
        empty = [k for k, v in table.items() if not v.strip()]
        assert not empty, f"{code}: empty: {empty}"
        for key, words in table.items():
            assert holes(words) == holes(tables["en"][key]), f"{code}: {key}: other holes than English"
    cases = ("village", "alarms") if s.world else (None,)
    pages = {}
    for code in tables:
        for case in cases:
            if case:
                s.mock(case=case)
            for view in VIEWS:
                s.browser.run(f"localStorage.setItem('skerry.language', '{code}')")
                settle(s, view)
                text = s.probe("words()")
                assert "⟦" not in text and "undefined" not in text and "NaN" not in text, f"{code} {view} ({case}): {text[max(0, text.find('⟦') - 30):][:90]!r}"
                assert s.browser.run("document.documentElement.lang") == code
                pages[code, case, view] = s.text("main")
    for case in cases:
        for view in VIEWS:
            assert len({pages[code, case, view] for code in tables}) == 3, f"{view} ({case}) reads the same in two languages"
    used = s.browser.run("""(async () => { const seen = new Set(); const words = new Set(); const visit = async file => { if (seen.has(file)) return; seen.add(file);
        const text = await (await fetch(file)).text(); for (const m of text.matchAll(/\\bt\\('([^'$]+)'/g)) words.add(m[1]);
        for (const m of text.matchAll(/from '\\.(\\/[a-z]+\\.js)'/g)) await visit(m[1]); }; await visit('/app.js'); return [...words]; })()""")
    missing = [k for k in used if k not in first]
    assert not missing, f"words without a translation: {missing}"
    return f"{len(first)} keys, {len(used)} named in the source"


@check("no word of the page is written in the source", needs_mock=True)
def no_words_in_source(s):
    try:
        s.world.marked, count = True, 0
        s.sign_in("eve")
        assert s.browser.wait("document.getElementById('do-island')", 5)
        s.mock(case="alarms")
        # What is no word of the page: names the site gave itself, and the hub's alarms.
        own = {"Mill village", "board.yaml", "turns", "eve"} | {c["name"] for c in s.get("/api/v1/site")["controllers"]}
        own |= {a["words"] for a in s.get("/api/v1/live")["site"]["alarms"]}  # in English they are the hub's own
        for view in VIEWS:
            settle(s, view)
            found = s.probe("lines()")
            count += len(found)
            bare = [x for x in found if re.search(r"[^\W\d_]{3}", x) and not re.search(r"[⟪\d]", x) and x not in own]
            assert not bare, f"{view}: {bare[:5]}"
    finally:
        s.world.marked = False
    return f"{count} texts"


@check("a wrong password is refused, the right one signs in, and signing out ends it", needs_mock=True)
def sign_in(s):
    b = s.browser
    s.may_fail = True  # a refused request is an error in the console
    assert not b.run("document.querySelector('#do-island')"), "commands without a user"
    s.sign_in("olaf", "wrong")
    assert b.wait("document.getElementById('sign-in-answer').textContent.includes('wrong')", 5), s.text("main")
    assert b.run("document.getElementById('password').value") == "", "the password is kept"
    s.sign_in("olaf")
    assert b.wait("document.getElementById('do-island')", 5), "no commands"
    assert s.text("#account") == "olaf"
    s.go("engineer")
    b.listen(0.5)
    assert not b.run("document.getElementById('setpoints')"), "an operator is offered setpoints"
    s.go("sign-in")
    assert "operator" in s.text("main")
    b.run("document.getElementById('sign-out').click()")
    assert b.wait("document.getElementById('do-sign-in')", 5), "still signed in"
    s.go("now")
    b.listen(0.5)
    assert not b.run("document.querySelector('#do-island')")
    for _ in range(7):
        s.sign_in("olaf", "wrong")
        b.listen(0.2)
    assert "Too many tries" in s.text("#sign-in-answer"), s.text("#sign-in-answer")


@check("a command says what will happen, waits for a yes, happens, and is recorded", needs_mock=True)
def commands(s):
    b = s.browser
    s.sign_in("eve")
    assert b.wait("document.getElementById('do-island') && !document.getElementById('do-island').disabled", 5), "no command"
    done = len(s.world.commands)
    b.run("document.getElementById('do-island').click()")
    assert "islanding switch will open" in s.text("dialog"), s.text("dialog")
    b.picture(s.shots / "dialog.png")
    b.key("Escape")
    b.listen(0.3)
    assert not b.run("document.querySelector('dialog')") and len(s.world.commands) == done, "cancelled, but sent"
    b.run("document.getElementById('do-island').click()")
    b.run("document.getElementById('confirm').click()")
    assert b.wait("document.querySelector('.answer')?.dataset.accepted === 'yes'", 5), s.text("dialog")
    assert "the switch opens" in s.text("dialog")
    assert b.wait("document.getElementById('situation').textContent === 'On its own: island'", 5), "no effect"
    b.run("document.getElementById('dismiss').click()")
    assert b.wait("!document.getElementById('do-reconnect').disabled", 5)
    b.run("document.getElementById('do-reconnect').click(), document.getElementById('confirm').click()")
    assert b.wait("document.getElementById('situation').textContent === 'Connected to the grid'", 5), "did not reconnect"
    b.run("document.getElementById('dismiss').click()")
    b.run("(() => { const r = document.getElementById('reserve'); r.value = 45; r.dispatchEvent(new Event('input')); document.getElementById('do-reserve').click(); })()")
    assert "45 %" in s.text("dialog"), s.text("dialog")
    b.run("document.getElementById('confirm').click()")
    assert b.wait("document.querySelector('.answer')?.dataset.accepted === 'yes'", 5)
    assert s.world.commands[-1]["command"] == "reserve" and 0.45 in s.world.reserves.values()
    s.go("engineer")
    assert b.wait("document.querySelectorAll('#record tbody tr').length >= 3", 5), "no record"
    newest = s.text("#record tbody tr")
    assert "eve" in newest and "mill" in newest and "yes" in newest, newest
    s.may_fail = True  # what is refused is an error in the console
    b.run("(() => { document.getElementById('set-active').value = 9000; document.getElementById('do-setpoints').click(); })()")
    assert "9,000 W" in s.text("dialog"), s.text("dialog")
    b.run("document.getElementById('confirm').click()")
    assert b.wait("document.querySelector('.answer')?.dataset.accepted === 'no'", 5)
    assert "refused: active power beyond 5000 W" in s.text("dialog"), s.text("dialog")
    return f"{len(s.world.commands) - done} commands"
