"""Which operations of a program may take the rows a few at a time, so that wide values in between stay in the cache.

An operation may when each row of what it makes comes from that row of its inputs alone, by steps that do not depend on how
many rows there are: the pieces then hold exactly what the whole would hold. Products of matrices keep rows apart too, but
their last digits may depend on how many there are, so they run whole. What is not listed here may mix rows; it runs whole,
and so does all that is made from it.
"""

from dataclasses import dataclass, field
from itertools import groupby, pairwise
from math import prod

import numpy as np

from .ops import OPS, arithmetic, logic, reduction, unary
from .program import Ref

_CACHE = 2**18  # numbers in the widest value of a piece: 1 MB of float32
_FEWEST = 64  # rows of a piece


def _names(family):
    """The names of the operations of a family, as ``ops`` has them."""
    return {name for name, function in OPS.items() if function.__module__ == family.__name__}


_ELEMENTWISE = _names(unary) | _names(arithmetic) | _names(logic)
_ELEMENTWISE |= {"elu", "gelu", "leaky_relu", "relu", "relu6", "sigmoid", "sigmoid_hard", "softplus", "softsign"}
_REDUCE = {name for name in _names(reduction) if not name.startswith("reduce_arg")}
_ALONG = {"reduce_argmax": -1, "reduce_argmin": -1, "topk": -1, "argsort": -1, "softmax": -1, "cumsum": 0, "split": 0}
_SPARING = {"matmul", "linear"}  # rows apart, but not to the last digit


@dataclass(frozen=True)
class Stretch:
    """Operations in a row, the first of them number ``start``. Where they may run in pieces: how many numbers a row of the
    widest value has that nothing else reads (``width``), and the axis of the rows in each value that they read and in each
    that others read from them. Else ``width`` is 0."""

    start: int
    operations: tuple
    width: int = 0
    reads: dict = field(default_factory=dict)
    makes: dict = field(default_factory=dict)


def stretches(program, read):
    """The program's operations as ``Stretch``es, in order; ``read(operation)`` gives the names that one reads."""
    shapes = {}
    for name, port in program.inputs.items():
        shape = tuple(low if low == high else None for low, high in port.bounds or ())
        shapes.update({name: shape} if _of_rows(shape) else {})
    apart = [_noted(operation, shapes, program.constants) for operation in program.operations]
    found, start = [], 0
    for pieces, group in groupby(apart):
        end = start + len(list(group))
        operations = program.operations[start:end]
        if not pieces or len(operations) < 2:
            found.append(Stretch(start, operations))
        else:
            made = {name: shape for each in operations for name, _, shape in each.outputs}
            later = {*program.results, *(name for each in program.operations[end:] for name in read(each))}
            used = {name for each in operations for name in read(each)} - made.keys()
            within = [shape for name, shape in made.items() if name not in later]
            width = max((prod(size for size in shape if size is not None) for shape in within), default=0)
            reads = {name: shape.index(None) for name, shape in shapes.items() if name in used}
            makes = {name: shape.index(None) for name, shape in made.items() if name in later}
            found.append(Stretch(start, operations, width, reads, makes))
        start = end
    return found


def cuts(stretch, values):
    """Slices of nearly one size for the rows of a stretch; none where they are few, or the values not of one length."""
    lengths = {np.shape(values[name])[axis] for name, axis in stretch.reads.items()}
    rows, most = min(lengths, default=0), max(_CACHE // max(stretch.width, 1), _FEWEST)
    if not stretch.width or len(lengths) != 1 or rows < 2 * _FEWEST or rows <= most:
        return []
    count = -(-rows // most)
    ends = [rows * place // count for place in range(count + 1)]
    return [slice(start, end) for start, end in pairwise(ends)]


def _of_rows(shape):
    return shape is not None and shape.count(None) == 1


def _noted(operation, shapes, constants):
    """Whether the operation may run in pieces; notes in ``shapes`` what it makes where that is one row for each."""
    made = {name: shape for name, _, shape in operation.outputs}
    if operation.blocks or not all(map(_of_rows, made.values())):
        return False
    given = {key: _known(value, shapes, constants) for key, value in operation.inputs.items()}
    if any(each is None for each in given.values()):
        return False
    rows = {key: each for key, each in given.items() if isinstance(each, tuple)}
    fixed = {key: each for key, each in given.items() if key not in rows}
    try:
        apart = bool(rows) and _keeps_rows_apart(operation.kind, rows, fixed)
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError):
        apart = False  # parameters that make no sense: the operation itself will say so
    if not apart:
        return False
    shapes.update(made)
    return operation.kind not in _SPARING


def _known(value, shapes, constants):
    """The shape, a tuple, of a value of rows, with ``None`` for their axis; a constant as it is; ``None`` for anything else.
    Several values must all have their rows in one place."""
    if isinstance(value, list):
        found = [_known(each, shapes, constants) for each in value]
        alike = all(isinstance(each, tuple) for each in found) and len({each.index(None) for each in found}) == 1
        return found[0] if alike else None
    return shapes.get(value.name, constants.get(value.name)) if isinstance(value, Ref) else value


def _keeps_rows_apart(kind, rows, fixed):
    """``rows``: the shape of each argument that is made of rows; ``fixed``: the other arguments, all constants."""
    axis, batch = int(fixed.get("axis", _ALONG.get(kind, 0))), int(fixed.get("batch_dims", 0))
    if kind in _ELEMENTWISE:
        back, *others = {len(shape) - shape.index(None) for shape in rows.values()}  # shapes are matched from the right
        return not others and all(np.ndim(each) < back or np.shape(each)[-back] == 1 for each in fixed.values())
    if kind == "concat":
        return set(rows) == {"values"} and _other(axis, rows["values"])
    if kind in ("gather", "one_hot") and set(rows) == {"indices"}:
        return batch == 0
    if set(rows) == {"x", "indices"}:
        place, also = (rows[key].index(None) for key in ("x", "indices"))
        together = kind == "gather_along_axis" or (kind == "gather" and place < batch)
        return together and place == also and _other(axis, rows["x"])
    if set(rows) != {"x"}:
        return False
    if kind in _ALONG or kind == "gather":
        return batch == 0 and _other(axis, rows["x"])
    return _of_one(kind, rows["x"], fixed)


def _other(axis, shape):
    """Whether ``axis`` is another than that of the rows."""
    return axis % len(shape) != shape.index(None)


def _of_one(kind, x, fixed):
    """The same for the operations that take one argument of rows, of shape ``x``, and not one axis."""
    place = x.index(None)
    if kind in _REDUCE:
        axes = np.atleast_1d(fixed.get("axes", []))
        return axes.size > 0 and all(_other(int(each), x) for each in axes)
    if kind == "reshape":
        sizes = [int(size) for size in fixed["shape"]]
        return place == 0 and sizes[0] == -1 and prod(sizes[1:]) == prod(x[1:])
    if kind == "slice_by_index":
        whole = [np.ravel(fixed.get(mask, [False] * len(x)))[place] for mask in ("begin_mask", "end_mask")]
        squeezed = np.ravel(fixed.get("squeeze_mask", [False] * len(x)))[place]
        return all(whole) and not squeezed and int(np.ravel(fixed.get("stride", [1] * len(x)))[place]) == 1
    if kind == "matmul":
        return "y" in fixed and np.ndim(fixed["y"]) == 2 and place < len(x) - 1 and not fixed.get("transpose_x", False)
    if kind == "linear":
        return place < len(x) - 1
    return kind in ("expand_dims", "transpose") or (kind == "squeeze" and "axes" in fixed)
