"""Quantiles: where a value stands among those of the training rows, as a share or as the number of a bin."""

import numpy as np
from scipy.stats import norm
from sklearn.preprocessing import KBinsDiscretizer, QuantileTransformer

from ....mil.blocks import builder, constant
from ....mil.functions import normal_quantile
from ....mil.search import last_not_above, round_up, starts
from ....mil.trees import round_down
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries
from .behind import below, smallest_not_below

_EDGE = 1e-7  # scikit-learn's own BOUNDS_THRESHOLD


def _positions(x, quantiles):
    """Where x stands among ``quantiles`` (knots, features), float64: (place, forward, backward), each (rows, features).

    ``place`` counts knots from 0, halfway between the first and the last of equal knots that x meets; ``forward`` is the
    share of the way to the next knot, ``backward`` that from the next knot back to x.
    """
    mb = builder()
    knots, most = quantiles.T, len(quantiles) - 1
    up = round_up(knots)
    begin = starts(list(up))[None]
    reached = mb.sub(x=last_not_above(x, list(up)), y=begin)  # -1 below the first knot
    left = mb.maximum(x=reached, y=np.int32(0))
    right = mb.minimum(x=mb.add(x=reached, y=np.int32(1)), y=np.int32(most))
    low, high = (_less(x, knots, up, mb.add(x=place, y=begin)) for place in (left, right))
    width = mb.sub(x=low, y=high)
    inside = mb.cast(x=mb.greater(x=width, y=np.float32(0)), dtype="fp32")  # 0 below the first knot and above the last
    outside = mb.sub(x=np.float32(1), y=inside)
    safe = mb.add(x=width, y=outside)
    forward = mb.mul(x=mb.clip(x=mb.real_div(x=low, y=safe), alpha=0.0, beta=1.0), y=inside)
    backward = mb.clip(x=mb.real_div(x=mb.mul(x=high, y=np.float32(-1)), y=safe), alpha=0.0, beta=1.0)
    backward = mb.maximum(x=backward, y=outside)
    place = mb.cast(x=left, dtype="fp32")
    if (np.diff(knots, axis=1) == 0).any():
        first = _first_of_equals(x, knots, reached)
        middle = mb.mul(x=mb.cast(x=mb.add(x=left, y=first), dtype="fp32"), y=np.float32(0.5))
        at_first = mb.select(cond=mb.equal(x=first, y=np.int32(0)), a=mb.sub(x=middle, y=middle), b=middle)
        ends = mb.logical_and(x=mb.equal(x=left, y=np.int32(most)), y=mb.greater(x=first, y=np.int32(0)))
        place = mb.select(cond=ends, a=place, b=at_first)
    return place, forward, backward


def _first_of_equals(x, knots, reached):
    """The number of knots below x where x meets a knot; the last knot not above it, never below 0, elsewhere."""
    mb = builder()
    # knot < x is -x < -knot: the same search from the other side
    turned = [round_up(-each[::-1]) for each in knots]
    others = mb.sub(x=last_not_above(mb.mul(x=x, y=np.float32(-1)), turned), y=starts(turned)[None])
    below = mb.sub(x=np.int32(knots.shape[1] - 1), y=others)
    return mb.minimum(x=below, y=mb.maximum(x=reached, y=np.int32(0)))


def _less(x, knots, up, index):
    """x - knots[index], with the digits of the float64 knots that float32 would lose where they matter."""
    mb = builder()
    difference = mb.sub(x=x, y=mb.gather(x=up.reshape(-1), indices=index, axis=0))
    low = knots - up
    gaps = np.diff(knots, axis=1)
    narrow = gaps[gaps > 0].min(initial=np.inf)
    if (np.abs(low) > 1e-7 * knots.shape[1] * narrow).any():
        difference = mb.sub(x=difference, y=mb.gather(x=constant(low).reshape(-1), indices=index, axis=0))
    return difference


def _carries_quantiles(model):
    count, features = model.quantiles_.shape
    where = f"{counted(count, 'quantile')} of {counted(features, 'feature')}"
    return Carries("statistics", f"{where}: single values of yours, without their rows.")


