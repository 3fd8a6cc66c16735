"""Opening the package that is to be shrunk, and refusing what cannot be."""

import json

from .. import runtime
from ..errors import NotExportable
from ..limits import get
from ..quiet import protobufs
from ..runtime.load import checked_path
from .result import Refusal


def opened(path, method):
    """The loaded package at ``path``. Raises ``NotExportable`` for a model that is no ML Program or has several functions,
    ``BadPackage`` for what cannot be read, ``BadInput`` for what is no path."""
    specification = _specification(checked_path(path))
    kind = specification.WhichOneof("Type") if specification is not None else None
    if kind is not None and kind != "mlProgram":
        _refuse(path, method, get("shrink-not-a-program").because(f"found {kind}"))
    package = runtime.load(path)
    names = list(specification.mlProgram.functions)
    if len(names) > 1:
        _refuse(path, method, get("shrink-functions").because(f"found {', '.join(sorted(names))}"))
    return package


def _refuse(path, method, limit):
    name = method if isinstance(method, str) else ", ".join(method)
    raise NotExportable(Refusal(str(path), "any method" if name == "all" else name, (limit,)))


def _specification(path):
    """The specification of a package, or of an older model in a single file; ``None`` where there is none to read, which
    ``runtime.load`` then says better."""
    try:
        if path.is_dir():
            manifest = json.loads((path / "Manifest.json").read_text("utf-8"))
            path = path / "Data" / manifest["itemInfoEntries"][manifest["rootModelIdentifier"]]["path"]
        specification = protobufs()[0].Model()
        specification.ParseFromString(path.read_bytes())
    except Exception:
        return None
    return specification
