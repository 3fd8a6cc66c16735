"""Layers that prepare data: augmentation, which rests once training is over, sizes of pictures, categories, spectra."""

import keras
import numpy as np

from ....mil.blocks import builder
from .layout import as_keras, channels_first, pads, spatial_axes
from .ops_shape import counted
from .shape import cut
from .values import FLOAT, WHOLE, cast, is_var, plain
from .walk import layer, operation, refuse
from .weights import numbers

L = keras.layers


@layer(
    L.AugMix,
    L.CutMix,
    L.MixUp,
    L.RandAugment,
    L.RandomBrightness,
    L.RandomColorDegeneration,
    L.RandomColorJitter,
    L.RandomContrast,
    L.RandomCrop,
    L.RandomElasticTransform,
    L.RandomErasing,
    L.RandomFlip,
    L.RandomGaussianBlur,
    L.RandomGrayscale,
    L.RandomHue,
    L.RandomInvert,
    L.RandomPerspective,
    L.RandomPosterization,
    L.RandomRotation,
    L.RandomSaturation,
    L.RandomSharpness,
    L.RandomShear,
    L.RandomTranslation,
    L.RandomZoom,
    L.Solarization,
)
def augmentation(layer, x):
    """Pictures are changed in training only; in use the layer hands on what it is given."""
    return cast(x, FLOAT)


@layer(L.Pipeline)
def pipeline(layer, x, walk=None):
    """Its layers in turn."""
    for each in layer.layers:
        x = walk.one(each)(x)
    return x


