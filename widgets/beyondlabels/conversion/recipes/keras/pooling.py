"""Pooling: the largest or the mean of windows, or of everything between rows and channels."""

import keras
import numpy as np

from ....mil.blocks import builder
from .layout import as_keras, channels_first, pads, spatial_axes, whole
from .walk import layer

L = keras.layers


def _pooled(layer, x, kind, **options):
    h = channels_first(layer, x)
    rank = h.rank - 2
    sizes = whole(layer.pool_size, rank)
    strides = sizes if layer.strides is None else whole(layer.strides, rank)
    around = pads(layer, h.shape[2:], sizes, strides, [1] * rank)
    write = getattr(builder(), kind)
    return as_keras(layer, write(x=h, kernel_sizes=sizes, strides=strides, pad_type="custom", pad=around, **options))


@layer(L.MaxPooling1D, L.MaxPooling2D, L.MaxPooling3D)
def largest(layer, x):
    return _pooled(layer, x, "max_pool")


@layer(L.AveragePooling1D, L.AveragePooling2D, L.AveragePooling3D)
def mean(layer, x):
    """Padding does not count in the mean."""
    return _pooled(layer, x, "avg_pool", exclude_padding_from_average=True)


@layer(L.GlobalMaxPooling1D, L.GlobalMaxPooling2D, L.GlobalMaxPooling3D)
def largest_of_all(layer, x):
    return builder().reduce_max(x=x, axes=spatial_axes(layer, x), keep_dims=bool(layer.keepdims))


@layer(L.GlobalAveragePooling2D, L.GlobalAveragePooling3D)
def mean_of_all(layer, x):
    return builder().reduce_mean(x=x, axes=spatial_axes(layer, x), keep_dims=bool(layer.keepdims))


@layer(L.GlobalAveragePooling1D)
def mean_of_steps(layer, x, mask=None):
    """The mean of all steps, or of those the mask lets through."""
    mb = builder()
    axis = spatial_axes(layer, x)
    if mask is None:
        return mb.reduce_mean(x=x, axes=axis, keep_dims=bool(layer.keepdims))
    weights = mb.expand_dims(x=mb.cast(x=mask, dtype="fp32"), axes=[2 if axis == [1] else 1])
    total = mb.reduce_sum(x=mb.mul(x=x, y=weights), axes=axis, keep_dims=bool(layer.keepdims))
    return mb.real_div(x=total, y=mb.reduce_sum(x=weights, axes=axis, keep_dims=bool(layer.keepdims)))


@layer(
    L.AdaptiveAveragePooling1D,
    L.AdaptiveAveragePooling2D,
    L.AdaptiveAveragePooling3D,
)
def mean_to_size(layer, x):
    """Windows that divide each axis as evenly as whole numbers allow, written as a product with a matrix for each axis."""
    for axis, size in zip(spatial_axes(layer, x), whole(layer.output_size, x.rank - 2), strict=True):
        x = _averaged(x, axis, size)
    return x


def _averaged(x, axis, size):
    mb = builder()
    long = int(x.shape[axis])
    weights = np.zeros((long, size), np.float32)
    for place in range(size):
        first, last = place * long // size, -(-(place + 1) * long // size)
        weights[first:last, place] = 1 / (last - first)
    order = [*(each for each in range(x.rank) if each != axis), axis]
    made = mb.matmul(x=mb.transpose(x=x, perm=order), y=weights)
    return mb.transpose(x=made, perm=[order.index(each) for each in range(x.rank)])