@recipe(
    QuantileTransformer,
    outputs={"transformed": "transform"},
    edges=lambda model: bool((np.diff(model.quantiles_, axis=0) == 0).any()),  # it jumps at a value that is there often
    carries=_carries_quantiles,
    keeps_nan=lambda model: True,
)
def quantile(model, x):
    """The share of training values below x: linear between the quantiles, the middle of equal ones. For a normal output
    the normal quantile of that share, measured from the nearer end so that the tails keep their digits. NaN stays NaN.
    """
    made = _standing(model, x)
    return {"transformed": builder().select(cond=builder().equal(x=x, y=x), a=made, b=x)}


def _standing(model, x):
    mb = builder()
    quantiles = np.asarray(model.quantiles_, np.float64)
    most = len(quantiles) - 1
    place, forward, backward = _positions(x, quantiles)
    place_above = mb.sub(x=np.float32(most - 1), y=place)
    below = mb.mul(x=mb.add(x=place, y=forward), y=np.float32(1 / max(most, 1)))
    above = mb.mul(x=mb.add(x=place_above, y=backward), y=np.float32(1 / max(most, 1)))
    upper = mb.greater(x=below, y=np.float32(0.5))
    if model.output_distribution == "uniform":
        return mb.select(cond=upper, a=mb.sub(x=np.float32(1), y=above), b=below)
    at_low = mb.less(x=x, y=round_up(quantiles[0] + _EDGE)[None])
    at_high = mb.greater(x=x, y=round_down(quantiles[-1] - _EDGE)[None])
    upper = mb.logical_and(x=mb.logical_or(x=upper, y=at_high), y=mb.logical_not(x=at_low))
    tail = mb.select(cond=upper, a=above, b=below)
    tail = mb.select(cond=mb.logical_or(x=at_low, y=at_high), a=mb.mul(x=tail, y=np.float32(0)), b=tail)
    value = normal_quantile(mb.clip(x=tail, alpha=_EDGE / 2, beta=0.9))
    value = mb.maximum(x=value, y=np.float32(norm.ppf(_EDGE - np.spacing(1))))
    return mb.select(cond=upper, a=mb.mul(x=value, y=np.float32(-1)), b=value)


def _carries_bins(model):
    edges = f"the edges of {counted(int(model.n_bins_.sum()), 'bin')}"
    if model.strategy == "quantile":
        return Carries("statistics", f"{edges}: single values of yours, without their rows.")
    return Carries("statistics", f"{edges}. None of your rows.")


def _inner_edges(model):
    return [np.asarray(edges[1:-1], np.float64) for edges in model.bin_edges_]


def _questions(model):
    edges = _inner_edges(model)
    return np.repeat(np.arange(len(edges)), [len(each) for each in edges]), np.concatenate(edges), below


@recipe(
    KBinsDiscretizer,
    outputs={"transformed": "transform"},
    edges=lambda model: True,
    questions=lambda model: lambda: _questions(model),
    carries=_carries_bins,
)
def bins(model, x):
    """How many inner edges are not above x; one-hot on request. A float32 x falls in the bin that float64 edges give it."""
    mb = builder()
    edges = [smallest_not_below(np.full(len(each), column), each) for column, each in enumerate(_inner_edges(model))]
    # a feature of one bin has no inner edge: one that no number reaches stands in
    tables = [round_up(each) if len(each) else round_up([np.inf]) for each in edges]
    place = mb.add(x=mb.sub(x=last_not_above(x, tables), y=starts(tables)[None]), y=np.int32(1))
    if any(len(each) == 0 for each in edges):
        place = mb.minimum(x=place, y=np.array([[len(each) for each in edges]], np.int32))
    if model.encode == "ordinal":
        return {"transformed": mb.cast(x=place, dtype="fp32")}
    counts = [len(each) + 1 for each in edges]
    column = np.repeat(np.arange(len(edges)), counts).astype(np.int32)
    number = np.concatenate([np.arange(count) for count in counts]).astype(np.int32)
    hot = mb.equal(x=mb.gather(x=place, indices=column, axis=1), y=number[None])
    return {"transformed": mb.cast(x=hot, dtype="fp32")}
