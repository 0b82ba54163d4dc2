"""A dashboard's model as the JSON that Grafana imports. What all panels have in common is here and nowhere else."""
import json

SCHEMA = 39
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
COLUMNS = 24

# The same thing has the same color wherever it is: what is good green, what costs yellow to red, what nobody minds gray.
COLORS = {
    "running": "#59a14f", "guest": "#59a14f", "useful": "#59a14f", "waiting": "#f28e2b", "schedule": "#f28e2b", "ready": "#f28e2b", "throttled": "#e15759", "maxlimited": "#e15759", "quota": "#e15759",
    "blocked": "#b07aa1", "io": "#b07aa1", "swapwait": "#b07aa1", "sleeping": "#c7c7c7", "idle": "#c7c7c7", "irq": "#edc948", "steal": "#9c755f", "hypervisor": "#9c755f", "exit": "#76b7b2", "trap": "#76b7b2",
    "halt_poll": "#a0cbe8", "userspace": "#4e79a7", "isolation": "#4e79a7", "neighbour": "#f28e2b", "self": "#4e79a7", "unknown": "#8c8c8c", "migration": "#ff9da7",
}

def _target(index, query, panel):
    instant = panel.kind == "table"
    result = {
        "datasource": SOURCE, "refId": chr(ord("A") + index), "expr": query.expr, "legendFormat": query.legend or "__auto",
        "format": "table" if panel.kind == "table" else query.format, "instant": instant, "range": not instant, "editorMode": "code",
    }
    if query.exemplar:
        result["exemplar"] = True
    if panel.interval:
        result["interval"] = panel.interval
    return result


def _defaults(panel):
    steps = [{"color": "green", "value": None}] + [{"color": color, "value": value} for value, color in panel.steps]
    result = {
        "unit": panel.unit, "mappings": [], "links": list(panel.links),
        "thresholds": {"mode": "absolute", "steps": steps},
        "color": {"mode": "palette-classic" if panel.kind == "timeseries" else "thresholds"},
    }
    if panel.minimum is not None and panel.kind != "table":
        result["min"] = panel.minimum
    if panel.maximum is not None:
        result["max"] = panel.maximum
    return result


def _column(query):
    unit = [{"id": "unit", "value": query.unit}] if query.unit else []
    words = [{"id": "mappings", "value": _mappings(query.words)}, {"id": "custom.cellOptions", "value": {"type": "color-text"}}] if query.words else []
    return unit + words


def _mappings(ranges):
    return [{"type": "range", "options": {"from": low, "to": high, "result": {"text": text, "color": color, "index": index}}}
            for index, (low, high, text, color) in enumerate(ranges)]


def _colors(panel):
    """Of series that may have a name with a color of its own: by label, or by legend."""
    labels = ("{{state}}", "{{part}}", "{{verdict}}")
    names = [name for name in COLORS if any(query.legend in (name, *labels) for query in panel.queries)]
    return [{"matcher": {"id": "byName", "options": name}, "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": COLORS[name]}}]} for name in names]


def _timeseries(panel):
    custom = {
        "drawStyle": "bars" if panel.bars else "line", "lineWidth": 1, "fillOpacity": 70 if panel.stack else 80 if panel.bars else 10,
        "showPoints": "never", "spanNulls": False, "lineInterpolation": "linear", "axisPlacement": "auto",
        "stacking": {"mode": "normal" if panel.stack else "none", "group": "A"},
        "scaleDistribution": {"type": "log", "log": 10} if panel.log else {"type": "linear"},
        "thresholdsStyle": {"mode": "dashed" if panel.steps else "off"},
    }
    many = len(panel.queries) == 1 and not panel.stack
    return {
        "fieldConfig": {"defaults": {**_defaults(panel), "custom": custom}, "overrides": _colors(panel)},
        "options": {
            "legend": {"showLegend": True, "displayMode": "table" if many else "list", "placement": "bottom", "calcs": ["mean", "max"] if many else []},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
    }


def _stat(panel):
    return {
        "fieldConfig": {"defaults": _defaults(panel), "overrides": []},
        "options": {
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}, "colorMode": "value", "graphMode": "area",
            "justifyMode": "auto", "textMode": "auto", "orientation": "auto", "wideLayout": True,
        },
    }


def _heatmap(panel):
    return {
        "fieldConfig": {"defaults": {**_defaults(panel), "custom": {"scaleDistribution": {"type": "linear"}, "hideFrom": {"legend": False, "tooltip": False, "viz": False}}}, "overrides": []},
        "options": {
            "calculate": False, "cellGap": 1, "cellValues": {"unit": "ops"}, "showValue": "never", "rowsFrame": {"layout": "auto"},
            "color": {"mode": "scheme", "scheme": "Oranges", "exponent": 0.5, "steps": 64, "reverse": False, "fill": "dark-orange"},
            "exemplars": {"color": "rgba(255,0,255,0.7)"}, "filterValues": {"le": 1e-9}, "legend": {"show": True},
            "tooltip": {"mode": "single", "yHistogram": True, "showColorScale": True},
            "yAxis": {"axisPlacement": "left", "unit": panel.unit, "reverse": False},
        },
    }


