"""Every query that a dashboard or an alert makes: accepted, of metrics and labels that there are, in the right unit, and answered."""
import json
import re
import subprocess
import sys
import tempfile
import time
import unittest
import xml.dom.minidom
from pathlib import Path

import catalog
import sample
import server
from analysis import Analysis, Wrong, is_shown_by
from needs import NEEDS
from queries import ROOT, Window, annotations, dashboards, targets

import generate
from rules import Alert, Group, Record, RuleFile, render

METRICS = catalog.read(ROOT / "docs" / "metrics.md")
WINDOW = Window(0, 1800, 30, 15)
RECORDED = {(): "1", (("s", 1),): "seconds", (("s", -1),): "per second"}
NO_NEWEST = "Prometheus 3 is not there: scripts/fetch-prometheus"


def with_records():
    """The catalog and what recording rules make of it, with what is wrong in the rules: (metrics, [(rule, reason)])."""
    metrics, wrong = dict(METRICS), []
    with tempfile.TemporaryDirectory() as directory, server.started(server.newest(), directory) as prometheus:
        for rule in (rule for file in generate.rule_files() for group in file.groups for rule in group.rules):
            try:
                shape = Analysis(metrics).shape(prometheus.parse(rule.expr))
            except (Wrong, server.Refused) as error:
                wrong.append((rule.name, str(error)))
                continue
            if isinstance(rule, Record):
                metrics[rule.name] = catalog.Metric(rule.name, "gauge", RECORDED[shape.unit], shape.labels)
    return metrics, wrong


class Syntax(unittest.TestCase):
    def test_Queries_AllPanelsAndMarks_AreAcceptedByPromtool(self):
        queries = [(each.name, WINDOW.fill(each.expr, {}, each.least)) for each in targets()]
        queries += [(each["name"], WINDOW.fill(each["target"]["expr"], {})) for _, each, _ in annotations()]
        group = Group("queries", "", tuple(Record(f"query:{place}", text, name) for place, (name, text) in enumerate(queries)))
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(render(RuleFile("", "", (group,))))
            file.flush()
            answer = subprocess.run([server.promtool(), "check", "rules", "--lint=none", file.name], capture_output=True, text=True)
        self.assertEqual(0, answer.returncode, answer.stdout + answer.stderr)
        self.assertIn(f"{len(queries)} rules found", answer.stdout)


