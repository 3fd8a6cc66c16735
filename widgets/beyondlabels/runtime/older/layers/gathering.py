"""Values taken from, or put into, places that are themselves values."""

from ...ops import gathering as ops
from .registry import layer, whole

_MODES = ("update", "add", "sub", "mul", "div", "max", "min")


@layer("gather")
def gather(data, indices, axis):
    """Slices of data along ``axis`` at indices: data.shape[:axis] + indices.shape + data.shape[axis + 1:]."""
    return ops.gather(data, whole(indices), axis)


@layer("gatherND")
def gather_nd(params, indices):
    """Slices of params at the places that the last axis of indices spells."""
    return ops.gather_nd(params, whole(indices))


@layer("gatherAlongAxis")
def gather_along_axis(data, indices, axis):
    """For each place of indices the value of data there, but at that index along ``axis``."""
    return ops.gather_along_axis(data, whole(indices), axis)


@layer("scatter")
def scatter(container, indices, updates, axis, mode):
    """container with the slices of updates put in along ``axis``, by ``mode``; updates holds the shape of indices in the
    place of that axis."""
    axis, indices = axis % container.ndim, whole(indices)
    lead = updates.shape[:axis]
    flat = updates.reshape(*lead, -1, *updates.shape[axis + indices.ndim :])
    return ops.scatter(container, indices.ravel(), flat, axis, _MODES[mode])


@layer("scatterND")
def scatter_nd(container, indices, updates, mode):
    """container with the slices of updates put in at the places that the last axis of indices spells, by ``mode``."""
    return ops.scatter_nd(container, whole(indices), updates, _MODES[mode])


@layer("scatterAlongAxis")
def scatter_along_axis(container, indices, updates, axis, mode):
    """container with each value of updates put in at its own place, but at its index along ``axis``, by ``mode``."""
    return ops.scatter_along_axis(container, whole(indices), updates, axis, _MODES[mode])
