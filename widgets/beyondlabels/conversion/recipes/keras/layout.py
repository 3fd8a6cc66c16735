"""Between Keras's layout, channels last, and Core ML's, channels first; and the padding called "same"."""

from ....mil.blocks import builder


def channels_first(layer, x):
    """``x`` of shape (rows, …, channels) as (rows, channels, …), unless the layer has it so already."""
    if layer.data_format == "channels_first":
        return x
    return builder().transpose(x=x, perm=[0, x.rank - 1, *range(1, x.rank - 1)])


def as_keras(layer, x):
    """The way back."""
    if layer.data_format == "channels_first":
        return x
    return builder().transpose(x=x, perm=[0, *range(2, x.rank), 1])


def spatial_axes(layer, x):
    """The axes between rows and channels, in the layer's own layout."""
    return list(range(2, x.rank)) if layer.data_format == "channels_first" else list(range(1, x.rank - 1))


def pads(layer, sizes, kernel, strides, dilations):
    """Padding before and after each axis, flat. "same" puts the odd one at the end, as TensorFlow and JAX do
    (Keras 3 API reference, Convolution layers, 2026)."""
    if layer.padding == "causal":
        return [(kernel[0] - 1) * dilations[0], 0]
    if layer.padding == "valid":
        return [0] * (2 * len(kernel))
    found = []
    for size, width, stride, dilation in zip(sizes, kernel, strides, dilations, strict=True):
        reach = (width - 1) * dilation + 1
        total = max((-(-size // stride) - 1) * stride + reach - size, 0)
        found += [total // 2, total - total // 2]
    return found


def whole(value, rank):
    """A number for every axis, as a list."""
    return [int(value)] * rank if isinstance(value, int) else [int(each) for each in value]
