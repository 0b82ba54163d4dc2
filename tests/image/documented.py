"""Commands as the documents have them: what is tested is what a reader types."""
import re
import shlex

import image

DOCUMENT = image.ROOT / "docs/install-docker.md"


def commands():
    """Every indented `docker run`, as words, in order; continued lines are one."""
    text = re.sub(r"\\\n\s*", "", DOCUMENT.read_text(encoding="utf-8"))
    found = [shlex.split(line) for line in text.splitlines() if line.startswith("    docker run ")]
    if not found:
        raise AssertionError(f"{DOCUMENT.name} has no command")
    return found


# Flags that stand alone; all others take a value.
ALONE = {"-d", "--rm", "--read-only", "--detach"}


def parse(words):
    """(flags, image, command) of a `docker run`; flags as pairs, those that stand alone with None."""
    flags, i = [], 2
    while words[i].startswith("-"):
        name, has, value = words[i].partition("=")
        if has:
            flags.append((name, value))
        elif name in ALONE:
            flags.append((name, None))
        else:
            i += 1
            flags.append((name, words[i]))
        i += 1
    return flags, words[i], words[i + 1:]


def joined(flags):
    """As arguments again."""
    return [name if value is None else f"{name}={value}" for name, value in flags]


def agent(image_name):
    """Flags of the agent's command, the first of the document, without those that say how it is kept."""
    flags, name, command = parse(commands()[0])
    assert name == image_name and not command, (name, command)
    return [(name, value) for name, value in flags if name not in ("-d", "--detach", "--restart", "--name")]


def without(flags, *pairs):
    """Flags without some; each must have been there."""
    left = list(flags)
    for each in pairs:
        left.remove(each)
    return left
