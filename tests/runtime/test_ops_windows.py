"""Convolution against its definition in plain loops, and transposed convolution as its exact way back, at random."""

from itertools import product

import numpy as np
import pytest

from beyondlabels.runtime.ops import OPS


def by_definition(x, weight, strides, dilations, pads, groups):
    """Every output one by one: the sum of products under the kernel, float64."""
    x = np.pad(x.astype(np.float64), [(0, 0), (0, 0), *pads])
    kernel, outputs = weight.shape[2:], len(weight)
    sizes = zip(x.shape[2:], kernel, strides, dilations, strict=True)
    count = [(size - (k - 1) * d - 1) // s + 1 for size, k, s, d in sizes]
    made = np.zeros((len(x), outputs, *count))
    for row, out, place in product(range(len(x)), range(outputs), np.ndindex(*count)):
        first = out // (outputs // groups) * weight.shape[1]
        for channel, tap in product(range(weight.shape[1]), np.ndindex(*kernel)):
            at = tuple(p * s + t * d for p, s, t, d in zip(place, strides, tap, dilations, strict=True))
            made[(row, out, *place)] += x[(row, first + channel, *at)] * weight[(out, channel, *tap)]
    return made


def draw(seed):
    """Random (x, weight, strides, dilations, pads, groups): one, two or three axes, depthwise among them."""
    rng = np.random.default_rng(seed)
    rank = int(rng.integers(1, 4))
    groups, inner, outer = rng.choice([1, 1, 2, 3]), *rng.integers(1, 4, 2)
    kernel, strides, dilations = rng.integers(1, 4, rank), rng.integers(1, 4, rank), rng.integers(1, 3, rank)
    pads = rng.integers(0, 3, (rank, 2))
    reach = (kernel - 1) * dilations + 1
    sizes = np.maximum(reach - pads.sum(axis=1), 1) + rng.integers(0, 4, rank)
    x = rng.normal(size=(2, groups * inner, *sizes)).astype(np.float32)
    weight = rng.normal(size=(groups * outer, inner, *kernel)).astype(np.float32)
    return x, weight, strides, dilations, pads, int(groups)


@pytest.mark.parametrize("seed", range(60))
def test_convolution_is_what_its_definition_says(seed):
    x, weight, strides, dilations, pads, groups = draw(seed)
    options = {"strides": strides, "dilations": dilations, "groups": groups}
    found = OPS["conv"](x=x, weight=weight, pad_type="custom", pad=pads.ravel(), **options)
    wanted = by_definition(x, weight, strides, dilations, pads, groups)
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("seed", range(60))
def test_transposed_convolution_is_the_adjoint(seed):
    """<conv(x), y> = <x, conv_transpose(y)> for all x and y, whatever the stride, dilation, padding and groups."""
    x, weight, strides, dilations, pads, groups = draw(seed)
    options = {"strides": strides, "dilations": dilations, "groups": groups, "pad_type": "custom", "pad": pads.ravel()}
    there = OPS["conv"](x=x, weight=weight, **options)
    y = np.random.default_rng(seed + 1000).normal(size=there.shape).astype(np.float32)
    back = OPS["conv_transpose"](x=y, weight=weight, output_shape=np.array(x.shape), **options)
    assert back.shape == x.shape
    left, right = (there * y).sum(dtype=np.float64), (x * back).sum(dtype=np.float64)
    assert left == pytest.approx(right, rel=1e-4, abs=1e-3)


@pytest.mark.parametrize("kind", ["max_pool", "avg_pool", "l2_pool"])
@pytest.mark.parametrize("pad_type", ["valid", "same", "custom"])
def test_pooling_looks_at_every_window(kind, pad_type):
    rng = np.random.default_rng(1)
    x, pads = (
        rng.normal(size=(2, 3, 7, 6)).astype(np.float32),
        {"valid": (0, 0), "same": (0, 1), "custom": (1, 2)}[pad_type],
    )
    found = OPS[kind](x=x, kernel_sizes=[3, 2], strides=[2, 2], pad_type=pad_type, pad=[*(1, 2), *(1, 2)])
    rows, columns = (1, 1) if pad_type == "same" else pads, (0, 0) if pad_type == "same" else pads
    filled = np.pad(x, [(0, 0), (0, 0), rows, columns], constant_values=-np.inf if kind == "max_pool" else 0)
    how = {"max_pool": np.max, "avg_pool": np.mean, "l2_pool": lambda part, axis: np.sqrt((part**2).sum(axis=axis))}[
        kind
    ]
    for i, j in np.ndindex(*found.shape[2:]):
        window = filled[:, :, 2 * i : 2 * i + 3, 2 * j : 2 * j + 2]
        np.testing.assert_allclose(found[:, :, i, j], how(window, axis=(2, 3)), rtol=1e-5, atol=1e-6)
