"""Thresholds behind scalers, asked of the raw numbers instead; and a fill that falls on the side its own digits say.

A tree asks ``scaled <= threshold``. In float32 the scaled number is rounded, and a row that lies on the threshold (whole numbers
often do: thresholds lie halfway between two values) may fall on the other side. Scalers never turn the order of a column
round, so the question is the same as ``x <= raw``, where ``raw`` is the largest float32 that they take to no more than the
threshold. It is found by halving, with the scalers' own arithmetic in float64, and it is exact for every float32.

What an imputer fills in is a float64. As a float32 it may lie beyond a threshold that it lay before: often it is one of the
values that the thresholds were made of. Then its neighbour on the right side is filled in.

``Recipe.questions(model)`` gives ``(column, at, holds)``: what the model asks of its input and nothing else,
``holds(x[column], at)``, with ``holds`` one of the functions here.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

import numpy as np
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

_STEPS = ContextVar("the scalers that stand before the thresholds", default=())
_FILLED = ContextVar("the scalers and the questions that what is filled in will meet", default=None)
# float32 numbers in their order, counted from 0, are whole numbers
_MOST = int(np.finfo(np.float32).max.view(np.int32))


def _standard(model, x, column):
    x = x - model.mean_[column] if model.with_mean else x
    return x / model.scale_[column] if model.with_std else x


def _min_max(model, x, column):
    scaled = x * model.scale_[column] + model.min_[column]
    return np.clip(scaled, *model.feature_range) if model.clip else scaled


def _max_abs(model, x, column):
    scaled = x / model.scale_[column]
    return np.clip(scaled, -1.0, 1.0) if getattr(model, "clip", False) else scaled


def _robust(model, x, column):
    x = x - model.center_[column] if model.with_centering else x
    return x / model.scale_[column] if model.with_scaling else x


_SCALED = {StandardScaler: _standard, MinMaxScaler: _min_max, MaxAbsScaler: _max_abs, RobustScaler: _robust}


def not_above(scaled, at):
    """A tree's question: it casts to float32 first."""
    with np.errstate(over="ignore"):
        return scaled.astype(np.float32) <= at


def not_above_as_it_is(scaled, at):
    """The question of whatever compares in float64."""
    return scaled <= at


def below(scaled, at):
    """The question of a bin, whose edge belongs to it."""
    return scaled < at


def of_forest(forest, holds=not_above):
    """The questions of a ``mil.trees.Forest``."""
    asks = ~forest.leaf
    return forest.feature[asks], forest.threshold[asks], holds


def run_of_scalers(steps):
    """How many of the (name, model, recipe) at the end of ``steps`` are scalers, one after the other."""
    count = 0
    while count < len(steps) and type(steps[-1 - count][1]) in _SCALED:
        count += 1
    return count


@contextmanager
def behind(scalers):
    """Thresholds that are read inside stand behind these scalers, which are not written themselves."""
    token = _STEPS.set(tuple(scalers))
    try:
        yield
    finally:
        _STEPS.reset(token)


@contextmanager
def filled_before(scalers, questions):
    """What an imputer fills in, inside, goes through these scalers to these questions."""
    token = _FILLED.set((tuple(scalers), questions()))
    try:
        yield
    finally:
        _FILLED.reset(token)


def largest_not_above(column, threshold):
    """The largest float32 whose scaled value is at most the threshold, float64, for each of the arrays' entries: +inf where
    every float32 is, -inf where none is. The threshold itself where there are no scalers."""
    return _largest(column, threshold, not_above_as_it_is) if _STEPS.get() else threshold


def smallest_not_below(column, edge):
    """The smallest float32 whose scaled value is at least the edge, float64: -inf where every float32 is, +inf where none is.
    The edge itself where there are no scalers."""
    if not _STEPS.get():
        return edge
    return np.nextafter(_largest(column, edge, below).astype(np.float32), np.float32(np.inf)).astype(np.float64)


def raw_forest(forest, holds=not_above):
    """A ``mil.trees.Forest`` whose questions are asked of the raw numbers."""
    if not _STEPS.get():
        return forest
    threshold = forest.threshold.copy()
    threshold[~forest.leaf] = _largest(*of_forest(forest, holds))
    return replace(forest, threshold=threshold)


def on_their_side(fills):
    """What stands in for a missing value of each feature, as numbers that float32 holds, on the side of every threshold on
    which the float64 lies."""
    if _FILLED.get() is None:
        return fills
    scalers, (column, at, holds) = _FILLED.get()
    with behind(scalers):
        held, raw = holds(_scaled(fills[column], column), at), _largest(column, at, holds)
    made = fills.astype(np.float32)
    for each in np.unique(column):
        mine = column == each
        low, high = raw[mine & ~held].max(initial=-np.inf), raw[mine & held].min(initial=np.inf)
        if made[each] > high:
            made[each] = high
        elif made[each] <= low:
            made[each] = np.nextafter(np.float32(low), np.float32(np.inf))
    return made.astype(np.float64)


def _largest(column, at, holds):
    """The largest float32 for which ``holds(scaled, at)``, which is true up to some number and false beyond it."""
    column, at = np.asarray(column), np.asarray(at, np.float64)
    low, high = np.full(at.shape, -_MOST - 1), np.full(at.shape, _MOST)
    while (low < high).any():
        middle = -((-low - high) // 2)
        held = holds(_scaled(_number(middle), column), at)
        low, high = np.where(held, middle, low), np.where(held, high, middle - 1)
    found = _number(np.maximum(low, -_MOST))
    return np.where(low == _MOST, np.inf, np.where(low < -_MOST, -np.inf, found))


def _number(place):
    """The float32 at a place in the order of all of them, as float64."""
    size = np.abs(place).astype(np.int32).view(np.float32).astype(np.float64)
    return np.where(place < 0, -size, size)


def _scaled(x, column):
    with np.errstate(over="ignore", invalid="ignore"):
        for model in _STEPS.get():
            x = _SCALED[type(model)](model, x, column)
    return x
