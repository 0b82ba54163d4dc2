"""The dashboards' JSON: complete, consistent, and what its source makes."""
import re
import unittest

from analysis import SHOWN
from needs import NEEDS
from queries import ROOT, dashboards

import generate

PANELS = [(model, panel, f"{model['title']} / {panel['title']}") for model, _ in dashboards() for panel in model["panels"] if panel["type"] != "row"]


class Files(unittest.TestCase):
    def test_Committed_AreWhatTheSourceMakes(self):
        self.assertEqual([], generate.differing(ROOT, generate.outputs()), "make dashboards")

    def test_Generated_Twice_IsTheSame(self):
        self.assertEqual(generate.outputs(), generate.outputs())

    def test_Directories_HoldNothingElse(self):
        wanted = set(generate.outputs())
        found = {str(path.relative_to(ROOT)) for pattern in ("dashboards/*.json", "deploy/prometheus/*.yaml") for path in ROOT.glob(pattern)}
        self.assertEqual(wanted, found)


class Models(unittest.TestCase):
    def test_Dashboards_HaveOwnUidsTitlesAndCurrentSchema(self):
        models = [model for model, _ in dashboards()]
        self.assertEqual(len(models), len({model["uid"] for model in models}))
        for model in models:
            self.assertRegex(model["uid"], r"^[a-z-]{8,40}$")
            self.assertGreaterEqual(model["schemaVersion"], 39)
            self.assertIn("observe", model["tags"])

    def test_Panels_HaveIdsOfTheirOwnAndDoNotOverlap(self):
        for model, _ in dashboards():
            ids = [panel["id"] for panel in model["panels"]]
            self.assertEqual(len(ids), len(set(ids)), model["title"])
            taken = {}
            for panel in model["panels"]:
                place = panel["gridPos"]
                self.assertLessEqual(place["x"] + place["w"], 24, panel["title"])
                for cell in ((x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])):
                    self.assertNotIn(cell, taken, f"{model['title']}: {panel['title']} lies on {taken.get(cell)}")
                    taken[cell] = panel["title"]

    def test_Panels_SayWhatTheyShowAndInWhichUnit(self):
        for _, panel, name in PANELS:
            with self.subTest(name):
                self.assertRegex(panel["description"], r"(?s)^[A-Z0-9].{15,}\.$")
                self.assertIn(panel["fieldConfig"]["defaults"]["unit"], SHOWN)
                if panel["fieldConfig"]["defaults"]["unit"] == "s":
                    self.assertRegex(panel["description"], r"\bs\b", "a panel in seconds says so")

    def test_Panels_AskTheDataSourceThatIsChosen(self):
        for _, panel, name in PANELS:
            for target in panel["targets"]:
                self.assertEqual("${datasource}", target["datasource"]["uid"], name)

    def test_Variables_ThatAreUsedAreThere(self):
        for model, _ in dashboards():
            known = {each["name"] for each in model["templating"]["list"]}
            texts = [target["expr"] for panel in model["panels"] for target in panel.get("targets", [])]
            texts += [link["url"] for panel in model["panels"] for link in panel.get("fieldConfig", {}).get("defaults", {}).get("links", [])]
            texts += [each["target"]["expr"] for each in model["annotations"]["list"][1:]]
            texts += [str(each["query"]) for each in model["templating"]["list"]]
            used = {name for text in texts for name in re.findall(r"\$\{?(\w+)", text) if not name.startswith("__")}
            self.assertLessEqual(used, known, model["title"])

    def test_Variables_ChooseAllUnlessTold(self):
        for model, _ in dashboards():
            for each in model["templating"]["list"]:
                if each["type"] == "query":
                    self.assertEqual((".*", ["$__all"]), (each["allValue"], each["current"]["value"]), each["name"])

    def test_Links_LeadToDashboardsThatExistWithVariablesThatTheyHave(self):
        variables = {model["uid"]: {each["name"] for each in model["templating"]["list"]} for model, _ in dashboards()}
        count = 0
        for _, panel, name in PANELS:
            for link in panel["fieldConfig"]["defaults"]["links"]:
                target = re.match(r"^/d/([a-z-]+)\?", link["url"])
                if target:
                    count += 1
                    self.assertLessEqual(set(re.findall(r"&var-(\w+)=", link["url"])), variables[target.group(1)], name)
        self.assertGreater(count, 10)

    def test_Links_UseLabelsThatTheSeriesHave(self):
        """A link by ${__field.labels.x} needs series with the label x; a row's ${__data.fields.x} a column of it."""
        for _, panel, name in PANELS:
            for link in panel["fieldConfig"]["defaults"]["links"]:
                for label in re.findall(r"__(?:field\.labels|data\.fields)\.(\w+)", link["url"] + link["title"]):
                    for target in panel["targets"]:
                        self.assertRegex(target["expr"], rf"by \([^)]*\b{label}\b|group_left \({label}", f"{name}: {link['title']}")

    def test_Needs_AreAllKnownAndUsed(self):
        used = {need for _, source in dashboards() for _, panel in source.panels() for need in panel.needs}
        used |= {need for _, source in dashboards() for annotation in source.annotations for need in annotation.needs}
        self.assertEqual(set(NEEDS), used)


if __name__ == "__main__":
    unittest.main()