@unittest.skipUnless(server.newest(), NO_NEWEST)
class Meaning(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.context = server.started(server.newest(), cls.directory.name)
        cls.prometheus = cls.context.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.context.__exit__(None, None, None)
        cls.directory.cleanup()

    def shape(self, expression, metrics=METRICS):
        return Analysis(metrics).shape(self.prometheus.parse(expression))

    def test_Panels_NameMetricsAndLabelsOfTheCatalog_InTheirUnit(self):
        for each in targets():
            with self.subTest(each.name):
                shape = self.shape(WINDOW.fill(each.expr, {}, each.least))
                self.assertTrue(is_shown_by(shape, each.unit), f"{shape.unit} is not shown by {each.unit}: {each.expr}")
                self.assertEqual(each.panel["type"] == "heatmap", shape.histogram, "buckets are for heat maps, and those for buckets")
                legend = each.panel["targets"][each.index]["legendFormat"]
                self.assertLessEqual(set(re.findall(r"\{\{(\w+)\}\}", legend)), shape.labels, f"legend {legend}")

    def test_Tables_NameColumnsThatTheirQueriesGive(self):
        for model, source in dashboards():
            for _, panel in source.panels():
                if panel.kind == "table":
                    with self.subTest(panel.title):
                        labels = self.shape(WINDOW.fill(panel.queries[0].expr, {})).labels
                        self.assertLessEqual(set(panel.columns), labels)
                        self.assertIn(panel.sort or panel.columns[0], [*panel.columns, *(query.legend for query in panel.queries)])

    def test_Marks_NameMetricsAndLabelsOfTheCatalog(self):
        for dashboard, each, _ in annotations():
            with self.subTest(f"{dashboard} / {each['name']}"):
                shape = self.shape(WINDOW.fill(each["target"]["expr"], {}))
                self.assertLessEqual(set(re.findall(r"\{\{(\w+)\}\}", each["titleFormat"])) | {each["tagKeys"]}, shape.labels)

    def test_Variables_AskForLabelsThatTheirMetricsHave(self):
        for model, _ in dashboards():
            for each in (each for each in model["templating"]["list"] if each["type"] == "query"):
                with self.subTest(f"{model['title']} / {each['name']}"):
                    query, label = re.fullmatch(r"label_values\((.*), (\w+)\)", each["query"]["query"]).groups()
                    self.assertIn(label, self.shape(WINDOW.fill(query, {})).labels)

    def test_Rules_NameMetricsAndLabelsOfTheCatalog(self):
        metrics, wrong = with_records()
        self.assertEqual([], wrong)
        for alert in (rule for file in generate.rule_files() for group in file.groups for rule in group.rules if isinstance(rule, Alert)):
            with self.subTest(alert.name):
                labels = self.shape(alert.expr, metrics).labels
                for text in (alert.summary, alert.reason, alert.remedy):
                    self.assertLessEqual(set(re.findall(r"\$labels\.(\w+)", text)), labels)
                if "humanizePercentage" in alert.summary:
                    self.assertEqual((), self.shape(alert.expr, metrics).unit, "a percentage is of a share")
                if "humanizeDuration" in alert.summary:
                    self.assertEqual((("s", 1),), self.shape(alert.expr, metrics).unit, "a duration is in seconds")

    def test_Analysis_OfWhatIsWrong_SaysSo(self):
        for expression, reason in (
                ("observe_thread_time_total", "no metric"), ('observe_threads{state="x"}', "no label state"), ("sum by (vm) (observe_threads)", "no such label"),
                ("sum(rate(observe_runqueue_wait_seconds_bucket[5m]))", "without le"), ("observe_threads + observe_clock_error_seconds", "different units"),
                ("observe_host_info * on (instance) group_left (version) observe_host_info", "no such label"), ("histogram_quantile(0.9, observe_threads)", "no histogram")):
            with self.subTest(expression), self.assertRaisesRegex(Wrong, reason):
                self.shape(expression)
        self.assertFalse(is_shown_by(self.shape("rate(observe_thread_time_seconds_total[5m])"), "s"))
        self.assertTrue(is_shown_by(self.shape("histogram_quantile(0.9, rate(observe_runqueue_wait_seconds[5m]))"), "s"))
        self.assertFalse(is_shown_by(self.shape("rate(observe_context_switches_total[5m])"), "none"))


@unittest.skipUnless(server.installed(), "Prometheus is not installed: scripts/install-deps test")
class Answers(unittest.TestCase):
    """Of the distribution's Prometheus, which has series of the whole catalog, one agent as static_configs scrape it, without a cluster, and one with."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        place = Path(cls.directory.name)
        cls.end = int(time.time()) // 60 * 60 - 60
        (place / "series.om").write_text(sample.openmetrics(METRICS, cls.end))
        made = subprocess.run([server.promtool(), "tsdb", "create-blocks-from", "openmetrics", "-q", str(place / "series.om"), str(place / "data")], capture_output=True, text=True)
        if made.returncode:
            raise RuntimeError(made.stdout + made.stderr)
        cls.context = server.started(server.installed(), place)
        cls.prometheus = cls.context.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.context.__exit__(None, None, None)
        cls.directory.cleanup()

    def test_Panels_WithAllSeriesThere_HaveData(self):
        window = Window(self.end - 1500, self.end, 60, 30)
        for each in targets():
            with self.subTest(each.name):
                native = each.panel["type"] == "heatmap" and not each.spare
                self.assertEqual(native, not self.answer(each, window), each.expr)

    def answer(self, each, window):
        expression = window.fill(each.expr, {}, each.least)
        return self.prometheus.instant(expression, window.end) if each.is_instant else self.prometheus.range(expression, window.start, window.end, window.step)

    def test_Panels_OfOneNodeAndWorkload_HaveDataOfThatOnly(self):
        window = Window(self.end - 1500, self.end, 60, 30)
        for each in targets():
            if "$workload" in each.expr and not (each.panel["type"] == "heatmap" and not each.spare):
                for one, of in (("web", {"workload": "web"}), ("nobody", {"workload": "nobody"})):
                    with self.subTest(each.name, workload=one):
                        found = self.prometheus_of(each, window, of)
                        self.assertEqual(one == "web", any(value for value in found), each.expr)
                        self.assertLessEqual({series["metric"].get("workload", one) for series in found}, {one})

    def prometheus_of(self, each, window, variables):
        expression = window.fill(each.expr, variables, each.least)
        return self.prometheus.instant(expression, window.end)

    def test_Panels_OfOneCluster_HaveDataOfThatOnly(self):
        window, count = Window(self.end - 1500, self.end, 60, 30), 0
        for each in targets():
            if "$node" in each.expr and "$vsphere" not in each.expr and "vcenter" not in each.expr and not (each.panel["type"] == "heatmap" and not each.spare):
                with self.subTest(each.name):
                    count += 1
                    found = self.prometheus_of(each, window, {"cluster": "prod"})
                    self.assertTrue(found, each.expr)
                    self.assertLessEqual({series["metric"].get("instance", "host-b:9464") for series in found}, {"host-b:9464"})
        self.assertGreater(count, 80)

    def run_it(self, *arguments):
        with tempfile.TemporaryDirectory() as directory:
            answer = subprocess.run([sys.executable, str(ROOT / "tests" / "dashboards" / "run"), self.prometheus.address, "--end", str(self.end), "--last", "25m", "--step", "60s",
                                     "--scrape", "30s", "--out", directory, *arguments], capture_output=True, text=True)
            files = {path.name: path.read_text() for path in Path(directory).iterdir()}
        self.assertEqual("", answer.stderr)
        return answer.returncode, answer.stdout, files

    def test_Run_WithAllSeriesThere_SucceedsAndDrawsAllDashboards(self):
        status, output, files = self.run_it("--expect", ",".join(NEEDS))
        self.assertEqual(0, status, output[-2000:])
        self.assertEqual({"results.json", "table.md"} | {source.file.replace(".json", ".svg") for _, source in dashboards()}, set(files))
        panels = json.loads(files["results.json"])["panels"]
        self.assertEqual({"data"}, {each["state"] for each in panels})
        for _, source in dashboards():
            drawn = xml.dom.minidom.parseString(files[source.file.replace(".json", ".svg")])
            texts = {node.firstChild.data for node in drawn.getElementsByTagName("text") if node.firstChild}
            for row in source.rows:
                self.assertIn(row.title, texts)
            self.assertNotRegex(files[source.file.replace(".json", ".svg")], r"[ '=,(](nan|inf)\b", "a place that is no number")

    def test_Run_WithAnEmptyPanelOrASilentAlert_Fails(self):
        status, output, _ = self.run_it("--set", "workload=nobody", "--only", "Workload")
        self.assertEqual(1, status)
        self.assertIn("WRONG Observe / Workload / All time: empty", output)
        status, output, _ = self.run_it("--fires", "ObserveClockError", "--only", "Fleet")
        self.assertEqual(1, status)
        self.assertIn("WRONG ObserveClockError did not fire", output)

    def test_Marks_HaveData(self):
        window = Window(self.end - 1800, self.end, 60, 30)
        for dashboard, each, _ in annotations():
            with self.subTest(f"{dashboard} / {each['name']}"):
                self.assertTrue(self.prometheus.range(window.fill(each["target"]["expr"], {}), window.start, window.end, 60), each["target"]["expr"])
