"""The agent as it was published, and what else is in the image and of no package."""
import pathlib

DIRECTORY = "/usr/lib/observe"
DOCUMENTS = "/usr/share/doc/observe"
OWNER, BPF_OWNER = "observe", "observe-bpf"
# Documentation of assemblies, for who compiles against them.
LEFT_OUT = {".xml"}
# A user without powers: also the one whom the chart's instance for vCenters runs as.
USER = 65532
STATE = "/var/lib/observe"


def add_to(tree, published, libraries):
    """The published directory. What no package claims is ours: the program, what it is configured with, the BPF objects."""
    owners = {file: library.owner for library in libraries.values() for file in library.files}
    for path in sorted(pathlib.Path(published).rglob("*")):
        if path.is_dir() or path.suffix in LEFT_OUT:
            continue
        name = path.relative_to(published).as_posix()
        owner = BPF_OWNER if name.startswith("bpf/") else owners.get(name, OWNER)
        data = path.read_bytes()
        tree.file(f"{DIRECTORY}/{name}", data, owner, 0o755 if data.startswith(b"\x7fELF") and path.suffix != ".o" else 0o644)
    tree.link("/usr/bin/observe", "../lib/observe/observe", OWNER)


def add_licenses_to(tree, root, libraries, cache):
    """Ours, that of the BPF programs, and of each package what it has in words."""
    tree.file(f"{DOCUMENTS}/copyright", (root / "LICENSE").read_bytes(), OWNER)
    tree.file(f"{DOCUMENTS}/copyright.bpf", (root / "bpf/LICENSE").read_bytes(), BPF_OWNER)
    for library in libraries.values():
        if library.is_package:
            for name, text in library.notices(cache).items():
                tree.file(f"{DOCUMENTS}/{library.name}/{name}", text, library.owner)


def add_system_to(tree):
    """What a package's script would have made, or an installer: users, where names are looked up, directories."""
    tree.file("/etc/passwd", (
        "root:x:0:0:root:/:/usr/sbin/nologin\n"
        f"observe:x:{USER}:{USER}:Observe:/:/usr/sbin/nologin\n"
        "nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n").encode(), OWNER)
    tree.file("/etc/group", f"root:x:0:\nobserve:x:{USER}:\nnogroup:x:65534:\n".encode(), OWNER)
    tree.file("/etc/nsswitch.conf", b"passwd: files\ngroup: files\nhosts: files dns\n", OWNER)
    for name in ("bin", "sbin", "lib", "lib64"):
        tree.directory(f"/usr/{name}", OWNER)
        tree.link(f"/{name}", f"usr/{name}", OWNER)
    tree.link("/var/run", "/run", OWNER)
    for path in ("/dev", "/proc", "/sys", "/run", "/etc/observe"):
        tree.directory(path, OWNER)
    tree.directory("/tmp", OWNER, 0o1777)
    # A volume of Docker's takes over whose this is.
    tree.directory(STATE, OWNER, 0o700, USER)
