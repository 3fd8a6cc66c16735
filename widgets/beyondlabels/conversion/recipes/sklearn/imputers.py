"""Imputers: what stands in for a missing value. A missing value is a legal input here."""

from dataclasses import replace

import numpy as np
from sklearn.impute import MissingIndicator, SimpleImputer

from ....limits import get
from ....mil.blocks import builder, constant
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries
from .behind import on_their_side


def is_nan(model):
    """Whether NaN is what counts as missing: NaN itself, or pandas.NA."""
    value = model.missing_values
    return type(value).__name__ == "NAType" or (isinstance(value, (float, np.floating)) and np.isnan(value))


def refuse_marker(model):
    """Limits for a ``missing_values`` that a package cannot meet."""
    value = model.missing_values
    if is_nan(model):
        return []
    if value is None or isinstance(value, (str, bytes)):
        return [get("option-not-covered").because(f"missing_values={value!r}")]
    if float(np.float32(value)) != float(value):
        found = f"missing_values={value!r} is no float32, so no value of the package's input equals it"
        otherwise = "Mark missing values with NaN, or with a whole number below 2^24, and fit again."
        return [replace(get("float32-input").because(found), instead=otherwise)]
    return []


def where_missing(model, x):
    """Where x is missing: bool, shape of x. MIL has no isnan; NaN alone differs from itself."""
    mb = builder()
    return mb.not_equal(x=x, y=x) if is_nan(model) else mb.equal(x=x, y=np.float32(model.missing_values))


def _flags(missing, features):
    """1 where missing, for the given features."""
    mb = builder()
    return mb.gather(x=mb.cast(x=missing, dtype="fp32"), indices=np.asarray(features, np.int32), axis=1)


def finished(model, imputed, missing, kept):
    """The columns that are kept, and the indicator's behind them."""
    mb = builder()
    kept = np.asarray(kept, bool)
    made = imputed if kept.all() else mb.gather(x=imputed, indices=np.flatnonzero(kept).astype(np.int32), axis=1)
    if model.add_indicator and len(model.indicator_.features_):
        made = mb.concat(values=[made, _flags(missing, model.indicator_.features_)], axis=1)
    return {"transformed": made}


def _fills(model):
    """What stands in for a missing value of each feature, float64; NaN for a feature that is left out."""
    statistics = np.asarray(model.statistics_)
    fills = np.array([np.nan if each is None else each for each in statistics], np.float64)
    dtype = np.dtype(getattr(model, "_fill_dtype", np.float64))
    known = ~np.isnan(fills)
    fills[known] = fills[known].astype(dtype).astype(np.float64)
    return fills


def keeps_columns(model):
    """Whether a ``SimpleImputer`` hands on the columns that it is given, no more and no less."""
    return not (np.isnan(_fills(model)).any() or (model.add_indicator and len(model.indicator_.features_)))


def _refuse_simple(model):
    if getattr(model, "_fit_dtype", np.dtype(float)).kind == "O":
        return [get("option-not-covered").because("fitted on objects or text; fit on numbers, as in X.astype(float)")]
    found = refuse_marker(model)
    if np.isnan(_fills(model)).all():
        found.append(get("option-not-covered").because("no feature is left: none had a value"))
    return found


def _carries_simple(model):
    if model.strategy == "constant":
        return Carries("none", "Nothing of your rows.")
    named = {"mean": "the mean", "median": "the median", "most_frequent": "the most frequent value"}
    what = named.get(model.strategy, "one number") if isinstance(model.strategy, str) else "one number"
    return Carries("statistics", f"{what} of {counted(model.n_features_in_, 'feature')}. None of your rows.")


@recipe(
    SimpleImputer,
    outputs={"transformed": "transform"},
    refuse=_refuse_simple,
    nan=is_nan,
    carries=_carries_simple,
)
def simple(model, x):
    """A missing value becomes the feature's mean, median, most frequent value or a constant."""
    mb = builder()
    fills, missing = _fills(model), where_missing(model, x)
    stand_in = np.nan_to_num(on_their_side(fills) if keeps_columns(model) else fills)
    imputed = mb.select(cond=missing, a=constant(stand_in)[None], b=x)
    return finished(model, imputed, missing, ~np.isnan(fills))


def _refuse_indicator(model):
    found = refuse_marker(model)
    if not len(model.features_):
        found.append(get("option-not-covered").because("no feature had a missing value, so no column is left"))
    return found


def _new_missing(model):
    if model.features != "missing-only" or not model.error_on_new or len(model.features_) == model.n_features_in_:
        return []
    found = "error_on_new=True; a missing value in a feature that had none leaves no trace in the package's output"
    return [get("no-errors").because(found)]


@recipe(
    MissingIndicator,
    outputs={"transformed": "transform"},
    refuse=_refuse_indicator,
    limits=_new_missing,
    nan=is_nan,
    carries=lambda model: Carries("none", "Nothing of your rows."),
)
def indicator(model, x):
    """1 where a value is missing, else 0."""
    return {"transformed": _flags(where_missing(model, x), model.features_)}
