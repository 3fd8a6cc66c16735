"""How much one prediction may ask for. What a file declares is held to these bounds before anything is made of it.

They are wide for what people compute and narrow for what a damaged or hostile file asks: a result of ``VALUES`` values (half a
gigabyte of float32), or of ``PER_ROW`` for each row that the caller hands in, whichever is more. All values that are still
needed may together be ``ALIVE`` times as many, so that a program of many such operations does not take all the memory there is.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from math import prod

import numpy as np

VALUES = 2**27  # values in the result of one operation
PER_ROW = 2**20  # the same for each row that is handed in
PRODUCTS = 2**9  # multiplications for each value that a result may have: 2**36 of them in one operation
ALIVE = 4  # values that are held at once, in results as large as one operation may make
STEPS = 250_000  # operations run inside loops, steps of a recurrent layer, places of a kernel

_rows = ContextVar("rows", default=1)
_spent = ContextVar("spent", default=None)


@contextmanager
def prediction(rows=1):
    """One prediction of ``rows`` rows: what ``room``, ``products`` and ``spend`` allow is counted for it."""
    counted, spent = _rows.set(max(int(rows), 1)), _spent.set([0, 0, 0])
    try:
        yield
    finally:
        _rows.reset(counted)
        _spent.reset(spent)


def most():
    """How many values one operation may make in this prediction."""
    return max(VALUES, PER_ROW * _rows.get())


def room(*shape):
    """``shape`` as ints. Raises ``ValueError`` for a negative size, or for more values than an operation may make."""
    shape = tuple(int(size) for size in shape)
    if any(size < 0 for size in shape) or prod(shape) > most():
        raise ValueError(
            f"an output of shape {shape} is not made; at most {most():,} values are, in sizes from 0 on: hand in fewer rows"
        )
    return shape


def together(*values):
    """The values. Raises ``ValueError`` where their shapes broadcast to more than an operation may make."""
    if prod(getattr(value, "size", 1) for value in values) > VALUES:
        room(*np.broadcast_shapes(*(np.shape(value) for value in values)))
    return values


def products(count):
    """Raises ``ValueError`` for more multiplications than one operation may do."""
    if count > PRODUCTS * most():
        raise ValueError(f"{count:,} multiplications are not made; at most {PRODUCTS * most():,} are")


def steps(count, what):
    """``count``. Raises ``ValueError`` for more steps than an operation may take; ``what`` they are."""
    if count > STEPS:
        raise ValueError(f"{count:,} {what} are not gone through; at most {STEPS:,} are")
    return count


def hold(count):
    """Count ``count`` values as held, or as let go of where it is negative; returns how many are held, where that is more
    than may be, else 0."""
    spent = _spent.get()
    if spent is None:
        return 0
    spent[2] += count
    return spent[2] if spent[2] > ALIVE * most() else 0


@contextmanager
def borrowed():
    """What is held within is let go of at the end."""
    spent = _spent.get()
    before = spent[2] if spent else 0
    try:
        yield
    finally:
        if spent:
            spent[2] = before


def spend(operations, values):
    """Count what a loop has run; whether it is more than one prediction may."""
    spent = _spent.get()
    if spent is None:
        return False
    spent[0] += operations
    spent[1] += values
    return spent[0] > STEPS or spent[1] > 8 * most()
