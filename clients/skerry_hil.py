"""A driver of `skerry hil`: an external simulator plays the plant of a Skerry controller, in lockstep.

One file, standard library only, Python 3.9 or newer; copy it where you need it. The protocol:
Sources/Hil/Hil.docc/Protocol.md.

    from skerry_hil import Hil

    with Hil.start("boards/sim-village", controllers=["pcc"]) as hil:
        step = hil.advance(0.02, {"pcc.grid": {"magnitude_V": 230, "angle_deg": 0}})
        print(step["controllers"]["pcc"]["states"]["islanding"])

Binary frames are quicker where steps are short; they name inputs by the same names:

        hil.watch(signals=["pcc.islanding_switch"], trace=["pcc.islanding_switch"])
        step = hil.advance_frame(0.02, {"pcc.bus": phasor(230), "pcc.grid": phasor(230)}, trace=True)
        step.signals["pcc.islanding_switch"], step.trace["pcc.islanding_switch"]
"""

import json
import math
import os
import shutil
import socket
import struct
import subprocess
import tempfile
from array import array

PROTOCOL = 1
_HEAD = struct.Struct("<4sBBHII")
_ADVANCED = struct.Struct("<QddIHHI")
_NAN = float("nan")


class HilError(Exception):
    """What the other side refused, with its remedy. `closed`: the connection is over, and the controllers
    have let go of everything."""

    def __init__(self, reply):
        self.reply = reply
        self.code = reply.get("code", "")
        self.closed = reply.get("closed", True)
        super().__init__(f"{self.code}: {reply.get('message', '')}; {reply.get('remedy', '')}")


class HilGone(Exception):
    """The other side closed the connection without a word, or does not answer in time."""


def phasor(magnitude=_NAN, angle_deg=_NAN, frequency_Hz=_NAN):
    """For frames: the phasor of a wave or trio. What is left out stays as it was."""
    return (1, magnitude, angle_deg, frequency_Hz)


def raw(value):
    """For frames: a scalar as its driver says it."""
    return (3, value)


def counts(samples):
    """For frames: a wave as counts of its converter."""
    return (6, samples)


def current_of(active_W, reactive_var, voltage_V, voltage_deg=0.0, phases=3):
    """Magnitude (A RMS) and angle (degrees) of the phase currents that carry a power into the bus at a
    phase voltage: I = conj(S / (phases * V))."""
    apparent = math.hypot(active_W, reactive_var)
    if not voltage_V > 0 or apparent == 0:
        return 0.0, voltage_deg
    return (
        apparent / (phases * voltage_V),
        voltage_deg - math.degrees(math.atan2(reactive_var, active_W)),
    )


class Step:
    """What a binary `advance` brought."""

    __slots__ = ("tick", "time_s", "carried_s", "ticks", "signals", "trace", "events")

    def __repr__(self):
        return f"Step(time_s={self.time_s}, signals={self.signals}, events={self.events})"


