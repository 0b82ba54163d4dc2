"""An agent that is asked over HTTP, whatever runs it."""
import json
import os
import re
import socket
import time
import urllib.error
import urllib.request

# Under emulation (tests/vm) nothing is fast.
PATIENCE = 8 if os.environ.get("OBSERVE_VM") else 1
SAMPLE = re.compile(r'^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Agent:
    def __init__(self, port):
        self.port = port

    def get(self, path, accept="*/*"):
        """Status and body; status 0 if nobody answers."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Accept": accept})
        try:
            with urllib.request.urlopen(request, timeout=10 * PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def wait(self, is_running, ready=True, seconds=30):
        """Until it is ready, or at least answers; returns how long that took, in seconds."""
        began = time.monotonic()
        while True:
            status, body = self.get("/readyz")
            if status == 200 or (status and not ready and "first collection has not ended" not in body):
                return time.monotonic() - began
            if not is_running():
                raise AssertionError("it ended before it was ready")
            if time.monotonic() - began > seconds * PATIENCE:
                raise AssertionError(f"not ready after {seconds * PATIENCE} s: {status} {body}")
            time.sleep(0.02)

    def parts(self):
        """Rows of /readyz by name."""
        _, body = self.get("/readyz", "application/json")
        return {each["component"]: each for each in json.loads(body)["components"]}

    def metrics(self):
        """[(name, labels, value)]"""
        status, body = self.get("/metrics")
        if status != 200:
            raise AssertionError(f"/metrics: {status} {body}")
        found = []
        for line in body.splitlines():
            match = SAMPLE.match(line) if not line.startswith("#") else None
            if match:
                found.append((match[1], dict(LABEL.findall(match[2] or "")), float(match[3])))
        return found
