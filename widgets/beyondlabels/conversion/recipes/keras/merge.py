"""Layers that take several inputs and make one of them."""

from functools import reduce

import keras
import numpy as np

from ....mil.blocks import builder
from .walk import layer, refuse

L = keras.layers


def _same_rank(values):
    """Inputs of fewer axes get axes of size one behind the rows, as Keras does when all ranks are known."""
    mb = builder()
    most = max(each.rank for each in values)
    return [
        each if each.rank == most else mb.expand_dims(x=each, axes=list(range(1, most - each.rank + 1)))
        for each in values
    ]


def _folded(name, values):
    mb = builder()
    return reduce(lambda x, y: getattr(mb, name)(x=x, y=y), _same_rank(values))


@layer(L.Add)
def add(layer, values):
    return _folded("add", values)


@layer(L.Subtract)
def subtract(layer, values):
    return _folded("sub", values)


@layer(L.Multiply)
def multiply(layer, values):
    return _folded("mul", values)


@layer(L.Average)
def average(layer, values):
    return builder().mul(x=_folded("add", values), y=np.float32(1 / len(values)))


@layer(L.Maximum)
def maximum(layer, values):
    return _folded("maximum", values)


@layer(L.Minimum)
def minimum(layer, values):
    return _folded("minimum", values)


@layer(L.Concatenate)
def concatenate(layer, values):
    if layer.axis % values[0].rank == 0:
        refuse("concatenates rows")
    return builder().concat(values=list(values), axis=layer.axis)


@layer(L.Dot)
def dot(layer, values):
    """Products of rows of one with rows of the other, summed over ``axes``; each divided by its length when ``normalize``."""
    mb = builder()
    x, y = values
    axes = [layer.axes] * 2 if isinstance(layer.axes, int) else list(layer.axes)
    axes = [axis % value.rank for axis, value in zip(axes, values, strict=True)]
    if 0 in axes:
        refuse("multiplies across rows")
    if layer.normalize:
        x, y = (_to_length_one(value, axis) for value, axis in zip((x, y), axes, strict=True))
    if x.rank > 3 or y.rank > 3:
        refuse("inputs of more than three axes")
    # (rows, others, summed) @ (rows, summed, others)
    x = _summed_last(x, axes[0])
    y = _summed_last(y, axes[1])
    made = mb.matmul(x=x, y=y, transpose_y=True)
    flat = [place for place, value in ((1, values[0]), (2, values[1])) if value.rank == 2]
    if len(flat) == 2:
        return mb.squeeze(x=made, axes=[2])
    return mb.squeeze(x=made, axes=flat) if flat else made


def _summed_last(x, axis):
    mb = builder()
    if x.rank == 2:
        return mb.expand_dims(x=x, axes=[1])
    return x if axis == 2 else mb.transpose(x=x, perm=[0, 2, 1])


def _to_length_one(x, axis):
    """x over the root of its sum of squares, and the root never below 1e-7, as Keras does."""
    mb = builder()
    total = mb.reduce_sum(x=mb.mul(x=x, y=x), axes=[axis], keep_dims=True)
    return mb.real_div(x=x, y=mb.sqrt(x=mb.maximum(x=total, y=np.float32(1e-14))))
