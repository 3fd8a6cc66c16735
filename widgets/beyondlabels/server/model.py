"""A look into a Core ML model for the viewer: what it takes and gives, proof, program, weights, and what anyone can read."""

from contextlib import contextmanager

from .. import runtime, swift
from ..errors import BeyondLabelsError
from .places import Refused

# The smallest system for each version of the specification: coremltools 9.0, coremltools/__init__.py (2025), for iOS, and the
# macOS of the same autumn.
_SYSTEMS = {
    1: "iOS 11, macOS 10.13",
    2: "iOS 11.2, macOS 10.13.2",
    3: "iOS 12, macOS 10.14",
    4: "iOS 13, macOS 10.15",
    5: "iOS 14, macOS 11",
    6: "iOS 15, macOS 12",
    7: "iOS 16, macOS 13",
    8: "iOS 17, macOS 14",
    9: "iOS 18, macOS 15",
}


def model(path, shown):
    """The model at ``path``, called ``shown``, as plain data: see ``schemas/model.json``. Raises ``Refused``."""
    with _readable(shown):
        package = runtime.load(path)
        found = runtime.describe(package)
        program = package.program
        parts = runtime.take_apart(package)
    told = found["model"]
    dtypes = sorted({each["dtype"] for each in parts["weights"] if each["dtype"].startswith("float")})
    return {
        "path": shown,
        "kind": found["kind"],
        "title": _text(told.get("title")),
        "description": found["description"],
        "inputs": found["inputs"],
        "outputs": [port | {"method": _of(told.get("outputs")).get(port["name"])} for port in found["outputs"]],
        "features": [str(each) for each in found["features"]],
        "verdict": told["verdict"] if told.get("verdict") in ("exact", "iterative") else None,
        "proof_rows": found["proof_rows"],
        "carries": _carries(_of(told.get("carries"))),
        "operation_count": len(found["operations"]),
        **parts,
        "weight_bytes": sum(getattr(value, "nbytes", 0) for value in program.constants.values()),
        "files": found["files"],
        "precision": " and ".join(dtypes) or None,
        "compressed": [_text(_of(each).get("method")) for each in found["compressed"]],
        "specification": found["specification"],
        "system": _SYSTEMS.get(found["specification"]),
        "updatable": bool(getattr(package, "updatable", False)),
        "metadata": {
            name: value for name, value in program.metadata.items() if not name.startswith("com.beyondlabels.")
        },
        "versions": {str(name): _text(value) for name, value in _of(told.get("versions")).items()},
        **_swift(package),
    }


def check(path, shown):
    """Replay the proof inside the package: {"passed", "text"}. Raises ``Refused``."""
    with _readable(shown):
        found = runtime.check(path)
    return {"passed": bool(found.passed), "text": str(found).replace(str(path), shown)}


@contextmanager
def _readable(shown):
    """Our errors of a file as a refusal that names it as the browser does."""
    try:
        yield
    except BeyondLabelsError as error:
        where, _, words = str(error).partition(": ")
        raise Refused(422, "unreadable", f"{shown}: {words or where}") from None


def _swift(package):
    try:
        return {"swift": swift(package), "no_swift": None}
    except BeyondLabelsError as error:
        return {"swift": None, "no_swift": str(error)}


def _carries(told):
    rows = told.get("rows")
    return {
        "kind": told["kind"],
        "summary": _text(told.get("summary")) or "",
        "rows": rows if isinstance(rows, int) else 0,
    } if told.get("kind") in ("none", "statistics", "rows") else None  # fmt: skip


def _text(value):
    return value if isinstance(value, str) else None


def _of(value):
    return value if isinstance(value, dict) else {}
