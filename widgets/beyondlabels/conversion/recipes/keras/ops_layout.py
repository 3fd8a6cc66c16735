"""``keras.ops`` nodes that pad, cut, join or spread values behind the rows."""

import numpy as np

from ....mil.blocks import builder
from .shape import cut
from .values import FLOAT, cast, is_var, plain, together
from .walk import operation, refuse


@operation("Unstack")
def unstack(op, x):
    mb = builder()
    axis = op.axis % x.rank
    if axis == 0:
        refuse("unstack of rows")
    parts = mb.split(x=x, num_splits=int(x.shape[axis]), axis=axis) if x.shape[axis] > 1 else [x]
    return [mb.squeeze(x=part, axes=[axis]) for part in parts]


@operation("ArraySplit", "Hsplit", "Dsplit")
def split_unevenly(op, x):
    """Parts as equal as can be, the longer ones first; or at the places given."""
    axis = {"Hsplit": 1, "Dsplit": 2}.get(type(op).__name__)
    axis = op.axis % x.rank if axis is None else axis
    if axis == 0:
        refuse("splits rows")
    given = op.indices_or_sections
    places = np.arange(int(x.shape[axis]))
    sizes = [len(part) for part in np.array_split(places, given if isinstance(given, int) else list(given))]
    return list(builder().split(x=x, split_sizes=sizes, axis=axis)) if len(sizes) > 1 else [x]


@operation("Hstack", "Dstack")
def stacked(op, xs):
    axis = 1 if type(op).__name__ == "Hstack" else 2
    if any(each.rank <= axis for each in xs):
        refuse(f"{op.name} of arrays without axis {axis}")
    return builder().concat(values=together(*xs), axis=axis)


@operation("Append")
def append(op, x1, x2):
    if op.axis is None or op.axis % x1.rank == 0:
        refuse("append of rows")
    return builder().concat(values=together(x1, x2), axis=op.axis % x1.rank)


@operation("Fliplr")
def flip_columns(op, x):
    return builder().reverse(x=x, axes=[1])


@operation("Tril", "Triu")
def triangle(op, x):
    """What lies on and below (tril) or above (triu) the k-th diagonal of the last two axes; zeros elsewhere."""
    if x.rank < 3:
        refuse(f"{op.name} of rows")
    mask = getattr(np, type(op).__name__.lower())(np.ones(x.shape[-2:], np.float32), op.k)
    values, mask = together(x, mask)
    return builder().mul(x=values, y=mask)


@operation("Pad")
def pad(op, x, constant_values=None):
    """Constants around any axes, or the values mirrored or held along one or two of the last."""
    pairs = np.broadcast_to(np.asarray(op.pad_width), (x.rank, 2)).astype(int)
    if pairs[0].any():
        refuse("pad of rows")
    modes = {"constant": "constant", "reflect": "reflect", "edge": "replicate"}
    if op.mode not in modes or is_var(constant_values):
        refuse(f"pad with mode {op.mode!r}")
    if op.mode == "constant":
        value = np.float32(0 if constant_values is None else plain(constant_values))
        return builder().pad(x=cast(x, FLOAT), pad=pairs.reshape(-1).tolist(), mode="constant", constant_val=value)
    last = pairs[-2:]
    if pairs[:-2].any():
        refuse(f"pad with mode {op.mode!r} of other axes than the last two")
    return builder().pad(x=cast(x, FLOAT), pad=last.reshape(-1).tolist(), mode=modes[op.mode])


def _edges(op, x, names):
    """(the two axes of the picture, what each of the four sides is given)"""
    axes = (2, 3) if op.data_format == "channels_first" else (1, 2)
    if x.rank != 4:
        refuse("a picture without rows")
    return axes, [getattr(op, f"{side}_{names}") for side in ("top", "bottom", "left", "right")]


def _both(before, after, total, size):
    """What is added or cut before and after, from two of before, after and the total."""
    if before is None:
        before = total - size - after
    return int(before), int(total - size - before if after is None else after)


@operation("PadImages")
def pad_images(op, x):
    axes, (top, bottom, left, right) = _edges(op, x, "padding")
    pairs = [(0, 0)] * 4
    pairs[axes[0]] = _both(top, bottom, op.target_height, int(x.shape[axes[0]]))
    pairs[axes[1]] = _both(left, right, op.target_width, int(x.shape[axes[1]]))
    flat = [each for pair in pairs for each in pair]
    return builder().pad(x=x, pad=flat, mode="constant", constant_val=np.float32(0))


@operation("CropImages")
def crop_images(op, x):
    axes, (top, bottom, left, right) = _edges(op, x, "cropping")
    ranges = [(0, int(size)) for size in x.shape[1:]]
    for axis, before, after, target in (
        (axes[0], top, bottom, op.target_height),
        (axes[1], left, right, op.target_width),
    ):
        size = int(x.shape[axis])
        first = size - after - target if before is None else before
        ranges[axis - 1] = (first, size - after if after is not None else first + target)
    return cut(x, ranges)


@operation("FullLike")
def full_like(op, x, fill_value):
    mb = builder()
    none = mb.cast(x=mb.less(x=x, y=x), dtype=FLOAT)
    return mb.add(x=none, y=cast(plain(fill_value), FLOAT))


@operation("TakeAlongAxis")
def take_along_axis(op, x, indices):
    indices = plain(indices)
    if op.axis is None or op.axis % x.rank == 0 or not is_var(indices):
        refuse("take_along_axis across rows, or at constant places")
    return builder().gather_along_axis(x=x, indices=cast(indices, "int32"), axis=op.axis % x.rank)


@operation("DepthToSpace", "SpaceToDepth")
def between_depth_and_space(op, x):
    """Blocks of a picture as channels, and back, in TensorFlow's order: the block's place before the channel."""
    mb = builder()
    last = op.data_format != "channels_first"
    size = int(op.block_size)
    _, high, wide, depth = (int(each) if axis else -1 for axis, each in enumerate(x.shape)) if last else (-1, 0, 0, 0)
    if not last:
        refuse(f"{op.name} with channels first")
    if type(op).__name__ == "SpaceToDepth":
        x = mb.reshape(x=x, shape=[-1, size, wide // size, size * depth])
        x = mb.transpose(x=x, perm=[0, 2, 1, 3])
        return mb.reshape(x=x, shape=[-1, high // size, wide // size, size * size * depth])
    x = mb.reshape(x=x, shape=[-1, wide, size, depth // size])
    x = mb.transpose(x=x, perm=[0, 2, 1, 3])
    return mb.reshape(x=x, shape=[-1, high * size, wide * size, depth // size // size])
