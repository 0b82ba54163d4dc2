"""The image as it was made: its blobs, and its files with their owners."""
import gzip
import hashlib
import io
import json
import pathlib
import re
import tarfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
VERSION = re.search("<Version>(.*)</Version>", (ROOT / "Directory.Build.props").read_text(encoding="utf-8")).group(1)
TAG = f"observe:{VERSION}"
ARCHIVE = ROOT / f"artifacts/image/observe-{VERSION}.tar"
BILL = ROOT / f"artifacts/image/observe-{VERSION}.cdx.json"


def required():
    if not ARCHIVE.is_file():
        raise unittest.SkipTest(f"there is no {ARCHIVE.relative_to(ROOT)}: make image")


class Image:
    def __init__(self, path=ARCHIVE):
        with tarfile.open(path) as archive:
            self.members = {each.name: archive.extractfile(each).read() for each in archive}
        self.index = json.loads(self.members["index.json"])
        self.descriptor = self.index["manifests"][0]
        self.manifest = json.loads(self.blob(self.descriptor))
        self.config = json.loads(self.blob(self.manifest["config"]))
        self.layers = [gzip.decompress(self.blob(each)) for each in self.manifest["layers"]]
        # Of a path in more than one layer the upper one's counts.
        self.files, self.contents = {}, {}
        for layer in self.layers:
            with tarfile.open(fileobj=io.BytesIO(layer)) as archive:
                for each in archive:
                    path = "/" + each.name
                    self.files[path] = each
                    if each.isreg():
                        self.contents[path] = archive.extractfile(each).read()

    def blob(self, descriptor):
        return self.members["blobs/" + descriptor["digest"].replace(":", "/")]

    def resolve(self, path):
        """The path of a regular file that a path leads to within the image; None if it leads nowhere."""
        for _ in range(40):
            parts = path.split("/")
            for i in range(2, len(parts) + 1):
                there = self.files.get("/".join(parts[:i]))
                if there is not None and there.issym():
                    base = "" if there.linkname.startswith("/") else "/".join(parts[:i - 1])
                    path = str(pathlib.PurePosixPath("/", *_normal(f"{base}/{there.linkname}/" + "/".join(parts[i:]))))
                    break
            else:
                return path if path in self.contents else None
        return None

    def unpack(self, directory):
        """The file system, as an engine makes it; as root."""
        for layer in self.layers:
            with tarfile.open(fileobj=io.BytesIO(layer)) as archive:
                archive.extractall(directory, numeric_owner=True)


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _normal(path):
    out = []
    for part in path.split("/"):
        if part == "..":
            out and out.pop()
        elif part not in ("", "."):
            out.append(part)
    return out
