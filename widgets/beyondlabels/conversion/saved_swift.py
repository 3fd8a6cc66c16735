"""The Swift for a package that is saved already, ours or anybody's."""

from pathlib import Path
from types import SimpleNamespace

from .. import runtime
from ..errors import BadInput
from . import swift as one_table
from . import swift_arrays, swift_images
from .inputs import Input, Inputs
from .verdict import Verdict


def swift(package):
    """Swift source that loads a saved package or ``.mlmodel`` and calls it with one row. It was not compiled here.

    ``package``: the path, or what ``runtime.load`` gave for it. Raises ``BadPackage`` when the file cannot be read, ``BadInput``
    where an input is of a kind that this knows no Swift for: text, dictionaries, half precision, axes other than the rows
    that vary, more rows than one at least.
    """
    package = package if hasattr(package, "program") else runtime.load(package)
    path = Path(package.program.path)
    found = runtime.describe(package)
    outputs = package.program.outputs
    verdict = Verdict(
        found["model"].get("title") or f"A model of the kind {found['kind']}", "exact", dict.fromkeys(outputs)
    )
    ports = Inputs(_input(port) for port in package.program.inputs.values())
    features = [str(each) for each in found["features"]]
    first = {name: port.bounds[0][0] for name, port in package.program.inputs.items()}
    if ports.plain and first["x"] == 1 and len(features) == ports.width:
        return one_table.swift(path.stem, path, verdict, features, outputs)
    if ports.one_at_a_time and len(ports) == 1:
        return swift_images.swift(path.stem, path, verdict, ports, outputs)
    return swift_arrays.swift(path.stem, path, verdict, ports, outputs, first)


def _input(port):
    """The port as the templates want it. Raises ``BadInput``."""
    sizes = [low for low, high in (port.bounds or ())[1:] if low == high]
    if port.bounds is None or not port.bounds or len(sizes) != len(port.bounds) - 1:
        raise BadInput(
            f"input {port.name!r} is {port.dtype} {port.shape}; Swift is written for arrays of one row's fixed shape"
        )
    low, high = port.bounds[0]
    if 1 < low < high:
        raise BadInput(
            f"input {port.name!r} takes {low:,} to {high:,} rows; Swift is written for one row, or a fixed number"
        )
    if port.dtype not in ("float32", "int32"):
        raise BadInput(f"input {port.name!r} holds {port.dtype}; Swift is written for float32 and int32")
    image = SimpleNamespace(color=port.image, formula="the numbers that the model wants") if port.image else None
    return Input(port.name, tuple(sizes), port.dtype, image)
