"""The four kinds of panels as SVG: lines, numbers, tables, heat maps."""
import datetime
import math
import re
from xml.sax.saxutils import escape

import queries  # which knows where the dashboards' source is

from grafana_json import COLORS as WELL_KNOWN

COLUMN, LINE, MARGIN = 52, 34, 8
COLORS = ("#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#76b7b2", "#edc948", "#b07aa1", "#ff9da7", "#9c755f", "#8c8c8c", "#2f4b7c", "#a05195", "#ffa600", "#003f5c", "#d45087")
FONT = "font-family='DejaVu Sans,Verdana,sans-serif'"
PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def number(value, unit):
    """As Grafana writes it: three digits, with the unit."""
    if value is None or math.isnan(value):
        return "-"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if unit == "percentunit":
        return f"{100 * value:.3g} %"
    if unit == "percent":
        return f"{value:.3g} %"
    if unit == "s":
        for scale, name in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs")):
            if abs(value) >= scale:
                return f"{value / scale:.3g} {name}"
        return f"{value * 1e9:.3g} ns" if value else "0 s"
    if unit in ("bytes", "Bps"):
        power = min(4, int(math.log(abs(value), 1024))) if abs(value) >= 1 else 0
        return f"{value / 1024 ** power:.3g} {('B', 'KiB', 'MiB', 'GiB', 'TiB')[power]}{'/s' if unit == 'Bps' else ''}"
    suffix = "/s" if unit == "ops" else ""
    for scale, name in PREFIXES:
        if abs(value) >= scale:
            return f"{value / scale:.3g} {name}{suffix}"
    return f"{value:.3g}{suffix}"


def name_of(labels, legend):
    if legend == "__auto":
        return ", ".join(f"{key}={value}" for key, value in labels.items() if key not in ("__name__", "job")) or "value"
    return re.sub(r"\{\{(\w+)\}\}", lambda match: labels.get(match.group(1), ""), legend)


def color_of(name, place):
    return WELL_KNOWN.get(name, COLORS[place % len(COLORS)])


def text(x, y, what, size=11, color="#333", anchor="start", weight="normal"):
    return f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' fill='{color}' text-anchor='{anchor}' font-weight='{weight}' {FONT}>{escape(what)}</text>"


def cut(what, width, size=11):
    room = max(3, int(width / (size * 0.56)))
    return what if len(what) <= room else what[:room - 1] + "…"


class Plot:
    """The axes of a panel: from times and values to points."""

    def __init__(self, box, start, end, low, high, unit, log=False):
        self.x, self.y, self.width, self.height = box
        self.start, self.end, self.low, self.high, self.unit, self.log = start, end, low, high, unit, log

    def at(self, when):
        return self.x + (when - self.start) / max(1, self.end - self.start) * self.width

    def up(self, value):
        low, high = (math.log10(self.low), math.log10(self.high)) if self.log else (self.low, self.high)
        value = math.log10(max(value, self.low)) if self.log else value
        return self.y + self.height - (value - low) / ((high - low) or 1) * self.height

    def axes(self):
        parts = []
        for step in range(4):
            share = step / 3
            value = 10 ** (math.log10(self.low) + share * math.log10(self.high / self.low)) if self.log else self.low + share * (self.high - self.low)
            y = self.up(value)
            parts.append(f"<line x1='{self.x:.1f}' x2='{self.x + self.width:.1f}' y1='{y:.1f}' y2='{y:.1f}' stroke='#e4e4e4'/>")
            parts.append(text(self.x - 4, y + 3, number(value, self.unit), 9, "#777", "end"))
        for step in range(4):
            when = self.start + step / 3 * (self.end - self.start)
            stamp = datetime.datetime.fromtimestamp(when, datetime.timezone.utc).strftime("%H:%M:%S")
            parts.append(text(self.at(when), self.y + self.height + 12, stamp, 9, "#777", ("start", "middle", "middle", "end")[step]))
        return parts


