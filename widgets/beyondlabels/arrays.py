"""Arrays for the command line: NumPy's own files, CSV tables, and which input of a package each one is for."""

from pathlib import Path

import numpy as np

from . import tables
from .errors import BadInput
from .runtime.calls import as_calls

SUFFIXES = (".npy", ".npz")


def read(path):
    """The array in a ``.npy`` file, or a dict of those in a ``.npz`` file; no pickled object is loaded. Raises ``BadInput``."""
    try:
        found = np.load(path, allow_pickle=False)
        if isinstance(found, np.ndarray):
            return found
        with found:
            return {name: found[name] for name in found.files}
    except Exception as error:  # whatever a damaged file runs into
        raise BadInput(f"{path} cannot be read as arrays of numbers: {error}") from None


def sample(path):
    """What ``export`` takes as a sample; the only array of a ``.npz`` file stands for the only input, whatever its name."""
    found = read(path)
    return next(iter(found.values())) if isinstance(found, dict) and len(found) == 1 else found


def by_name(names, path):
    """Input name -> array, from a ``.npz`` file, or a ``.npy`` file for the only one of ``names``. Raises ``BadInput``."""
    found = sample(path)
    if isinstance(found, dict):
        return found
    if len(names) != 1:
        raise BadInput(f"{path} holds one array; the model takes the inputs {names}: pass a .npz file")
    return {names[0]: found}


def inputs(ports, features, rows, named, alone=True):
    """Input name -> array with rows first, for the ``ports`` of a package by name; what a single call takes, where that has no
    axis of rows (``alone`` is False), is one row.

    ``rows``: a CSV, ``.npy`` or ``.npz`` file, or ``None``; ``named``: ``NAME=FILE`` texts, one for each input. ``features``
    are the column names of the one input of a table. Raises ``BadInput``.
    """
    if named:
        pairs = [text.partition("=") for text in named]
        if any(not mark or not path for _, mark, path in pairs):
            raise BadInput(f"--input wants NAME=FILE, found {[text for text in named if '=' not in text] or named}")
        files = {name: path for name, _, path in pairs}
        found = {name: _one(ports.get(name), [], path, alone) for name, path in files.items()}
    else:
        found = read(rows) if Path(rows).suffix == ".npz" else None
        if found is None:
            if len(ports) != 1:
                raise BadInput(
                    f"the package takes the inputs {list(ports)}; pass a .npz file, or --input NAME=FILE for each"
                )
            found = {name: _one(port, features, rows, alone) for name, port in ports.items()}
        elif len(found) == len(ports) == 1:
            found = dict(zip(ports, found.values(), strict=True))
    if set(found) != set(ports):
        raise BadInput(f"the package takes the inputs {list(ports)}, found {list(found)}")
    found = as_calls(ports, alone, found)
    counts = {name: len(value) if np.ndim(value) else 0 for name, value in found.items()}
    if len(set(counts.values())) != 1 or 0 in counts.values():
        raise BadInput(f"every input wants the same number of rows, at least one; found {counts}")
    return found


def _one(port, features, path, alone):
    """One input from one file; a CSV table holds the numbers of each row flattened."""
    if Path(path).suffix in SUFFIXES:
        found = sample(path)
        if isinstance(found, dict):
            raise BadInput(f"{path} holds the arrays {list(found)}; expected one")
        return found
    names, values = tables.read(path, features)
    for row, column in np.argwhere(~np.isfinite(values))[:1]:
        where = f"row {row}, column {names[column] if names else column!r}"
        raise BadInput(
            f"{path}: {where} is {values[row, column]}, not a finite number; fill it in or leave the row out"
        )
    shape = [low for low, _ in port.bounds[alone:]] if port is not None and port.bounds else [values.shape[1]]
    return values.reshape(len(values), *shape) if int(np.prod(shape)) == values.shape[1] else values
