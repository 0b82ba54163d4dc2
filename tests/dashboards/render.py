"""
Pages of panels as SVG, from the answers that a Prometheus gave: what Grafana would show, drawn plainly. Not Grafana's drawing: where places, titles,
units and colors matter they are the dashboard's, and the data are the data.
"""
import datetime

from plots import COLUMN, LINE, MARGIN, cut, heatmap, lines, stat, table, text

DRAW = {"timeseries": lines, "stat": stat, "table": table, "heatmap": heatmap}


def panel(record, found):
    place = record["gridPos"]
    x, y, width, height = place["x"] * COLUMN + 4, place["y"] * LINE + 4, place["w"] * COLUMN - 8, place["h"] * LINE - 8
    parts = [f"<rect x='{x}' y='{y}' width='{width}' height='{height}' rx='3' fill='white' stroke='#d8d8d8'/>", text(x + MARGIN, y + 17, cut(record["title"], width - 2 * MARGIN, 12), 12, weight="bold")]
    if record["state"] in ("data", "partly empty"):
        parts += DRAW[record["kind"]](record, (x, y + 24, width, height - 30), found)
    else:
        parts.append(text(x + width / 2, y + height / 2 + 10, cut(f"{record['state']}: {record['reason']}", width - 20, 11), 11, "#a33", "middle"))
    return parts


def pages(found):
    """(file of the dashboard, SVG) of each."""
    for file in dict.fromkeys(each["file"] for each in found["panels"]):
        records = [each for each in found["panels"] if each["file"] == file]
        width, height = 24 * COLUMN, max(each["gridPos"]["y"] + each["gridPos"]["h"] for each in records) * LINE + 30
        span = " to ".join(datetime.datetime.fromtimestamp(found[key], datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S") for key in ("start", "end"))
        titles = [text(8, row["y"] * LINE + 24, row["title"], 13, "#555", weight="bold") for row in found["rows"].get(file, ())]
        body = titles + [part for each in records for part in panel(each, found)]
        yield file, "\n".join([
            f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}'>",
            f"<rect width='{width}' height='{height}' fill='#f4f5f5'/>", text(8, 22, f"{records[0]['dashboard']}: {span} UTC", 14, weight="bold"), "<g transform='translate(0,28)'>", *body, "</g></svg>", ""])
