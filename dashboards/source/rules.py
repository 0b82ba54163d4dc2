"""A small model of Prometheus' rule files, and its YAML, which is simple enough to be written here."""
import textwrap
from dataclasses import dataclass

RUNBOOKS = "docs/runbooks"

# The labels that tell one agent from another, wherever it is scraped.
AGENT = "cluster, job, instance"


@dataclass(frozen=True)
class Record:
    name: str
    expr: str
    why: str = ""


@dataclass(frozen=True)
class Alert:
    """
    `summary` is one line with what and how much; `reason` says in words what it means, `remedy` what to do first. The runbook, docs/runbooks/NAME.md,
    has the name of the alert.
    """
    name: str
    severity: str
    expr: str
    wait: str
    summary: str
    reason: str
    remedy: str
    labels: tuple = ()


@dataclass(frozen=True)
class Group:
    name: str
    why: str
    rules: tuple
    interval: str = ""


@dataclass(frozen=True)
class RuleFile:
    file: str
    head: str
    groups: tuple


def _comment(text, indent):
    return [f"{indent}# {line}" for line in textwrap.wrap(" ".join(text.split()), 118 - len(indent))]


def _quoted(text):
    """Double quotes, as JSON has them, which YAML reads too; templates of Prometheus survive in them."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _expression(text, indent):
    lines = [line.rstrip() for line in textwrap.dedent(text).strip("\n").splitlines()]
    if len(lines) == 1:
        return [f"{indent}expr: {_quoted(lines[0])}"]
    return [f"{indent}expr: |-", *(f"{indent}  {line}" for line in lines)]


def _record(rule):
    return [*_comment(rule.why, "      "), f"      - record: {rule.name}", *_expression(rule.expr, "        ")]


def _alert(rule, runbooks):
    labels = {"severity": rule.severity, **dict(rule.labels)}
    notes = {"summary": rule.summary, "description": f"{rule.reason} {rule.remedy}", "runbook_url": f"{runbooks}/{rule.name}.md"}
    return [
        f"      - alert: {rule.name}", *_expression(rule.expr, "        "), f"        for: {rule.wait}",
        "        labels:", *(f"          {key}: {_quoted(value)}" for key, value in labels.items()),
        "        annotations:", *(f"          {key}: {_quoted(' '.join(value.split()))}" for key, value in notes.items()),
    ]


def render(file, runbooks=RUNBOOKS):
    """The file as Prometheus and, under `spec`, a PrometheusRule take it."""
    lines = ["# Written by dashboards/source (make dashboards).", "#", *_comment(file.head, ""), "groups:"]
    for group in file.groups:
        lines += [*_comment(group.why, "  "), f"  - name: {group.name}", *([f"    interval: {group.interval}"] if group.interval else []), "    rules:"]
        for rule in group.rules:
            lines += _record(rule) if isinstance(rule, Record) else _alert(rule, runbooks)
    return "\n".join(lines) + "\n"