class Hil:
    """A session. `hello` is what the other side said of itself: controllers, inputs, signals, limits."""

    def __init__(self, address=("127.0.0.1", 7475), *, timeout_s=60.0, **options):
        """Connects and says hello.

        address: (host, port), or the path of a Unix socket. options: those of hello, such as
        controllers=["mill"], quantisation="ideal", noise_counts=0, seed=2.
        """
        self._process = None
        self._folder = None
        if isinstance(address, str):
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        else:
            self._socket = socket.socket(
                socket.AF_INET6 if ":" in address[0] else socket.AF_INET, socket.SOCK_STREAM)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(timeout_s)
        self._socket.connect(address)
        self._buffer = bytearray()
        self._number = 0
        try:
            self.hello = self.ask("hello", protocol=PROTOCOL, **options)
        except BaseException:
            self._socket.close()
            raise
        self.controllers = {c["name"]: c for c in self.hello["controllers"]}
        self.inputs = {i["name"]: i for c in self.hello["controllers"] for i in c["inputs"]}
        self.signals = {s["name"]: s for c in self.hello["controllers"] for s in c["signals"]}
        self._forms = {"trio": 1, "wave": 1, "scalar": 2, "contact": 4}
        if len(self.controllers) == 1:
            for name in list(self.inputs):
                self.inputs[name.split(".", 1)[1]] = self.inputs[name]
        by_number = sorted(self.signals.values(), key=lambda s: s["number"])
        self._watched = [s["name"] for s in by_number]
        self._traced = []

    @classmethod
    def start(cls, board, *, skerry=None, arguments=(), timeout_s=60.0, **options):
        """Starts `skerry hil BOARD` on a Unix socket of its own, connects, and ends it with the session.

        skerry: the program; left out, $SKERRY, then the one in the PATH, then .build/release/skerry.
        """
        program = skerry or os.environ.get("SKERRY") or shutil.which("skerry")
        program = program or os.path.join(".build", "release", "skerry")
        folder = tempfile.mkdtemp(prefix="skerry-hil-")
        path = os.path.join(folder, "socket")
        process = subprocess.Popen(
            [program, "hil", board, "--socket", path, "--once", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = process.stdout.readline()
        if "listening at" not in line:
            process.kill()
            shutil.rmtree(folder, ignore_errors=True)
            raise HilGone(f"{program} hil {board}: {process.communicate()[1].strip()}")
        try:
            hil = cls(path, timeout_s=timeout_s, **options)
        except BaseException:
            process.kill()
            process.communicate()
            shutil.rmtree(folder, ignore_errors=True)
            raise
        hil._process, hil._folder = process, folder
        return hil

    # What people ask

    def ask(self, request, **members):
        """Any request by its name; its reply. Raises HilError where it is refused."""
        members = {"request": request, **members}
        line = json.dumps(members, separators=(",", ":"), allow_nan=False)
        self._send(line.encode() + b"\n")
        return self._answer(json.loads(self._line()))

    def advance(self, for_s, inputs=None, *, shape="hold", trace=(), want=None):
        """One step as JSON; the reply as it came."""
        members = {"for_s": for_s, "inputs": inputs or {}, "shape": shape}
        if trace:
            members["trace"] = list(trace)
        if want is not None:
            members["want"] = list(want)
        return self.ask("advance", **members)

    def settings(self, matching=""):
        """Values in force whose key begins so, by key."""
        return {s["key"]: s for s in self.ask("settings", matching=matching)["settings"]}

    def set(self, settings):
        """Changes values of the board's file: {key: value}; None goes back to the file."""
        return self.ask("set", settings=settings)

    def wish(self, for_s, **wishes):
        return self.ask("wish", for_s=for_s, **wishes)

    def reset(self):
        return self.ask("reset")

    def watch(self, signals=None, trace=None):
        """What `advance_frame` brings: signals at the end of a step, and those of every tick."""
        members = {}
        if signals is not None:
            members["signals"] = list(signals)
        if trace is not None:
            members["trace"] = list(trace)
        reply = self.ask("watch", **members)
        self._watched, self._traced = reply["signals"], reply["trace"]
        return reply

    def word(self, signal, value):
        """A state's number as its word."""
        return self.signals[signal]["values"][int(value)]

    def advance_frame(self, for_s, inputs=None, *, ramp=False, signals=True, trace=False):
        """One step as a binary frame. Inputs: numbers, True, False, "follow", None, lists of samples, or
        what phasor(), raw() and counts() make."""
        body = bytearray(struct.pack(
            "<dBBH", for_s, 1 if ramp else 0, (1 if signals else 0) | (2 if trace else 0),
            len(inputs or ())))
        for name, value in (inputs or {}).items():
            body += self._input(name, value)
        self._number = (self._number + 1) & 0xFFFFFFFF
        self._send(_HEAD.pack(b"SKHL", 1, 1, 0, len(body), self._number) + body)
        kind, number, body = self._frame()
        if kind == 3:
            self._answer(json.loads(body))
        if kind != 2 or number != self._number:
            raise HilGone("what came is no answer to an advance")
        return self._step(body)

    # How it is said

    def _input(self, name, value):
        entry = self.inputs.get(name)
        if entry is None:
            raise KeyError(f"no input is called {name}; there is {', '.join(sorted(self.inputs))}")
        number, kind = entry["number"], entry["kind"]
        if value is None:
            return struct.pack("<HBB", number, 0, 0)
        if kind == "contact":
            code = 2 if value == "follow" else 1 if value else 0
            return struct.pack("<HBBI", number, 4, 0, code)
        if isinstance(value, (int, float)):
            return struct.pack("<HBBf", number, 2, 0, value)
        if isinstance(value, tuple) and value and value[0] == 1:
            return struct.pack("<HBBfff", number, *((1, 0) + value[1:]))
        if isinstance(value, tuple) and value and value[0] == 3:
            return struct.pack("<HBBf", number, 3, 0, value[1])
        if isinstance(value, tuple) and value and value[0] == 6:
            whole = [int(v) for v in value[1]]
            return struct.pack(f"<HBBI{len(whole)}i", number, 6, 0, len(whole), *whole)
        samples = list(value)
        return struct.pack(f"<HBBI{len(samples)}f", number, 5, 0, len(samples), *samples)

    def _step(self, body):
        step = Step()
        (step.tick, step.time_s, step.carried_s, step.ticks, signals, traced,
         events) = _ADVANCED.unpack_from(body)
        at = _ADVANCED.size
        floats = array("f")
        floats.frombytes(body[at:at + 4 * (signals + traced * step.ticks)])
        if struct.pack("=H", 1) != struct.pack("<H", 1):
            floats.byteswap()
        at += 4 * len(floats)
        step.signals = dict(zip(self._watched, floats[:signals]))
        step.trace = {
            name: floats[signals + k::traced] for k, name in enumerate(self._traced[:traced])}
        step.events = json.loads(body[at:at + events]) if events else []
        return step

    def _answer(self, reply):
        if reply.get("reply") == "error":
            raise HilError(reply)
        return reply

    def _send(self, data):
        try:
            self._socket.sendall(data)
        except OSError as fault:
            # It may have said why before it went.
            try:
                self._answer(json.loads(self._line()))
            except (HilGone, ValueError):
                pass
            raise HilGone(str(fault)) from fault

    def _fill(self):
        try:
            data = self._socket.recv(1 << 20)
        except socket.timeout:
            raise HilGone("no answer came in time") from None
        except OSError as fault:
            raise HilGone(str(fault)) from fault
        if not data:
            raise HilGone("the other side closed the connection")
        self._buffer += data

    def _line(self):
        start = 0
        while True:
            end = self._buffer.find(b"\n", start)
            if end >= 0:
                line = bytes(self._buffer[:end])
                del self._buffer[:end + 1]
                return line
            start = len(self._buffer)
            self._fill()

    def _frame(self):
        while len(self._buffer) < _HEAD.size:
            if self._buffer[:1] == b"{":
                self._answer(json.loads(self._line()))
                raise HilGone("a line came where a frame belongs")
            self._fill()
        if self._buffer[:1] == b"{":
            self._answer(json.loads(self._line()))
        magic, version, kind, _, size, number = _HEAD.unpack_from(self._buffer)
        if magic != b"SKHL" or version != 1:
            raise HilGone("what came is no frame of this protocol")
        while len(self._buffer) < _HEAD.size + size:
            self._fill()
        body = bytes(self._buffer[_HEAD.size:_HEAD.size + size])
        del self._buffer[:_HEAD.size + size]
        return kind, number, body

    # The end

    def close(self):
        """Says bye, and ends the program that `start` began."""
        try:
            self.ask("bye")
        except (HilError, HilGone):
            pass
        self._socket.close()
        if self._process:
            try:
                self._process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.communicate()
            shutil.rmtree(self._folder, ignore_errors=True)
            self._process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
