"""The bill of materials, CycloneDX 1.5: what is in the image, under which licence, and which files are whose."""
import hashlib
import posixpath
import uuid

import agent

FORMAT, SPECIFICATION = "CycloneDX", "1.5"
# Made up once; with it the same image has the same serial number.
NAMESPACE = uuid.UUID("6f1f5f0a-6f5c-4f0e-9a55-3c7f8f2d9b41")


def document(image, tree, packages, libraries, cache):
    """image: name, version, architecture, digest, created (RFC 3339)."""
    files = {}
    for path, entry in sorted(tree.files().items()):
        files.setdefault(entry.owner, []).append(path)
    root = {
        "type": "container", "bom-ref": "image", "name": image["name"], "version": image["version"],
        "purl": f"pkg:oci/{image['name']}@{image['digest'].replace(':', '%3A')}?arch={image['architecture']}&tag={image['version']}",
        "hashes": [{"alg": "SHA-256", "content": image["digest"].removeprefix("sha256:")}],
    }
    components = [_own(image, files), _bpf(image, tree, files)]
    components += [_debian(each, tree, files, image) for each in packages]
    components += [_nuget(each, cache, files) for each in libraries.values() if each.is_package]
    return {
        "bomFormat": FORMAT, "specVersion": SPECIFICATION, "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, image['digest'])}",
        "metadata": {"timestamp": image["created"], "tools": {"components": [{"type": "application", "name": "scripts/image", "version": image["version"]}]}, "component": root},
        "components": components,
        "dependencies": _dependencies(packages, libraries),
    }


def _own(image, files):
    return _component("application", agent.OWNER, "observe", image["version"], files, [{"license": {"id": "Apache-2.0"}}])


def _bpf(image, tree, files):
    component = _component("application", agent.BPF_OWNER, "observe-bpf", image["version"], files, [{"license": {"id": "GPL-2.0-only"}}])
    component["description"] = "Programs that the kernel runs, compiled from bpf/"
    component["components"] = [
        {
            "type": "file", "bom-ref": f"{agent.BPF_OWNER}:{posixpath.basename(path)}", "name": posixpath.basename(path), "version": image["version"],
            "licenses": [{"license": {"id": "GPL-2.0-only"}}],
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(tree.entries[path].data).hexdigest()}],
        } for path in files[agent.BPF_OWNER] if path.endswith(".o")]
    return component


def _debian(package, tree, files, image):
    # Short names of Debian's, which are not all SPDX's; where there are none, the file in the image says it in words.
    names = package.licenses(tree) or [f"see {package.copyright_path}"]
    component = _component("library", package.owner, package.name, package.version, files, [{"license": {"name": name}} for name in names])
    version = package.version.replace(":", "%3A").replace("+", "%2B")
    name = package.name.replace("+", "%2B")
    component["purl"] = f"pkg:deb/debian/{name}@{version}?arch={package.architecture}&distro=debian-{image['debian']}"
    component["supplier"] = {"name": "Debian"}
    if package.source != package.name:
        component["properties"] = [{"name": "debian:source", "value": package.source}]
    return component


def _nuget(library, cache, files):
    license, url = library.description(cache)
    component = _component("framework" if "Runtime" in library.name else "library", library.owner, library.name, library.version, files, [{"expression": license}] if license else [])
    component["purl"] = f"pkg:nuget/{library.name}@{library.version}"
    if url:
        component["externalReferences"] = [{"type": "website", "url": url}]
    return component


def _component(kind, ref, name, version, files, licenses):
    component = {"type": kind, "bom-ref": ref, "name": name, "version": version}
    if licenses:
        component["licenses"] = licenses
    if ref in files:
        component["evidence"] = {"occurrences": [{"location": path} for path in files[ref]]}
    return component


def _dependencies(packages, libraries):
    here = {each.name: each.owner for each in packages}
    # Our assemblies are one component: what any of them needs, it needs. OpenSSL and libbpf are opened by name, at run time.
    found = {agent.OWNER: {agent.BPF_OWNER, here["libbpf1"], here["libssl3"], here["libstdc++6"], here["ca-certificates"]}}
    for library in libraries.values():
        found.setdefault(library.owner, set()).update(libraries[each].owner for each in library.depends if each in libraries)
    for package in packages:
        found[package.owner] = {here[each] for each in package.depends if each in here}
    found["image"] = {agent.OWNER, here["base-files"]}
    return [{"ref": ref, "dependsOn": sorted(needs - {ref})} for ref, needs in sorted(found.items())]
