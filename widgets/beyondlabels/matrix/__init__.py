"""Every estimator and what becomes of it, from real runs: the table behind ``beyondlabels matrix`` and its tests.

Each family lists its rows in ``rows/<family>.py`` as ``ROWS``. A row makes an estimator; the report and the tests fit it,
export it and compare, so the table says only what a run has shown.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple


class Ends(NamedTuple):
    """How a general case ends that a row is excepted from: ``how`` is "fit" where scikit-learn cannot fit it, the id of the
    limit that it is refused with, "float32" where parity fails for want of digits, "width" where it takes rows of another
    width than those of the case, or "no core point" where a substitute has nothing to stand on."""

    how: str
    why: str


@dataclass(frozen=True)
class Row:
    """One estimator of the matrix.

    ``name``: its class name. ``make()``: an unfitted estimator with default options, seeded, quick to fit on ``data``
    (a name in ``data.py``). ``target``: what ``fit`` needs as y, "classes", "values", "several" or ``None``. ``variants``:
    name -> make, for every option that changes the function and is covered. ``refused``: name -> make, for options that are
    refused by name. ``unlike``: name of a general test case -> why scikit-learn cannot fit this model there, or an ``Ends``
    that says how else the case ends.
    """

    name: str
    make: Callable
    data: str = "numbers"
    target: str | None = None
    variants: dict = field(default_factory=dict)
    refused: dict = field(default_factory=dict)
    unlike: dict = field(default_factory=dict)


def families():
    """Family name -> its rows, families in alphabetical order."""
    home = import_module(".rows", __name__)
    names = sorted(module.name for module in iter_modules(home.__path__))
    return {name: import_module(f".rows.{name}", __name__).ROWS for name in names}


def all_rows():
    """Every row, families in alphabetical order, rows in the family's own order."""
    return [row for rows in families().values() for row in rows]
