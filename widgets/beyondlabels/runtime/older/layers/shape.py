"""Values put into another order or shape, on the axes (sequence, batch, channels, height, width)."""

import numpy as np

from ...bounds import room
from ...ops.shape import depth_to_space, pixel_shuffle, space_to_depth
from .registry import layer


@layer("flatten")
def flatten(x, mode):
    """(…, C, H, W) to (…, C H W, 1, 1); CHANNEL_LAST (1) walks the channels fastest."""
    x = np.moveaxis(x, -3, -1) if mode == 1 else x
    return x.reshape(*x.shape[:-3], -1, 1, 1)


@layer("reshape")
def reshape(x, targetShape, mode):
    """(seq, batch, C, H, W) into ``targetShape`` [C, H, W] or [seq, C, H, W]; CHANNEL_LAST (1) reads and writes the
    channels fastest."""
    *sequence, channels, height, width = (int(size) for size in targetShape)
    if x.ndim != 5 or len(sequence) > 1:
        raise ValueError(f"reshape takes rank 5 and a target of 3 or 4 sizes, found {x.shape} and {targetShape}")
    x = np.moveaxis(x, -3, -1) if mode == 1 else x
    inner = (height, width, channels) if mode == 1 else (channels, height, width)
    if sequence:
        made = x.swapaxes(0, 1).reshape(x.shape[1], sequence[0], *inner).swapaxes(0, 1)
    else:
        made = x.reshape(*x.shape[:2], *inner)
    return np.moveaxis(made, -1, -3) if mode == 1 else made


@layer("permute")
def permute(x, axis):
    """The axes (sequence, C, H, W) in the order of ``axis``; the batch stays where it is."""
    if x.ndim != 5 or sorted(axis) not in ([], [0, 1, 2, 3]):
        raise ValueError(f"permute takes rank 5 and an order of 0, 1, 2, 3; found {x.shape} and {axis}")
    places = [0, 2, 3, 4]
    order = [places[each] for each in axis or (0, 1, 2, 3)]
    return np.transpose(x, (order[0], 1, *order[1:]))


@layer("reorganizeData")
def reorganize_data(x, mode, blockSize):
    """Blocks of blockSize by blockSize pixels moved into the channels (0), or back out of them (1; 2: pixel shuffle)."""
    part = x.reshape(-1, *x.shape[-3:])
    made = (space_to_depth, depth_to_space, pixel_shuffle)[mode](part, blockSize)
    return made.reshape(*x.shape[:-3], *made.shape[1:])


@layer("concat")
def concat(*xs, sequenceConcat):
    """The inputs joined along axis -3, or -5."""
    room(sum(x.size for x in xs))
    return np.concatenate(xs, -5 if sequenceConcat else -3)


@layer("split")
def split(x, nOutputs):
    """x cut into equal parts along axis -3."""
    return tuple(np.split(x, int(nOutputs), -3))


@layer("sequenceRepeat")
def sequence_repeat(x, nRepetitions):
    """x repeated along axis -5."""
    count = int(nRepetitions) or 1
    room(count, *x.shape)
    return np.concatenate([x] * count, -5)


@layer("slice")
def slice_layer(x, startIndex, endIndex, stride, axis):
    """x from startIndex to before endIndex, every stride-th, along axis -3 (0), -2 (1) or -1 (2)."""
    cut = slice(int(startIndex), int(endIndex), int(stride))
    return x[(..., cut, *[slice(None)] * (2 - axis))]
