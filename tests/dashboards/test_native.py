"""Queries of histograms and the objective of waits, where Prometheus has native histograms and no classic ones."""
import re
import tempfile
import time
import unittest
from pathlib import Path

import exposition
import server
from queries import ROOT, Window, targets

WEB = {"workload": "web", "workload_kind": "container", "workload_id": "web-id"}
IDLE = {"workload": "idle", "workload_kind": "container", "workload_id": "idle-id"}
FAST, SLOW = -40, -16  # buckets up to 2^-10 s and 2^-4 s
HISTOGRAMS = ("observe_runqueue_wait_seconds", "observe_throttle_seconds")


def page(seconds):
    """Two hundred waits a second, of which ten are long; and of another workload none at all."""
    turns = int(seconds * 10)
    result = exposition.gauge("observe_build_info", {"version": "1"}, 1)
    for name in HISTOGRAMS:
        result += exposition.histogram(name, WEB, {FAST: 19 * turns, SLOW: turns}, 0.07 * turns)
        result += exposition.histogram(name, IDLE, {FAST: 0}, 0)
    return result + exposition.histogram("observe_kvm_exit_seconds", {**WEB, "vm": "vm1", "reason": "hlt"}, {FAST: 19 * turns, SLOW: turns}, 0.07 * turns)


@unittest.skipUnless(server.newest(), "Prometheus 3 is not there: scripts/fetch-prometheus")
class Native(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        rules = Path(cls.directory.name, "slo.yaml")
        rules.write_text((ROOT / "deploy" / "prometheus" / "slo.yaml").read_text().replace("interval: 30s", "interval: 200ms"))
        cls.agent = exposition.Agent(page)
        configuration = (f"global: {{ scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms }}\nrule_files: [ {rules} ]\nscrape_configs:\n- job_name: any\n"
                         f"  static_configs: [ {{ targets: [ '127.0.0.1:{cls.agent.server_port}' ] }} ]\n")
        cls.context = server.started(server.newest(), cls.directory.name, "--enable-feature=native-histograms", configuration=configuration)
        cls.prometheus = cls.context.__enter__()
        # Native histograms, five of them; and a record that was made of them.
        cls.wait("count_over_time(observe_runqueue_wait_seconds[1m]) >= 5 and on () workload:observe_waits_slow:share5m > 0")

    @classmethod
    def tearDownClass(cls):
        cls.context.__exit__(None, None, None)
        cls.agent.shutdown()
        cls.directory.cleanup()

    @classmethod
    def wait(cls, expression):
        for _ in range(300):
            if cls.prometheus.instant(expression, time.time()):
                return
            time.sleep(0.1)
        raise RuntimeError(f"never true: {expression}: {Path(cls.directory.name, 'prometheus.log').read_text()[-500:]}")

    def test_Prometheus_HasNoClassicBuckets(self):
        self.assertEqual([], self.prometheus.instant("observe_runqueue_wait_seconds_bucket", time.time()))

    def test_Panels_OfHistograms_HaveDataFromNativeOnes(self):
        now, count = time.time(), 0
        window = Window(now - 4, now, 1, 1)
        for each in targets():
            asked = set(re.findall(r"observe_\w+", each.expr))
            if not each.spare and asked & {*HISTOGRAMS, "observe_kvm_exit_seconds"} and not asked & {"observe_thread_time_seconds_total", "observe_kvm_exits_total"}:
                count += 1
                with self.subTest(each.name):
                    found = self.prometheus.instant(window.fill(each.expr, {}), now)
                    self.assertTrue(found)
                    self.assertEqual(each.panel["type"] == "heatmap", any("histogram" in series for series in found))
        self.assertGreater(count, 12)

    def test_Heatmaps_WithNativeHistograms_DoNotAskForBucketsToo(self):
        window = Window(time.time() - 4, time.time(), 1, 1)
        for each in targets():
            if each.spare and any(name in each.expr for name in HISTOGRAMS):
                self.assertEqual([], self.prometheus.instant(window.fill(each.expr, {}), window.end), each.name)

    def test_Quantiles_AreWhatWasPutIn(self):
        window = Window(time.time() - 4, time.time(), 1, 1)
        for each in targets():
            if each.panel["title"] == "Waits for a CPU, percentiles":
                value = float(self.prometheus.instant(window.fill(each.expr, {"workload": "web"}), window.end)[0]["value"][1])
                bound = 2.0 ** -10 if each.panel["targets"][each.index]["legendFormat"] in ("p50", "p90") else 2.0 ** -4
                self.assertTrue(bound / 2 ** 0.25 <= value <= bound * 1.001, f"{each.name}: {value}")

    def test_Objective_ShareOfSlowWaits_IsWhatWasPutIn(self):
        found = self.prometheus.instant("workload:observe_waits_slow:share5m", time.time())
        self.assertEqual(["web"], [each["metric"]["workload"] for each in found], "a workload without waits has no share, and no NaN")
        self.assertAlmostEqual(0.05, float(found[0]["value"][1]), delta=0.01)
        idle = self.prometheus.instant('workload:observe_waits_slow:rate5m{workload="idle"}', time.time())
        self.assertEqual(0.0, float(idle[0]["value"][1]))


if __name__ == "__main__":
    unittest.main()
