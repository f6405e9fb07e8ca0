"""One emulated machine: how it is started, snapshot, and spoken to.

`-icount` ties guest time to executed instructions, so a loaded host does not make a deadline miss: a
microsecond is 500 instructions, less than a Pi 3 does in it. One virtual processor: with two, each
round trip to the bridge waits for the other's time slice.
"""

import hashlib
import json
import os
import select
import socket
import subprocess
import time

EMULATOR = "qemu-system-x86_64"
MEMORY_MB = 512
COMMON = [
    "-M", "q35,accel=tcg", "-cpu", "max", "-smp", "1", "-m", str(MEMORY_MB),
    "-icount", "shift=1,sleep=off", "-rtc", "base=2026-06-21T12:00:00,clock=vm",
    "-nodefaults", "-display", "none", "-no-reboot", "-no-user-config",
    "-device", "isa-debug-exit,iobase=0xf4,iosize=1",
]  # fmt: skip
# An oops is a panic and a panic ends the machine, which is told from an orderly end.
KERNEL_LINE = (
    "console=ttyS0 loglevel=1 panic=-1 oops=panic nokaslr mitigations=off tsc=reliable"
    " random.trust_cpu=on rdinit=/init"
)


class GuestFailure(Exception):
    """The machine ended or hung where it should not; the words say what is known."""


def snapshot_key(kernel, initrd):
    """Changes with everything a snapshot depends on."""
    digest = hashlib.sha256()
    for path in (kernel, initrd):
        with open(path, "rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    version = subprocess.run([EMULATOR, "--version"], capture_output=True, text=True).stdout
    digest.update(json.dumps([COMMON, KERNEL_LINE, version]).encode())
    return digest.hexdigest()[:16]


class Guest:
    """A running emulator. Its console goes to `folder/console`, what it reports to `said`."""

    def __init__(self, folder, kernel, initrd, snapshot=None):
        os.makedirs(folder, exist_ok=True)
        self.console = os.path.join(folder, "console")
        self.said = []  # every line of the guest, decoded
        self.on_line = None
        self.door, door_far = socket.socketpair()
        self.monitor, monitor_far = socket.socketpair()
        self._unread = b""
        arguments = [
            EMULATOR, *COMMON, "-kernel", kernel, "-initrd", initrd, "-append", KERNEL_LINE,
            "-chardev", f"file,id=console,path={self.console}", "-serial", "chardev:console",
            "-chardev", f"socket,id=door,fd={door_far.fileno()}", "-serial", "chardev:door",
            "-chardev", f"socket,id=monitor,fd={monitor_far.fileno()}",
            "-mon", "chardev=monitor,mode=control",
        ]  # fmt: skip
        if snapshot:
            arguments += ["-incoming", f"exec:cat '{snapshot}'"]
        with open(os.path.join(folder, "emulator"), "w") as log:
            self.process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                pass_fds=[door_far.fileno(), monitor_far.fileno()])  # fmt: skip
        self.emulator_log = log.name
        door_far.close()
        monitor_far.close()
        self._monitor_lines = self.monitor.makefile("r")
        self._monitor_lines.readline()  # the greeting
        self.order("qmp_capabilities")
        if snapshot:
            self._wait_for("query-migrate", "completed")
            self.order("cont")

    # The monitor.

    def order(self, command, **arguments):
        self.monitor.sendall(json.dumps({"execute": command, "arguments": arguments}).encode())
        while line := self._monitor_lines.readline():
            answer = json.loads(line)
            if "error" in answer:
                raise GuestFailure(f"emulator refused {command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]
        raise GuestFailure(f"emulator ended at {command}:\n{self.tail()}")

    def _wait_for(self, query, status, seconds=60):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            now = self.order(query).get("status")
            if now == status:
                return
            if now == "failed":
                break
            time.sleep(0.02)
        raise GuestFailure(f"emulator: {query} never said {status}\n{self.tail()}")

    def save(self, path):
        """Writes the machine, which must be waiting for a script, and lets it go on."""
        self.order("stop")
        self.order("migrate", uri=f"exec:cat > '{path}.part'")
        self._wait_for("query-migrate", "completed")
        os.rename(path + ".part", path)
        self.order("cont")

    # The guest.

    def wait_line(self, deadline):
        """The next line of the guest, decoded; None when the emulator ended."""
        while b"\n" not in self._unread:
            left = deadline - time.monotonic()
            ready = left > 0 and select.select([self.door], [], [], left)[0]
            if not ready:
                raise GuestFailure(f"no answer in time\n{self.tail()}")
            try:
                chunk = self.door.recv(65536)
            except ConnectionResetError:
                # It ended with something of ours unread.
                return None
            if not chunk:
                return None
            self._unread += chunk
        line, self._unread = self._unread.split(b"\n", 1)
        try:
            line = json.loads(line)
        except ValueError:
            line = {"garbled": line.decode(errors="replace")}
        self.said.append(line)
        if self.on_line:
            self.on_line(line)
        return line

    def until(self, word, deadline):
        """Reads on to the line that has the member `word`."""
        while line := self.wait_line(deadline):
            if word in line:
                return line
        raise GuestFailure(
            f"the machine ended (emulator's status {self.process.wait()})\n{self.tail()}")

    def send(self, name, script, stay=False):
        script = script.encode()
        then = "stay" if stay else "end"
        self.door.sendall(f"{len(script)} {then} {name}\n".encode() + script)

    def status(self, deadline):
        """The guest's own exit status. Anything but a report by isa-debug-exit is a failure."""
        while self.wait_line(deadline):
            pass
        code = self.process.wait(max(1, deadline - time.monotonic()))
        if code <= 0 or code % 2 == 0:
            raise GuestFailure(
                f"a panic, or the emulator failed (its status {code})\n{self.tail()}")
        return code >> 1

    def tail(self, lines=25):
        text = ""
        for path in (self.emulator_log, self.console):
            if os.path.exists(path):
                with open(path, errors="replace") as file:
                    text += "".join(file.readlines()[-lines:])
        return text

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.door.close()
        self._monitor_lines.close()
        self.monitor.close()
