"""The village itself: a simulated run in real time, its hub, and somebody who may command."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request

USER, PASSWORD = "ann", "salt on the jetty"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Village:
    def __init__(self, skerry, board="boards/sim-village", scenario="calm", begun=b'"islanding":"gridTied"'):
        """Returns when its hub says what is in `begun`."""
        self.data = tempfile.mkdtemp(prefix="skerry-browser-")
        self.skerry, self.run = skerry, None
        try:
            subprocess.run([skerry, "user", "add", USER, "--role", "engineer", "--secrets", f"{self.data}/secrets.yaml"],
                           input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
            port = free_port()
            self.url = f"http://127.0.0.1:{port}"
            self.log = open(f"{self.data}/run.log", "w")
            # Its own process group, so that nothing of it is left.
            self.run = subprocess.Popen(
                [skerry, "run", board, "--scenario", f"{board}/scenarios/{scenario}.yaml", "--ordinary", "--plain", "--hub", "--data", self.data, "--listen", f"127.0.0.1:{port}"],
                stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
            self.wait(begun)
        except BaseException:
            self.end()
            raise

    def wait(self, begun):
        # Black start, enter service and synchronism take half a minute at most.
        end = time.monotonic() + 90
        while time.monotonic() < end:
            if self.run.poll() is not None:
                break
            try:
                with urllib.request.urlopen(self.url + "/api/v1/live", timeout=5) as answer:
                    if begun in answer.read():
                        return
            except OSError:
                pass
            time.sleep(0.2)
        with open(f"{self.data}/run.log") as log, open(f"{self.data}/hub.log") as hub:
            raise SystemExit(f"the village does not come to {begun}:\n{log.read()[-2000:]}\n{hub.read()[-2000:]}")

    def export(self, *arguments):
        """What `skerry export` writes of the store, as lines."""
        done = subprocess.run([self.skerry, "export", f"{self.data}/store.sqlite", *arguments], capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    def end(self):
        if self.run:
            self.run.terminate()
            try:
                self.run.wait(20)
            except subprocess.TimeoutExpired:
                self.run.kill()
        shutil.rmtree(self.data, ignore_errors=True)
