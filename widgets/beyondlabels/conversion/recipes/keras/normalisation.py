"""Layers that shift and scale."""

import keras
import numpy as np

from ....mil.blocks import builder, constant, subtract
from .walk import layer, refuse
from .weights import numbers

L = keras.layers


def _along(values, axis, rank):
    """``values`` of shape (features,) to be broadcast along ``axis``."""
    shape = [1] * rank
    shape[axis] = -1
    return np.reshape(values, shape)


@layer(L.BatchNormalization)
def batch_normalization(layer, x, mask=None):
    """(x - mean) gamma / sqrt(variance + epsilon) + beta with the moving statistics, as one product and one sum;
    a mask counts only in training. Worked out in float64, so that nothing is lost before it is rounded once."""
    mb = builder()
    mean, variance = (numbers(each).astype(np.float64) for each in (layer.moving_mean, layer.moving_variance))
    factor = 1 / np.sqrt(variance + layer.epsilon)
    if layer.scale:
        factor = factor * numbers(layer.gamma)
    offset = -mean * factor
    if layer.center:
        offset = offset + numbers(layer.beta)
    axis = layer.axis % x.rank
    scaled = mb.mul(x=x, y=constant(_along(factor, axis, x.rank)))
    return mb.add(x=scaled, y=constant(_along(offset, axis, x.rank)))


def standardised(x, axes, epsilon):
    """(x - mean) / sqrt(variance + epsilon) over ``axes`` of each row."""
    mb = builder()
    centred = mb.sub(x=x, y=mb.reduce_mean(x=x, axes=axes, keep_dims=True))
    variance = mb.reduce_mean(x=mb.mul(x=centred, y=centred), axes=axes, keep_dims=True)
    return mb.real_div(x=centred, y=mb.sqrt(x=mb.add(x=variance, y=np.float32(epsilon))))


def scaled_and_moved(x, gamma, beta):
    """x * gamma + beta, either left out when ``None``."""
    mb = builder()
    x = x if gamma is None else mb.mul(x=x, y=gamma)
    return x if beta is None else mb.add(x=x, y=beta)


@layer(L.LayerNormalization)
def layer_normalization(layer, x):
    """Mean and variance over ``axis`` of each row (Ba, Kiros and Hinton, Layer Normalization, 2016)."""
    axes = [layer.axis] if isinstance(layer.axis, int) else list(layer.axis)
    axes = [axis % x.rank for axis in axes]
    shape = [size if axis in axes else 1 for axis, size in enumerate(x.shape)]
    if getattr(layer, "rms_scaling", False):
        refuse("rms_scaling=True")
    gamma = numbers(layer.gamma).reshape(shape) if layer.scale else None
    beta = numbers(layer.beta).reshape(shape) if layer.center else None
    return scaled_and_moved(standardised(x, axes, layer.epsilon), gamma, beta)


@layer(L.RMSNormalization)
def rms_normalization(layer, x):
    """x / sqrt(mean x² + epsilon) * scale (Zhang and Sennrich, Root Mean Square Layer Normalization, 2019)."""
    mb = builder()
    axes = [layer.axis] if isinstance(layer.axis, int) else list(layer.axis)
    axes = [axis % x.rank for axis in axes]
    shape = [size if axis in axes else 1 for axis, size in enumerate(x.shape)]
    square = mb.reduce_mean(x=mb.mul(x=x, y=x), axes=axes, keep_dims=True)
    y = mb.real_div(x=x, y=mb.sqrt(x=mb.add(x=square, y=np.float32(layer.epsilon))))
    return mb.mul(x=y, y=numbers(layer.scale).reshape(shape))


@layer(L.GroupNormalization)
def group_normalization(layer, x):
    """Mean and variance over each group of channels of each row (Wu and He, Group Normalization, 2018)."""
    mb = builder()
    axis = layer.axis % x.rank
    if axis not in (1, x.rank - 1):
        refuse(f"axis={layer.axis} lies neither first nor last")
    shape, channels = list(x.shape[1:]), int(x.shape[axis])
    groups = channels if layer.groups == -1 else layer.groups
    split = [*shape[: axis - 1], groups, channels // groups, *shape[axis:]]
    y = mb.reshape(x=x, shape=[-1, *map(int, split)])
    over = [each for each in range(1, len(split) + 1) if each != axis]
    y = mb.reshape(x=standardised(y, over, layer.epsilon), shape=[-1, *map(int, shape)])
    gamma = _along(numbers(layer.gamma), axis, x.rank) if layer.scale else None
    beta = _along(numbers(layer.beta), axis, x.rank) if layer.center else None
    return scaled_and_moved(y, gamma, beta)


@layer(L.UnitNormalization)
def unit_normalization(layer, x):
    """x over the root of its sum of squares along ``axis``; the root is never below 1e-12."""
    mb = builder()
    axes = [layer.axis] if isinstance(layer.axis, int) else list(layer.axis)
    total = mb.reduce_sum(x=mb.mul(x=x, y=x), axes=axes, keep_dims=True)
    return mb.real_div(x=x, y=mb.sqrt(x=mb.maximum(x=total, y=np.float32(1e-24))))


@layer(L.Normalization)
def normalization(layer, x):
    """(x - mean) / deviation, no deviation below 1e-7, or the way back when ``invert``."""
    mb = builder()
    mean = np.asarray(keras.ops.convert_to_numpy(layer.mean), np.float64)
    variance = np.asarray(keras.ops.convert_to_numpy(layer.variance), np.float64)
    deviation = np.maximum(np.sqrt(variance), 1e-7)
    if layer.invert:
        return mb.add(x=mb.mul(x=x, y=constant(deviation)), y=constant(mean))
    return mb.real_div(x=subtract(x, mean, deviation), y=constant(deviation))


@layer(L.Rescaling)
def rescaling(layer, x):
    """x * scale + offset; both may be lists along the channels."""
    mb = builder()
    return mb.add(x=mb.mul(x=_single(x), y=constant(layer.scale)), y=constant(layer.offset))


def _single(x):
    from coremltools.converters.mil.mil import types

    return x if x.dtype == types.fp32 else builder().cast(x=x, dtype="fp32")
