"""What of the published agent comes from which NuGet package: its own list of dependencies, and the packages' descriptions."""
import json
import pathlib
import re
import xml.etree.ElementTree as xml

RUNTIME_PACK = "runtimepack."
NOTICES = re.compile(r"(license|licence|notice|third-party-notices)(\.(txt|md))?", re.IGNORECASE)


class Library:
    """A package, or one of our own assemblies, with its files relative to the program."""

    def __init__(self, key, kind, files, depends):
        name, self.version = key.rsplit("/", 1)
        self.name = name.removeprefix(RUNTIME_PACK)
        self.is_package = kind in ("package", "runtimepack")
        self.owner = f"nuget:{self.name}" if self.is_package else "observe"
        self.files, self.depends = files, depends

    def description(self, cache):
        """Licence as an SPDX expression and the project's address, from the package's own description; None where it is not there."""
        root = self._directory(cache)
        file = root / f"{self.name.lower()}.nuspec"
        if not file.is_file():
            return None, None
        metadata = {each.tag.rsplit("}", 1)[1]: each for each in xml.parse(file).getroot()[0]}
        license = metadata.get("license")
        url = metadata.get("projectUrl")
        return license.text if license is not None and license.get("type") == "expression" else None, url.text if url is not None else None

    def notices(self, cache):
        """Texts of licences, and notices of what is in the package, by name."""
        root = self._directory(cache)
        return {each.name: each.read_bytes() for each in sorted(root.iterdir()) if NOTICES.fullmatch(each.name)} if root.is_dir() else {}

    def _directory(self, cache):
        return pathlib.Path(cache) / self.name.lower() / self.version.lower()


def libraries(published):
    """Everything in observe.deps.json, by key."""
    document = json.loads((pathlib.Path(published) / "observe.deps.json").read_text(encoding="utf-8"))
    target = document["targets"][document["runtimeTarget"]["name"]]
    found = {}
    for key, library in document["libraries"].items():
        # The same assembly once more, as it was referred to.
        if library["type"] == "reference":
            continue
        entry = target[key]
        # Of a package of one kind of host, files are by the path in the package; in the program they are side by side.
        files = [path.rsplit("/", 1)[-1] for kind in ("runtime", "native") for path in entry.get(kind, {})]
        depends = [f"{name}/{version}" for name, version in entry.get("dependencies", {}).items()]
        found[key] = Library(key, library["type"], files, depends)
    return found
