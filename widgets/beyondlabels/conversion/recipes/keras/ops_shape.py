"""``keras.ops`` nodes that move values, and products of matrices. None of them may move values between rows."""

from itertools import pairwise

import numpy as np

from ....mil.blocks import builder
from .values import FLOAT, axes_of, cast, is_var, plain, together
from .walk import operation, refuse


@operation("Reshape")
def reshape(op, x):
    """The new shape; its first size stands for the rows, whether it says -1, None or a number."""
    shape = [-1 if size is None else int(size) for size in op.newshape]
    known = int(np.prod(x.shape[1:], dtype=np.int64))
    rest = shape[1:]
    if -1 in rest:
        others = int(np.prod([size for size in rest if size != -1], dtype=np.int64))
        if shape[0] == -1 or known % others:
            refuse(f"reshape to {tuple(op.newshape)}: the rows would not stay apart")
        rest = [known // others if size == -1 else size for size in rest]
    if int(np.prod(rest, dtype=np.int64)) != known:
        refuse(f"reshape to {tuple(op.newshape)}: the rows would not stay apart")
    return builder().reshape(x=x, shape=[-1, *rest])


@operation("Transpose")
def transpose(op, x):
    order = list(reversed(range(x.rank))) if op.axes is None else axes_of(op.axes, x.rank)
    return _transposed(x, order)


def _transposed(x, order):
    if order[0] != 0:
        refuse("the rows are moved from the first axis")
    return builder().transpose(x=x, perm=order)


@operation("Swapaxes")
def swapaxes(op, x):
    order = list(range(x.rank))
    first, second = op.axis1 % x.rank, op.axis2 % x.rank
    order[first], order[second] = second, first
    return _transposed(x, order)


@operation("Moveaxis")
def moveaxis(op, x):
    sources, places = axes_of(op.source, x.rank), axes_of(op.destination, x.rank)
    order = [axis for axis in range(x.rank) if axis not in sources]
    for place, source in sorted(zip(places, sources, strict=True)):
        order.insert(place, source)
    return _transposed(x, order)


@operation("ExpandDims")
def expand_dims(op, x):
    rank = x.rank + (len(op.axis) if isinstance(op.axis, (list, tuple)) else 1)
    axes = axes_of(op.axis, rank)
    if 0 in axes:
        refuse("a new axis before the rows")
    return builder().expand_dims(x=x, axes=axes)


@operation("Squeeze")
def squeeze(op, x):
    axes = [axis for axis in range(1, x.rank) if x.shape[axis] == 1] if op.axis is None else axes_of(op.axis, x.rank)
    return builder().squeeze(x=x, axes=axes) if axes else x


@operation("Concatenate")
def concatenate(op, xs):
    _not_rows(op.axis, xs[0].rank, "concatenates")
    return builder().concat(values=together(*xs), axis=int(op.axis))


@operation("Stack")
def stack(op, xs):
    _not_rows(op.axis, xs[0].rank + 1, "stacks")
    return builder().stack(values=together(*xs), axis=int(op.axis))


def _not_rows(axis, rank, what):
    if axis is None or axis % rank == 0:
        refuse(f"{what} rows")


@operation("Split")
def split(op, x):
    _not_rows(op.axis, x.rank, "splits")
    axis = op.axis % x.rank
    given = op.indices_or_sections
    if isinstance(given, int):
        return list(builder().split(x=x, num_splits=given, axis=axis)) if given > 1 else [x]
    edges = [0, *(int(each) for each in given), int(x.shape[axis])]
    sizes = [high - low for low, high in pairwise(edges)]
    return list(builder().split(x=x, split_sizes=sizes, axis=axis))


@operation("Flip")
def flip(op, x):
    axes = axes_of(op.axis, x.rank)
    if 0 in axes:
        refuse("flips the order of the rows")
    return builder().reverse(x=x, axes=axes)


@operation("Repeat")
def repeat(op, x):
    if op.axis is None or op.axis % x.rank == 0 or not isinstance(op.repeats, int):
        refuse("repeat across rows, or as often as an array says")
    indices = np.repeat(np.arange(x.shape[op.axis]), op.repeats).astype(np.int32)
    return builder().gather(x=x, indices=indices, axis=op.axis % x.rank)


@operation("Tile")
def tile(op, x):
    repeats = [int(each) for each in (op.repeats if isinstance(op.repeats, (list, tuple)) else [op.repeats])]
    repeats = [1] * (x.rank - len(repeats)) + repeats
    if repeats[0] != 1 or len(repeats) != x.rank:
        refuse("tile across rows")
    for axis, times in enumerate(repeats):
        if times > 1:
            x = builder().concat(values=[x] * times, axis=axis)
    return x


@operation("Roll")
def roll(op, x):
    if op.axis is None or not isinstance(op.axis, int) or op.axis % x.rank == 0:
        refuse("roll across rows")
    indices = np.roll(np.arange(x.shape[op.axis]), op.shift).astype(np.int32)
    return builder().gather(x=x, indices=indices, axis=op.axis % x.rank)


@operation("GetItem")
def get_item(op, x, key):
    """Slices with steps, single places, an ellipsis and new axes, behind a first ``:`` that keeps all rows."""
    mb = builder()
    key = list(key) if isinstance(key, tuple) else [key]
    if any(is_var(each) or isinstance(each, (list, np.ndarray)) for each in key):
        refuse("indexing by values")
    if Ellipsis in key:
        place, used = key.index(Ellipsis), sum(each is not None for each in key) - 1
        key[place : place + 1] = [slice(None)] * (x.rank - used)
    key += [slice(None)] * (x.rank - sum(each is not None for each in key))
    if key[0] != slice(None):
        refuse("indexing of rows")
    begins, ends, steps, squeezed, added, axis, place = [0], [0], [1], [], [], 1, 1
    for each in key[1:]:
        if each is None:
            added.append(place)
            place += 1
            continue
        size = int(x.shape[axis])
        if isinstance(each, slice):
            first, last, step = each.indices(size)
            if step < 0:
                refuse("a slice backwards; use keras.ops.flip")
            place += 1
        else:
            first, last, step = int(each) % size, int(each) % size + 1, 1
            squeezed.append(axis)
        begins, ends, steps = [*begins, first], [*ends, last], [*steps, step]
        axis += 1
    mask = [True] + [False] * (x.rank - 1)
    y = mb.slice_by_index(x=x, begin=begins, end=ends, stride=steps, end_mask=mask)
    y = mb.squeeze(x=y, axes=squeezed) if squeezed else y
    return mb.expand_dims(x=y, axes=added) if added else y


@operation("Take")
def take(op, x, indices):
    """Rows of a constant table by the values of x, or fixed places along an axis of x."""
    mb = builder()
    x, indices = plain(x), plain(indices)
    if is_var(x) and (op.axis is None or op.axis % x.rank == 0):
        refuse("take across rows")
    if is_var(x) and is_var(indices):
        refuse("take of values by values")
    if not is_var(x) and op.axis is None:
        refuse("take without an axis")
    axis = op.axis % np.ndim(x) if not is_var(x) else op.axis % x.rank
    return mb.gather(x=cast(x, FLOAT) if not is_var(x) else x, indices=cast(indices, "int32"), axis=axis)


@operation("OneHot")
def one_hot(op, x):
    axis = op.axis % (x.rank + 1)
    if axis == 0 or op.sparse:
        refuse("one_hot before the rows, or sparse")
    return counted(x, op.num_classes, axis)


def counted(x, depth, axis=-1):
    """A 1 at the place of each whole number along a new axis of ``depth``, all zeros where it has no place."""
    made = builder().one_hot(
        indices=cast(x, "int32"), one_hot_vector_size=int(depth), axis=axis, on_value=1.0, off_value=0.0
    )
    return cast(made, FLOAT)


@operation("MultiHot")
def multi_hot(op, x):
    if x.rank < 2 or op.sparse:
        refuse("multi_hot across rows, or sparse")
    axis = op.axis % (x.rank + 1)
    return builder().reduce_max(x=counted(x, op.num_classes, axis), axes=[1], keep_dims=False)


@operation("Matmul", "Dot")
def matmul(op, x1, x2):
    """A product with a constant matrix, or of two values row by row."""
    mb = builder()
    x, y = together(x1, x2, least=FLOAT)
    if is_var(x) and is_var(y):
        if type(op).__name__ == "Dot" or min(x.rank, y.rank) < 3:
            refuse("a product of values across rows")
        return mb.matmul(x=x, y=y)
    if not is_var(x):
        refuse("a product with a constant on the left")
    if y.ndim == 1:
        return mb.squeeze(x=mb.matmul(x=x, y=y[:, None]), axes=[x.rank - 1])
    if y.ndim > 2 and type(op).__name__ == "Dot":
        refuse("dot with more than a matrix")
    return mb.matmul(x=x, y=y)


@operation("ZerosLike", "OnesLike")
def filled(op, x, dtype=None):
    mb = builder()
    none = mb.cast(x=mb.less(x=x, y=x), dtype="fp32")
    return none if type(op).__name__ == "ZerosLike" else mb.add(x=none, y=np.float32(1))
