"""What a package holds, as plain data and in words."""

import json
from pathlib import Path

from .loss import COMPRESSED


def feature_names(metadata):
    """The columns that a package was exported with, from its metadata; none where they are not said, or damaged."""
    return [str(name) for name in _json(metadata.get("com.beyondlabels.features"), [])]


def describe(package):
    """Inputs, outputs, operations, model, features, files and proof of a loaded ``Package``, as plain data for JSON."""
    program = package.program
    path = Path(program.path)
    return {
        "path": program.path,
        "kind": getattr(package, "kind", "mlProgram"),
        "description": program.notes["description"],
        "specification": program.specification,
        "functions": program.notes.get("functions", []),
        "inputs": [_port(port) for port in program.inputs.values()],
        "outputs": [_port(port) for port in program.outputs.values()],
        "features": feature_names(program.metadata),
        "model": _json(program.metadata.get("com.beyondlabels.model"), {}),
        "compressed": _json(program.metadata.get(COMPRESSED), []),
        "operations": [operation.kind for operation in program.operations],
        "listing": program.listing(),
        "constants": sum(getattr(value, "size", 0) for value in program.constants.values()),
        "files": [
            {"name": str(file.relative_to(path)) if path.is_dir() else file.name, "bytes": file.stat().st_size}
            for file in (sorted(path.rglob("*")) if path.is_dir() else [path])
            if file.is_file()
        ],
        "weights_sha256": program.weights_sha256,
        "proof_rows": _proof_rows(program.metadata.get("com.beyondlabels.proof")),
    }


def describe_text(found):
    """The same for a terminal."""
    size = sum(file["bytes"] for file in found["files"])
    versions = _of_type(found["model"].get("versions"), {})
    versions = ", ".join(f"{name} {version}" for name, version in versions.items())
    lines = [
        f"{found['path']}: {found['description'] or 'no description'}",
        f"  specification {found['specification']}, {size:,} bytes in {len(found['files'])} files",
        *(
            [f"  functions: {', '.join(found['functions'])}; load one with function="]
            if len(found["functions"]) > 1
            else []
        ),
        *(f"  input  {port['name']}: {port['dtype']} {port['shape']}{_seen(port)}" for port in found["inputs"]),
        *(f"  output {port['name']}: {port['dtype']} {port['shape']}" for port in found["outputs"]),
        f"  features: {', '.join(map(str, found['features'])) or 'not named'}",
        f"  made with: {versions or 'not said'}",
        f"  proof: {found['proof_rows']} rows" if found["proof_rows"] else "  proof: none",
        *(f"  compressed: {line}" for line in map(_story, found["compressed"]) if line),
        f"  {len(found['operations'])} operations, {found['constants']:,} constant values:",
        *(f"    {line}" for line in found["listing"].splitlines()),
    ]
    return "\n".join(lines)


def _story(told):
    """``palette4, on 360 rows: score: RMS error 0.8 % …`` of one step of compression; nothing where it is damaged."""
    told = _of_type(told, {})
    parts = [_of_type(part, {}).get("sentence", "") for part in _of_type(told.get("losses"), {}).values()]
    return f"{told.get('method')}, on {told.get('rows')} rows: {'; '.join(map(str, parts))}" if parts else ""


def _port(port):
    own = {"name": port.name, "dtype": port.dtype, "shape": port.shape}
    return own | ({"image": port.image} if port.image else {})


def _seen(port):
    return f", an image in {port['image']}" if "image" in port else ""


def _json(text, otherwise):
    """The parsed text where it is what was written there, ``otherwise`` where it is missing or damaged."""
    try:
        return _of_type(json.loads(text), otherwise)
    except (TypeError, ValueError, RecursionError):
        return otherwise


def _of_type(found, otherwise):
    return found if isinstance(found, type(otherwise)) else otherwise


def _proof_rows(text):
    shape = _of_type(_of_type(_json(text, {}).get("rows"), {}).get("shape"), [])
    return _of_type(shape[0], 0) if shape else 0
