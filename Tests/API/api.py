"""A hub beside a simulated village: its OpenAPI document is valid, and every GET answers as it says.

PROGRAMS is the folder of `skerry` and `skerry-hub`; .build/release where it is not set.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

import jsonschema
from openapi_spec_validator import OpenAPIV31SpecValidator

PROGRAMS = os.environ.get("PROGRAMS", ".build/release")
BOARD = "boards/sim-village"
passed = failed = 0


def check(what, wrong):
    """One line; `wrong` is empty where all is right."""
    global passed, failed
    if wrong:
        failed += 1
        print(f"FAILED  {what}: {wrong}")
    else:
        passed += 1
        print(f"ok      {what}")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Hub:
    """`skerry run --hub`, with a data folder that goes with it."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="skerry-api-")
        self.port = free_port()
        self.log = open(os.path.join(self.folder.name, "run.log"), "w+")
        self.process = subprocess.Popen(
            [
                os.path.join(PROGRAMS, "skerry"), "run", BOARD, "--hub", "--ordinary", "--plain",
                "--data", self.folder.name, "--listen", f"127.0.0.1:{self.port}",
            ],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT,
        )
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        self.folder.cleanup()

    def said(self):
        self.log.flush()
        self.log.seek(0)
        return self.log.read()[-2000:]

    def ask(self, target, method="GET", body=None):
        """Status, headers and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, target, body=body)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def until(self, seconds, holds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                sys.exit(f"skerry run ended by itself:\n{self.said()}")
            try:
                if holds():
                    return True
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.1)
        return False


class Document:
    """openapi.json, and what of an answer is not as it says."""

    def __init__(self, text):
        self.spec = json.loads(text)

    def faults(self, path, method, status, headers, body):
        answers = self.spec["paths"][path][method]["responses"]
        if str(status) not in answers:
            return f"status {status} is none of {sorted(answers)}: {body[:200]!r}"
        content = answers[str(status)].get("content")
        if content is None:
            return "" if not body else f"a body of {len(body)} bytes where none is said"
        kind = headers.get_content_type()
        if kind not in content:
            return f"{kind} is none of {sorted(content)}"
        if kind != "application/json":
            return ""
        return self.mismatch(json.loads(body, parse_constant=refuse), content[kind]["schema"])

    def mismatch(self, value, schema):
        whole = {**schema, "components": self.spec["components"]}
        validator = jsonschema.Draft202012Validator(
            whole, format_checker=jsonschema.FormatChecker()
        )
        found = sorted(validator.iter_errors(value), key=str)
        return "; ".join(f"{e.json_path}: {e.message[:200]}" for e in found[:3])


def refuse(word):
    raise ValueError(f"{word} is no JSON")


def cases(now):
    """Path, query and status of each request."""
    ago = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - 60))
    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + 900))
    span = f"from={ago}&to={soon}"
    yield "/api/v1/site", "", 200
    yield "/api/v1/site", "unknown=1", 200
    yield "/api/v1/live", "", 200
    yield "/api/v1/openapi.json", "", 200
    yield "/api/v1/session", "", 200
    yield "/api/v1/commands", "", 401
    yield "/api/v1/commands", "limit=5", 401
    yield "/metrics", "", None
    for name in ["pcc", "mill", "smithy", "school", "inn"]:
        yield "/api/v1/history", f"controller={name}", 200
        yield "/api/v1/settings", f"controller={name}", 200
    for step in [1, 10, 899, 900, 3600, 86400]:
        yield "/api/v1/history", f"controller=mill&{span}&step_s={step}", 200
    yield "/api/v1/history", f"controller=inn&{span}&step_s=1&figures=pv_W,battery_W", 200
    yield "/api/v1/history", "controller=mill&from=2020-01-01&to=2020-02-01", 200
    yield "/api/v1/history", "", 400
    yield "/api/v1/history", "controller=", 404
    yield "/api/v1/history", "controller=castle", 404
    yield "/api/v1/history", "controller=mill&controller=inn", 400
    for step in ["0", "-1", "901", "1.5", "x", "", "9" * 30]:
        yield "/api/v1/history", f"controller=mill&step_s={step}", 400
    yield "/api/v1/history", "controller=mill&step_s=1", 400
    yield "/api/v1/history", "controller=mill&figures=pv_kW", 400
    for path, more in [
        ("/api/v1/summary", ""), ("/api/v1/events", ""), ("/api/v1/history", "controller=mill&")
    ]:
        yield path, f"{more}{span}", 200
        yield path, f"{more}from=2024-02-29&to=2024-03-01", 200
        for times in [
            "from=yesterday", "to=2023-02-29", "from=2024-01-01T25:00", "to=",
            "from=2024-01-02&to=2024-01-01", "from=2024-01-01&to=2024-01-01", "to=9999-12-31",
            "from=0000-01-01", "from=%FF%FE", "from=2024-01-01&from=2024-01-01",
        ]:
            yield path, more + times, 400
    yield "/api/v1/summary", "", 200
    yield "/api/v1/summary", "from=1844-01-01&to=2096-01-01", 200
    yield "/api/v1/events", "", 200
    yield "/api/v1/events", "controller=pcc&limit=1", 200
    yield "/api/v1/events", "controller=castle", 404
    for limit in ["0", "10001", "x", "-5", "1e3"]:
        yield "/api/v1/events", f"limit={limit}", 400
    for name in ["pcc", "mill"]:
        yield "/api/v1/turns", f"controller={name}", 200
    # On the disk by the time it is asked for: what is not refused is asked last.
    recent = now + 1.125
    part = lambda t: time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(t)) + f".{int(t % 1 * 1000):03}Z"
    yield "/api/v1/turns", f"controller=mill&from={part(recent)}&to={part(recent + 0.2)}&waves=true", 200
    yield "/api/v1/turns", "controller=mill&waves=yes", 400
    yield "/api/v1/turns", "", 400
    yield "/api/v1/turns", "controller=castle", 404
    yield "/api/v1/turns", "controller=mill&from=2024-01-01&to=2024-01-02", 400
    yield "/api/v1/turns", "controller=mill&from=2024-01-01T00:00:00Z&to=2024-01-01T00:00:05Z", 404
    yield "/api/v1/turns", "controller=mill&to=yesterday", 400
    yield "/api/v1/settings", "", 400
    yield "/api/v1/settings", "controller=castle", 404
    yield "/api/v1/settings", "controller=" + urllib.parse.quote("../../etc/passwd"), 404


def stream(hub, document):
    """Snapshots of two seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=5)
    connection.request("GET", "/api/v1/live/stream")
    answer = connection.getresponse()
    if answer.status != 200 or answer.headers.get_content_type() != "text/event-stream":
        return f"status {answer.status}"
    end = time.monotonic() + 2
    event, count, times = "", 0, set()
    while time.monotonic() < end:
        line = answer.readline().decode().rstrip("\n")
        if line.startswith("event: "):
            event = line[7:]
        elif line.startswith("data: "):
            if event != "snapshot":
                return f"an event {event}"
            snapshot = json.loads(line[6:], parse_constant=refuse)
            wrong = document.mismatch(snapshot, {"$ref": "#/components/schemas/Snapshot"})
            if wrong:
                return wrong
            count += 1
            times.add(snapshot["time"])
        elif line and not line.startswith(":"):
            return f"a line {line!r}"
    connection.close()
    return "" if count >= 4 and len(times) == count else f"{count} snapshots, {len(times)} times"


