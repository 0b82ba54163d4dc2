"""
One file that is both an OCI image layout and what `docker save` writes: containerd, Podman and Skopeo read the one, Docker of every version the other.
The same image is the same bytes.
"""
import gzip
import hashlib
import io
import json
import tarfile

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


class Archive:
    def __init__(self, epoch):
        self.epoch, self.blobs = epoch, {}

    def blob(self, media, data):
        digest = _digest(data)
        self.blobs[digest] = data
        return {"mediaType": media, "digest": digest, "size": len(data)}

    def write(self, path, tag, layers, config):
        """layers: uncompressed, the lowest first. Returns the manifest's digest and the size of all blobs, which is what a registry keeps."""
        described = [self.blob(LAYER, gzip.compress(layer, 9, mtime=0)) for layer in layers]
        config["rootfs"] = {"type": "layers", "diff_ids": [_digest(layer) for layer in layers]}
        configured = self.blob(CONFIG, _json(config))
        manifest = self.blob(MANIFEST, _json({"schemaVersion": 2, "mediaType": MANIFEST, "config": configured, "layers": described}))
        size = sum(len(blob) for blob in self.blobs.values())
        name = {"org.opencontainers.image.ref.name": tag.rsplit(":", 1)[1], "io.containerd.image.name": f"docker.io/library/{tag}"}
        platform = {"architecture": config["architecture"], "os": config["os"]}
        files = {f"blobs/{digest.replace(':', '/')}": data for digest, data in self.blobs.items()}
        files["oci-layout"] = _json({"imageLayoutVersion": "1.0.0"})
        files["index.json"] = _json({"schemaVersion": 2, "manifests": [{**manifest, "platform": platform, "annotations": name}]})
        files["manifest.json"] = _json([{"Config": _place(configured), "RepoTags": [tag], "Layers": [_place(each) for each in described]}])
        with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
            for name, data in sorted(files.items()):
                info = tarfile.TarInfo(name)
                info.size, info.mtime, info.mode = len(data), self.epoch, 0o644
                archive.addfile(info, io.BytesIO(data))
        return manifest["digest"], size


def _digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _place(blob):
    return "blobs/" + blob["digest"].replace(":", "/")


def _json(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
