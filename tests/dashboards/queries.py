"""Queries of the dashboards as Grafana would send them: read from the JSON that users import, with its variables filled in."""
import json
import pathlib
import re
import sys
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "dashboards" / "source"))


@dataclass(frozen=True)
class Window:
    """What is looked at: seconds since the Unix epoch, and seconds."""
    start: float
    end: float
    step: int
    scrape: int

    def fill(self, expression, variables, least=0):
        """As Grafana fills it in. 'All' of every variable that nothing is given for."""
        step = max(self.step, least)
        builtin = {"__rate_interval": f"{max(step + self.scrape, 4 * self.scrape)}s", "__interval": f"{step}s", "__range": f"{int(self.end - self.start)}s"}

        def value(match):
            name = match.group(1) or match.group(2)
            return builtin.get(name) or variables.get(name, ".*")
        return re.sub(r"\$(?:\{(\w+)\}|(\w+))", value, expression)


@dataclass(frozen=True)
class Target:
    dashboard: str
    file: str
    panel: dict
    index: int
    expr: str
    spare: bool
    optional: bool
    needs: tuple

    @property
    def name(self):
        return f"{self.dashboard} / {self.panel['title']} [{self.panel['targets'][self.index]['refId']}]"

    @property
    def column(self):
        """Of a table: what its values are called."""
        names = next((each["options"]["renameByName"] for each in self.panel.get("transformations", ()) if each["id"] == "organize"), {})
        return names.get("Value") or names.get("Value #" + self.panel["targets"][self.index]["refId"])

    @property
    def unit(self):
        own = [each["properties"][0]["value"] for each in self.panel["fieldConfig"]["overrides"] if self.column and each["matcher"]["options"] == self.column]
        return own[0] if own else self.panel["fieldConfig"]["defaults"]["unit"]

    @property
    def words(self):
        """(from, to, text) of a column that shows words."""
        for each in self.panel["fieldConfig"]["overrides"]:
            if self.column and each["matcher"]["options"] == self.column:
                for mapping in (one for of in each["properties"] if of["id"] == "mappings" for one in of["value"]):
                    yield mapping["options"]["from"], mapping["options"]["to"], mapping["options"]["result"]["text"]

    @property
    def is_instant(self):
        return self.panel["targets"][self.index]["instant"]

    @property
    def least(self):
        text = self.panel["targets"][self.index].get("interval", "0s")
        return int(text[:-1]) * {"s": 1, "m": 60}[text[-1]]


def dashboards():
    """(model, source) of each dashboard."""
    import generate
    for source in generate.DASHBOARDS:
        yield json.loads((ROOT / "dashboards" / source.file).read_text(encoding="utf-8")), source


def targets():
    for model, source in dashboards():
        panels = {each["id"]: each for each in model["panels"]}
        for identity, panel in source.panels():
            for index, query in enumerate(panel.queries):
                shown = panels[identity]
                yield Target(model["title"], source.file, shown, index, shown["targets"][index]["expr"], query.spare, query.optional, panel.needs)


def annotations():
    """(dashboard's title, annotation of the JSON, what it needs)."""
    for model, source in dashboards():
        for annotation, of in zip(model["annotations"]["list"][1:], source.annotations):
            yield model["title"], annotation, of.needs
