"""Convolution over (n, channels, *spatial), with one, two or three spatial axes, as products of matrices."""

import numpy as np

from .windows import numbers, padded, padding, places, spans, taps

_CHUNK = 2**18  # values unrolled at once, so that they stay near the processor


def conv(x, weight, bias=None, strides=None, pad_type="valid", pad=None, dilations=None, groups=1):
    """(n, C_in, *d) by weight (C_out, C_in / groups, *k) to (n, C_out, *places): the products under the kernel, summed.

    The kernel is not turned round (it is a cross-correlation). ``pad`` counts only with pad_type "custom".
    """
    kernel, rank, groups = weight.shape[2:], x.ndim - 2, int(groups)
    strides, dilations = numbers(strides, rank), numbers(dilations, rank)
    reach = spans(kernel, dilations)
    x = padded(x, padding(pad_type, pad, x.shape[2:], reach, strides))
    count = places(x.shape[2:], reach, strides)
    made = np.empty((len(x), len(weight), *count), np.result_type(x, weight))
    one = weight.shape[1] * groups * int(np.prod(kernel)) * int(np.prod(count))
    step = max(1, _CHUNK // max(one, 1))
    product = _depthwise if weight.shape[1] == 1 else _product
    for start in range(0, len(x), step):
        made[start : start + step] = product(x[start : start + step], weight, strides, dilations, count, groups)
    return _with_bias(made, bias)


def conv_quantized(x, weight, quantization_type, quant_scale, quant_bias, nbits=8, **others):
    """``conv`` with the weight unpacked first: weight * quant_scale + quant_bias. Experimental in MIL; only "linear"."""
    if quantization_type != "linear":
        raise ValueError(f"quantization_type {quantization_type!r} is not covered")
    spread = (-1, *[1] * (weight.ndim - 1))
    return conv(x, weight * np.reshape(quant_scale, spread) + np.reshape(quant_bias, spread), **others)


def conv_transpose(
    x, weight, bias=None, pad=None, output_shape=None, pad_type="valid", strides=None, dilations=None, groups=1
):
    """The way back from ``conv`` through its shapes: each value of x lays the kernel, times itself, over the output.

    weight (C_in, C_out / groups, *k). Places: (d - 1) * stride + reach less ``pad`` ("custom"), d * stride ("same"), or
    those of ``output_shape``; what lies beyond is cut off, what is missing at the end is zero (then bias).
    """
    kernel, rank, groups = weight.shape[2:], x.ndim - 2, int(groups)
    strides, dilations = numbers(strides, rank), numbers(dilations, rank)
    reach = spans(kernel, dilations)
    whole = [(size - 1) * step + far for size, step, far in zip(x.shape[2:], strides, reach, strict=True)]
    cut = [(0, 0)] * rank if pad_type != "custom" or pad is None else padding("custom", pad, whole, reach, strides)
    sizes = [full - low - high for full, (low, high) in zip(whole, cut, strict=True)]
    if pad_type == "same":
        sizes = [size * step for size, step in zip(x.shape[2:], strides, strict=True)]
    if output_shape is not None:
        sizes = [int(size) for size in output_shape[2:]]
    if pad_type == "same":
        cut = [(max(full - size, 0) // 2, 0) for full, size in zip(whole, sizes, strict=True)]
    lay = _laid if any(step > 1 for step in dilations) else _phases
    laid = lay(x, weight, strides, dilations, whole, groups)
    ends = [(low, low + size) for (low, _), size in zip(cut, sizes, strict=True)]
    beyond = [(0, max(end - full, 0)) for (_, end), full in zip(ends, whole, strict=True)]
    made = padded(laid, beyond)[(..., *(slice(start, end) for start, end in ends))]
    return _with_bias(np.ascontiguousarray(made), bias)


def _product(x, weight, strides, dilations, count, groups):
    """Unroll what lies under each kernel into columns, and multiply once for each group."""
    n, channels = x.shape[:2]
    kernel, area = weight.shape[2:], int(np.prod(count))
    if all(size == 1 for size in kernel):
        columns = next(taps(x, kernel, strides, dilations, count))
    else:
        steps = [step * each for step, each in zip(x.strides[2:], dilations, strict=True)]
        moves = [step * each for step, each in zip(x.strides[2:], strides, strict=True)]
        columns = np.lib.stride_tricks.as_strided(
            x, (n, channels, *kernel, *count), (*x.strides[:2], *steps, *moves), writeable=False
        )
    columns = columns.reshape(n, groups, -1, area)
    flat = weight.reshape(groups, len(weight) // groups, -1)
    return np.matmul(flat, columns).reshape(n, len(weight), *count)


def _depthwise(x, weight, strides, dilations, count, groups):
    """Where each output reads one channel, one pass for each place of the kernel is faster than a product of matrices."""
    spread = (1, groups, -1, *[1] * len(count))
    made = 0
    flat = weight.reshape(len(weight), -1)
    for place, part in enumerate(taps(x, weight.shape[2:], strides, dilations, count)):
        made = made + part[:, :, None] * flat[:, place].reshape(spread)
    return made.reshape(len(x), len(weight), *count)


def _phases(x, weight, strides, dilations, whole, groups):
    """The outputs whose places leave the same rest when divided by the stride are an ordinary convolution of x with every
    stride-th tap of the kernel, turned round: each output is written once."""
    outputs = weight.shape[1]
    made = np.zeros((len(x), groups * outputs, *whole), np.result_type(x, weight))
    for rest in np.ndindex(*strides):
        part = weight[(..., *(slice(start, None, step) for start, step in zip(rest, strides, strict=True)))]
        if not part.size:
            continue
        part = np.flip(part, tuple(range(2, part.ndim))).reshape(groups, -1, outputs, *part.shape[2:]).swapaxes(1, 2)
        around = np.repeat([size - 1 for size in part.shape[3:]], 2)
        part = np.ascontiguousarray(part.reshape(groups * outputs, -1, *part.shape[3:]))
        where = (..., *(slice(start, None, step) for start, step in zip(rest, strides, strict=True)))
        made[where] = conv(x, part, pad_type="custom", pad=around, groups=groups)
    return made


def _laid(x, weight, strides, dilations, whole, groups):
    """Each value of x times the kernel, added to the output tap by tap."""
    n, channels = x.shape[:2]
    kernel, area = weight.shape[2:], int(np.prod(x.shape[2:]))
    outputs = weight.shape[1]
    flat = weight.reshape(groups, channels // groups, -1).swapaxes(1, 2)  # (groups, outputs * places, inputs)
    made = np.zeros((n, groups * outputs, *whole), np.result_type(x, weight))
    step = max(1, _CHUNK // max(flat.shape[1] * groups * area, 1))
    for start in range(0, n, step):
        part = x[start : start + step]
        columns = np.matmul(flat, part.reshape(len(part), groups, -1, area))
        columns = columns.reshape(len(part), groups * outputs, *kernel, *x.shape[2:])
        target = taps(made[start : start + step], kernel, strides, dilations, x.shape[2:])
        for tap, under in zip(np.ndindex(*kernel), target, strict=True):
            under += columns[(slice(None), slice(None), *tap)]
    return made


def _with_bias(made, bias):
    if bias is not None:
        made += np.reshape(bias, (-1, *[1] * (made.ndim - 2)))
    return made
