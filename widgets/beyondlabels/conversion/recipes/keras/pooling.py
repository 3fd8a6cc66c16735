"""Pooling: the largest or the mean of windows, or of everything between rows and channels."""

from functools import reduce

import keras
import numpy as np

from ....mil.blocks import builder
from .layout import as_keras, channels_first, pads, spatial_axes, whole
from .walk import layer, operation, refuse

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
@operation("MaxPool")
def largest(layer, x):
    return _pooled(layer, x, "max_pool")


@layer(L.AveragePooling1D, L.AveragePooling2D, L.AveragePooling3D)
@operation("AveragePool")
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
@operation("AdaptiveAveragePool")
def mean_to_size(layer, x):
    """Windows that divide each axis as evenly as whole numbers allow, written as a product with a matrix for each axis."""
    for axis, size in zip(spatial_axes(layer, x), whole(layer.output_size, x.rank - 2), strict=True):
        x = _averaged(x, axis, size)
    return x


@layer(L.AdaptiveMaxPooling1D, L.AdaptiveMaxPooling2D, L.AdaptiveMaxPooling3D)
@operation("AdaptiveMaxPool")
def largest_to_size(layer, x):
    """The same windows: each is gathered, shorter ones with their last value twice, and the largest taken."""
    mb = builder()
    for axis, size in zip(spatial_axes(layer, x), whole(layer.output_size, x.rank - 2), strict=True):
        first, last = _windows(int(x.shape[axis]), size)
        places = np.minimum(first[:, None] + np.arange((last - first).max()), last[:, None] - 1)
        taken = mb.gather(x=x, indices=places.T.reshape(-1).astype(np.int32), axis=axis)
        parts = mb.split(x=taken, num_splits=places.shape[1], axis=axis) if places.shape[1] > 1 else [taken]
        x = reduce(lambda one, other: mb.maximum(x=one, y=other), parts)
    return x


def _windows(long, size):
    """First and last + 1 of each window."""
    if size == long:
        refuse("an adaptive pooling that leaves an axis its length: Keras 3.15 itself gives NaN there on JAX")
    place = np.arange(size)
    return place * long // size, -(-(place + 1) * long // size)


def _averaged(x, axis, size):
    mb = builder()
    long = int(x.shape[axis])
    weights = np.zeros((long, size), np.float32)
    for place, (first, last) in enumerate(zip(*_windows(long, size), strict=True)):
        weights[first:last, place] = 1 / (last - first)
    order = [*(each for each in range(x.rank) if each != axis), axis]
    made = mb.matmul(x=mb.transpose(x=x, perm=order), y=weights)
    return mb.transpose(x=made, perm=[order.index(each) for each in range(x.rank)])
