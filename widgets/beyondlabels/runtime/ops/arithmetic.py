"""Arithmetic on two tensors, element by element with NumPy's broadcasting. A trailing underscore avoids a Python built-in."""

from functools import partial

import numpy as np

from ..bounds import together

_SHORT = 16  # places of a last axis that is worth a pass each
_TILE = 512  # numbers in one loop


def add(x, y):
    """x + y, same dtype; shapes broadcast."""
    return _spread(np.add, x, y)


def sub(x, y):
    """x - y, same dtype; shapes broadcast."""
    return _spread(np.subtract, x, y)


def mul(x, y):
    """x * y, same dtype; shapes broadcast."""
    return _spread(np.multiply, x, y)


def real_div(x, y):
    """x / y; integers divide like floats and are cut back to the declared type."""
    if _is_float(x, y):
        wide = np.float64 in (getattr(x, "dtype", None), getattr(y, "dtype", None))
        return _spread(partial(np.true_divide, dtype=np.float64 if wide else np.float32), x, y)
    return np.true_divide(*together(x, y), dtype=np.float64)


def floor_div(x, y):
    """The largest whole number not above x / y, same dtype; shapes broadcast."""
    return np.floor_divide(*together(x, y))


def mod(x, y):
    """x - y * floor_div(x, y): the remainder with the sign of y, same dtype; shapes broadcast."""
    return np.mod(*together(x, y))


def pow_(x, y):
    """x to the power of y, same dtype; shapes broadcast. A negative float to a broken power is NaN."""
    x, y = together(x, y)
    return np.power(x, y) if _is_float(x, y) else np.power(x, y, dtype=np.float64)


def maximum(x, y):
    """The larger of the two, same dtype; shapes broadcast."""
    return _spread(np.maximum, x, y)


def minimum(x, y):
    """The smaller of the two, same dtype; shapes broadcast."""
    return _spread(np.minimum, x, y)


def clip(x, alpha, beta):
    """x held between the scalars alpha and beta, shape and dtype of x."""
    return np.minimum(np.maximum(x, alpha), beta)


def threshold(x, alpha):
    """The larger of x and the scalar alpha, shape and dtype of x."""
    return np.maximum(x, alpha)


def _spread(function, x, y):
    """``function(x, y)``; where their last axis is short and one of them is repeated over the others, without the many loops
    of a few steps that NumPy would take, which is a few times as fast. The values are the same."""
    x, y = together(x, y)
    shapes = np.shape(x), np.shape(y)
    if not all(shapes) or not 1 < shapes[0][-1] == shapes[1][-1] <= _SHORT or x.dtype != y.dtype:
        return function(x, y)
    (table, row), swapped = ((x, y), False) if x.size >= y.size else ((y, x), True)
    if row.size == row.shape[-1] and row.ndim <= table.ndim and table.flags.c_contiguous and table.size >= _TILE:
        return _rows_at_once(function, table, row.ravel(), swapped)
    if (
        min(map(len, shapes)) > 1
        and shapes[0][-2] != shapes[1][-2]
        and max(shapes[0][-2], shapes[1][-2]) >= x.shape[-1]
    ):
        made = np.empty((x.shape[-1], *np.broadcast_shapes(x.shape[:-1], y.shape[:-1])), x.dtype)
        for place, out in enumerate(made):  # one pass for each place of the last axis
            function(x[..., place], y[..., place], out=out)
        return np.moveaxis(made, 0, -1)
    return function(x, y)


def _rows_at_once(function, table, row, swapped):
    """The function of each row of ``table`` and the one ``row``, of several rows laid end to end at a time."""
    count = _TILE // row.size
    rows = table.reshape(-1, row.size)
    made, whole, wide = np.empty_like(rows), len(rows) // count * count, np.tile(row, count)
    for part, other, out in (
        (rows[:whole].reshape(-1, wide.size), wide, made[:whole].reshape(-1, wide.size)),
        (rows[whole:], row, made[whole:]),
    ):
        function(*((other, part) if swapped else (part, other)), out=out)
    return made.reshape(table.shape)


def _is_float(*values):
    return any(np.asarray(value).dtype.kind == "f" for value in values)
