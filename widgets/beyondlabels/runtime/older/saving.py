"""Writing a ``.mlmodel``: beside its place first, then moved in with one rename, so that nothing is ever half written."""

import os
from pathlib import Path

from ...errors import BadInput, PackageExists


def save(spec, path, overwrite=False):
    """Write the specification to ``path`` and return it as a Path.

    Raises ``BadInput`` for another ending, a folder that does not exist or a full disk, ``PackageExists`` when the path is
    taken and ``overwrite`` is false. What was there before stays until the new file is whole.
    """
    path = Path(path)
    if path.suffix != ".mlmodel":
        raise BadInput(f"{path}: a model of this kind is saved under a name that ends in .mlmodel")
    if path.is_dir():
        raise BadInput(f"{path} is a folder; choose another name")
    if path.exists() and not overwrite:
        raise PackageExists(f"{path} exists; choose another name, or pass overwrite=True to replace it")
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(spec.SerializeToString(deterministic=True))
        os.replace(partial, path)
    except OSError as error:
        reason = error.strerror or error
        raise BadInput(f"{path} cannot be saved: {reason}; what was there before is untouched") from error
    finally:
        partial.unlink(missing_ok=True)
    return path
