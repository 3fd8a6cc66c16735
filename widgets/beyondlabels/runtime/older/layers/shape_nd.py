"""Values put into another order or shape, for tensors of any rank."""

import numpy as np

from ...bounds import room
from ...ops import moving
from .registry import layer, unsqueezed, whole


@layer("transpose")
def transpose(x, axes):
    """The axes of x in the order of ``axes``."""
    return np.transpose(x, [int(axis) for axis in axes])


@layer("concatND")
def concat_nd(*xs, axis, interleave):
    """The inputs joined along ``axis``; with ``interleave`` their slices take turns."""
    return moving.concat(list(xs), axis, interleave)


@layer("stack")
def stack(*xs, axis):
    """The inputs joined along a new ``axis``."""
    return moving.stack(list(xs), axis)


@layer("splitND")
def split_nd(x, axis, numSplits, splitSizes):
    """x cut along ``axis`` into parts of ``splitSizes``, or into equal ones, the first longer by one where need be."""
    if splitSizes:
        return moving.split(x, axis, split_sizes=splitSizes)
    if not 0 < numSplits <= max(x.shape[axis], 1):
        raise ValueError(f"an axis of {x.shape[axis]} cannot be cut into {numSplits} parts")
    return tuple(np.array_split(x, int(numSplits), axis))


@layer("squeeze")
def squeeze(x, axes, squeezeAll):
    """x without the given axes of length 1, or without all of them; rank 1 stays."""
    return unsqueezed(np.squeeze(x, None if squeezeAll else tuple(axes)))


@layer("expandDims")
def expand_dims(x, axes):
    """x with axes of length 1 put in at these places of the output."""
    return np.expand_dims(x, tuple(axes))


@layer("flattenTo2D")
def flatten_to_2d(x, axis):
    """(product of the axes before ``axis``, product of the rest)."""
    axis = axis + x.ndim if axis < 0 else axis
    return x.reshape(int(np.prod(x.shape[:axis])), int(np.prod(x.shape[axis:])))


@layer("reshapeLike")
def reshape_like(x, like):
    """x in the shape of ``like``."""
    return x.reshape(like.shape)


@layer("reshapeStatic")
def reshape_static(x, targetShape):
    """x in ``targetShape``; -1 stands for what is left."""
    return x.reshape([int(size) for size in targetShape])


@layer("reshapeDynamic")
def reshape_dynamic(x, shape):
    """x in the shape that the second input holds."""
    return x.reshape(whole(shape).tolist())


@layer("rankPreservingReshape")
def rank_preserving_reshape(x, targetShape):
    """x in a shape of the same rank; 0 keeps an axis, -1 stands for what is left."""
    return x.reshape([int(size) or x.shape[axis] for axis, size in enumerate(targetShape)])


@layer("tile")
def tile(x, given=None, reps=()):
    """x repeated along its last axes."""
    counts = [int(count) for count in (reps if given is None else whole(given))]
    room(*x.shape, *counts)
    return np.tile(x, counts)


@layer("reverse")
def reverse(x, reverseDim):
    """x backwards along the axes for which ``reverseDim`` is true."""
    return np.flip(x, tuple(axis for axis, turned in enumerate(reverseDim) if turned))


@layer("reverseSeq")
def reverse_sequence(x, lengths, batchAxis, sequenceAxis):
    """x with the first ``lengths[b]`` values backwards along ``sequenceAxis``, for each b along ``batchAxis``."""
    return moving.reverse_sequence(x, whole(lengths), sequenceAxis, batchAxis)


@layer("getShape")
def get_shape(x):
    """The shape of x, as numbers."""
    return np.array(x.shape, np.float32)


@layer("slidingWindows")
def sliding_windows(x, axis, windowSize, step):
    """All windows along ``axis``, ``step`` apart: that axis becomes (windows, windowSize)."""
    return moving.sliding_windows(x, axis, windowSize, step)


@layer("constantPad")
def constant_pad(x, given=None, value=0.0, padAmounts=(), padToGivenOutputSizeMode=False):
    """x with ``value`` before and after each axis; in the mode the amounts are sizes wanted, on the side that is not 0."""
    amounts = np.array(padAmounts, np.int64) if given is None else whole(given)
    widths = amounts.reshape(-1, 2)
    if padToGivenOutputSizeMode:
        widths = np.where(widths > 0, np.maximum(widths - np.array(x.shape)[:, None], 0), 0)
    room(*(size + int(low) + int(high) for size, (low, high) in zip(x.shape, widths.tolist(), strict=True)))
    return np.pad(x, widths.tolist(), constant_values=np.float32(value))
