"""A small model of Grafana's dashboards: what a dashboard's source is written with."""
import json
from dataclasses import dataclass, field
from typing import Optional
from urllib.parse import quote


@dataclass(frozen=True)
class Query:
    """One query of a panel. `legend` is Grafana's format; of a table, the title of the column."""
    expr: str
    legend: str = ""
    unit: Optional[str] = None       # of a table's column, where it is not the panel's
    exemplar: bool = False
    format: str = "time_series"
    spare: bool = False              # only has data where another query of the panel has none
    words: tuple = ()                # of a table's column: (from, to, what to show instead of a number in between, color)
    optional: bool = False           # may have none although the others have: what did not happen, what the kernel cannot tell


@dataclass(frozen=True)
class Panel:
    """`text` says in plain words what is shown, and in which unit. `needs`: what has to be there for it to have data."""
    kind: str
    title: str
    text: str
    unit: str
    queries: tuple
    needs: tuple = ()
    width: int = 12
    height: int = 8
    steps: tuple = ()                # thresholds: (from, color)
    minimum: Optional[float] = 0
    maximum: Optional[float] = None
    stack: bool = False
    log: bool = False
    bars: bool = False
    columns: tuple = ()              # of a table: the labels, in their order
    sort: str = ""                   # of a table: the column, the largest first
    links: tuple = ()
    interval: str = ""


@dataclass(frozen=True)
class Row:
    title: str
    panels: tuple


@dataclass(frozen=True)
class Variable:
    name: str
    label: str
    text: str
    query: str


@dataclass(frozen=True)
class Annotation:
    """A mark on all panels wherever the expression has a value."""
    name: str
    expr: str
    color: str
    title: str
    tags: str
    needs: tuple = ()


@dataclass(frozen=True)
class Dashboard:
    uid: str
    file: str
    title: str
    text: str
    variables: tuple
    rows: tuple
    annotations: tuple = ()
    since: str = "now-1h"
    tags: tuple = field(default=("observe",))

    def panels(self):
        """With their ids, which follow from their places."""
        place = 0
        for row in self.rows:
            place += 1
            for panel in row.panels:
                place += 1
                yield place, panel


def lines(title, text, unit, *queries, **options):
    return Panel("timeseries", title, text, unit, queries, **options)


def stat(title, text, unit, *queries, **options):
    options.setdefault("width", 4)
    options.setdefault("height", 4)
    return Panel("stat", title, text, unit, queries, **options)


def table(title, text, unit, *queries, **options):
    return Panel("table", title, text, unit, tuple(queries), **options)


def heatmap(title, text, unit, native, classic, **options):
    return Panel("heatmap", title, text, unit, (Query(native, exemplar=True), Query(classic, "{{le}}", exemplar=True, format="heatmap", spare=True)), **options)


# --- Links ------------------------------------------------------------------------------------------------------------

def to_dashboard(title, uid, **variables):
    """A link to another dashboard, with its variables set and this one's cluster, node and time kept."""
    given = "".join(f"&var-{name}={value}" for name, value in variables.items())
    return {"title": title, "url": f"/d/{uid}?${{datasource:queryparam}}&${{cluster:queryparam}}{given}&${{__url_time_range}}"}


def to_traces(title, variable, query):
    """
    A link to a search in a data source of traces, which a variable of the dashboard names. Values of labels go into the query as
    Grafana's placeholders, which must not be escaped.
    """
    panes = {"observe": {"datasource": "${%s}" % variable, "queries": [{"refId": "A", **query}], "range": {"from": "${__from}", "to": "${__to}"}}}
    text = quote(json.dumps(panes, separators=(",", ":")), safe="${}:_.,")
    return {"title": title, "url": "/explore?schemaVersion=1&panes=" + text, "targetBlank": True}


def stalls_of(attribute, label, names):
    """Links from a series to the spans of its stalls, in each kind of backend."""
    value = "${__field.labels.%s}" % label
    pattern = "|".join(names)
    return (
        to_traces("Stalls in Tempo", "tempo", {"queryType": "traceql", "query": '{ span.%s = "%s" && name =~ "%s" }' % (attribute, value, pattern)}),
        to_traces("Stalls in Jaeger", "jaeger", {"queryType": "search", "service": "observe", "tags": "%s=%s" % (attribute, value)}))
