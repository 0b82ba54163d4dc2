"""The instance that follows vCenters: as 65532, without a capability, with nothing of the host."""
import os
import pathlib
import re
import subprocess
import tempfile
import time
import unittest

import agent
import documented
import engine
import host
import image

SIMULATOR = image.ROOT / "artifacts/vcsim/vcsim"
USER, PASSWORD = "reader", "correct horse"


class VCenterTests(unittest.TestCase):
    def test_documented_command_follows_a_vcenter_and_keeps_its_state(self):
        engine.required()
        if not SIMULATOR.is_file():
            self.skipTest("needs artifacts/vcsim/vcsim: make vcsim")
        ours = self.enterContext(engine.Engine())
        ours.docker("load", "-i", image.ARCHIVE)
        directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        url = self.simulate(directory, "-vms", "2")
        port = agent.free_port()
        text = documented.DOCUMENT.read_text(encoding="utf-8")
        written = re.search(r"```yaml\n(listen.*?)```", text, re.DOTALL)[1]
        written = written.replace("127.0.0.1:9465", f"127.0.0.1:{port}").replace("https://vc.example/sdk", url).replace("observe@vsphere.local", USER)
        (directory / "vcenter.yaml").write_text(written.replace(f"- url: {url}", f"- url: {url}\n        insecure: true"), encoding="utf-8")
        (directory / "vcenter-password").write_text(PASSWORD + "\n", encoding="utf-8")
        for name in ("vcenter.yaml", "vcenter-password"):
            os.chown(directory / name, 65532, 65532)
            (directory / name).chmod(0o400)
        directory.chmod(0o755)
        words = next(words for words in documented.commands() if "observe-vcenter" in words)
        words = [each.replace("/etc/observe/vcenter", f"{directory}/vcenter", 1) if each.startswith("/etc/observe/vcenter") else each for each in words]

        container = ours.docker(*words[1:]).strip()
        asked = agent.Agent(port)
        asked.wait(lambda: ours.inspect(container)["State"]["Running"])

        pid = ours.inspect(container)["State"]["Pid"]
        self.assertEqual(host.status(pid, "Uid").split()[0], "65532")
        self.assertEqual([int(host.status(pid, name), 16) for name in ("CapEff", "CapPrm", "CapBnd")], [0, 0, 0])
        self.assertEqual({name: each for name, each in asked.parts().items() if each["level"] in ("failed", "degraded")}, {})
        # The inventory comes piece by piece.
        deadline = time.monotonic() + 30
        while len(machines := {labels["vcenter_vm_name"] for _, labels, _ in asked.metrics() if "vcenter_vm_name" in labels}) < 2:
            self.assertLess(time.monotonic(), deadline, machines)
            time.sleep(0.3)
        done = ours.try_docker("exec", container, "observe", "check", "--config", "/etc/observe/observe.yaml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

        ours.docker("stop", container)
        self.assertEqual(ours.inspect(container)["State"]["ExitCode"], 0)
        volume = pathlib.Path(ours.docker("volume", "inspect", "--format", "{{.Mountpoint}}", "observe-state").strip())
        self.assertEqual(volume.stat().st_uid, 65532)
        self.assertTrue(any(each.is_file() and each.stat().st_size for each in volume.rglob("*")), "nothing was kept in the volume")

    def simulate(self, directory, *arguments):
        """A vCenter on loopback; its address."""
        process = subprocess.Popen([SIMULATOR, "-tls", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(directory)})
        self.addCleanup(process.wait)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.kill)
        return process.stdout.readline().strip()
