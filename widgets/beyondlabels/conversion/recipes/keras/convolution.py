"""Convolutions: plain, grouped, depthwise and separable, in one to three directions.

Keras keeps a kernel as (*sizes, in, out); Core ML as (out, in per group, *sizes).
"""

import keras
import numpy as np

from ....mil.blocks import builder
from .activation import ALONG_AN_AXIS, activate
from .layout import as_keras, channels_first, pads, whole
from .walk import layer
from .weights import numbers

L = keras.layers


@layer(L.Conv1D, L.Conv2D, L.Conv3D)
def convolution(layer, x):
    kernel = np.moveaxis(numbers(layer.kernel), [-1, -2], [0, 1])
    y = convolved(
        layer, channels_first(layer, x), kernel, layer.groups, numbers(layer.bias) if layer.use_bias else None
    )
    return finished(layer, y)


@layer(L.DepthwiseConv1D, L.DepthwiseConv2D)
def depthwise(layer, x):
    kernel = per_channel(numbers(layer.kernel))
    y = convolved(
        layer, channels_first(layer, x), kernel, _channels(layer), numbers(layer.bias) if layer.use_bias else None
    )
    return finished(layer, y)


@layer(L.SeparableConv1D, L.SeparableConv2D)
def separable(layer, x):
    """A convolution of each channel on its own, then one that mixes the channels of each place."""
    mb = builder()
    own = convolved(layer, channels_first(layer, x), per_channel(numbers(layer.depthwise_kernel)), None, None)
    mixing = np.ascontiguousarray(np.moveaxis(numbers(layer.pointwise_kernel), [-1, -2], [0, 1]))
    bias = {"bias": numbers(layer.bias)} if layer.use_bias else {}
    return finished(layer, mb.conv(x=own, weight=mixing, pad_type="valid", **bias))


def per_channel(kernel):
    """A depthwise kernel (*sizes, in, multiplier) as (in * multiplier, 1, *sizes)."""
    sizes = kernel.shape[:-2]
    return np.moveaxis(kernel, [-2, -1], [0, 1]).reshape(-1, 1, *sizes)


def _channels(layer):
    return int(layer.kernel.shape[-2])


def convolved(layer, x, kernel, groups, bias):
    """The convolution of ``x`` (rows, channels, …) with the layer's strides, padding and dilation; ``groups`` is ``None``
    for one to each channel."""
    rank = kernel.ndim - 2
    strides, dilations = whole(layer.strides, rank), whole(layer.dilation_rate, rank)
    given = {"bias": bias} if bias is not None else {}
    return builder().conv(
        x=x,
        weight=np.ascontiguousarray(kernel),
        strides=strides,
        dilations=dilations,
        groups=int(groups or x.shape[1]),
        pad_type="custom",
        pad=pads(layer, x.shape[2:], kernel.shape[2:], strides, dilations),
        **given,
    )


def finished(layer, y):
    """The activation, and back to Keras's layout; an activation along the last axis comes after that."""
    if layer.activation in ALONG_AN_AXIS:
        return activate(layer.activation, as_keras(layer, y))
    if isinstance(layer.activation, L.Layer):
        return activate(layer.activation, as_keras(layer, y))
    return as_keras(layer, activate(layer.activation, y))
