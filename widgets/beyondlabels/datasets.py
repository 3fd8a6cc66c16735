"""The course's data sets: real, free, small, each with a card that says what one row is and where it came from.

A data set is a folder of ``datasets/`` with ``<name>.csv`` or ``<name>.npz`` and its card, ``README.md``. Nothing is
downloaded: both lie in the installed package.
"""

import csv
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import resources
from .errors import BadInput

MISSING = "NA"
_SUFFIXES = (".csv", ".npz")
_CHECKSUM = re.compile(r"`([0-9a-f]{64})`")


@dataclass(frozen=True)
class Card:
    """A data set's card. ``str(card)`` is its Markdown; a notebook shows it rendered."""

    name: str
    text: str

    def __str__(self):
        return self.text

    def __repr__(self):
        return f"Card({self.name!r}): print it to read it"

    def _repr_markdown_(self):
        return _CHECKSUM.sub(_breakable, self.text)


def _breakable(checksum):
    """A checksum as code that a narrow window may break; copied, it is still in one piece."""
    return f"<code>{'<wbr>'.join(re.findall('.{8}', checksum[1]))}</code>"


def names():
    """The names of the data sets, in alphabetical order."""
    return sorted(place.name for place in resources.folder("datasets").iterdir() if _file_in(place))


def path(name):
    """The file that holds the data set ``name``. Raises ``BadInput`` for an unknown name."""
    found = _file_in(resources.folder("datasets") / name) if isinstance(name, str) and name.isidentifier() else None
    if found is None:
        raise BadInput(f"there is no data set {name!r}; there are: {', '.join(names())}")
    return found


def card(name):
    """The card of the data set ``name``: rows, columns, units, missing values, source, licence, pitfalls."""
    return Card(name, (path(name).parent / "README.md").read_text("utf-8"))


def load(name):
    """The data set ``name`` as a pandas DataFrame, or as a NumPy record array where pandas is not installed.

    Columns of numbers are float64, or int64 when every value is a whole number and none is missing; all others are
    text. ``NA`` in the file means missing: NaN in a number, ``None`` (pandas: missing) in a text. Raises ``BadInput``
    for an unknown name.
    """
    file = path(name)
    columns = _read_npz(file) if file.suffix == ".npz" else _read_csv(file)
    if importlib.util.find_spec("pandas") is None:
        return np.rec.fromarrays(list(columns.values()), names=list(columns))
    import pandas as pd

    return pd.DataFrame(columns)


def _file_in(place):
    return next((file for file in (place / f"{place.name}{suffix}" for suffix in _SUFFIXES) if file.is_file()), None)


def _read_csv(file: Path):
    """Column name -> array. The same rule with and without pandas, so that a lesson computes the same on both."""
    with file.open(newline="", encoding="utf-8") as lines:
        header, *rows = csv.reader(lines)
    return {name: _column(cells) for name, cells in zip(header, zip(*rows, strict=True), strict=True)}


def _column(cells):
    try:
        numbers = np.array([np.nan if cell == MISSING else float(cell) for cell in cells])
    except ValueError:
        return np.array([None if cell == MISSING else cell for cell in cells], dtype=object)
    whole = np.isfinite(numbers).all() and all(cell.lstrip("-").isdigit() for cell in cells)
    return numbers.astype(np.int64) if whole else numbers


def _read_npz(file: Path):
    """Column name -> array. An array of several dimensions (images) becomes one column per entry, ``name_0`` and on."""
    columns = {}
    with np.load(file, allow_pickle=False) as arrays:
        for name, array in arrays.items():
            if array.ndim == 1:
                columns[name] = array
            else:
                flat = array.reshape(len(array), -1)
                columns |= {f"{name}_{i}": flat[:, i] for i in range(flat.shape[1])}
    return columns
