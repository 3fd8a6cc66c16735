"""Transposed convolutions."""

import keras
import numpy as np

from ....mil.blocks import builder
from .convolution import finished
from .layout import channels_first, whole
from .walk import layer, refuse
from .weights import numbers

L = keras.layers


@layer(L.Conv1DTranspose, L.Conv2DTranspose, L.Conv3DTranspose)
def transposed_convolution(layer, x):
    """Every value of x times the kernel, laid down ``strides`` apart and added up; then cut to the size Keras gives.

    Keras keeps the kernel as (*sizes, out, in), Core ML as (in, out, *sizes), both without turning it round.
    """
    mb = builder()
    kernel = np.ascontiguousarray(np.moveaxis(numbers(layer.kernel), [-1, -2], [0, 1]))
    rank = kernel.ndim - 2
    strides, dilations = whole(layer.strides, rank), whole(layer.dilation_rate, rank)
    extra = layer.output_padding
    extra = [None] * rank if extra is None else whole(extra, rank)
    crops, tails = [], []
    for size, stride, dilation, more in zip(kernel.shape[2:], strides, dilations, extra, strict=True):
        reach = (size - 1) * dilation + 1
        before, after = _jax_padding(reach, stride, layer.padding, more)
        crops += [reach - 1 - before, max(reach - 1 - after, 0)]
        tails.append(max(after - reach + 1, 0))
    if layer.padding not in ("valid", "same"):
        refuse(f"padding={layer.padding!r}")
    bias = numbers(layer.bias) if layer.use_bias else None
    y = mb.conv_transpose(
        x=channels_first(layer, x),
        weight=kernel,
        strides=strides,
        dilations=dilations,
        pad_type="custom",
        pad=crops,
        **({} if bias is None or any(tails) else {"bias": bias}),
    )
    if any(tails):
        ends = [each for tail in tails for each in (0, tail)]
        y = mb.pad(x=y, pad=[0, 0, 0, 0, *ends], mode="constant", constant_val=np.float32(0))
        y = y if bias is None else mb.add(x=y, y=bias.reshape(1, -1, *[1] * rank))
    return finished(layer, y)


def _jax_padding(reach, stride, padding, extra):
    """(before, after): the zeros Keras puts around the stretched input; as keras/src/backend/common/backend_utils.py says
    for JAX (Keras 3.15, 2026)."""
    if padding == "valid":
        more = max(reach, stride) - reach if extra is None else extra
        return reach - 1, reach - 1 + more
    total = stride + reach - 2 if extra is None else reach + reach % 2 - 2 + extra
    before = min(total // 2 + total % 2, reach - 1)
    return before, total - before
