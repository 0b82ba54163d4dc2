"""What an image's file system holds: entries by path, each with the component that it comes from."""
import dataclasses
import io
import posixpath
import tarfile

FILE, DIRECTORY, LINK = tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE


@dataclasses.dataclass
class Entry:
    kind: bytes
    mode: int
    owner: str
    data: bytes = b""
    target: str = ""
    user: int = 0


class Tree:
    """Paths are absolute. A later entry takes the place of an earlier one only if it is the same."""

    def __init__(self):
        self.entries = {}

    def file(self, path, data, owner, mode=0o644):
        self._put(path, Entry(FILE, mode, owner, data=data))

    def link(self, path, target, owner):
        self._put(path, Entry(LINK, 0o777, owner, target=target))

    def directory(self, path, owner, mode=0o755, user=0):
        self._put(path, Entry(DIRECTORY, mode, owner, user=user))

    def files(self):
        """Paths of what belongs to somebody: directories belong to all that are beneath them."""
        return {path: entry for path, entry in self.entries.items() if entry.kind != DIRECTORY}

    def size(self):
        return sum(len(entry.data) for entry in self.entries.values())

    def _put(self, path, entry):
        assert path.startswith("/") and posixpath.normpath(path) == path, path
        old = self.entries.get(path)
        if old and (old.kind, old.data, old.target) != (entry.kind, entry.data, entry.target):
            raise ValueError(f"{path} is in {old.owner} and in {entry.owner}, and is not the same")
        parent = posixpath.dirname(path)
        if parent != "/" and parent not in self.entries:
            self._put(parent, Entry(DIRECTORY, 0o755, entry.owner))
        if old is None:
            self.entries[path] = entry

    def tar(self, epoch):
        """The layer: sorted, of users by number, with one time, so that the same entries are the same bytes."""
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for path, entry in sorted(self.entries.items()):
                info = tarfile.TarInfo(path[1:])
                info.type, info.mode, info.mtime, info.linkname = entry.kind, entry.mode, epoch, entry.target
                info.uid = info.gid = entry.user
                info.size = len(entry.data)
                archive.addfile(info, io.BytesIO(entry.data))
        return out.getvalue()
