"""Convolution over (n, channels, *spatial), with one, two or three spatial axes, as products of matrices.

What is made here lies in memory with its channels last, whatever its shape says: what lies under a kernel is then a few
long runs to copy, and the transposes around a layer of Keras cost nothing.
"""

import numpy as np

from ..bounds import products, room
from .windows import channels_last, numbers, padded, padding, places, spans, taps

_CHUNK = 2**18  # values unrolled at once, so that they stay near the processor
_FEW = 8  # channels below which runs along the last spatial axis are the longer ones


def conv(x, weight, bias=None, strides=None, pad_type="valid", pad=None, dilations=None, groups=1):
    """(n, C_in, *d) by weight (C_out, C_in / groups, *k) to (n, C_out, *places): the products under the kernel, summed.

    The kernel is not turned round (it is a cross-correlation). ``pad`` counts only with pad_type "custom".
    """
    kernel, rank, groups = weight.shape[2:], x.ndim - 2, int(groups)
    strides, dilations = numbers(strides, rank), numbers(dilations, rank)
    reach = spans(kernel, dilations)
    x = padded(x, padding(pad_type, pad, x.shape[2:], reach, strides))
    count = places(x.shape[2:], reach, strides)
    _insist_groups(x, len(weight), groups, weight.shape[1] * groups)
    products(weight.size * int(np.prod(count)) * len(x))
    if weight.shape[1] == 1 and groups > 1:
        return _with_bias(_depthwise(x, weight, strides, dilations, count, groups), bias)
    made = np.empty(room(len(x), *count, len(weight)), np.result_type(x, weight))
    each, inner = len(weight) // groups, weight.shape[1]
    for group in range(groups):
        part = slice(group * each, (group + 1) * each)
        own = x[:, group * inner : (group + 1) * inner]
        multiply = _summed if each < _FEW <= inner and max(strides) == 1 else _product
        multiply(own, weight[part], strides, dilations, count, made[..., part])
    return _with_bias(np.moveaxis(made, -1, 1), bias)


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
    _insist_groups(x, groups, groups, len(weight))
    products(weight.size * int(np.prod(x.shape[2:])) * len(x))
    whole = [(size - 1) * step + far for size, step, far in zip(x.shape[2:], strides, reach, strict=True)]
    cut = [(0, 0)] * rank if pad_type != "custom" or pad is None else padding("custom", pad, whole, reach, strides)
    sizes = [full - low - high for full, (low, high) in zip(whole, cut, strict=True)]
    if pad_type == "same":
        sizes = [size * step for size, step in zip(x.shape[2:], strides, strict=True)]
    if output_shape is not None:
        sizes = [int(size) for size in output_shape[2:]]
    if pad_type == "same":
        cut = [(max(full - size, 0) // 2, 0) for full, size in zip(whole, sizes, strict=True)]
    room(len(x), groups * weight.shape[1], *whole)
    laid = _laid(x, weight, strides, dilations, whole, groups)
    ends = [(low, low + size) for (low, _), size in zip(cut, sizes, strict=True)]
    beyond = [(0, max(end - full, 0)) for (_, end), full in zip(ends, whole, strict=True)]
    made = padded(laid, beyond)[(..., *(slice(start, end) for start, end in ends))]
    return _with_bias(made, bias)


def _insist_groups(x, outputs, groups, inputs):
    if groups < 1 or outputs % groups or x.shape[1] != inputs:
        raise ValueError(
            f"{x.shape[1]} channels, {groups} groups and weights for {inputs} channels do not fit together"
        )


def _product(x, weight, strides, dilations, count, made):
    """Unroll what lies under each kernel into rows, some examples at a time, and multiply into ``made`` (n, *count, C_out)."""
    channels, kernel, depth = x.shape[1], weight.shape[2:], weight[0].size
    few = channels < _FEW
    flat = (weight if few else np.moveaxis(weight, 1, -1)).reshape(len(weight), depth).T
    flat = np.ascontiguousarray(flat)
    plain = all(size == 1 for size in (*kernel, *strides))
    x = channels_last(x) if plain or not few else x
    examples = max(1, _CHUNK // (depth * int(np.prod(count))))
    for start in range(0, len(x), examples):
        part = slice(start, start + examples)
        columns = x[part] if plain else _unrolled(x[part], kernel, strides, dilations, count, few)
        rows = columns.reshape(depth, -1).T if few and not plain else columns.reshape(-1, depth)
        made[part] = np.matmul(rows, flat).reshape(-1, *made.shape[1:])


def _summed(x, weight, strides, dilations, count, made):
    """For few outputs: every place of the kernel times every place of x first, and then the sums of what lies under it."""
    outputs, kernel, sizes = len(weight), weight.shape[2:], x.shape[2:]
    x, flat = channels_last(x), np.moveaxis(weight, 1, -1).reshape(-1, weight.shape[1])
    examples = max(1, _CHUNK // (len(flat) * int(np.prod(sizes))))
    for start in range(0, len(x), examples):
        rows = x[start : start + examples].reshape(-1, x.shape[-1])
        found = np.matmul(flat, rows.T).reshape(outputs, *kernel, -1, *sizes)
        total = 0
        for tap in np.ndindex(*kernel):
            starts = [place * step for place, step in zip(tap, dilations, strict=True)]
            cut = (slice(first, first + size) for first, size in zip(starts, count, strict=True))
            total = total + found[(slice(None), *tap, slice(None), *cut)]
        made[start : start + examples] = np.moveaxis(total, 0, -1)


def _unrolled(x, kernel, strides, dilations, count, few):
    """What lies under the kernel at every place: (n, *count, *kernel, channels) of x (n, *spatial, channels); for ``few``
    channels (channels, *kernel, n, *count) of x (n, channels, *spatial)."""
    spatial = x.strides[2:] if few else x.strides[1:-1]
    steps = [step * each for step, each in zip(spatial, dilations, strict=True)]
    moves = [step * each for step, each in zip(spatial, strides, strict=True)]
    if few:
        shape, by = (x.shape[1], *kernel, len(x), *count), (x.strides[1], *steps, x.strides[0], *moves)
    else:
        shape, by = (len(x), *count, *kernel, x.shape[-1]), (x.strides[0], *moves, *steps, x.strides[-1])
    return np.lib.stride_tricks.as_strided(x, shape, by, writeable=False)


def _depthwise(x, weight, strides, dilations, count, groups):
    """Where each output reads one channel, one pass for each place of the kernel is faster than a product of matrices."""
    spread = (1, groups, -1, *[1] * len(count))
    made = 0
    flat = weight.reshape(len(weight), -1)
    for place, part in enumerate(taps(x, weight.shape[2:], strides, dilations, count)):
        made = made + part[:, :, None] * flat[:, place].reshape(spread)
    return made.reshape(len(x), len(weight), *count)


def _laid(x, weight, strides, dilations, whole, groups):
    """Each value of x times the kernel, added to the output place of the kernel by place: (n, C_out, *whole)."""
    n, kernel, outputs = len(x), weight.shape[2:], weight.shape[1]
    inner, sizes, area = x.shape[1] // groups, x.shape[2:], int(np.prod(x.shape[2:]))
    few = outputs < _FEW
    x = channels_last(x)
    made = np.zeros((groups * outputs, n, *whole) if few else (n, *whole, groups * outputs), np.result_type(x, weight))
    made = made.swapaxes(0, 1) if few else np.moveaxis(made, -1, 1)
    examples = max(1, _CHUNK // (int(np.prod(kernel)) * outputs * area))
    for group in range(groups):
        own = weight[group * inner : (group + 1) * inner]
        flat = np.ascontiguousarray(np.moveaxis(own, 1, -1)).reshape(
            inner, -1
        )  # (inputs, places of the kernel * outputs)
        given = x[..., group * inner : (group + 1) * inner]
        for start in range(0, n, examples):
            part = given[start : start + examples]
            rows = part.reshape(-1, inner)
            if few:
                found = np.matmul(flat.T, rows.T).reshape(-1, outputs, len(part), *sizes).swapaxes(1, 2)
            else:
                found = np.matmul(rows, flat).reshape(len(part), *sizes, -1, outputs)
                found = np.moveaxis(found, [-2, -1], [0, 2])
            target = made[start : start + examples, group * outputs : (group + 1) * outputs]
            for one, under in zip(found, taps(target, kernel, strides, dilations, sizes), strict=True):
                under += one
    return made


def _with_bias(made, bias):
    if bias is not None:
        made += np.reshape(bias, (-1, *[1] * (made.ndim - 2)))
    return made
