"""Layers that move, repeat or cut values, and those that do nothing once training is over."""

import keras
import numpy as np

from ....mil.blocks import builder
from .layout import as_keras, channels_first
from .walk import layer, refuse

L = keras.layers


@layer(
    L.Dropout,
    L.SpatialDropout1D,
    L.SpatialDropout2D,
    L.SpatialDropout3D,
    L.AlphaDropout,
    L.GaussianDropout,
    L.GaussianNoise,
    L.ActivityRegularization,
    L.Identity,
)
def nothing(layer, x, mask=None):
    """Noise and penalties belong to training; in use the layer hands on what it is given."""
    return x


@layer(L.Flatten)
def flatten(layer, x):
    mb = builder()
    if layer.data_format == "channels_first" and x.rank > 2:
        x = mb.transpose(x=x, perm=[0, *range(2, x.rank), 1])
    return reshaped(x, [int(np.prod(x.shape[1:], dtype=np.int64))])


def reshaped(x, shape):
    """x with these sizes for one row."""
    return builder().reshape(x=x, shape=[-1, *(int(size) for size in shape)])


@layer(L.Reshape)
def reshape(layer, x):
    """The target shape; a size of -1 is what is left."""
    total = int(np.prod(x.shape[1:], dtype=np.int64))
    known = int(np.prod([size for size in layer.target_shape if size != -1], dtype=np.int64))
    return reshaped(x, [total // known if size == -1 else size for size in layer.target_shape])


@layer(L.Permute)
def permute(layer, x):
    return builder().transpose(x=x, perm=[0, *layer.dims])


@layer(L.RepeatVector)
def repeat_vector(layer, x):
    mb = builder()
    ones = np.zeros((1, layer.n, 1), np.float32)
    return mb.add(x=mb.expand_dims(x=x, axes=[1]), y=ones)


@layer(L.ZeroPadding1D, L.ZeroPadding2D, L.ZeroPadding3D)
def zero_padding(layer, x):
    """(before, after) for each axis between rows and channels. Core ML pads at most the last two axes in one operation of
    its constant mode from iOS 15 on any axis."""
    pairs = _pairs(layer.padding)
    ends = [(0, 0)]
    pairs = (
        [(0, 0), *ends, *pairs] if getattr(layer, "data_format", None) == "channels_first" else [(0, 0), *pairs, *ends]
    )
    flat = [int(each) for pair in pairs for each in pair]
    return builder().pad(x=x, pad=flat, mode="constant", constant_val=np.float32(0))


@layer(L.Cropping1D, L.Cropping2D, L.Cropping3D)
def cropping(layer, x):
    pairs = _pairs(layer.cropping)
    first = getattr(layer, "data_format", None) == "channels_first"
    pairs = [(0, 0), *pairs] if first else [*pairs, (0, 0)]
    return cut(x, [(before, size - after) for (before, after), size in zip(pairs, x.shape[1:], strict=True)])


def cut(x, ranges):
    """x[:, begin:end, …] for a (begin, end) of every axis but the rows."""
    begins, ends = zip(*ranges, strict=True)
    return builder().slice_by_index(
        x=x, begin=[0, *map(int, begins)], end=[0, *map(int, ends)], end_mask=[True] + [False] * len(ranges)
    )


def _pairs(given):
    """((before, after), …), also for one axis, where Keras keeps a single pair."""
    return [given] if isinstance(given[0], int) else list(given)


@layer(L.UpSampling1D, L.UpSampling3D)
def repeated(layer, x):
    """Each value repeated along each axis."""
    sizes = [layer.size] if isinstance(layer.size, int) else list(layer.size)
    first = 2 if getattr(layer, "data_format", None) == "channels_first" else 1
    for axis, size in enumerate(sizes, first):
        x = _repeat(x, axis, int(size))
    return x


def _repeat(x, axis, times):
    """Each slice along ``axis`` taken ``times`` times in a row."""
    indices = np.repeat(np.arange(x.shape[axis]), times).astype(np.int32)
    return builder().gather(x=x, indices=indices, axis=axis)


@layer(L.UpSampling2D)
def up_sampling_2d(layer, x):
    """Nearest repeats; bilinear weighs neighbours with half-pixel centres, written as two products with the matrices of
    weights (they are constants), so that no rule of a resize operation has to be trusted."""
    if layer.interpolation == "nearest":
        return repeated(layer, x)
    if layer.interpolation != "bilinear":
        refuse(f"interpolation {layer.interpolation!r}")
    mb = builder()
    h = channels_first(layer, x)
    rows, columns = (_bilinear(size, int(times)) for size, times in zip(h.shape[2:], layer.size, strict=True))
    h = mb.matmul(x=h, y=np.ascontiguousarray(columns.T))
    h = mb.transpose(
        x=mb.matmul(x=mb.transpose(x=h, perm=[0, 1, 3, 2]), y=np.ascontiguousarray(rows.T)), perm=[0, 1, 3, 2]
    )
    return as_keras(layer, h)


def _bilinear(size, times):
    """The (size * times, size) matrix of linear interpolation between half-pixel centres, the edges held."""
    centres = np.clip((np.arange(size * times) + 0.5) / times - 0.5, 0, size - 1)
    low = np.floor(centres).astype(int)
    high = np.minimum(low + 1, size - 1)
    weights = np.zeros((size * times, size), np.float32)
    weights[np.arange(len(low)), low] += (1 - (centres - low)).astype(np.float32)
    weights[np.arange(len(low)), high] += (centres - low).astype(np.float32)
    return weights
