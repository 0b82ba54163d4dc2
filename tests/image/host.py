"""What this machine has, by means that the agent has no part in."""
import contextlib
import os
import pathlib
import subprocess

import image

LOAD = image.ROOT / "artifacts/load"


def populated_cgroups():
    """Paths of cgroups that have processes now, of the hierarchies that the agent goes by: v2, and of v1 the cpu controller's where v2 has them in its root."""
    found = set()
    for line in pathlib.Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _, directory, kind, options, *_ = line.split(" ")
        if kind == "cgroup2" or (kind == "cgroup" and "cpu" in options.split(",")):
            for at, _, names in os.walk(directory):
                try:
                    if "cgroup.procs" in names and any(_has_thread(pid) for pid in pathlib.Path(at, "cgroup.procs").read_text(encoding="utf-8").split()):
                        found.add(at[len(directory):] or "/")
                except OSError:
                    pass
    return found


def _has_thread(pid):
    try:
        return "\nState:\tZ" not in pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


def status(pid, field):
    """A field of /proc/PID/status."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{field}:"):
            return line.split(":", 1)[1].strip()
    raise KeyError(field)


def megabytes(pid):
    """Resident memory, 10^6 bytes."""
    return int(status(pid, "VmRSS").split()[0]) * 1024 / 1e6


@contextlib.contextmanager
def spinning_cgroup():
    """A process outside of any container that uses a CPU's time in a cgroup of its own; the cgroup's path."""
    name = f"observe-test-image-{os.getpid()}"
    # It ends by itself, should nobody end it.
    process = subprocess.Popen([LOAD / "incgroup", name, "--", LOAD / "spin", "120"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        yield f"/{name}"
    finally:
        # It hands that on, and removes the cgroup.
        process.terminate()
        process.wait()
