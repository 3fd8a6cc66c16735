"""The way back through a layer: from the gradient of its output to those of its input and its weights.

``BACKWARD[kind](layer, x, y, gradient)`` returns (gradient of x, dict of those of the weights). The kinds are those through
which Core ML can train (``isLayerSupportedForBackprop`` in ``NeuralNetworkValidatorGraph.hpp``, apple/coremltools, 2026),
but for deconvolution and the LSTM, which are refused.
"""

import numpy as np

from ...ops.windows import numbers, padding, places, spans, taps
from ..layers.activation import chosen
from ..layers.convolution import borders

_SAME = ("same", "same_lower")


def refusal(layer):
    """Why training cannot go back through ``layer``, or "" where it can."""
    known = layer.parameters
    if layer.kind not in BACKWARD or len(layer.inputs) != 1:
        return "this runtime does not train through it"
    if layer.kind == "activation" and chosen(known)[0] not in ("ReLU", "sigmoid", "tanh"):
        return f"Core ML trains through ReLU, sigmoid and tanh, not {chosen(known)[0]}{_way_out(*chosen(known))}"
    if layer.kind == "convolution" and known["isDeconvolution"]:
        return "this runtime does not train through a deconvolution"
    if layer.kind == "batchnorm" and known["computeMeanVar"]:
        return "this runtime trains through batch normalisation with stored means only"
    if layer.kind == "pooling" and known["includeLastPixel"]:
        return "this runtime does not train through pooling with windows that are not whole"
    return ""


def _way_out(kind, given):
    """A linear activation can go into the layer before it, W x + b: a (W x + b) + c is (a W) x + (a b + c)."""
    if kind != "linear":
        return ""
    return (
        f"; leave it out, and multiply weights and bias of the dense or convolution layer before it by {given.alpha:g} and add "
        f"{given.beta:g} to the bias: the outputs are the same"
    )


def inner_product(layer, x, y, gradient):
    """Of y = x W^T + b: g W, and g^T x, and the sum of g."""
    known = layer.parameters
    matrix = known["weights"].shaped(known["outputChannels"], known["inputChannels"])
    g = gradient if x.ndim <= 3 else gradient[..., 0, 0]
    rows, flat = x.reshape(-1, matrix.shape[1]), g.reshape(-1, matrix.shape[0])
    return (flat @ matrix).reshape(x.shape), {"weights": flat.T @ rows, "bias": flat.sum(axis=0)}


def activation(layer, x, y, gradient):
    """Of ReLU (0 at 0), sigmoid and tanh."""
    kind = chosen(layer.parameters)[0]
    slope = {"ReLU": lambda: x > 0, "sigmoid": lambda: y * (1 - y), "tanh": lambda: 1 - y * y}[kind]()
    return gradient * slope, {}


def flatten(layer, x, y, gradient):
    """The gradient in the shape, and for CHANNEL_LAST the order, of x."""
    if layer.parameters["mode"] == 1:
        turned = np.moveaxis(x, -3, -1).shape
        return np.moveaxis(gradient.reshape(turned), -1, -3), {}
    return gradient.reshape(x.shape), {}


def batchnorm(layer, x, y, gradient):
    """g gamma / sqrt(variance + epsilon)."""
    known = layer.parameters
    gamma, variance = (known[name].vector(known["channels"])[:, None, None] for name in ("gamma", "variance"))
    return gradient * gamma / np.sqrt(variance + np.float32(known["epsilon"] or 1e-5)), {}


def pooling(layer, x, y, gradient):
    """To the first of the largest values of a window, evenly to all, or by x / y (L2)."""
    known = layer.parameters
    kernel, strides = list(known["kernelSize"]) or [3, 3], list(known["stride"]) or [1, 1]
    part, pads = x.reshape(-1, *x.shape[-3:]), _pads(known, x.shape[-2:], kernel, strides)
    if known["globalPooling"]:
        kernel, strides, pads = list(x.shape[-2:]), [1, 1], [(0, 0), (0, 0)]
    y, g = y.reshape(len(part), *y.shape[-3:]), gradient.reshape(len(part), *gradient.shape[-3:])
    kind = ("max", "average", "l2")[known["type"]]
    around = _around(part, pads, -np.inf if kind == "max" else 0)
    back, count = np.zeros_like(around), places(around.shape[2:], kernel, strides)
    if kind == "average":
        real = _around(np.ones((1, 1, *x.shape[-2:]), np.float32), pads, 0)
        total = sum(taps(real, kernel, strides, [1, 1], count)) if known["avgPoolExcludePadding"] else np.prod(kernel)
        g = g / np.float32(total) if np.ndim(total) == 0 else g / total
    left = np.ones(y.shape, bool)
    windows = zip(*(taps(each, kernel, strides, [1, 1], count) for each in (around, back)), strict=True)
    for under, target in windows:
        if kind == "max":
            hit = left & (under == y)
            left &= ~hit
            target += np.where(hit, g, 0)
        else:
            target += g if kind == "average" else g * under / np.where(y == 0, 1, y)
    return _inside(back, pads, x.shape[-2:]).reshape(x.shape), {}


def convolution(layer, x, y, gradient):
    """Tap by tap: the part of x under a tap with g gives the weights' gradient there, the weights with g that of x."""
    known = layer.parameters
    groups, kernel = known["nGroups"] or 1, list(known["kernelSize"]) or [3, 3]
    strides, dilations = numbers(known["stride"] or None, 2), numbers(known["dilationFactor"] or None, 2)
    reach = spans(kernel, dilations)
    weights = known["weights"].shaped(known["outputChannels"], known["kernelChannels"], *kernel)
    pads = _pads(known, x.shape[-2:], reach, strides)
    part = _around(x.reshape(-1, *x.shape[-3:]), pads, 0)
    back, count = np.zeros_like(part), places(part.shape[2:], reach, strides)
    g = gradient.reshape(len(part), groups, weights.shape[0] // groups, -1)
    grouped = weights.reshape(groups, -1, *weights.shape[1:])
    made = np.zeros_like(grouped)
    windows = zip(*(taps(each, kernel, strides, dilations, count) for each in (part, back)), strict=True)
    for (row, column), (under, target) in zip(np.ndindex(*kernel), windows, strict=True):
        flat = under.reshape(len(part), groups, weights.shape[1], -1)
        made[..., row, column] = np.einsum("ngop,ngcp->goc", g, flat, optimize=True)
        target += np.einsum("goc,ngop->ngcp", grouped[..., row, column], g, optimize=True).reshape(target.shape)
    of_weights = {"weights": made.reshape(weights.shape), "bias": g.sum(axis=(0, 3)).ravel()}
    return _inside(back, pads, x.shape[-2:]).reshape(x.shape), of_weights


def _pads(known, sizes, reach, strides):
    if known["same"]:
        return padding(_SAME[known["same"].asymmetryMode], None, sizes, reach, strides)
    return padding("custom", borders(known["valid"].paddingAmounts if known["valid"] else None), sizes, reach, strides)


def _around(x, pads, value):
    return np.pad(x, [(0, 0), (0, 0), *pads], constant_values=value)


def _inside(x, pads, sizes):
    (top, _), (left, _) = pads
    return x[..., top : top + sizes[0], left : left + sizes[1]]


BACKWARD = {
    "activation": activation,
    "batchnorm": batchnorm,
    "convolution": convolution,
    "flatten": flatten,
    "innerProduct": inner_product,
    "pooling": pooling,
}
