"""A Docker engine of our own, in a directory that goes with it."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import image

DAEMON = "/usr/sbin/dockerd"
# Under emulation (tests/vm) nothing is fast.
PATIENCE = 8 if os.environ.get("OBSERVE_VM") else 1
BUSYBOX = "/bin/busybox"
# An engine of another Debian has a root of its own. What is the machine's is where it is otherwise, for the engine and all that it starts.
IN_ROOT = """
set -e
root=$1; shift
mount --bind "$root" "$root"
for each in /dev /proc /sys /tmp; do mount --rbind "$each" "$root$each"; done
cp /etc/machine-id "$root/etc/" 2>/dev/null || :
cd "$root"
PATH=$PATH:/usr/sbin:/sbin pivot_root . mnt
/mnt/bin/busybox umount -l /mnt
exec "$@"
"""


def required():
    image.required()
    if os.geteuid() != 0:
        raise unittest.SkipTest("needs root: it starts a container engine, and the agent loads BPF programs")
    if not os.path.exists(DAEMON) or not shutil.which("docker"):
        raise unittest.SkipTest("needs dockerd and docker: make test installs them")
    if not os.path.exists("/sys/kernel/btf/vmlinux"):
        raise unittest.SkipTest("needs a kernel with BTF (CONFIG_DEBUG_INFO_BTF)")


def newest():
    """The root of an engine that knows CAP_BPF, as it was fetched."""
    required()
    done = subprocess.run([image.ROOT / "scripts/fetch-docker"], check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        raise unittest.SkipTest(f"needs Docker 23 or later, of Debian's sid: {done.stderr.strip()[-300:]}")
    return done.stdout.strip()


class Engine:
    """Containers have the host's network or none: nothing of the host's is changed."""

    def __init__(self, root=None):
        """root: of an engine that is not this machine's."""
        self.under = ["unshare", "--mount", "--propagation", "private", "sh", "-c", IN_ROOT, "sh", root] if root else []
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="observe-image-", dir="/tmp"))
        self.socket = self.directory / "docker.sock"
        self.process = None

    def __enter__(self):
        self.log = open(self.directory / "log", "wb")
        self.process = subprocess.Popen([
            *self.under, DAEMON, "--data-root", self.directory / "data", "--exec-root", self.directory / "exec", "-H", f"unix://{self.socket}", "--pidfile", self.directory / "pid",
            "--storage-driver", self.storage(), "--bridge=none", "--iptables=false", "--ip6tables=false", "--log-level", "warn",
        ], stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 60 * PATIENCE
        while self.try_docker("version").returncode:
            if self.process.poll() is not None or time.monotonic() > deadline:
                said = (self.directory / "log").read_text(errors="replace")[-2000:]
                self.__exit__(None, None, None)
                raise RuntimeError(f"dockerd did not start; it said:\n{said}")
            time.sleep(0.1)
        self.version = self.docker("version", "--format", "{{.Server.Version}}").strip()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            for each in self.try_docker("ps", "-aq").stdout.split():
                self.try_docker("rm", "-f", each)
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60 * PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        mounts = [line.split(" ")[1] for line in pathlib.Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
        for each in reversed([path for path in mounts if path.startswith(f"{self.directory}/")]):
            subprocess.run(["umount", "-l", each], check=False)
        shutil.rmtree(self.directory)

    def storage(self):
        """Layers of files cannot be laid over one another where the directory is on such already."""
        kind = subprocess.run(["stat", "--file-system", "--format", "%T", self.directory], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        return "vfs" if kind == "overlayfs" else "overlay2"

    def docker(self, *arguments, **options):
        done = self.try_docker(*arguments, **options)
        if done.returncode:
            raise RuntimeError(f"docker {' '.join(map(str, arguments))}: status {done.returncode}: {done.stderr.strip()} {done.stdout.strip()}")
        return done.stdout

    def try_docker(self, *arguments, **options):
        environment = {"PATH": os.environ["PATH"], "DOCKER_HOST": f"unix://{self.socket}", "DOCKER_CONFIG": str(self.directory / "config"), "DOCKER_BUILDKIT": "0"}
        return subprocess.run(["docker", *map(str, arguments)], env=environment, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120 * PATIENCE, **options)

    def inspect(self, container):
        return json.loads(self.docker("inspect", container))[0]

    def import_busybox(self, tag):
        """An image of one program that is many, for what runs beside the agent."""
        root = self.directory / "busybox"
        (root / "bin").mkdir(parents=True)
        shutil.copy(BUSYBOX, root / "bin/busybox")
        for name in ("sh", "sleep", "true", "mkdir", "tar", "cp", "rm", "test"):
            (root / "bin" / name).symlink_to("busybox")
        with subprocess.Popen(["tar", "-C", root, "-cf", "-", "."], stdout=subprocess.PIPE) as packed:
            self.docker("import", "-", tag, stdin=packed.stdout)
