"""The compose file, the Dockerfile and the documents say the same as the image and one another."""
import re
import unittest

from ruamel.yaml import YAML

import documented
import image

# Keys of a service, as the flags of `docker run` that they are.
KEYS = {
    "user": "--user", "cap_drop": "--cap-drop", "cap_add": "--cap-add", "security_opt": "--security-opt", "read_only": "--read-only", "pid": "--pid", "network_mode": "--network",
    "volumes": "--volume", "mem_limit": "--memory", "cpus": "--cpus",
}
# How it is kept and where its log goes: of no consequence to what it may do.
KEPT = {"image", "restart", "logging"}


class DocumentTests(unittest.TestCase):
    def test_compose_file_is_the_documented_command(self):
        document = YAML(typ="safe").load((image.ROOT / "deploy/docker/compose.yaml").read_text(encoding="utf-8"))
        service = document["services"]["observe"]
        self.assertEqual(service["image"], image.TAG)
        flags = set()
        for key, value in service.items():
            if key in KEPT:
                continue
            for each in value if isinstance(value, list) else [value]:
                each = re.sub(":true$", "", str(each))
                flags.add((KEYS[key], None if each == "True" else each))
        self.assertEqual(flags, set(documented.agent(image.TAG)))

    def test_command_for_old_engines_differs_in_nothing_but_capabilities(self):
        new, old = (set(documented.parse(words)[0]) for words in documented.commands()[:2])
        self.assertEqual(new - old, {("--cap-add", "BPF"), ("--cap-add", "PERFMON")})
        self.assertEqual(old - new, {("--cap-add", "SYS_ADMIN")})

    def test_every_flag_has_a_row(self):
        text = documented.DOCUMENT.read_text(encoding="utf-8")
        rows = " ".join(re.findall(r"^\| (`--.*?) \|", text, re.MULTILINE))
        for name, value in documented.agent(image.TAG):
            target = value.split(":")[0] if name == "--volume" else value
            self.assertTrue(any(f"`{each}`" in rows for each in (name, f"{name} {target}")), f"{name} {value}")

    def test_version_is_everywhere_the_same(self):
        for name in ("docs/install-docker.md", "docs/install-kubernetes.md", "deploy/docker/compose.yaml", "deploy/docker/Dockerfile"):
            text = (image.ROOT / name).read_text(encoding="utf-8")
            self.assertEqual(set(re.findall(r"observe[:-](\d+\.\d+\.\d+)", text)) - {image.VERSION}, set(), name)

    def test_size_is_what_the_documents_say(self):
        image.required()
        made = image.Image()
        unpacked = sum(len(each) for each in made.contents.values()) / 1e6
        transferred = sum(each["size"] for each in made.manifest["layers"]) / 1e6
        for name in ("docs/install-docker.md", "docs/install-kubernetes.md", "docs/performance.md"):
            text = (image.ROOT / name).read_text(encoding="utf-8")
            told = re.search(r"(\d+) MB unpacked, (\d+) MB to transfer", text)
            self.assertTrue(told, f"{name} does not say '... MB unpacked, ... MB to transfer'")
            self.assertLess(abs(int(told[1]) / unpacked - 1), 0.1, f"{name}: it is {unpacked:.0f} MB unpacked")
            self.assertLess(abs(int(told[2]) / transferred - 1), 0.1, f"{name}: it is {transferred:.0f} MB to transfer")
