"""What a Prometheus answers to all that the dashboards and alerts ask it, and whether that is as it should be."""
import re
import sys

from needs import NEEDS
from queries import annotations, dashboards, targets
from server import Refused

import generate
from rules import Alert

ALERTS = [rule for file in generate.rule_files() for group in file.groups for rule in group.rules if isinstance(rule, Alert)]


def ask(prometheus, window, expression, instant):
    return prometheus.instant(expression, window.end) if instant else prometheus.range(expression, window.start, window.end, window.step)


def has_points(series):
    """A series of which every value is NaN is no data."""
    values = [series["value"]] if "value" in series else series.get("values", [])
    return bool(series.get("histograms") or series.get("histogram")) or any(value != "NaN" for _, value in values)


def detect(prometheus, window):
    """What was there: some expression about it was true at some moment, or at the end over all of the time."""
    found = set()
    for name, expression in NEEDS.items():
        try:
            if ask(prometheus, window, window.fill(expression, {}), "$__range" in expression):
                found.add(name)
        except Refused as error:
            sys.exit(f"run: cannot tell whether {name} was there: {error}")
    return found


def panels(prometheus, window, variables, there, expected, only):
    """A record a panel, with the answers to its queries."""
    records = {}
    for each in targets():
        if only and only.lower() not in each.dashboard.lower():
            continue
        record = records.setdefault((each.file, each.panel["id"]), {
            "dashboard": each.dashboard, "file": each.file, "title": each.panel["title"], "kind": each.panel["type"], "unit": each.panel["fieldConfig"]["defaults"]["unit"],
            "description": each.panel["description"], "gridPos": each.panel["gridPos"], "needs": list(each.needs), "id": each.panel["id"],
            "stack": each.panel["fieldConfig"]["defaults"].get("custom", {}).get("stacking", {}).get("mode") == "normal", "max": each.panel["fieldConfig"]["defaults"].get("max"),
            "bars": each.panel["fieldConfig"]["defaults"].get("custom", {}).get("drawStyle") == "bars",
            "log": each.panel["fieldConfig"]["defaults"].get("custom", {}).get("scaleDistribution", {}).get("type") == "log", "targets": []})
        expression = window.fill(each.expr, variables, each.least)
        answer = {"ref": each.panel["targets"][each.index]["refId"], "expr": expression, "legend": each.panel["targets"][each.index]["legendFormat"],
                  "unit": each.unit, "column": each.column, "spare": each.spare, "optional": each.optional, "words": list(each.words), "result": [], "error": None}
        try:
            answer["result"] = [series for series in ask(prometheus, window, expression, each.is_instant) if has_points(series)]
        except Refused as error:
            answer["error"] = str(error)
        record["targets"].append(answer)
    for record in records.values():
        record["state"], record["reason"] = judge(record, there, expected)
    return list(records.values())


def judge(record, there, expected):
    errors = [target["error"] for target in record["targets"] if target["error"]]
    if errors:
        return "error", errors[0]
    empty = [target["ref"] for target in record["targets"] if not target["result"]]
    # Of a heat map's two queries one answers: native histograms, or classic ones.
    some = len(empty) < len(record["targets"])
    if some and (record["kind"] == "heatmap" or not [target for target in record["targets"] if not target["result"] and not target["optional"]]):
        return "data", ""
    missing = [need for need in record["needs"] if need not in there]
    if missing and not set(missing) & set(expected):
        return "not there", ", ".join(missing)
    if some:
        return "partly empty", "queries " + ", ".join(empty)
    return "empty", ", ".join(missing) or "nothing is missing that it needs"


def marks(prometheus, window, variables, there, expected):
    for dashboard, annotation, needs in annotations():
        expression = window.fill(annotation["target"]["expr"], variables)
        try:
            found = prometheus.range(expression, window.start, window.end, 60 if window.step < 60 else window.step)
            missing = [need for need in needs if need not in there and need not in expected]
            state = "data" if found else "not there" if missing or not set(needs) & set(expected) else "empty"
            yield {"dashboard": dashboard, "title": annotation["name"], "expr": expression, "state": state, "reason": ", ".join(missing), "result": found}
        except Refused as error:
            yield {"dashboard": dashboard, "title": annotation["name"], "expr": expression, "state": "error", "reason": str(error), "result": []}


def choices(prometheus, window):
    """Values of each variable that is a query."""
    for model, _ in dashboards():
        for each in model["templating"]["list"]:
            if each["type"] == "query":
                selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", each["query"]["query"]).groups()
                found = prometheus.range(f"group by ({label}) ({window.fill(selector, {})})", window.start, window.end, max(window.step, 60))
                yield {"dashboard": model["title"], "name": each["name"], "values": sorted(series["metric"][label] for series in found if label in series["metric"])}


def spans(series, step):
    """[from, to] in which it had values."""
    result = []
    for at, _ in series["values"]:
        if result and at - result[-1][1] <= 1.5 * step:
            result[-1][1] = at
        else:
            result.append([at, at])
    return result


def alerts(prometheus, window):
    for rule in ALERTS:
        record = {"name": rule.name, "severity": rule.severity, "labels": dict(rule.labels), "for": rule.wait, "expr": rule.expr, "error": None, "true": []}
        try:
            record["true"] = [{"labels": series["metric"], "spans": spans(series, window.step)} for series in prometheus.range(rule.expr, window.start, window.end, window.step)]
            fired = f'ALERTS{{alertname="{rule.name}",severity="{rule.severity}",alertstate="firing"}}'
            record["fired"] = [{"labels": series["metric"], "spans": spans(series, window.step)} for series in prometheus.range(fired, window.start, window.end, window.step)]
        except Refused as error:
            record["error"] = str(error)
        yield record


def records_loaded(prometheus, window):
    """Whether the recording rules are evaluated there: without them alerts are silent whatever happens."""
    return bool(prometheus.range("count(observe:wait_objective:share)", window.start, window.end, window.step))
