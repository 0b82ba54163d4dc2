"""A Prometheus to ask: started on loopback for a test, or one that somebody else runs."""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

CACHE = pathlib.Path(os.environ.get("OBSERVE_CACHE") or pathlib.Path.home() / ".cache/observe")
NEWEST = CACHE / "prometheus3" / "prometheus"


class Refused(Exception):
    """Prometheus answered, and not with data: its reason."""


class Prometheus:
    """Its HTTP API, as far as it is needed."""

    def __init__(self, address):
        self.address = address.rstrip("/")

    def get(self, path, **parameters):
        body = urllib.parse.urlencode(parameters).encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(f"{self.address}/api/v1/{path}", data=body), timeout=60) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            with contextlib.suppress(ValueError):
                text = json.loads(text).get("error", text)
            raise Refused(text.strip()[:500]) from None

    def parse(self, expression):
        """The expression's tree. Prometheus 3."""
        return self.get("parse_query", query=expression)

    def range(self, expression, start, end, step):
        return self.get("query_range", query=expression, start=start, end=end, step=step)["result"]

    def instant(self, expression, at):
        answer = self.get("query", query=expression, time=at)
        return answer["result"] if answer["resultType"] == "vector" else [{"metric": {}, "value": answer["result"]}]


@contextlib.contextmanager
def started(binary, directory, *arguments, configuration="{}\n"):
    """Runs a Prometheus, which scrapes nothing unless told to, with its data in a directory; ends it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    directory = pathlib.Path(directory)
    (directory / "prometheus.yml").write_text(configuration)
    with open(directory / "prometheus.log", "wb") as log:
        process = subprocess.Popen(
            [str(binary), f"--config.file={directory}/prometheus.yml", f"--storage.tsdb.path={directory}/data", "--storage.tsdb.retention.time=10y",
             f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn", *arguments], stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        _await(address, process, directory / "prometheus.log")
        yield Prometheus(address)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(address, process, log):
    for _ in range(200):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            if urllib.request.urlopen(address + "/-/ready", timeout=1).status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"Prometheus did not start: {log.read_text(errors='replace')[-1000:]}")


def newest():
    """Prometheus 3, where scripts/fetch-prometheus has put it; None where it could not be had."""
    return NEWEST if os.access(NEWEST, os.X_OK) else None


def installed():
    """The distribution's Prometheus: Debian 12 has 2.42, the oldest that is meant."""
    return shutil.which("prometheus") or shutil.which("prometheus", path="/usr/bin:/usr/local/bin")


def promtool():
    return shutil.which("promtool") or shutil.which("promtool", path="/usr/bin:/usr/local/bin")
