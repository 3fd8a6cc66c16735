"""Sums, means, extremes and norms along axes."""

import numpy as np

from .registry import layer, unsqueezed

_AXES = ((-3, -2, -1), (-2, -1), (-3,), (-2,), (-1,))


def _log_sum_exp(x, axis, keepdims):
    top = np.max(x, axis=axis, keepdims=True)
    made = np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
    return made if keepdims else np.squeeze(made, axis)


_WAYS = {
    "reduceSum": np.sum,
    "reduceMean": np.mean,
    "reduceProd": np.prod,
    "reduceMax": np.max,
    "reduceMin": np.min,
    "reduceL1": lambda x, axis, keepdims: np.sum(np.abs(x), axis=axis, keepdims=keepdims),
    "reduceL2": lambda x, axis, keepdims: np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims)),
    "reduceSumSquare": lambda x, axis, keepdims: np.sum(x * x, axis=axis, keepdims=keepdims),
    "reduceLogSum": lambda x, axis, keepdims: np.log(np.sum(x, axis=axis, keepdims=keepdims)),
    "reduceLogSumExp": _log_sum_exp,
}


def _reducing(way):
    def along(x, axes, keepDims, reduceAll):
        axis = tuple(range(x.ndim)) if reduceAll or not axes else tuple(axes)
        return unsqueezed(way(x, axis=axis, keepdims=keepDims))

    return along


for _name, _way in _WAYS.items():
    layer(_name)(_reducing(_way))


@layer("reduce")
def reduce_layer(x, mode, epsilon, axis):
    """One of ten reductions along (C, H, W), (H, W), C, H or W, which stay as axes of length 1. The place of the
    largest value is that of the first."""
    axes = _AXES[axis]
    if mode == 9:
        return np.argmax(x, axes[0])[(*[slice(None)] * (x.ndim + axes[0]), None)].astype(np.float32)
    if mode == 3:
        return np.sum(np.log(x + np.float32(epsilon or 1e-6)), axis=axes, keepdims=True)
    names = ("Sum", "Mean", "Prod", None, "SumSquare", "L1", "L2", "Max", "Min")
    return _WAYS[f"reduce{names[mode]}"](x, axis=axes, keepdims=True)


def _extreme(function):
    def where(x, axis, removeDim):
        made = function(x, axis)
        return unsqueezed(made if removeDim else np.expand_dims(made, axis))

    where.__doc__ = f"{function.__name__} along ``axis``, which stays as an axis of length 1 unless ``removeDim``."
    return where


arg_max = layer("argMax")(_extreme(np.argmax))
arg_min = layer("argMin")(_extreme(np.argmin))


@layer("cumSum")
def cumulative_sum(x, given_axis=None, axis=0, excludeFinalSum=False, reverse=False):
    """Sums of all values up to each, along an axis; without the value itself, or from the end, if asked."""
    axis = axis if given_axis is None else int(np.ravel(given_axis)[0])
    x = np.flip(x, axis) if reverse else x
    made = np.cumsum(x, axis, dtype=np.float32)
    if excludeFinalSum:
        made = np.roll(made, 1, axis)
        made[(*[slice(None)] * (axis % x.ndim), 0)] = 0
    return np.flip(made, axis) if reverse else made
