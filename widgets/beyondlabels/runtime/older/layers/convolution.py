"""Convolution and deconvolution; what stands before (channels, *spatial) is batch."""

from types import SimpleNamespace

import numpy as np

from ...bounds import room
from ...ops.convolution import conv, conv_transpose
from .registry import layer

_SAME = ("same", "same_lower")  # BOTTOM_RIGHT_HEAVY, TOP_LEFT_HEAVY
_SAME_3D = SimpleNamespace(asymmetryMode=0)


@layer("convolution")
def convolution(
    x,
    weight=None,
    outputChannels=0,
    kernelChannels=0,
    nGroups=1,
    kernelSize=(),
    stride=(),
    dilationFactor=(),
    valid=None,
    same=None,
    isDeconvolution=False,
    hasBias=False,
    weights=None,
    bias=None,
    outputShape=(),
):
    """(…, C_in, H, W) by weights (C_out, C_in / groups, *kernel), of a deconvolution (C_in, C_out / groups, *kernel)."""
    groups, kernel = nGroups or 1, list(kernelSize) or [3, 3]
    common = {
        "strides": list(stride) or [1, 1],
        "groups": groups,
        "bias": bias.shaped(outputChannels) if hasBias else None,
    }
    pads = borders(valid.paddingAmounts if valid else None)
    pad = {"pad_type": _SAME[same.asymmetryMode]} if same else {"pad_type": "custom", "pad": pads}
    if isDeconvolution:
        kept = weights.shaped(kernelChannels, outputChannels // groups, *kernel, channels=1)
        return _folded(x, 2, lambda part: _turned(part, kept, common, pads, same, outputShape))
    kept = weights.shaped(outputChannels, kernelChannels, *kernel) if weight is None else weight
    dilations = list(dilationFactor) or [1, 1]
    return _folded(x, 2, lambda part: conv(_roomy(part, pads), kept, dilations=dilations, **pad, **common))


@layer("convolution3d")
def convolution3d(
    x,
    outputChannels,
    inputChannels,
    nGroups,
    weights,
    bias,
    hasBias,
    isDeconvolution,
    outputShape,
    paddingType,
    **sizes,
):
    """(n, C_in, D, H, W); padding given, none, or such that ceil(size / stride) places come out, the odd one after."""
    groups = nGroups or 1
    kernel, strides, dilations, pads = spatial(sizes)
    common = {"strides": strides, "groups": groups, "bias": bias.shaped(outputChannels) if hasBias else None}
    pads = pads if paddingType == 0 else [0] * 6
    if isDeconvolution:
        kept = weights.shaped(inputChannels, outputChannels // groups, *kernel, channels=1)
        return _turned(x, kept, common, pads, _SAME_3D if paddingType == 2 else None, outputShape)
    kept = weights.shaped(outputChannels, inputChannels // groups, *kernel)
    pad = {"pad_type": "same"} if paddingType == 2 else {"pad_type": "custom", "pad": pads}
    return conv(_roomy(x, pads), kept, dilations=dilations, **pad, **common)


def spatial(sizes):
    """(kernel, strides, dilations, pads) of a layer with three spatial axes, from its separate fields."""
    axes = ("Depth", "Height", "Width")
    kernel = [sizes[f"kernel{axis}"] for axis in axes]
    strides = [sizes[f"stride{axis}"] or 1 for axis in axes]
    dilations = [sizes.get(f"dilation{axis}") or 1 for axis in axes]
    sides = ("Front", "Back", "Top", "Bottom", "Left", "Right")
    return kernel, strides, dilations, [sizes[f"customPadding{side}"] for side in sides]


def borders(amounts):
    """[top, bottom, left, right] of ``BorderAmounts``, 0 where not given."""
    edges = amounts.borderAmounts if amounts else []
    if len(edges) not in (0, 2):
        raise ValueError(f"border amounts are given for {len(edges)} axes; expected 2")
    return [size for edge in edges for size in (edge.startEdgeSize, edge.endEdgeSize)] or [0, 0, 0, 0]


def _turned(x, weights, common, pads, same, output_shape):
    rank = x.ndim - 2
    kernel, strides = weights.shape[2:], common["strides"]
    whole = [(size - 1) * step + reach for size, step, reach in zip(x.shape[2:], strides, kernel, strict=True)]
    room(len(x), weights.shape[1], *whole)
    if len(output_shape) or same:
        sizes = list(output_shape) or [size * step for size, step in zip(x.shape[2:], strides, strict=True)]
        cut = [max(full - size, 0) for full, size in zip(whole, sizes, strict=True)]
        late = same is not None and same.asymmetryMode == 1
        pads = [
            side for each in cut for side in ((each - each // 2, each // 2) if late else (each // 2, each - each // 2))
        ]
        asked = [len(x), weights.shape[1] * common["groups"], *room(*sizes)]
        return conv_transpose(
            x, weights, pad=pads, pad_type="custom", output_shape=asked, dilations=[1] * rank, **common
        )
    return conv_transpose(x, weights, pad=pads, pad_type="custom", dilations=[1] * rank, **common)


def _folded(x, spatial_rank, work):
    lead = x.shape[: -1 - spatial_rank]
    made = work(x.reshape(-1, *x.shape[-1 - spatial_rank :]))
    return made.reshape(*lead, *made.shape[1:])


def _roomy(x, pads):
    room(*x.shape[:2], *(size + sum(pads[2 * axis : 2 * axis + 2]) for axis, size in enumerate(x.shape[2:])))
    return np.ascontiguousarray(x)
