"""The image under a real Docker engine, with the commands of docs/install-docker.md."""
import json
import os
import pathlib
import subprocess
import time
import unittest

import agent
import documented
import engine
import host
import image
import notes

STOP_SECONDS = 2
# Engines before 23 are told this instead: the document says so.
MODERN = [("--cap-add", "BPF"), ("--cap-add", "PERFMON")]
OLD = [("--cap-add", "SYS_ADMIN")]
# What the ledger loads: fewer would be another agent.
FEWEST_PROGRAMS = 4


class UnderAnEngine:
    """What holds under every engine; tests say which."""

    @classmethod
    def setUpClass(cls):
        cls.engine = cls.enterClassContext(engine.Engine(cls.root()))
        began = time.monotonic()
        said = cls.engine.docker("load", "-i", image.ARCHIVE)
        notes.note("load", f"{time.monotonic() - began:.1f} s by Docker {cls.engine.version}")
        assert said.strip().endswith(f"Loaded image: {image.TAG}"), said
        cls.engine.import_busybox("busybox:test")
        cls.is_old = int(cls.engine.version.split(".")[0]) < 23
        cls.capabilities = OLD if cls.is_old else MODERN
        cls.flags = cls.here(documented.agent(image.TAG))

    @classmethod
    def here(cls, flags):
        """The documented flags on this machine: its engine's version and socket, and no file that it has not."""
        left = [each for each in flags if each not in MODERN] + cls.capabilities
        left = [(name, value.replace("/var/run/docker.sock:", f"{cls.engine.socket}:") if value else value) for name, value in left]
        return [each for each in left if each[1] is None or not each[1].startswith("/etc/machine-id:") or os.path.isfile("/etc/machine-id")]

    def start(self, flags, *arguments):
        """Runs the agent; its container and where it answers."""
        port = agent.free_port()
        container = self.engine.docker("run", "-d", *documented.joined(flags), image.TAG, "run", "--listen", f"127.0.0.1:{port}", *arguments).strip()
        self.addCleanup(self.engine.docker, "rm", "-f", container)
        return container, agent.Agent(port)

    def is_running(self, container):
        return lambda: self.engine.inspect(container)["State"]["Running"]

    def ready(self, flags, *arguments):
        container, asked = self.start(flags, *arguments)
        try:
            asked.wait(self.is_running(container))
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log(container)}") from error
        return container, asked

    def log(self, container):
        done = self.engine.try_docker("logs", container)
        return done.stdout + done.stderr

    def check(self, flags, *arguments):
        """Rows of `observe check` by name, and its status."""
        done = self.engine.try_docker("run", "--rm", *documented.joined(flags), image.TAG, "check", "--json", "--listen", f"127.0.0.1:{agent.free_port()}", *arguments)
        self.assertTrue(done.stdout.startswith("["), done.stderr)
        return {each["component"]: each for each in json.loads(done.stdout)}, done.returncode

    def test_documented_command_is_ready_attached_and_unprivileged(self):
        container, asked = self.start(self.flags)
        began = time.monotonic()
        asked.wait(self.is_running(container))
        told = self.engine.inspect(container)
        pid = told["State"]["Pid"]
        notes.note("start", f"{time.monotonic() - began:.2f} s from the container's start to /readyz")
        self.assertFalse(told["HostConfig"]["Privileged"])
        self.assertTrue(told["HostConfig"]["ReadonlyRootfs"])
        self.assertEqual(host.status(pid, "NoNewPrivs"), "1")
        self.assertEqual(host.status(pid, "Seccomp"), "2", "the engine's own profile is in force")
        held = int(host.status(pid, "CapEff"), 16)
        self.assertEqual(held, 1 << 21 if self.is_old else (1 << 38) | (1 << 39))

        programs = [(labels, value) for name, labels, value in asked.metrics() if name == "observe_bpf_program_attached"]
        self.assertGreaterEqual(len(programs), FEWEST_PROGRAMS)
        self.assertEqual([labels for labels, value in programs if value != 1], [])
        wrong = {name: each for name, each in asked.parts().items() if each["level"] in ("failed", "degraded")}
        self.assertEqual(wrong, {})
        for _ in range(3):
            asked.metrics()
            time.sleep(1)
        notes.note("memory", f"{host.megabytes(pid):.0f} MB resident in the container after some scrapes, {len(asked.metrics())} samples")

    def test_check_inside_a_running_container_finds_nothing_wrong(self):
        container, asked = self.ready(self.flags)

        done = self.engine.try_docker("exec", container, "observe", "check", "--listen", f"127.0.0.1:{asked.port}")

        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotRegex(done.stdout, r"(?m)^.*  (failed|degraded)  ")
        self.assertRegex(done.stdout, rf"listen on 127.0.0.1:{asked.port} +ok +served by a running observe")

    def test_shows_all_workloads_of_the_host(self):
        before = self.engine.docker("run", "-d", "--name", "earlier", "--network", "none", "busybox:test", "sh", "-c", "while :; do :; done").strip()
        self.addCleanup(self.engine.docker, "rm", "-f", before)
        _, asked = self.ready(self.flags)
        after = self.engine.docker("run", "-d", "--name", "later", "--network", "none", "--cpus", "0.02", "busybox:test", "sh", "-c", "while :; do :; done").strip()
        self.addCleanup(self.engine.docker, "rm", "-f", after)
        outside = self.enterContext(host.spinning_cgroup())
        # Twenty of the limited one's periods.
        time.sleep(2)

        there = host.populated_cgroups()
        samples = asked.metrics()
        there &= host.populated_cgroups()

        infos = [labels for sample, labels, _ in samples if sample == "observe_workload_info"]
        paths = {labels["observe_cgroup_path"]: labels for labels in infos if "observe_cgroup_path" in labels}
        self.assertEqual({path for path in there if path not in paths and path != "/"}, set(), "cgroups with processes that it does not show")

        def seconds(labels, state="running"):
            return sum(value for sample, each, value in samples if sample == "observe_thread_time_seconds_total" and each["workload_id"] == labels["workload_id"] and each["state"] == state)

        for container, called in ((before, "earlier"), (after, "later")):
            labels = next(each for each in infos if each.get("container_id") == container)
            self.assertEqual((labels["workload"], labels["workload_kind"]), (called, "container"))
            self.assertGreater(seconds(labels), 0.02, called)
        limited = next(each for each in infos if each.get("container_id") == after)
        quotas = {labels["workload_id"]: value for sample, labels, value in samples if sample == "observe_cpu_quota_cores"}
        self.assertEqual(quotas.get(limited["workload_id"]), 0.02, "the quota of another container")
        self.assertGreater(seconds(limited, "throttled"), 0.1)
        self.assertGreater(seconds(paths[outside]), 0.1, "a process outside of containers")

    def test_without_the_capabilities_check_names_them(self):
        rows, status = self.check(documented.without(self.flags, *self.capabilities))

        self.assertEqual(status, 1)
        self.assertEqual(rows["capabilities"]["level"], "failed")
        self.assertRegex(rows["capabilities"]["detail"], "CAP_BPF and CAP_PERFMON missing")
        self.assertEqual(rows["ledger"]["level"], "failed")

    def test_without_user_0_check_names_the_capabilities(self):
        rows, status = self.check(documented.without(self.flags, ("--user", "0:0")))

        self.assertEqual(status, 1)
        self.assertRegex(rows["capabilities"]["detail"], "CAP_BPF and CAP_PERFMON missing")

    def test_without_the_hosts_processes_check_says_so_and_the_rest_works(self):
        container, asked = self.ready(documented.without(self.flags, ("--pid", "host")))
        done = self.engine.try_docker("exec", container, "observe", "check", "--json", "--listen", f"127.0.0.1:{asked.port}")
        rows = {each["component"]: each for each in json.loads(done.stdout)}

        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(rows["pid namespace"]["level"], "degraded")
        self.assertIn("--pid=host", rows["pid namespace"]["remedy"])
        self.assertGreater(sum(value for name, labels, value in asked.metrics() if name == "observe_thread_time_seconds_total" and labels["state"] == "running"), 0)

    def test_without_the_hosts_cgroups_check_and_readiness_say_so(self):
        flags = documented.without(self.flags, ("--volume", "/sys/fs/cgroup:/sys/fs/cgroup:ro"))
        rows, _ = self.check(flags)
        self.assertIn(rows["cgroup layout"]["level"], ("degraded", "failed"))
        self.assertIn("/sys/fs/cgroup", rows["cgroup layout"]["remedy"])

        container, asked = self.start(flags)
        asked.wait(self.is_running(container), ready=False)
        self.assertEqual(asked.parts()["cgroup layout"]["level"], rows["cgroup layout"]["level"])

    def test_without_the_socket_containers_have_their_ids(self):
        other = self.engine.docker("run", "-d", "--network", "none", "busybox:test", "sleep", "60").strip()
        self.addCleanup(self.engine.docker, "rm", "-f", other)
        socket = next(each for each in self.flags if each[0] == "--volume" and "docker.sock" in each[1])
        _, asked = self.ready(documented.without(self.flags, socket))

        self.assertEqual(asked.parts()["docker"]["level"], "absent")
        deadline = time.monotonic() + 10
        while True:
            infos = [labels for name, labels, _ in asked.metrics() if name == "observe_workload_info" and other in labels.get("observe_cgroup_path", "")]
            if infos or time.monotonic() > deadline:
                break
            time.sleep(0.3)
        self.assertEqual([labels["workload"] for labels in infos], [other[:12]])

    def test_stops_when_told_to(self):
        for flags, how in ((self.flags, "beside the host's processes"), (documented.without(self.flags, ("--pid", "host")), "as process 1")):
            with self.subTest(how=how):
                container, _ = self.ready(flags)
                began = time.monotonic()
                self.engine.docker("stop", "-t", "10", container)
                took = time.monotonic() - began
                self.assertEqual(self.engine.inspect(container)["State"]["ExitCode"], 0, self.log(container))
                self.assertLess(took, STOP_SECONDS)
                notes.note("stop", f"{took:.2f} s {how}")

    def test_default_command_and_user(self):
        container = self.engine.docker("run", "-d", "--network", "none", "--cap-drop", "ALL", "--read-only", image.TAG).strip()
        self.addCleanup(self.engine.docker, "rm", "-f", container)
        deadline = time.monotonic() + 20
        while "event=Listening" not in self.log(container):
            self.assertTrue(self.is_running(container)() and time.monotonic() < deadline, self.log(container))
            time.sleep(0.1)
        pid = self.engine.inspect(container)["State"]["Pid"]
        self.assertEqual(host.status(pid, "Uid").split()[0], "65532")
        self.assertEqual(int(host.status(pid, "CapEff"), 16), 0)
        # A part has failed; the agent says so and goes on.
        done = self.engine.try_docker("exec", container, "observe", "check")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, "capabilities +failed +CAP_BPF and CAP_PERFMON missing")

    def test_version_and_mistakes_are_told(self):
        self.assertRegex(self.engine.docker("run", "--rm", "--network", "none", image.TAG, "--version"), rf"^{image.VERSION}")
        self.assertEqual(self.engine.try_docker("run", "--rm", "--network", "none", image.TAG, "rnu").returncode, 2)


