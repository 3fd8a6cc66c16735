"""Numbers in half precision that are not finite, noticed while a program runs: inside loops and branches too."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np

_HALF = np.dtype(np.float16)
_found = ContextVar("found", default=None)


@dataclass(frozen=True)
class Odd:
    """An operation whose float16 result is not finite: its ``kind`` and ``name``, and the first such ``row`` of the result
    (0 where it has no axes). ``overflows``: the same number in float32 is finite, so that it passed 65,504 here; else it
    came in, or was made by a division or logarithm of 0."""

    kind: str
    name: str
    row: int
    overflows: bool


@contextmanager
def watching():
    """While this lasts, runs in this thread note in what it yields, a dict by the operation's name, each operation whose
    float16 result is not finite: the first time that it overflows, or else the first time."""
    found = {}
    token = _found.set(found)
    try:
        yield found
    finally:
        _found.reset(token)


def watched():
    """Whether somebody is watching."""
    return _found.get() is not None


def notice(operation, arguments, value, stored):
    """Note what became of ``value``, as ``operation`` computed it, when it was ``stored`` in the type that is declared."""
    found = _found.get()
    if found is None or stored.dtype != _HALF or np.isfinite(stored).all():
        return
    known = found.get(operation.name)
    if known is not None and known.overflows:
        return
    over = np.isfinite(_before(operation, arguments, value)) & ~np.isfinite(stored)
    where = np.argwhere(over if over.any() else ~np.isfinite(stored))[0]
    if known is None or over.any():
        row = int(where[0]) if where.size else 0
        found[operation.name] = Odd(operation.kind, operation.name, row, bool(over.any()))


def _before(operation, arguments, value):
    """The numbers before they were rounded to float16, which a cast does itself."""
    return arguments["x"] if operation.kind == "cast" and np.shape(arguments.get("x")) == value.shape else value
