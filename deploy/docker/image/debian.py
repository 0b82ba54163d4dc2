"""Takes what the agent needs out of Debian packages. Nothing is installed: no maintainer script runs, and no root is needed."""
import fnmatch
import hashlib
import io
import posixpath
import re
import subprocess
import tarfile

# Of packages that are more than libraries, what is wanted; of all others everything but what is left out below.
WANTED = {
    "base-files": ["/etc/os-release", "/etc/debian_version", "/usr/lib/os-release", "/usr/share/common-licenses/*"],
    "ca-certificates": [],
}
# Conversions between character sets, plug-ins for hardware, scripts for debuggers: nothing that this agent opens.
LEFT_OUT = [
    "/usr/lib/*/gconv/*", "/usr/lib/*/engines-3/*", "/usr/lib/*/audit/*", "/usr/lib/*/libmemusage.so", "/usr/lib/*/libpcprofile.so", "/etc/ld.so.conf.d/*",
    "/usr/share/doc/*", "/usr/share/gcc/*", "/usr/share/gdb/*", "/usr/share/lintian/*", "/usr/share/locale/*", "/usr/share/man/*",
]
# What update-ca-certificates makes of the package's files, at the place where OpenSSL looks for it.
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
OPENSSL_FILE = "/usr/lib/ssl/cert.pem"


class Package:
    """A .deb, read once."""

    def __init__(self, path):
        self.control = _output("dpkg-deb", "--info", path, "control").decode()
        fields = dict(re.findall(r"^([A-Za-z-]+): *(.*)$", self.control, re.MULTILINE))
        self.name, self.version, self.architecture = fields["Package"], fields["Version"], fields["Architecture"]
        self.source = fields.get("Source", self.name).split(" ")[0]
        self.depends = [re.split(r"[ (:|]", each.strip())[0] for each in fields.get("Depends", "").split(",") if each.strip()]
        self.owner = f"deb:{self.name}"
        self.files = tarfile.open(fileobj=io.BytesIO(_output("dpkg-deb", "--fsys-tarfile", path)))

    @property
    def copyright_path(self):
        return f"/usr/share/doc/{self.name}/copyright"

    def wants(self, path):
        if path == self.copyright_path or fnmatch.fnmatchcase(path, "/usr/share/doc/" + self.name):
            return True
        if self.name in WANTED:
            return any(fnmatch.fnmatchcase(path, each) for each in WANTED[self.name])
        return not any(fnmatch.fnmatchcase(path, each) for each in LEFT_OUT)

    def add_to(self, tree):
        for member in self.files:
            path = merged(member.name)
            if member.isdir() or not self.wants(path):
                continue
            if member.issym():
                tree.link(path, member.linkname if "/" not in member.linkname else _merged_target(path, member.linkname), self.owner)
            elif member.isfile():
                tree.file(path, self.files.extractfile(member).read(), self.owner, member.mode & 0o755)
            else:
                raise ValueError(f"{self.name}: {path} is neither a file nor a symbolic link")
        self._add_status(tree)

    def _add_status(self, tree):
        """As images without dpkg have it, for scanners: one file a package, and the sums of what is there of it."""
        sums = [f"{hashlib.md5(entry.data, usedforsecurity=False).hexdigest()}  {path[1:]}\n" for path, entry in sorted(tree.entries.items()) if entry.owner == self.owner and entry.data]
        tree.file(f"/var/lib/dpkg/status.d/{self.name}", self.control.encode(), self.owner)
        tree.file(f"/var/lib/dpkg/status.d/{self.name}.md5sums", "".join(sums).encode(), self.owner)

    def add_certificates_to(self, tree):
        """The bundle of authorities, all that Debian trusts."""
        found = sorted((member.name, member) for member in self.files if fnmatch.fnmatchcase(member.name, "./usr/share/ca-certificates/mozilla/*.crt"))
        if not found:
            raise ValueError("ca-certificates has no /usr/share/ca-certificates/mozilla")
        tree.file(BUNDLE, b"".join(self.files.extractfile(member).read().rstrip(b"\n") + b"\n" for _, member in found), self.owner)
        tree.link(OPENSSL_FILE, BUNDLE, self.owner)

    def licenses(self, tree):
        """Short names from a copyright file that machines can read (DEP 5); none where it is prose."""
        directory = tree.entries[posixpath.dirname(self.copyright_path)]
        entry = tree.entries[f"/usr/share/doc/{directory.target}/copyright" if directory.target else self.copyright_path]
        if not entry.data.startswith(b"Format:"):
            return []
        return sorted(set(re.findall(r"^License: *(\S.*?) *$", entry.data.decode(), re.MULTILINE)))


def merged(name):
    """Where a package's path is on a system with a merged /usr, as Debian's are since 12: /lib/x is /usr/lib/x."""
    path = posixpath.normpath("/" + name)
    return f"/usr{path}" if re.match(r"/(bin|sbin|lib|lib64)(/|$)", path) else path


def _merged_target(path, target):
    """A link to another directory: absolute, with what it goes through merged."""
    return merged(posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))


def _output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
