"""
A container by runc, which is what Docker and containerd run containers with, of the flags that `docker run` takes: where the engine at hand is too old to
know CAP_BPF. What an engine adds by itself is added as Docker adds it, but for a seccomp profile: which calls CAP_BPF opens is the engine's to say.
"""
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import uuid

import engine
import image

RUNTIME = "runc"
# The cgroup that all containers of the tests are beneath.
PARENT = "observe-test-runc"
# What Docker hides or protects in every container.
MASKED = ["/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware"]
READ_ONLY = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
MOUNTS = [
    {"destination": "/proc", "type": "proc", "source": "proc", "options": ["nosuid", "noexec", "nodev"]},
    {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
    {"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]},
    {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]},
    {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
    {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "ro"]},
]
NAMESPACES = ["mount", "uts", "ipc", "pid", "network"]
SIZES = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def required():
    engine.required()
    if not shutil.which(RUNTIME):
        raise unittest.SkipTest("needs runc, which comes with docker.io")


class Runtime:
    """A file system unpacked once, and containers on it."""

    def __enter__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="observe-runc-"))
        self.image = image.Image()
        self.image.unpack(self.directory / "root")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.directory)
        # runc removes the cgroup of a container, and not the one above it.
        for each in [pathlib.Path("/sys/fs/cgroup"), *pathlib.Path("/sys/fs/cgroup").iterdir()]:
            with contextlib.suppress(OSError):
                (each / PARENT).rmdir()

    def command(self, *arguments):
        return [RUNTIME, "--root", str(self.directory / "state"), *arguments]

    def start(self, flags, arguments):
        """Runs a container; its output is the process'."""
        name = f"observe-test-{uuid.uuid4().hex[:12]}"
        directory = self.directory / name
        directory.mkdir()
        (directory / "config.json").write_text(json.dumps(self.specification(name, flags, arguments)), encoding="utf-8")
        process = subprocess.Popen(self.command("run", "--bundle", str(directory), name), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return Container(self, name, process)

    def specification(self, name, flags, arguments):
        config = self.image.config["config"]
        user, group = config["User"].split(":")
        of, environment, mounts, namespaces = set(), list(config["Env"]), [dict(each) for each in MOUNTS], list(NAMESPACES)
        read_only = no_new_privileges = False
        resources = {"devices": [{"allow": False, "access": "rwm"}]}
        for flag, value in flags:
            if flag == "--user":
                user, group = value.split(":")
            elif flag == "--cap-add":
                of.add(f"CAP_{value}")
            elif flag == "--cap-drop":
                assert value == "ALL", value
            elif flag == "--security-opt":
                assert value == "no-new-privileges", value
                no_new_privileges = True
            elif flag == "--read-only":
                read_only = True
            elif flag in ("--pid", "--network"):
                if value == "host":
                    namespaces.remove({"--pid": "pid", "--network": "network"}[flag])
            elif flag == "--cgroupns":
                namespaces += ["cgroup"] if value == "private" else []
            elif flag == "--env":
                environment.append(value)
            elif flag in ("--volume", "--mount"):
                mounts.append(_bind(flag, value))
            elif flag == "--memory":
                resources["memory"] = {"limit": int(value) if value.isdigit() else int(value[:-1]) * SIZES[value[-1]]}
            elif flag == "--cpus":
                resources["cpu"] = {"quota": int(float(value) * 100_000), "period": 100_000}
            else:
                raise ValueError(f"{flag} is not known here")
        taken = {each["destination"] for each in mounts[len(MOUNTS):]}
        # Another user than root keeps them only in the bounding set.
        held = sorted(of) if user == "0" else []
        return {
            "ociVersion": "1.0.2", "root": {"path": str(self.directory / "root"), "readonly": read_only}, "hostname": name,
            "process": {
                "terminal": False, "user": {"uid": int(user), "gid": int(group)}, "args": [*config["Entrypoint"], *(arguments or config["Cmd"])], "env": environment, "cwd": config["WorkingDir"],
                "capabilities": {"bounding": sorted(of), "effective": held, "permitted": held}, "noNewPrivileges": no_new_privileges,
            },
            "mounts": [each for i, each in enumerate(mounts) if i >= len(MOUNTS) or each["destination"] not in taken],
            "linux": {
                "namespaces": [{"type": each} for each in namespaces], "maskedPaths": MASKED, "readonlyPaths": READ_ONLY, "resources": resources, "cgroupsPath": f"/{PARENT}/{name}",
            },
        }


def _bind(flag, value):
    if flag == "--volume":
        source, target, *options = value.split(":")
    else:
        parts = dict(each.partition("=")[::2] for each in value.split(","))
        assert parts.pop("type") == "bind", value
        source, target, options = parts.pop("src"), parts.pop("dst"), ["ro"] if "readonly" in parts else []
    return {"destination": target, "type": "bind", "source": source, "options": ["rbind", "rprivate", *options]}


class Container:
    def __init__(self, runtime, name, process):
        self.runtime, self.name, self.process = runtime, name, process

    def is_running(self):
        return self.process.poll() is None

    @property
    def pid(self):
        """Of its first process, on the host."""
        state = subprocess.run(self.runtime.command("state", self.name), check=True, stdout=subprocess.PIPE).stdout
        return json.loads(state)["pid"]

    def execute(self, *arguments):
        """Another command in it, with its privileges."""
        process = self.runtime.command("exec", self.name, *arguments)
        return subprocess.run(process, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)

    def signal(self, name):
        subprocess.run(self.runtime.command("kill", self.name, name), check=True)

    def finish(self, seconds=60):
        """What it wrote, and its status."""
        output, error = self.process.communicate(timeout=seconds)
        return output, error, self.process.returncode

    def remove(self):
        if self.is_running():
            subprocess.run(self.runtime.command("kill", self.name, "KILL"), check=False, stderr=subprocess.DEVNULL)
        if not self.process.stdout.closed:
            self.process.communicate()
        subprocess.run(self.runtime.command("delete", "--force", self.name), check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.runtime.directory / self.name, ignore_errors=True)
