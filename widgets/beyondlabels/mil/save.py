"""Saving a package so that a process killed at any moment leaves either the old package or the new one.

A new package is made in a hidden folder beside its place, checked there, and moved in with one rename. Where one is to
be replaced, the two folders change places in one system call (``renameat2`` with RENAME_EXCHANGE on Linux,
``renamex_np`` with RENAME_SWAP on macOS). A file system that cannot exchange folders gets two renames, with the old
package kept under a hidden name between them and brought back by the next save if the process was killed there.
"""

import contextlib
import ctypes
import errno
import glob
import json
import os
import shutil
import sys
import traceback
import uuid
from pathlib import Path

from ..errors import BadInput, PackageExists

_PARTIAL = ".partial.mlpackage"  # Core ML opens a package only by this ending
_SPACE = uuid.UUID("8a5f6f4e-6f3b-5d0e-9a33-6f1f6b7d1c55")


def checked(path, overwrite):
    """``path`` as a Path that may be written. Raises ``BadInput`` or ``PackageExists`` when it may not."""
    if not isinstance(path, (str, os.PathLike)) or isinstance(os.fspath(path), bytes):
        raise BadInput(f"the path is {path!r}; expected text or a Path that ends in .mlpackage")
    if "\0" in os.fspath(path):
        raise BadInput(f"the path {os.fspath(path)!r} has a zero character in it; choose another name")
    try:
        return _checked(Path(path), overwrite)
    except PackageExists:
        raise
    except OSError as error:  # a name that is too long, or a folder that may not be looked into
        raise BadInput(f"nothing can be saved as {str(path)[:60]!r}: {error.strerror}; choose another name") from error


def _checked(path, overwrite):
    if path.suffix != ".mlpackage":
        raise BadInput(f"{path}: a package is saved under a name that ends in .mlpackage")
    _bring_back(path)
    if os.path.lexists(path) and not overwrite:
        raise PackageExists(f"{path} exists; choose another name, or pass overwrite=True to replace it")
    if path.is_file():
        raise BadInput(f"{path} is a file, not a package; move it away first")
    if path.is_dir() and any(path.iterdir()) and not (path / "Manifest.json").exists():
        raise BadInput(f"{path} is a folder without Manifest.json, so it is no package; it is not replaced")
    if not path.parent.is_dir():
        raise BadInput(f"the folder {path.parent} does not exist; create it first")
    return path


@contextlib.contextmanager
def staged(path):
    """A hidden package beside ``path`` to write into; moved to ``path`` when the block ends, removed when it fails.

    Raises ``BadInput`` when the disk is full or the folder cannot be written; nothing that existed is lost.
    """
    _sweep(path)
    try:
        hidden = path.with_name(f".{path.stem}.{os.getpid()}.{uuid.uuid4().hex[:8]}{_PARTIAL}")
        hidden.mkdir()
        package = hidden
        yield package
        _move_in(package, path)
    except OSError as error:
        if isinstance(error, (BadInput, PackageExists)):
            raise
        traceback.clear_frames(error.__traceback__)  # whatever in them has a file open
        raise BadInput(
            f"{path} cannot be saved: {error.strerror or error}; what was there before is untouched"
        ) from error
    finally:
        if "package" in locals():  # the unfinished package, or the old one or the link that it changed places with
            package.unlink() if package.is_symlink() else shutil.rmtree(package, ignore_errors=True)


def write(package, specification):
    """Write the manifest and the specification into ``package``, beside the weights that are already there."""
    data = package / "Data" / "com.apple.CoreML"
    content = specification.SerializeToString(deterministic=True)
    (data / "model.mlmodel").write_bytes(content)
    items = [("model.mlmodel", "CoreML Model Specification")]
    if any((data / "weights").iterdir()):
        items.append(("weights", "CoreML Model Weights"))
    entries = {
        str(uuid.uuid5(_SPACE, name)).upper(): {
            "author": "com.apple.CoreML",
            "description": description,
            "name": name,
            "path": f"com.apple.CoreML/{name}",
        }
        for name, description in items
    }
    manifest = {"fileFormatVersion": "1.0.0", "itemInfoEntries": entries, "rootModelIdentifier": next(iter(entries))}
    (package / "Manifest.json").write_text(json.dumps(manifest, separators=(",", ":")), "utf-8")


def weights_folder(package):
    """The folder inside ``package`` for its weights, made if needed."""
    folder = package / "Data" / "com.apple.CoreML" / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def files(package):
    """(name inside the package, bytes) of every file."""
    return [
        (str(file.relative_to(package)), file.stat().st_size) for file in sorted(package.rglob("*")) if file.is_file()
    ]


def _move_in(package, path):
    if not os.path.lexists(path):
        os.rename(package, path)
    elif not _exchange(package, path):
        aside = _aside(path)
        os.rename(path, aside)
        os.rename(package, path)
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(one, other):
    """Let two folders change places in one step; False where the system cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            failed = libc.renamex_np(*names, ctypes.c_uint(2))
        else:
            here = -100  # AT_FDCWD: paths are relative to the working folder
            failed = libc.renameat2(here, names[0], here, names[1], ctypes.c_uint(2))
    except AttributeError:
        return False
    if failed and ctypes.get_errno() not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EXDEV):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return not failed


def _aside(path):
    return path.with_name(f".{path.name}.previous")


def _bring_back(path):
    """Undo a save that was killed between its two renames."""
    if not path.exists() and _aside(path).is_dir():
        os.rename(_aside(path), path)


def _sweep(path):
    """Remove what killed processes left beside ``path``; folders of processes that still run stay."""
    for left in path.parent.glob(f".{glob.escape(path.stem)}.*{_PARTIAL}"):
        owner, *rest = left.name.removeprefix(f".{path.stem}.").removesuffix(_PARTIAL).split(".")
        if len(rest) == 1 and owner.isdigit() and not _runs(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    if path.exists():
        shutil.rmtree(_aside(path), ignore_errors=True)


def _runs(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
