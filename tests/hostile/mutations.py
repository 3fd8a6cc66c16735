"""Ways to damage a file, by kind: ``damage(path, kind, chance, zoo)`` changes a copy in place and says what it did.

``chance`` is NumPy's generator and decides everything, so a seed gives the same damage again. ``path`` is a package folder or
a ``.mlmodel`` file in a folder of its own; ``zoo`` are other whole files, to splice from.
"""

import json
import os
import struct

from beyondlabels.quiet import protobufs

from . import fields, programs


def model_file(path):
    return path / "Data" / "com.apple.CoreML" / "model.mlmodel" if path.suffix == ".mlpackage" else path


def weight_file(path):
    return path / "Data" / "com.apple.CoreML" / "weights" / "weight.bin"


def damage(path, kind, chance, zoo):
    """Damage the file at ``path`` by ``kind``, one of ``kinds(path)``; a few words about what was done."""
    if kind in ON_DISK:
        return ON_DISK[kind](path, chance, zoo)
    specification = protobufs()[0].Model()
    specification.ParseFromString(model_file(path).read_bytes())
    work = {**fields.KINDS, **programs.KINDS}[kind]
    words = "; ".join(work(specification, chance) for _ in range(chance.choice([1, 1, 1, 2, 4])))
    model_file(path).write_bytes(specification.SerializeToString(deterministic=True))
    return words


def kinds(path):
    """The kinds of damage that a file can take."""
    package = path.suffix == ".mlpackage"
    weights = package and weight_file(path).exists()
    only = {"weights": weights, "manifest": package}
    kept = [kind for kind in ON_DISK if only.get(kind, True)]
    return [*kept, *fields.KINDS, *(programs.KINDS if package else ())]


def flipped(path, chance, zoo):
    """Bytes of one file changed."""
    file, content = _some(path, chance)
    places = chance.integers(0, max(len(content), 1), chance.choice([1, 2, 8, 64])) if content else []
    for place in places:
        content[place] = (
            content[place] ^ (1 << int(chance.integers(8))) if chance.random() < 0.5 else chance.integers(256)
        )
    file.write_bytes(bytes(content))
    return f"{len(places)} bytes of {file.name} changed"


def cut(path, chance, zoo):
    """One file ends early."""
    file, content = _some(path, chance)
    end = int(chance.integers(0, len(content) + 1))
    file.write_bytes(bytes(content[:end]))
    return f"{file.name} ends after {end} of {len(content)} bytes"


def gone(path, chance, zoo):
    """One file is missing, empty, a folder, or a pipe that nobody writes to."""
    file, _ = _some(path, chance)
    file.unlink()
    how = chance.choice(["missing", "empty", "a folder", "a pipe"])
    if how == "empty":
        file.write_bytes(b"")
    elif how == "a folder":
        file.mkdir()
    elif how == "a pipe":
        os.mkfifo(file)
    return f"{file.name} is {how}"


def spliced(path, chance, zoo):
    """Bytes of another file put in, over, or in place of the whole."""
    file, content = _some(path, chance)
    other = zoo[int(chance.integers(len(zoo)))]
    _, donor = _some(other, chance)
    start, many = int(chance.integers(0, len(donor) + 1)), int(chance.choice([4, 64, 1024, 10**9]))
    place = int(chance.integers(0, len(content) + 1))
    keep = place if chance.random() < 0.5 else place + many
    file.write_bytes(bytes(content[:place] + donor[start : start + many] + content[keep:]))
    return f"{many} bytes of {other.name} put into {file.name} at {place}"


def stretched(path, chance, zoo):
    """One file claims to be far longer than it is: a hole on the disk."""
    file, _ = _some(path, chance)
    size = int(chance.choice([2**24, 2**31 - 1, 2**33, 2**36]))
    os.truncate(file, size)
    return f"{file.name} stretched to {size:,} bytes"


