"""Alerts: each fires, does not fire, and resolves ('promtool test rules'); each has a runbook; the objective of waits can be another."""
import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import cases
import server
from queries import ROOT

import agent_rules
import generate
import itself
import slo_rules
from rules import Alert, Record

FILES = {path: text for path, text in generate.outputs().items() if path.endswith(".yaml")}
RULES = [rule for file in generate.rule_files() for group in file.groups for rule in group.rules]
GROUPS = {f"deploy/prometheus/{file.file}": [group.name for group in file.groups] for file in generate.rule_files()}
ALERTS = [rule for rule in RULES if isinstance(rule, Alert)]
RUNBOOKS = ROOT / "docs" / "runbooks"


def promtool(*arguments):
    answer = subprocess.run([server.promtool(), *map(str, arguments)], capture_output=True, text=True)
    return answer.returncode, answer.stdout + answer.stderr


def selector(name, labels):
    return name + "{" + ",".join(f'{key}="{value}"' for key, value in labels.items()) + "}"


def file_of(case):
    return next(path for path, text in FILES.items() if f"- alert: {case.alert}\n" in text)


def source_of(firing, case):
    """The rule that it is of: they differ by labels."""
    return next(rule for rule in ALERTS if rule.name == case.alert and rule.severity == firing.labels["severity"] and dict(rule.labels).items() <= firing.labels.items())


def expected(firing, case):
    rule = source_of(firing, case)
    return {"exp_labels": firing.labels, "exp_annotations": {
        "summary": firing.summary, "description": f"{rule.reason} {rule.remedy}", "runbook_url": f"docs/runbooks/{rule.name}.md"}}


def document(case, files):
    """What 'promtool test rules' reads. YAML has JSON in it."""
    return json.dumps({
        # Without an order, promtool takes one or the other.
        "rule_files": files, "group_eval_order": GROUPS[file_of(case)], "evaluation_interval": f"{case.every}m",
        "tests": [{
            "interval": f"{case.every}m", "input_series": [{"series": selector(name, labels), "values": values} for name, labels, values in case.series],
            "alert_rule_test": [{"eval_time": f"{minute}m", "alertname": case.alert, "exp_alerts": [expected(each, case) for each in fires]} for minute, fires in case.at.items()],
        }],
    })


class Behaviour(unittest.TestCase):
    """One test a case is added below."""

    def judge(self, case):
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "case.json")
            path.write_text(document(case, [str(ROOT / file_of(case))]))
            status, output = promtool("test", "rules", path)
            self.assertEqual(0, status, output)


for place, each in enumerate(cases.CASES):
    setattr(Behaviour, f"test_{each.alert}_Case{place}_FiresAndResolves", lambda self, case=each: self.judge(case))


class Coverage(unittest.TestCase):
    def test_Cases_EveryAlert_FiresIsSilentAndResolves(self):
        for rule in ALERTS:
            with self.subTest(rule.name, severity=rule.severity, labels=rule.labels):
                fires = [minute for case in cases.CASES if case.alert == rule.name for minute, what in case.at.items() if any(source_of(each, case) is rule for each in what)]
                self.assertTrue(fires, "no case in which it fires")
        for case in cases.CASES:
            with self.subTest(case.alert):
                self.assertEqual((), list(case.at.values())[-1], "a case ends with nothing firing")

    def test_Cases_WithAnotherThreshold_Fail(self):
        """A test that passes whatever the rule says would be none."""
        with tempfile.TemporaryDirectory() as directory:
            broken = Path(directory, "workloads.yaml")
            broken.write_text(FILES["deploy/prometheus/workloads.yaml"].replace("> 0.6", "> 0.9"))
            Path(directory, "case.json").write_text(document(cases.QUOTA, [str(broken)]))
            status, output = promtool("test", "rules", Path(directory, "case.json"))
        self.assertNotEqual(0, status, output)


