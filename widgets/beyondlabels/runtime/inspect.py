"""What a package holds, as plain data and in words."""

import json
from pathlib import Path


def describe(package):
    """Inputs, outputs, operations, model, features, files and proof of a loaded ``Package``, as plain data for JSON."""
    program = package.program
    path = Path(program.path)
    proof = _json(program.metadata.get("com.beyondlabels.proof"), {})
    return {
        "path": program.path,
        "description": program.notes["description"],
        "specification": program.specification,
        "inputs": [_port(port) for port in program.inputs.values()],
        "outputs": [_port(port) for port in program.outputs.values()],
        "features": _json(program.metadata.get("com.beyondlabels.features"), []),
        "model": _json(program.metadata.get("com.beyondlabels.model"), {}),
        "operations": [operation.kind for operation in program.operations],
        "listing": program.listing(),
        "constants": sum(getattr(value, "size", 0) for value in program.constants.values()),
        "files": [
            {"name": str(file.relative_to(path)), "bytes": file.stat().st_size}
            for file in sorted(path.rglob("*"))
            if file.is_file()
        ],
        "weights_sha256": program.weights_sha256,
        "proof_rows": proof.get("rows", {}).get("shape", [0])[0],
    }


def describe_text(found):
    """The same for a terminal."""
    size = sum(file["bytes"] for file in found["files"])
    versions = ", ".join(f"{name} {version}" for name, version in found["model"].get("versions", {}).items())
    lines = [
        f"{found['path']}: {found['description'] or 'no description'}",
        f"  specification {found['specification']}, {size:,} bytes in {len(found['files'])} files",
        *(f"  input  {port['name']}: {port['dtype']} {port['shape']}" for port in found["inputs"]),
        *(f"  output {port['name']}: {port['dtype']} {port['shape']}" for port in found["outputs"]),
        f"  features: {', '.join(found['features']) or 'not named'}",
        f"  made with: {versions or 'not said'}",
        f"  proof: {found['proof_rows']} rows" if found["proof_rows"] else "  proof: none",
        f"  {len(found['operations'])} operations, {found['constants']:,} constant values:",
        *(f"    {line}" for line in found["listing"].splitlines()),
    ]
    return "\n".join(lines)


def _port(port):
    return {"name": port.name, "dtype": port.dtype, "shape": port.shape}


def _json(text, otherwise):
    try:
        return json.loads(text) if text else otherwise
    except ValueError:
        return otherwise
