"""A running host, and what surrounds it: OSC packets, the database, a small file system."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import sqlite3
import struct
import subprocess
import tempfile
import time
import urllib.request

import serve

PATIENCE = 20


def until(condition, what, seconds=PATIENCE):
    """The first true answer of `condition`; looks every 30 ms and fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.03)


class Host:
    """afterimage-host on free ports, killed at the end."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.ports = ("0", "0")
        self.process = None
        self.front = None

    def start(self, *flags):
        command = [os.environ["AFTERIMAGE_HOST"], "--data-dir", str(self.folder), "--log-format", "json"]
        command += ["--osc", f"127.0.0.1:{self.ports[0]}", "--http", f"127.0.0.1:{self.ports[1]}", *flags]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            event = json.loads(line)
            if event["event"] == "host.started":
                self.ports = (event["osc"].rpartition(":")[2], event["http"].rpartition(":")[2])
                return self
        raise AssertionError(f"the host did not start: {self.process.stderr.read()}")

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        for pipe in (self.process.stdout, self.process.stderr) if self.process else ():
            pipe.close()

    def end(self):
        self.kill()
        if self.front:
            self.front.shutdown()
            self.front.server_close()

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)

    @property
    def page(self):
        """Of the host, or with the files of the sources in front of it (AFTERIMAGE_PAGE_SOURCES)."""
        if os.environ.get("AFTERIMAGE_PAGE_SOURCES") and not self.front:
            self.front = serve.front(int(self.ports[1]))
        return f"http://127.0.0.1:{self.front.server_port if self.front else self.ports[1]}/"

    def ask(self, path, method="GET", body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports[1]}/api/v1{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def osc(self, address, value):
        def padded(text):
            data = text.encode() + b"\0"
            return data + b"\0" * (-len(data) % 4)

        packet = padded(address) + padded(",f") + struct.pack(">f", value)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(packet, ("127.0.0.1", int(self.ports[0])))

    def layers(self):
        return [layer["id"] for layer in self.ask("/state")["layers"]]

    def stored_value(self, layer, parameter):
        """As it stands in the newest generation of the database, read as an operator would."""
        with contextlib.closing(sqlite3.connect(f"file:{self.folder}/state.db?mode=ro", uri=True)) as database:
            row = database.execute(
                "SELECT value FROM generation_parameters WHERE layer = ? AND parameter = ? "
                "ORDER BY generation DESC LIMIT 1",
                (layer, parameter),
            ).fetchone()
        return row and float(row[0])


@contextlib.contextmanager
def running_host(*flags, folder=None):
    with contextlib.ExitStack() as stack:
        folder = folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="afterimage-page-"))
        host = Host(folder)
        stack.callback(host.end)
        yield host.start(*(flags or ("--demo",)))


class NotPermitted(Exception):
    pass


@contextlib.contextmanager
def small_file_system(megabytes):
    """A tmpfs of its own; raises NotPermitted where this process may not mount."""
    with tempfile.TemporaryDirectory(prefix="afterimage-small-") as folder:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "afterimage-test", folder]
        made = subprocess.run(mount, capture_output=True, text=True, check=False)
        if made.returncode:
            raise NotPermitted(made.stderr.strip())
        try:
            yield pathlib.Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


@contextlib.contextmanager
def filled(folder):
    """Takes all space that is left; gives it back at the end."""
    ballast = folder / "ballast"
    with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\1" * 4096)
    try:
        yield
    finally:
        ballast.unlink()