def _table(panel):
    # A query without a title is about its labels: of an info metric, whose value is always 1.
    names = {"Value" if len(panel.queries) == 1 else "Value #" + chr(ord("A") + index): query.legend for index, query in enumerate(panel.queries) if query.legend}
    hidden = {"Time": True, "__name__": True, "job": True, **({} if names else {"Value": True})}
    order = {name: index for index, name in enumerate([*panel.columns, *names])}
    overrides = [{"matcher": {"id": "byName", "options": query.legend}, "properties": _column(query)} for query in panel.queries if query.unit or query.words]
    return {
        "fieldConfig": {"defaults": {**_defaults(panel), "custom": {"align": "auto", "filterable": True, "cellOptions": {"type": "auto"}}}, "overrides": overrides},
        "options": {"showHeader": True, "cellHeight": "sm", "footer": {"show": False, "reducer": ["sum"], "fields": ""},
                    "sortBy": [{"displayName": panel.sort, "desc": True}] if panel.sort else []},
        "transformations": [
            {"id": "merge", "options": {}},
            {"id": "organize", "options": {"excludeByName": hidden, "indexByName": order, "renameByName": names, "includeByName": {}}},
        ],
    }


_SHAPES = {"timeseries": _timeseries, "stat": _stat, "heatmap": _heatmap, "table": _table}


def _panel(identity, panel, x, y):
    return {
        "id": identity, "type": panel.kind, "title": panel.title, "description": panel.text, "datasource": SOURCE,
        "gridPos": {"x": x, "y": y, "w": panel.width, "h": panel.height},
        "targets": [_target(index, query, panel) for index, query in enumerate(panel.queries)], **_SHAPES[panel.kind](panel),
    }


def _layout(dashboard):
    """Panels from left to right, in rows as high as their highest one."""
    ids = iter([identity for identity, _ in dashboard.panels()])
    result, y, place = [], 0, 0
    for row in dashboard.rows:
        place += 1
        result.append({"id": place, "type": "row", "title": row.title, "collapsed": False, "panels": [], "gridPos": {"x": 0, "y": y, "w": COLUMNS, "h": 1}})
        y, x, height = y + 1, 0, 0
        for panel in row.panels:
            if x + panel.width > COLUMNS:
                y, x, height = y + height, 0, 0
            place = next(ids)
            result.append(_panel(place, panel, x, y))
            x, height = x + panel.width, max(height, panel.height)
        y += height
    return result


def _data_source(name, label, plugin, text):
    return {"type": "datasource", "name": name, "label": label, "description": text, "query": plugin, "regex": "", "refresh": 1, "hide": 0,
            "includeAll": False, "multi": False, "options": [], "current": {}, "skipUrlSync": False}


def _variable(variable):
    return {
        "type": "query", "name": variable.name, "label": variable.label, "description": variable.text, "datasource": SOURCE,
        "query": {"query": variable.query, "refId": variable.name}, "definition": variable.query, "refresh": 2, "sort": 1, "hide": 0, "regex": "",
        "includeAll": True, "allValue": ".*", "multi": True, "options": [], "skipUrlSync": False,
        "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
    }


def _annotation(annotation):
    return {
        "name": annotation.name, "datasource": SOURCE, "enable": True, "hide": False, "iconColor": annotation.color,
        "target": {"expr": annotation.expr, "interval": "1m", "refId": "Anno"}, "expr": annotation.expr, "step": "1m",
        "titleFormat": annotation.title, "tagKeys": annotation.tags, "textFormat": "", "useValueForTime": False,
    }


def render(dashboard):
    """The dashboard as Grafana imports it, always the same for the same source."""
    builtin = {"builtIn": 1, "name": "Annotations & Alerts", "type": "dashboard", "datasource": {"type": "grafana", "uid": "-- Grafana --"},
               "enable": True, "hide": True, "iconColor": "rgba(0, 211, 255, 1)"}
    model = {
        "uid": dashboard.uid, "title": dashboard.title, "description": dashboard.text, "tags": list(dashboard.tags), "schemaVersion": SCHEMA,
        "version": 1, "id": None, "editable": True, "graphTooltip": 1, "timezone": "browser", "weekStart": "", "fiscalYearStartMonth": 0,
        "refresh": "30s", "time": {"from": dashboard.since, "to": "now"}, "timepicker": {},
        "annotations": {"list": [builtin, *map(_annotation, dashboard.annotations)]},
        "links": [{"type": "dashboards", "title": "Observe", "tags": ["observe"], "asDropdown": False, "includeVars": True, "keepTime": True,
                   "targetBlank": False, "icon": "external link", "tooltip": "", "url": ""}],
        "templating": {"list": [
            _data_source("datasource", "Prometheus", "prometheus", "Where the metrics are"),
            _data_source("tempo", "Tempo", "tempo", "Where links to traces lead, if they are in a Tempo"),
            _data_source("jaeger", "Jaeger", "jaeger", "Where links to traces lead, if they are in a Jaeger"),
            *map(_variable, dashboard.variables)]},
        "panels": _layout(dashboard),
    }
    return json.dumps(model, indent=2, ensure_ascii=False) + "\n"