def main():
    with Hub() as hub:
        if not hub.until(20, lambda: hub.ask("/api/v1/site")[0] == 200):
            sys.exit(f"no page at port {hub.port}:\n{hub.said()}")

        def connected():
            units = json.loads(hub.ask("/api/v1/live")[2])["controllers"]
            return len(units) == 5 and all(u["link"] == "connected" for u in units)

        check("all five controllers are seen", "" if hub.until(15, connected) else hub.said())
        document = Document(hub.ask("/api/v1/openapi.json")[2])
        own = json.load(open("Sources/Dashboard/openapi.json"))
        check("the document is that of the sources", "" if own == document.spec else "another")
        faults = [e.message[:200] for e in OpenAPIV31SpecValidator(document.spec).iter_errors()]
        wrong = "; ".join(faults) or (
            "" if document.spec["openapi"].startswith("3.1") else document.spec["openapi"]
        )
        check("it is valid OpenAPI 3.1", wrong)

        def kept():
            answer = hub.ask("/api/v1/history?controller=mill&step_s=900")
            return json.loads(answer[2])["readings"]

        asked = set()
        # What is refused first: meanwhile the clerk, who comes every five seconds, finds a past.
        order = sorted(cases(time.time()), key=lambda case: case[2] == 200)
        is_refused = True
        for path, query, wanted in order:
            if is_refused and wanted == 200:
                is_refused = False
                check("the past begins", "" if hub.until(20, kept) else hub.said())
            asked.add(path)
            target = path + ("?" + query if query else "")
            try:
                status, headers, body = hub.ask(target)
            except (OSError, http.client.HTTPException) as e:
                check(f"GET {target}", f"no answer: {e!r}")
                continue
            wrong = document.faults(path, "get", status, headers, body)
            if not wrong and wanted is not None and status != wanted:
                wrong = f"status {status} instead of {wanted}: {body[:200]!r}"
            if not wrong and headers.get("X-Content-Type-Options") != "nosniff":
                wrong = "without the guarding headers"
            check(f"GET {target} -> {status}", wrong)
        check("GET /api/v1/live/stream", stream(hub, document))
        asked.add("/api/v1/live/stream")
        gets = {p for p, methods in document.spec["paths"].items() if "get" in methods}
        check("every GET was asked", ", ".join(sorted(gets - asked)))

        for method, path, body, wanted in [
            ("POST", "/api/v1/session", "{}", 403),
            ("POST", "/api/v1/commands", "{}", 401),
            ("DELETE", "/api/v1/session", None, 401),
        ]:
            status, headers, answer = hub.ask(path, method, body)
            wrong = document.faults(path, method.lower(), status, headers, answer)
            if not wrong and status != wanted:
                wrong = f"status {status} instead of {wanted}"
            check(f"{method} {path} -> {status}", wrong)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
