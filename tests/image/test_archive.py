"""What is in the file that `make image` writes."""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import image
import notes

LIMIT = 150_000_000
# Loaded when a debugger of another vendor asks for it; the runtime goes on without.
OPTIONAL = {"liblttng-ust.so.1", "liblttng-ust.so.0"}
# Opened by name when the agent runs, so that no list of needs has them.
OPENED = ["libbpf.so.1", "libssl.so.3", "libcrypto.so.3"]


class ArchiveTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        image.required()
        cls.image = image.Image()

    def test_blobs_are_what_their_digests_say(self):
        for name, data in self.image.members.items():
            if name.startswith("blobs/"):
                self.assertEqual(name, "blobs/" + image.digest(data).replace(":", "/"))
        for each in [self.image.descriptor, self.image.manifest["config"], *self.image.manifest["layers"]]:
            self.assertEqual(len(self.image.blob(each)), each["size"])
        self.assertEqual(self.image.config["rootfs"]["diff_ids"], [image.digest(each) for each in self.image.layers])
        self.assertEqual(len(self.image.config["history"]), len(self.image.layers))

    def test_dockers_and_ocis_description_are_of_one_image(self):
        docker, = json.loads(self.image.members["manifest.json"])
        self.assertEqual(docker["RepoTags"], [image.TAG])
        self.assertEqual(docker["Config"], "blobs/" + self.image.manifest["config"]["digest"].replace(":", "/"))
        self.assertEqual(docker["Layers"], ["blobs/" + each["digest"].replace(":", "/") for each in self.image.manifest["layers"]])

    def test_runs_as_nobody_of_note_and_takes_a_command(self):
        config = self.image.config["config"]
        self.assertEqual((config["Entrypoint"], config["Cmd"], config["User"]), (["observe"], ["run"], "65532:65532"))
        self.assertEqual(self.image.resolve("/usr/bin/observe"), "/usr/lib/observe/observe")
        labels = {name.removeprefix("org.opencontainers.image."): value for name, value in config["Labels"].items()}
        self.assertEqual(labels["version"], image.VERSION)
        self.assertRegex(labels["revision"], "^([0-9a-f]{40}(-dirty)?|unknown)$")
        self.assertEqual(labels["created"], self.image.config["created"])
        self.assertLessEqual({"title", "description", "licenses", "vendor"}, labels.keys())

    def test_size_is_within_its_bound(self):
        unpacked = sum(len(each) for each in self.image.contents.values())
        transferred = sum(each["size"] for each in self.image.manifest["layers"])
        notes.note("size", f"{unpacked / 1e6:.1f} MB unpacked, {transferred / 1e6:.1f} MB compressed, {len(self.image.contents)} files")
        self.assertLess(unpacked, LIMIT)

    def test_belongs_to_root_and_nobody_may_write(self):
        for path, member in self.image.files.items():
            with self.subTest(path=path):
                expected = 65532 if path == "/var/lib/observe" else 0
                self.assertEqual((member.uid, member.gid), (expected, expected))
                self.assertFalse(member.mode & 0o6000, "set user or group id")
                if not member.issym() and path != "/tmp":
                    self.assertFalse(member.mode & 0o022, "writable for others")

    def test_has_no_shell_and_no_program_but_the_agent(self):
        executable = {path for path, member in self.image.files.items() if path in self.image.contents and member.mode & 0o111 and ".so" not in path.rsplit("/", 1)[1]}
        self.assertEqual(executable, {"/usr/lib/observe/observe", "/usr/lib/observe/createdump"})

    def test_every_library_that_is_needed_is_there(self):
        libraries = {path.rsplit("/", 1)[1] for path in self.image.files if self.image.resolve(path) and re.search(r"\.so(\.|$)", path)}
        self.assertLessEqual(set(OPENED), libraries)
        for path, data in self.image.contents.items():
            if data.startswith(b"\x7fELF") and not path.endswith(".bpf.o"):
                with self.subTest(path=path):
                    self.assertLessEqual(_needed(data) - OPTIONAL, libraries)

    def test_links_lead_somewhere(self):
        directories = {path for path, member in self.image.files.items() if member.isdir()}
        for path, member in self.image.files.items():
            if member.issym():
                parent = path.rsplit("/", 1)[0]
                target = "/" + "/".join(image._normal(member.linkname if member.linkname.startswith("/") else f"{parent}/{member.linkname}"))
                self.assertTrue(self.image.resolve(path) or target in directories, f"{path} -> {member.linkname}")

    def test_authorities_are_where_openssl_looks(self):
        self.assertEqual(self.image.resolve("/usr/lib/ssl/cert.pem"), "/etc/ssl/certs/ca-certificates.crt")
        self.assertGreater(self.image.contents["/etc/ssl/certs/ca-certificates.crt"].count(b"-----BEGIN CERTIFICATE-----"), 100)
        library = self.image.contents[self.image.resolve(next(path for path in self.image.files if path.endswith("/libcrypto.so.3")))]
        self.assertIn(b"/usr/lib/ssl", library)

    def test_same_inputs_are_the_same_bytes(self):
        """Whoever makes it, and wherever."""
        sums = []
        for other in ({}, {"TZ": "Asia/Tokyo", "LC_ALL": "C", "SOURCE_DATE_EPOCH": ""}):
            with tempfile.TemporaryDirectory() as directory:
                environment = {name: value for name, value in {**os.environ, **other}.items() if value}
                subprocess.run([image.ROOT / "scripts/image", directory], check=True, stdout=subprocess.DEVNULL, env=environment, umask=0o027 if other else 0o022)
                sums.append({each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in pathlib.Path(directory).iterdir()})
        self.assertEqual(*sums)


def _needed(data):
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        text = subprocess.run(["readelf", "-d", file.name], check=True, stdout=subprocess.PIPE, text=True).stdout
    return set(re.findall(r"\(NEEDED\).*\[(.*)\]", text))
