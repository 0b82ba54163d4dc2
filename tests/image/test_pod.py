"""The agent's pod as the chart makes it: its exact security context, mounts, bounds and arguments, as flags."""
import pathlib
import subprocess
import tempfile
import unittest

import agent
import bundle
import documented
import host
import image


class PodTests(unittest.TestCase):
    def test_pod_of_the_chart_is_ready_with_all_programs_attached(self):
        bundle.required()
        if not (image.ROOT / "artifacts/helm/chart-test").is_file():
            self.skipTest("needs artifacts/helm/chart-test, which renders the chart: make chart-test")
        runtime = self.enterContext(bundle.Runtime())
        directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        subprocess.run([image.ROOT / "tests/helm/run", "--docker", "default", directory], check=True, stdout=subprocess.DEVNULL)
        words, arguments = ((directory / name).read_text(encoding="utf-8").splitlines() for name in ("flags", "arguments"))
        flags, _, _ = documented.parse(["docker", "run", *words, image.TAG])
        # What the chart is about; if these go, so does the point.
        self.assertLessEqual({("--cap-add", "BPF"), ("--cap-add", "PERFMON"), ("--cap-drop", "ALL"), ("--security-opt", "no-new-privileges"), ("--read-only", None), ("--pid", "host"),
                              ("--cgroupns", "private"), ("--user", "0:0")}, set(flags))
        port = agent.free_port()
        # A pod has an address of its own; here there is nobody to give it one.
        outside = self.enterContext(host.spinning_cgroup())
        container = runtime.start([*flags, ("--network", "host")], [*arguments, "--listen", f"127.0.0.1:{port}"])
        self.addCleanup(container.remove)
        asked = agent.Agent(port)

        asked.wait(container.is_running)

        self.assertEqual(int(host.status(container.pid, "CapEff"), 16), (1 << 38) | (1 << 39))
        self.assertEqual([labels for name, labels, value in asked.metrics() if name == "observe_bpf_program_attached" and value != 1], [])
        self.assertEqual({name: each for name, each in asked.parts().items() if each["level"] in ("failed", "degraded")}, {})
        done = container.execute("observe", "check", "--config", "/etc/observe/observe.yaml", "--listen", f"127.0.0.1:{port}")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        there = host.populated_cgroups() - {"/"}
        self.assertIn(outside, there)
        shown = {labels.get("observe_cgroup_path") for name, labels, _ in asked.metrics() if name == "observe_workload_info"}
        self.assertEqual((there & host.populated_cgroups()) - shown, set(), "cgroups with processes that it does not show")