def weights(path, chance, zoo):
    """Records of the weight file that lie about their type, size or place."""
    content = bytearray(weight_file(path).read_bytes())
    records = [place for place in range(64, len(content) - 63, 64) if content[place : place + 4] == b"\xef\xbe\xad\xde"]
    place = int(chance.choice(records)) if records else 0
    what, layout = [("type", "<I"), ("size", "<Q"), ("start", "<Q"), ("sentinel", "<I")][int(chance.integers(4))]
    offset = {"sentinel": 0, "type": 4, "size": 8, "start": 16}[what]
    most = 2**32 if layout == "<I" else 2**64
    value = (
        int(chance.choice([0, 1, 3, 64, 65, len(content), len(content) - 1, place, 2**31, 2**32 - 1, most - 1])) % most
    )
    struct.pack_into(layout, content, place + offset, value)
    weight_file(path).write_bytes(bytes(content))
    return f"{what} of the record at {place} is {value}"


def manifest(path, chance, zoo):
    """A manifest, or a link, that leads out of the folder, to a pipe or to nowhere; or is nested without end."""
    file = path / "Manifest.json"
    how = chance.choice(["path", "path", "path", "link", "link", "json", "nested"])
    outside = path.parent / "outside"
    if how == "link":
        target = chance.choice(["model.mlmodel", "weights", "weight.bin", "Manifest.json", "Data"])
        inside = {
            "model.mlmodel": model_file(path),
            "weights": weight_file(path).parent,
            "weight.bin": weight_file(path),
        }
        place = inside.get(target, path / target)
        if not place.exists():
            return f"no {target} to link"
        if chance.random() < 0.8:
            moved = outside / place.name
            os.rename(place, moved)
        else:
            os.rename(place, outside / "old")
            moved = chance.choice(["/dev/zero", "/etc/passwd", str(place), "..", "/"])
        os.symlink(moved, place)
        return f"{target} is a link to {moved}"
    if how == "nested":
        file.write_text('{"a":' * 20_000 + "1" + "}" * 20_000)
        return "a manifest nested 20,000 deep"
    content = json.loads(file.read_text("utf-8"))
    identifier = content["rootModelIdentifier"]
    if how == "json":
        return _odd_manifest(file, content, identifier, chance)
    entry = chance.choice(_PATHS)
    content["itemInfoEntries"][identifier]["path"] = entry.replace("OUTSIDE", str(outside))
    file.write_text(json.dumps(content))
    return f"the manifest points to {entry!r}"


_PATHS = (
    "../../outside/model.mlmodel",
    "../../../../../../etc/passwd",
    "/etc/passwd",
    "OUTSIDE/model.mlmodel",
    "",
    ".",
    "..",
)
_PATHS += (
    "com.apple.CoreML",
    "com.apple.CoreML/weights/weight.bin",
    "a\0b",
    "x" * 5000,
    "~/model.mlmodel",
    "../Manifest.json",
)
_PATHS += (
    "C:\\model.mlmodel",
    "com.apple.CoreML/../com.apple.CoreML/model.mlmodel",
    "/dev/zero",
    "//host/share",
    "\ud800",
)


def _odd_manifest(file, content, identifier, chance):
    odd = [None, 3, [], {}, "x", True, 1e308, {"path": None}, {"path": 3}, {"path": []}, [1]]
    where = chance.choice(["whole", "root", "entries", "entry"])
    value = odd[int(chance.integers(len(odd)))]
    if where == "whole":
        content = value
    elif where == "root":
        content["rootModelIdentifier"] = value
    elif where == "entries":
        content["itemInfoEntries"] = value
    else:
        content["itemInfoEntries"][identifier] = value
    file.write_text(json.dumps(content))
    return f"{where} of the manifest is {value!r}"


def _some(path, chance):
    """One of the files, the model's more often, and its bytes."""
    found = [path] if path.is_file() else [file for file in sorted(path.rglob("*")) if file.is_file()]
    model = [file for file in found if file.suffix == ".mlmodel"]
    file = model[0] if model and chance.random() < 0.5 else found[int(chance.integers(len(found)))]
    return file, bytearray(file.read_bytes())


ON_DISK = {
    "flipped": flipped,
    "cut": cut,
    "gone": gone,
    "spliced": spliced,
    "stretched": stretched,
    "weights": weights,
    "manifest": manifest,
}
