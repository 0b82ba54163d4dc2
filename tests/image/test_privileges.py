"""Exactly CAP_BPF and CAP_PERFMON, as Docker 23 and Kubernetes give them; and what is said when one of these, or anything else, is taken away."""
import json
import os
import time
import unittest

import agent
import bundle
import documented
import host
import image
import notes

STOP_SECONDS = 2


class PrivilegeTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        bundle.required()
        cls.runtime = cls.enterClassContext(bundle.Runtime())
        # There is no engine here whose socket could be mounted.
        cls.flags = [(name, value) for name, value in documented.agent(image.TAG)
                     if not (name == "--volume" and not os.path.exists(value.split(":")[0]))]

    def run_agent(self, flags, *arguments):
        port = agent.free_port()
        container = self.runtime.start(flags, ["run", "--listen", f"127.0.0.1:{port}", *arguments])
        self.addCleanup(container.remove)
        return container, agent.Agent(port)

    def check(self, flags):
        """Rows of `observe check` by name, and its status."""
        container = self.runtime.start(flags, ["check", "--json", "--listen", f"127.0.0.1:{agent.free_port()}"])
        self.addCleanup(container.remove)
        output, error, status = container.finish()
        self.assertTrue(output.startswith("["), error)
        return {each["component"]: each for each in json.loads(output)}, status

    def test_two_capabilities_are_enough(self):
        began = time.monotonic()
        container, asked = self.run_agent(self.flags)
        asked.wait(container.is_running)
        notes.note("runc_start", f"{time.monotonic() - began:.2f} s from runc to /readyz")

        self.assertEqual(int(host.status(container.pid, "CapEff"), 16), (1 << 38) | (1 << 39))
        self.assertEqual(int(host.status(container.pid, "CapBnd"), 16), (1 << 38) | (1 << 39))
        self.assertEqual({labels["program"]: value for name, labels, value in asked.metrics() if name == "observe_bpf_program_attached" and value != 1}, {})
        self.assertEqual({name: each for name, each in asked.parts().items() if each["level"] in ("failed", "degraded")}, {})
        done = container.execute("observe", "check", "--listen", f"127.0.0.1:{asked.port}")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotRegex(done.stdout, r"(?m)^.*  (failed|degraded)  ")

        began = time.monotonic()
        container.signal("TERM")
        _, error, status = container.finish()
        self.assertEqual(status, 0, error)
        self.assertLess(time.monotonic() - began, STOP_SECONDS)

    def test_with_one_capability_less_check_and_readiness_name_it(self):
        for missing in ("BPF", "PERFMON"):
            with self.subTest(missing=missing):
                flags = documented.without(self.flags, ("--cap-add", missing))
                rows, status = self.check(flags)
                self.assertEqual(status, 1)
                self.assertEqual(rows["capabilities"]["level"], "failed")
                self.assertEqual(rows["capabilities"]["detail"], f"CAP_{missing} missing: BPF programs cannot be loaded")
                self.assertEqual(rows["ledger"]["level"], "failed")

                container, asked = self.run_agent(flags)
                asked.wait(container.is_running, ready=False)
                status, body = asked.get("/readyz")
                self.assertEqual(status, 503)
                self.assertIn(f"CAP_{missing}", body)

    def test_nothing_else_is_told_to_be_missing(self):
        rows, status = self.check(self.flags)
        self.assertEqual(status, 0)
        self.assertEqual({name: each for name, each in rows.items() if each["level"] in ("failed", "degraded")}, {})

    def test_in_a_cgroup_namespace_of_its_own_sees_the_hosts(self):
        outside = self.enterContext(host.spinning_cgroup())
        container, asked = self.run_agent([*self.flags, ("--cgroupns", "private")])
        asked.wait(container.is_running)

        self.assertNotEqual(os.readlink(f"/proc/{container.pid}/ns/cgroup"), os.readlink("/proc/self/ns/cgroup"))
        self.assertEqual(asked.parts()["cgroup layout"]["level"], "ok")
        self.assertIn(outside, {labels.get("observe_cgroup_path") for sample, labels, _ in asked.metrics() if sample == "observe_workload_info"})

    def test_trusts_the_authorities_of_the_image(self):
        """A receiver whose certificate is signed by an authority of the bundle is trusted, and one that is not is refused."""
        import ssl
        import subprocess
        import tempfile
        import threading
        import http.server
        import pathlib
        with tempfile.TemporaryDirectory() as directory:
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=receiver", "-addext", "subjectAltName=IP:127.0.0.1",
                            "-keyout", f"{directory}/key", "-out", f"{directory}/crt"], check=True, stderr=subprocess.DEVNULL)
            bundled = pathlib.Path(directory, "bundle")
            bundled.write_bytes(self.runtime.image.contents["/etc/ssl/certs/ca-certificates.crt"] + pathlib.Path(directory, "crt").read_bytes())

            class Receiver(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    self.rfile.read(int(self.headers["Content-Length"] or 0))
                    self.send_response(200)
                    self.send_header("Content-Type", "application/x-protobuf")
                    self.send_header("Content-Length", "0")
                    self.end_headers()

                def log_message(self, *_):
                    pass

            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(f"{directory}/crt", f"{directory}/key")
            server.socket = context.wrap_socket(server.socket, server_side=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.addCleanup(server.server_close)
            self.addCleanup(server.shutdown)
            flags = [*self.flags, ("--env", f"OBSERVE_OTLP__ENDPOINT=https://127.0.0.1:{server.server_port}")]

            rows, _ = self.check(flags)
            self.assertEqual(rows["otlp receiver"]["level"], "degraded", rows["otlp receiver"])
            self.assertRegex(rows["otlp receiver"]["detail"], "(?i)certificate|tls|authority")
            rows, _ = self.check([*flags, ("--volume", f"{bundled}:/etc/ssl/certs/ca-certificates.crt:ro")])
            self.assertEqual(rows["otlp receiver"]["level"], "ok", rows["otlp receiver"])