def curves(record):
    """(name, [(time, value)]) of every series of a panel."""
    for target in record["targets"]:
        for series in target["result"]:
            points = [(float(at), float(value)) for at, value in series.get("values", [])]
            yield name_of(series["metric"], target["legend"]), [(at, value) for at, value in points if math.isfinite(value)]


def lines(record, box, found):
    series = sorted(curves(record), key=lambda each: -max((value for _, value in each[1]), default=0))
    shown = series[:15]
    if record["stack"]:
        shown = stacked(shown)
    values = [value for _, points in shown for _, value in points] or [0]
    values = [value for value in values if value > 0] or [1] if record["log"] else values
    low, high = min(values) if record["log"] else min(0, min(values)), record["max"] if record["max"] is not None and max(values) <= record["max"] else max(values)
    x, y, width, height = box
    rows = min(4, (len(shown) + 1) // 2)
    plot = Plot((x + 52, y + 6, width - 62, height - 26 - 14 * rows), found["start"], found["end"], low, high if high > low else 2 * low if record["log"] else low + 1, record["unit"], record["log"])
    parts = plot.axes()
    order = list(enumerate(shown))
    for place, (_, points) in reversed(order) if record["stack"] else order:
        color, path = color_of(shown[place][0], place), []
        before = None
        for at, value in points:
            path.append(f"{'L' if before is not None and at - before <= 3 * max(found['step'], 60) else 'M'}{plot.at(at):.1f} {plot.up(value):.1f}")
            before = at
        if record["bars"]:
            wide = max(1.0, plot.width * max(found["step"], 60) / max(1, found["end"] - found["start"]) * 0.8)
            parts += [f"<rect x='{max(plot.x, plot.at(at) - wide):.1f}' y='{plot.up(value):.1f}' width='{wide:.1f}' height='{max(0.0, plot.up(0) - plot.up(value)):.1f}' fill='{color}'/>"
                      for at, value in points]
        elif record["stack"] and points:
            area = " ".join(f"{plot.at(at):.1f},{plot.up(value):.1f}" for at, value in points)
            parts.append(f"<polygon points='{plot.at(points[0][0]):.1f},{plot.up(0):.1f} {area} {plot.at(points[-1][0]):.1f},{plot.up(0):.1f}' fill='{color}' fill-opacity='0.85'/>")
        elif len(points) == 1:
            parts.append(f"<circle cx='{plot.at(points[0][0]):.1f}' cy='{plot.up(points[0][1]):.1f}' r='2' fill='{color}'/>")
        else:
            parts.append(f"<path d='{' '.join(path)}' fill='none' stroke='{color}' stroke-width='1.3'/>")
    for place, (name, _) in enumerate(shown[:2 * rows]):
        left, top = x + 8 + (place % 2) * width / 2, y + height - 14 * rows + 14 * (place // 2) + 6
        parts.append(f"<rect x='{left:.1f}' y='{top - 8:.1f}' width='8' height='8' fill='{color_of(name, place)}'/>")
        parts.append(text(left + 12, top, cut(name, width / 2 - 24, 10), 10))
    if len(series) > 2 * rows:
        parts.append(text(x + width - 8, y + height - 2, f"{len(series)} series", 9, "#777", "end"))
    return parts


def stacked(series):
    """Each on the sum of those before it."""
    sums, result = {}, []
    for name, points in series:
        for at, value in points:
            sums[at] = sums.get(at, 0) + value
        result.append((name, sorted((at, sums[at]) for at, _ in points)))
    return result


def stat(record, box, found):
    x, y, width, height = box
    parts, values = [], [(name, points[-1][1]) for name, points in curves(record) if points]
    for place, (name, value) in enumerate(values[:3]):
        top = y + (place + 0.62) * height / min(3, len(values))
        parts.append(text(x + width / 2, top, number(value, record["unit"]), 22 if len(values) == 1 else 16, "#2a6f2a", "middle", "bold"))
        if len(values) > 1:
            parts.append(text(x + width / 2, top + 14, cut(name, width, 9), 9, "#777", "middle"))
    return parts


def worded(value, target):
    for low, high, words in target["words"]:
        if (low is None or value >= low) and (high is None or value <= high):
            return words
    return number(value, target["unit"])


def table(record, box, found):
    x, y, width, height = box
    columns, rows = [], {}
    for target in record["targets"]:
        for series in target["result"]:
            labels = {key: value for key, value in series["metric"].items() if key not in ("__name__", "job")}
            columns += [key for key in labels if key not in columns]
            row = rows.setdefault(tuple(sorted(labels.items())), {})
            if target["column"]:
                row[target["column"]] = (float(series["value"][1]), target)
    values = [target["column"] for target in record["targets"] if target["column"]]
    columns = (columns[:7 - len(values)] if len(columns) + len(values) > 7 else columns) + values
    each, parts = (width - 16) / max(1, len(columns)), []
    ordered = sorted(rows.items(), key=lambda row: -max((value for value, _ in row[1].values() if math.isfinite(value)), default=0))
    parts += [text(x + 8 + place * each, y + 12, cut(column, each, 10), 10, "#555", weight="bold") for place, column in enumerate(columns)]
    room = int((height - 20) / 15)
    for line, (labels, cells) in enumerate(ordered[:room]):
        for place, column in enumerate(columns):
            shown = worded(*cells[column]) if column in cells else dict(labels).get(column, "")
            parts.append(text(x + 8 + place * each, y + 28 + 15 * line, cut(shown, each - 6, 10), 10))
    if len(ordered) > room:
        parts.append(text(x + width - 8, y + height - 2, f"{len(ordered)} rows", 9, "#777", "end"))
    return parts


def cells(record):
    """(time, from, to, count a second) of a heat map, from native histograms or classic buckets."""
    for target in record["targets"]:
        for series in target["result"]:
            for at, histogram in series.get("histograms", []):
                for _, low, high, count in histogram.get("buckets", []):
                    yield float(at), float(low), float(high), float(count)
        classic = sorted(((float(series["metric"]["le"]), dict(series["values"])) for series in target["result"] if "le" in series["metric"] and "values" in series), key=lambda each: each[0])
        below, low = {}, 0.0
        for bound, counts in classic:
            for at, count in counts.items():
                more = float(count) - float(below.get(at, 0))
                if more > 1e-9:
                    yield float(at), low, bound, more
            below, low = counts, bound


def heatmap(record, box, found):
    x, y, width, height = box
    drawn = [(at, low, high, count) for at, low, high, count in cells(record) if count > 0]
    if not drawn:
        return []
    lows = [low for _, low, _, _ in drawn if low > 0] or [1e-6]
    highs = [high for _, _, high, _ in drawn if math.isfinite(high)] or [1.0]
    bottom, top, most = min(lows) / 2, max(max(highs), 2 * min(lows)), max(count for *_, count in drawn)
    plot = Plot((x + 52, y + 6, width - 62, height - 30), found["start"], found["end"], bottom, top, record["unit"], log=True)
    wide = max(1.0, plot.width * found["step"] / max(1, found["end"] - found["start"]))
    parts = []
    for at, low, high, count in drawn:
        share = (count / most) ** 0.5
        color = f"rgb({255 - int(60 * share)},{235 - int(170 * share)},{205 - int(195 * share)})"
        upper, lower = plot.up(min(high, top)), plot.up(max(low, bottom))
        left = max(plot.x, plot.at(at) - wide)
        parts.append(f"<rect x='{left:.1f}' y='{upper:.1f}' width='{plot.at(at) - left:.1f}' height='{max(0.8, lower - upper):.1f}' fill='{color}'/>")
    return parts + plot.axes() + [text(x + width - 8, y + height - 2, f"darkest: {number(most, 'ops')}", 9, "#777", "end")]
