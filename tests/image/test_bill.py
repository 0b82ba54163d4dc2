"""The bill of materials: the rules of CycloneDX 1.5 that it could break, and that every file of the image is somebody's."""
import json
import re
import unittest

import image

TYPES = {"application", "framework", "library", "container", "platform", "operating-system", "device", "device-driver", "firmware", "file", "machine-learning-model", "data"}
COMPONENT = {
    "type", "mime-type", "bom-ref", "supplier", "author", "publisher", "group", "name", "version", "description", "scope", "hashes", "licenses", "copyright", "cpe", "purl",
    "swid", "modified", "pedigree", "externalReferences", "components", "evidence", "releaseNotes", "modelCard", "data", "properties", "signature",
}
DOCUMENT = {
    "$schema", "bomFormat", "specVersion", "serialNumber", "version", "metadata", "components", "services", "externalReferences", "dependencies", "compositions",
    "vulnerabilities", "annotations", "formulation", "properties", "signature",
}
# Of SPDX's list, those that occur here.
IDENTIFIERS = {"Apache-2.0", "GPL-2.0-only", "MIT"}
PACKAGE = re.compile(r"pkg:(deb/debian|nuget|oci)/[A-Za-z0-9._%-]+@[A-Za-z0-9._~%-]+(\?[a-z]+=[A-Za-z0-9._-]+(&[a-z]+=[A-Za-z0-9._-]+)*)?")


class BillTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        image.required()
        cls.image = image.Image()
        cls.bill = json.loads(image.BILL.read_text(encoding="utf-8"))
        cls.components = cls.bill["components"]

    def every(self):
        yield self.bill["metadata"]["component"]
        for each in self.components:
            yield each
            yield from each.get("components", [])

    def test_document_is_cyclonedx_1_5(self):
        self.assertEqual((self.bill["bomFormat"], self.bill["specVersion"], self.bill["version"]), ("CycloneDX", "1.5", 1))
        self.assertRegex(self.bill["serialNumber"], "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
        self.assertRegex(self.bill["metadata"]["timestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertLessEqual(self.bill.keys(), DOCUMENT)
        self.assertLessEqual(self.bill["metadata"].keys(), {"timestamp", "lifecycles", "tools", "authors", "component", "manufacture", "supplier", "licenses", "properties"})

    def test_components_keep_to_the_schema(self):
        for each in self.every():
            with self.subTest(component=each["bom-ref"]):
                self.assertLessEqual(each.keys(), COMPONENT)
                self.assertIn(each["type"], TYPES)
                self.assertTrue(each["name"] and each["version"])
                for one in each.get("hashes", []):
                    self.assertEqual(one.keys(), {"alg", "content"})
                    self.assertRegex(one["alg"] + " " + one["content"], "^SHA-256 [0-9a-f]{64}$")
                if "purl" in each:
                    self.assertRegex(each["purl"], f"^{PACKAGE.pattern}$")
                for one in each.get("evidence", {}).get("occurrences", []):
                    self.assertEqual(one.keys(), {"location"})

    def test_licences_are_named(self):
        for each in list(self.every())[1:]:
            with self.subTest(component=each["bom-ref"]):
                licenses = each.get("licenses")
                self.assertTrue(licenses)
                for one in licenses:
                    # Either one expression or a list of licences: the schema has no both.
                    if "expression" in one:
                        self.assertEqual(len(licenses), 1)
                        self.assertIn(one["expression"], IDENTIFIERS)
                    elif "id" in one["license"]:
                        self.assertIn(one["license"]["id"], IDENTIFIERS)
                    else:
                        self.assertTrue(one["license"]["name"])

    def test_references_are_unique_and_lead_somewhere(self):
        references = [each["bom-ref"] for each in self.every()]
        self.assertEqual(len(references), len(set(references)))
        seen = [each["ref"] for each in self.bill["dependencies"]]
        self.assertEqual(len(seen), len(set(seen)))
        for each in self.bill["dependencies"]:
            self.assertLessEqual({each["ref"], *each["dependsOn"]}, set(references))
        reached, left = set(), ["image"]
        needs = {each["ref"]: each["dependsOn"] for each in self.bill["dependencies"]}
        while left:
            ref = left.pop()
            if ref not in reached:
                reached.add(ref)
                left += needs.get(ref, [])
        self.assertEqual({each["bom-ref"] for each in self.components} - reached, set(), "nothing needs these")

    def test_every_file_belongs_to_one_component(self):
        owned = [one["location"] for each in self.components for one in each.get("evidence", {}).get("occurrences", [])]
        self.assertEqual(len(owned), len(set(owned)))
        self.assertEqual(set(owned), {path for path, member in self.image.files.items() if not member.isdir()})

    def test_packages_are_those_of_the_image(self):
        for path, text in self.image.contents.items():
            if path.startswith("/var/lib/dpkg/status.d/") and not path.endswith(".md5sums"):
                fields = dict(re.findall("^(Package|Version): (.*)$", text.decode(), re.MULTILINE))
                self.assertIn((fields["Package"], fields["Version"]), {(each["name"], each["version"]) for each in self.components})
        published = json.loads(self.image.contents["/usr/lib/observe/observe.deps.json"])
        for key, library in published["libraries"].items():
            if library["type"] in ("package", "runtimepack"):
                name, version = key.removeprefix("runtimepack.").rsplit("/", 1)
                self.assertIn(f"pkg:nuget/{name}@{version}", {each.get("purl") for each in self.components})

    def test_bpf_objects_are_listed_with_their_digests(self):
        listed = {one["name"]: one["hashes"][0]["content"] for each in self.components if each["bom-ref"] == "observe-bpf" for one in each["components"]}
        there = {path.rsplit("/", 1)[1]: image.digest(data).removeprefix("sha256:") for path, data in self.image.contents.items() if path.endswith(".bpf.o")}
        self.assertEqual(listed, there)
        self.assertLessEqual({"ledger.bpf.o", "kvm.bpf.o"}, there.keys())

    def test_is_of_this_image(self):
        self.assertEqual(self.bill["metadata"]["component"]["hashes"][0]["content"], self.image.descriptor["digest"].removeprefix("sha256:"))

    def test_texts_of_licences_are_in_the_image(self):
        names = {each["bom-ref"].removeprefix("deb:") for each in self.components if each["bom-ref"].startswith("deb:")}
        for name in names:
            self.assertTrue(self.image.resolve(f"/usr/share/doc/{name}/copyright"), name)
        self.assertIn(b"Apache License", self.image.contents["/usr/share/doc/observe/copyright"])
        self.assertIn(b"GNU GENERAL PUBLIC LICENSE", self.image.contents["/usr/share/doc/observe/copyright.bpf"])
        self.assertTrue(self.image.resolve("/usr/share/common-licenses/GPL-2"))
