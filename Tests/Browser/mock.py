#!/usr/bin/env python3
"""Serves the page, its API and the live stream from a made-up village, for looking at it and for its tests.

    Tests/Browser/mock.py [--port 8080] [--case village]

The grid fails every thirty seconds and comes back after fifteen. Sign in as ann, olaf or eve (viewer, operator,
engineer), password "skerry". POST /mock {"case": .., "grid": "auto|live|dead", "stream": "ok|cut", "api": "ok|fail"}
changes what happens; GET /mock says how it stands.
"""

import argparse
import json
import mimetypes
import secrets
import threading
import time
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import past
import village

PAGE = Path(__file__).resolve().parents[2] / "Sources" / "Dashboard" / "Page"
POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
USERS = {"ann": "viewer", "olaf": "operator", "eve": "engineer"}
RANK = ["viewer", "operator", "engineer"]
mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("text/javascript", ".js")


class World:
    """What the made-up site does; shared by all requests, changed under the lock."""

    def __init__(self, case):
        self.lock = threading.Lock()
        self.case, self.grid, self.stream, self.api = case, "auto", "ok", "ok"
        self.started = self.since = time.time()
        self.was_grid, self.wish, self.marked = True, None, False  # marked: every word of a language file is in ⟪⟫
        self.sessions, self.commands, self.reserves, self.tries = {}, [], {}, []

    def snapshot(self):
        with self.lock:
            t = time.time()
            grid = self.wish != "island" and (self.grid == "live" or (self.grid == "auto" and (t - self.started) % 45 < 30))
            if grid != self.was_grid:
                self.was_grid, self.since = grid, t
            s = village.snapshot(self.case, t, grid, self.since, self.started)
            if self.wish == "island" and s["site"]["islanding_words"]:
                s["site"]["islanding_words"] = "islanded: planned"
            return s

    def site(self):
        s = village.site(self.case)
        for c in s["controllers"]:
            if c["name"] in self.reserves:
                c["reserve"] = self.reserves[c["name"]]
        return s

    def controller(self, name):
        return next((c for c in village.controllers(self.case) if c["name"] == name), None)


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world: World

    def log_message(self, *_):
        pass

    def send(self, status, body, kind="application/json", headers=()):
        data = body if isinstance(body, bytes) else json.dumps(body, allow_nan=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        # As the hub: a page that may be kept is kept by the browser with all it holds.
        self.send_header("Cache-Control", "no-cache")
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def session(self):
        for piece in (self.headers.get("Cookie") or "").split(";"):
            name, _, value = piece.strip().partition("=")
            if name == "skerry" and value in self.world.sessions:
                return value, self.world.sessions[value]
        return None, None

    def body(self):
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return json.loads(data) if data else {}

    def do_GET(self):
        address = urlsplit(self.path)
        fields = {k: v[0] for k, v in parse_qs(address.query).items()}
        path, world = address.path, self.world
        if path == "/mock":
            return self.send(200, {k: getattr(world, k) for k in ("case", "grid", "stream", "api", "wish")})
        if not path.startswith("/api/v1/"):
            return self.file(path)
        if world.api == "fail":
            return self.send(500, {"error": "the store is closed: start the hub again"})
        what = path.removeprefix("/api/v1/")
        if what == "live/stream":
            return self.follow()
        plain = {"live": world.snapshot, "site": world.site}
        if what in plain:
            return self.send(200, plain[what]())
        if what == "session":
            _, who = self.session()
            return self.send(200, who or {"user": None, "may_sign_in": True})
        if what == "commands":
            return self.send(200, world.commands[::-1]) if self.session()[1] else self.send(401, {"error": "sign in first"})
        try:
            return self.past(what, fields)
        except (KeyError, ValueError) as error:
            return self.send(400, {"error": f"bad field: {error}"})

    def past(self, what, fields):
        world, now = self.world, time.time()

        def instant(name):
            return datetime.fromisoformat(fields[name].replace("Z", "+00:00")).timestamp()

        c = world.controller(fields.get("controller", ""))
        if what == "history":
            if not c:
                return self.send(404, {"error": "no such controller"})
            wanted = fields["figures"].split(",")
            return self.send(200, past.history(world.case, c, int(instant("from")), instant("to"), int(fields["step_s"]), wanted, now))
        if what == "summary":
            return self.send(200, past.summary(world.case, instant("from"), instant("to"), now))
        if what == "events":
            return self.send(200, past.events(world.case, instant("from"), min(instant("to"), now), fields.get("controller"), int(fields.get("limit", 200))))
        if what == "turns":
            return self.send(200, past.turns(c, instant("from"), instant("to"), fields.get("waves") == "true"))
        if what == "settings":
            text = "title: Mill village\ncontroller:\n  rate_Hz: 1000   # each controller decides every millisecond\n" * 6
            return self.send(200, [{"name": "board.yaml", "text": text}])
        return self.send(404, {"error": "there is nothing here: see /api/v1/openapi.json"})

    def file(self, path):
        file = (PAGE / ("index.html" if path == "/" else path.lstrip("/"))).resolve()
        if PAGE not in file.parents or not file.is_file():
            return self.send(404, b"not found", "text/plain")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        data = file.read_bytes()
        if self.world.marked and file.parent.name == "lang":
            data = json.dumps({k: f"⟪{v}⟫" for k, v in json.loads(data).items()}).encode()
        text = kind.startswith("text/") or "json" in kind
        return self.send(200, data, kind + ("; charset=utf-8" if text else ""))

    def follow(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while self.world.stream == "ok" and self.world.api == "ok":
                self.wfile.write(f"event: snapshot\ndata: {json.dumps(self.world.snapshot())}\n\n".encode())
                self.wfile.flush()
                time.sleep(0.25)
        except OSError:
            return

    def do_POST(self):
        world, wish = self.world, self.body()
        if self.path == "/mock":
            with world.lock:
                for name in ("case", "grid", "stream", "api"):
                    if name in wish:
                        setattr(world, name, wish[name])
                if "case" in wish or wish.get("grid") == "auto":
                    world.started = world.since = time.time()
                    world.was_grid, world.wish = True, None
            return self.send(200, {})
        if self.path == "/api/v1/session":
            if USERS.get(wish.get("user")) and wish.get("password") == "skerry":
                token = secrets.token_hex(16)
                world.sessions[token] = {"user": wish["user"], "role": USERS[wish["user"]], "csrf": secrets.token_hex(16)}
                return self.send(200, world.sessions[token], headers=[("Set-Cookie", f"skerry={token}; HttpOnly; SameSite=Strict; Path=/")])
            world.tries.append(time.time())
            if len([t for t in world.tries if t > time.time() - 60]) > 5:
                return self.send(429, {"error": "too many tries: wait a minute"}, headers=[("Retry-After", "60")])
            return self.send(401, {"error": "wrong user or password"})
        if self.path == "/api/v1/commands":
            return self.order(wish)
        return self.send(404, {"error": "there is nothing here"})

    def order(self, wish):
        world, (_, who) = self.world, self.session()
        if not who:
            return self.send(401, {"error": "sign in first"})
        if self.headers.get("X-CSRF-Token") != who["csrf"]:
            return self.send(403, {"error": "the token is missing: load the page again"})
        name, command = wish.get("controller"), wish.get("command")
        least = "engineer" if command == "setpoints" else "operator"
        if RANK.index(who["role"]) < RANK.index(least):
            return self.send(403, {"error": f"a {who['role']} may not: sign in as {least}"})
        if not world.controller(name) or command not in ("island", "reconnect", "acknowledge", "setpoints", "reserve"):
            return self.send(400, {"error": "no such controller or command"})
        accepted, words = True, f"{name} takes it"
        if command == "island":
            world.wish, words = "island", "the switch opens"
        elif command == "reconnect":
            accepted = world.wish == "island"
            words = "it synchronises, then closes" if accepted else "refused: the grid is dead"
            world.wish = None
        elif command == "reserve":
            world.reserves[name] = wish["state_of_charge"]
        elif command == "setpoints" and abs(wish.get("active_W", 0)) > 5000:
            accepted, words = False, "refused: active power beyond 5000 W"
        world.commands.append({"time": village.iso(time.time()), "user": who["user"], "via": "page", "controller": name,
                               "command": command, "accepted": accepted, "words": words})
        return self.send(200 if accepted else 409, {"accepted": accepted, "words": words})

    def do_DELETE(self):
        token, who = self.session()
        if self.path != "/api/v1/session" or not who or self.headers.get("X-CSRF-Token") != who["csrf"]:
            return self.send(403, {"error": "sign in first"})
        del self.world.sessions[token]
        return self.send(204, b"")


def serve(port=0, case="village"):
    """A server on the loopback, not yet running; its world is `server.world`."""
    world = World(case)
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Answer", (Answer,), {"world": world}))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # a browser that goes away is no error
    server.world = world
    return server


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--port", type=int, default=8080)
    options.add_argument("--case", choices=village.CASES, default="village")
    chosen = options.parse_args()
    running = serve(chosen.port, chosen.case)
    print(f"http://127.0.0.1:{running.server_address[1]}/", flush=True)
    running.serve_forever()