class Files(unittest.TestCase):
    def test_RuleFiles_AreAcceptedByPromtool(self):
        status, output = promtool("check", "rules", *(ROOT / path for path in FILES))
        self.assertEqual(0, status, output)
        self.assertEqual(len(RULES), sum(map(int, re.findall(r"(\d+) rules found", output))))

    def test_RuleFiles_AreAcceptedByPrometheus3(self):
        if not server.newest():
            self.skipTest("Prometheus 3 is not there: scripts/fetch-prometheus")
        with tempfile.TemporaryDirectory() as directory, server.started(server.newest(), directory) as prometheus:
            for rule in RULES:
                prometheus.parse(rule.expr)

    def test_Objective_Another_StandsInTheRulesAndNowhereTheOldOne(self):
        text = generate.outputs(slo_rules.Objective(2 ** -7, 0.999))["deploy/prometheus/slo.yaml"]
        for part in ('le="0.0078125"', "histogram_fraction(0, 0.0078125,", "vector(0.999)", "7.8125 ms", "99.9 %"):
            self.assertIn(part, text)
        self.assertNotIn("0.03125", text)

    def test_Objective_OfASecond_MatchesBothSpellingsOfLe(self):
        self.assertIn('le=~"1|1.0"', generate.outputs(slo_rules.Objective(1.0, 0.99))["deploy/prometheus/slo.yaml"])

    def test_Objective_ThatTheHistogramCannotTell_IsRefused(self):
        for threshold, share in ((0.02, 0.99), (64.0, 0.99), (0.03125, 1.0), (0.03125, 99)):
            with self.assertRaises(ValueError):
                slo_rules.Objective(threshold, share)


class Alerts(unittest.TestCase):
    def test_Alerts_SayHowBadItIsAndWhatToDo(self):
        for rule in ALERTS:
            with self.subTest(rule.name):
                self.assertIn(rule.severity, ("warning", "critical"))
                self.assertRegex(rule.name, r"^Observe[A-Z]\w+$")
                self.assertLess(len(rule.summary), 240)
                self.assertTrue(rule.reason.endswith((".", "!")) and rule.remedy.endswith("."), "sentences")

    def test_Losses_ThatAreLeftOut_AreKnownReasons(self):
        known = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8"), re.MULTILINE))
        for reasons in (agent_rules.HARMLESS, itself.BY_DESIGN):
            self.assertLessEqual(set(reasons.split("|")), known)

    def test_Runbooks_OneForEachAlertWithAllParts(self):
        self.assertEqual({rule.name for rule in ALERTS}, {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"})
        for name in {rule.name for rule in ALERTS}:
            with self.subTest(name):
                text = (RUNBOOKS / f"{name}.md").read_text(encoding="utf-8")
                self.assertTrue(text.startswith(f"# {name}\n"))
                self.assertEqual(["## What it means", "## How to see it", "## What to do", "## How to silence it honestly"], re.findall(r"^## .*$", text, re.MULTILINE))

    def test_Runbooks_Dashboards_Exist(self):
        titles = {each.title.split(" / ")[1] for each in generate.DASHBOARDS}
        panels = {panel.title for each in generate.DASHBOARDS for _, panel in each.panels()}
        for path in RUNBOOKS.glob("Observe*.md"):
            for dashboard, panel in re.findall(r"dashboard \*([^*]+)\*(?:, panel \*([^*]+)\*)?", path.read_text(encoding="utf-8")):
                with self.subTest(path.name):
                    self.assertIn(dashboard, titles)
                    self.assertIn(panel, panels | {""})

    def test_Docs_NameEveryAlert(self):
        text = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
        for rule in ALERTS:
            self.assertIn(f"`{rule.name}`", text)

    def test_Docs_NameEveryRecord(self):
        text = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
        for rule in RULES:
            if isinstance(rule, Record) and not rule.name.startswith("workload:observe_waits_slow:share"):
                self.assertIn(f"`{rule.name}`", text)


if __name__ == "__main__":
    unittest.main()