@layer(L.CenterCrop)
def center_crop(layer, x):
    wanted = dict(zip(spatial_axes(layer, x), (layer.height, layer.width), strict=True))
    if x.rank != 4 or any(x.shape[axis] < size for axis, size in wanted.items()):
        refuse("a picture smaller than what is to be cut out of it")
    starts = {axis: (int(x.shape[axis]) - size) // 2 for axis, size in wanted.items()}
    return cut(x, [_range(x, axis, starts, wanted) for axis in range(1, x.rank)])


def _range(x, axis, starts, wanted):
    first = starts.get(axis, 0)
    return first, first + wanted.get(axis, int(x.shape[axis]))


@layer(L.Resizing)
def resizing(layer, x):
    return resized(layer, x, (layer.height, layer.width))


@operation("Resize")
def resize(op, x):
    return resized(op, x, op.size)


def resized(layer, x, size):
    """The nearest value, or a mean of neighbours with half-pixel centres: a product with a matrix for each axis, whose
    rows sum to one (jax.image.resize without antialiasing)."""
    if layer.crop_to_aspect_ratio or layer.pad_to_aspect_ratio or layer.antialias:
        refuse("crop_to_aspect_ratio, pad_to_aspect_ratio or antialias")
    weights = {"nearest": _nearest, "bilinear": _bilinear}.get(layer.interpolation)
    if weights is None or x.rank != 4:
        refuse(f"interpolation {layer.interpolation!r} of {x.rank} axes")
    mb = builder()
    h = channels_first(layer, cast(x, FLOAT))
    rows, columns = (weights(int(old), int(new)) for old, new in zip(h.shape[2:], size, strict=True))
    h = mb.matmul(x=h, y=np.ascontiguousarray(columns.T))
    h = mb.matmul(x=mb.transpose(x=h, perm=[0, 1, 3, 2]), y=np.ascontiguousarray(rows.T))
    return as_keras(layer, mb.transpose(x=h, perm=[0, 1, 3, 2]))


def _centres(old, new):
    # In float32, as JAX computes them: their rounding shows in the weights.
    half = np.float32(0.5)
    return (np.arange(new, dtype=np.float32) + half) * np.float32(old / new) - half


def _nearest(old, new):
    places = np.clip(np.floor(_centres(old, new) + 0.5).astype(int), 0, old - 1)
    return np.eye(old, dtype=np.float32)[places]


def _bilinear(old, new):
    near = np.maximum(0, 1 - np.abs(_centres(old, new)[:, None] - np.arange(old)))
    return (near / near.sum(axis=1, keepdims=True)).astype(np.float32)


@operation("RGBToGrayscale")
def grayscale(op, x):
    """0.2989 red + 0.5870 green + 0.1140 blue, as Keras weighs them."""
    mb = builder()
    axis = x.rank - 1 if op.data_format != "channels_first" else 1
    if x.shape[axis] == 1:
        return x
    shape = [3 if each == axis else 1 for each in range(x.rank)]
    weights = np.array([0.2989, 0.5870, 0.1140], np.float32).reshape(shape)
    return mb.reduce_sum(x=mb.mul(x=x, y=weights), axes=[axis], keep_dims=True)


@layer(L.CategoryEncoding)
def category_encoding(layer, x):
    return _encoded(x, layer.output_mode, layer.num_tokens)


@layer(L.Discretization)
def discretization(layer, x):
    """How many boundaries lie at or below each value; a sum, since MIL has no search."""
    if layer.sparse:
        refuse("sparse=True")
    return _encoded(_digits(x, layer.bin_boundaries), layer.output_mode, len(layer.bin_boundaries) + 1)


@operation("Digitize")
def digitize(op, x, bins):
    return _digits(x, plain(bins))


def _digits(x, edges):
    mb = builder()
    if is_var(edges):
        refuse("boundaries that are no constants")
    above = mb.greater_equal(x=mb.expand_dims(x=cast(x, FLOAT), axes=[x.rank]), y=np.asarray(edges, np.float32))
    return mb.reduce_sum(x=mb.cast(x=above, dtype=WHOLE), axes=[x.rank], keep_dims=False)


def _encoded(x, mode, depth):
    mb = builder()
    x = cast(x, WHOLE)
    if mode == "int":
        return x
    if mode == "one_hot":
        return counted(mb.squeeze(x=x, axes=[x.rank - 1]) if x.rank > 1 and x.shape[-1] == 1 else x, depth)
    if x.rank == 1:
        refuse(f"output_mode {mode!r} across rows")
    found = counted(x, depth)
    reduce = mb.reduce_max if mode == "multi_hot" else mb.reduce_sum
    return reduce(x=found, axes=[1], keep_dims=False)


@layer(L.STFTSpectrogram)
def spectrogram(layer, x):
    """Each channel on its own through two convolutions, with the cosines and sines of the window; then what ``mode`` asks."""
    mb = builder()
    if layer.mode == "angle":
        refuse("mode 'angle': Core ML has no arctan2")
    h = channels_first(layer, x)
    channels, steps = int(h.shape[1]), int(h.shape[2])
    h = mb.reshape(x=h, shape=[-1, 1, steps])
    kernels = [getattr(layer, name, None) for name in ("real_kernel", "imag_kernel")]
    real, imaginary = (None if each is None else _transformed(layer, h, numbers(each)) for each in kernels)
    if layer.mode in ("real", "imag"):
        return _arranged(layer, real if layer.mode == "real" else imaginary, channels)
    if layer.mode == "stft":
        return _arranged(layer, mb.concat(values=[real, imaginary], axis=1), channels)
    power = mb.add(x=mb.square(x=real), y=mb.square(x=imaginary))
    if layer.mode == "psd":
        twice = np.full((1, int(power.shape[1]), 1), 2, np.float32)
        twice[:, [0, -1]] = 1
        return _arranged(layer, mb.mul(x=power, y=twice), channels)
    least = np.float32(keras.config.epsilon())
    magnitude = mb.sqrt(x=mb.maximum(x=power, y=least))
    if layer.mode == "log":
        magnitude = mb.log(x=mb.maximum(x=magnitude, y=least), epsilon=np.float32(0))
    return _arranged(layer, magnitude, channels)


def _transformed(layer, h, kernel):
    weight = np.ascontiguousarray(kernel.transpose(2, 1, 0))
    step = [int(layer._frame_step)]
    around = pads(layer, h.shape[2:], weight.shape[2:], step, [1])
    return builder().conv(x=h, weight=weight, strides=step, pad_type="custom", pad=around)


def _arranged(layer, found, channels):
    """(rows * channels, frequencies, times) in Keras's order of axes."""
    mb = builder()
    frequencies, times = (int(size) for size in found.shape[1:])
    last = layer.data_format == "channels_last"
    if layer.expand_dims:
        found = mb.reshape(x=found, shape=[-1, channels, frequencies, times])
        return mb.transpose(x=found, perm=[0, 3, 2, 1] if last else [0, 1, 3, 2])
    found = mb.reshape(x=found, shape=[-1, channels * frequencies, times])
    return mb.transpose(x=found, perm=[0, 2, 1]) if last else found