class NewestDockerTests(UnderAnEngine, unittest.TestCase):
    """The documented command, to the letter."""

    @staticmethod
    def root():
        return engine.newest()

    def test_engine_knows_the_capabilities(self):
        self.assertFalse(self.is_old, self.engine.version)

    def test_with_one_capability_less_check_names_it(self):
        for missing in ("BPF", "PERFMON"):
            with self.subTest(missing=missing):
                rows, status = self.check(documented.without(self.flags, ("--cap-add", missing)))
                self.assertEqual(status, 1)
                self.assertEqual(rows["capabilities"]["detail"], f"CAP_{missing} missing: BPF programs cannot be loaded")


class StableDockerTests(UnderAnEngine, unittest.TestCase):
    """The engine of Debian 12."""

    @staticmethod
    def root():
        engine.required()

    def test_dockerfile_makes_the_same_of_a_made_up_first_stage(self):
        text = (image.ROOT / "deploy/docker/Dockerfile").read_text(encoding="utf-8")
        base = next(line.split()[1] for line in text.splitlines() if line.startswith("FROM ") and line.endswith(" AS build"))
        context = self.engine.directory / "context"
        (context / "scripts").mkdir(parents=True)
        image.Image().unpack(self.engine.directory / "root")
        subprocess.run(["tar", "-C", self.engine.directory / "root", "-cf", context / "root.tar", "."], check=True)
        # What compiles is not here: in its place is what unpacks the result, by the very command of the first stage.
        for name, script in (("scripts/install-deps", ":"), ("scripts/image", 'test "$1" = --root && mkdir "$2" && tar -C "$2" -xf root.tar')):
            (context / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            (context / name).chmod(0o755)
        self.made_up_base(base)

        self.engine.docker("build", "--network", "none", "-t", "observe:dockerfile", "-f", image.ROOT / "deploy/docker/Dockerfile", context)

        made, ours = (self.engine.inspect(tag)["Config"] for tag in ("observe:dockerfile", image.TAG))
        for name in ("User", "Env", "Entrypoint", "Cmd", "WorkingDir", "ExposedPorts", "StopSignal"):
            self.assertEqual(made.get(name), ours.get(name), name)
        self.assertLessEqual(made["Labels"].items(), ours["Labels"].items())
        self.assertEqual(self.listing("observe:dockerfile"), self.listing(image.TAG))

    def made_up_base(self, tag):
        """An image of the first stage's name whose commands do nothing."""
        made = self.engine.directory / "base"
        (made / "usr/bin").mkdir(parents=True)
        for name in ("apt-get", "make"):
            (made / "usr/bin" / name).write_text("#!/bin/sh\n:\n", encoding="utf-8")
            (made / "usr/bin" / name).chmod(0o755)
        (made / "Dockerfile").write_text("FROM busybox:test\nCOPY usr /usr\nENV PATH=/usr/bin:/bin\n", encoding="utf-8")
        self.engine.docker("build", "-t", tag, made)

    def listing(self, tag):
        """Path, mode, owner and size of everything in an image."""
        container = self.engine.docker("create", tag).strip()
        self.addCleanup(self.engine.docker, "rm", "-f", container)
        exported = self.engine.directory / f"{container}.tar"
        self.engine.docker("export", "-o", exported, container)
        import tarfile
        with tarfile.open(exported) as archive:
            found = {(each.name.rstrip("/"), each.mode, each.uid, each.gid, each.size, each.linkname) for each in archive}
        exported.unlink()
        return found


class PodmanTests(unittest.TestCase):
    def test_podman_reads_the_archive(self):
        image.required()
        import shutil
        import tempfile
        if os.geteuid() != 0 or not shutil.which("podman"):
            self.skipTest("needs root and podman")
        with tempfile.TemporaryDirectory() as directory:
            podman = ["podman", "--root", f"{directory}/root", "--runroot", f"{directory}/run", "--storage-driver", "vfs"]
            subprocess.run([*podman, "load", "-i", image.ARCHIVE], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            told = json.loads(subprocess.run([*podman, "image", "inspect", image.TAG], check=True, stdout=subprocess.PIPE).stdout)[0]
            self.assertEqual(told["Config"]["Entrypoint"], ["observe"])
            subprocess.run([*podman, "rmi", "--all", "--force"], check=True, stdout=subprocess.DEVNULL)
