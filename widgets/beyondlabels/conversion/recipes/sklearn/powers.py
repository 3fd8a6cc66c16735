"""Powers of each feature, towards a normal shape: Box and Cox (1964), Yeo and Johnson (2000)."""

import numpy as np
from sklearn.preprocessing import PowerTransformer

from ....limits import get
from ....mil.blocks import builder, constant, subtract
from ....mil.functions import expm1, log_ratio
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries

_LOGARITHM = 1e-9  # below this exponent the power is the logarithm, to float32


def _power(exponent, logarithm):
    """(exp(exponent * logarithm) - 1) / exponent, an exponent for each feature; the logarithm itself where it is 0."""
    mb = builder()
    none = np.abs(exponent) < _LOGARITHM
    if none.all():
        return logarithm
    exponent = constant(np.where(none, 1.0, exponent))
    power = mb.real_div(x=expm1(mb.mul(x=logarithm, y=exponent)), y=exponent)
    return mb.select(cond=none[None], a=logarithm, b=power) if none.any() else power


def _value(exponent, logarithm):
    """The same in NumPy, for what is known when the package is written; in extended precision where the system has it."""
    exponent = np.asarray(exponent, np.longdouble)
    none = np.abs(exponent) < _LOGARITHM
    safe = np.where(none, 1, exponent)
    return np.where(none, logarithm, np.expm1(safe * logarithm) / safe)


def _pivot(exponent, mean):
    """The v whose logarithm ``_value`` turns into ``mean``; 1 where rounding has left none."""
    exponent = np.asarray(exponent, np.longdouble)
    none = np.abs(exponent) < _LOGARITHM
    safe = np.where(none, 1, exponent)
    with np.errstate(all="ignore"):
        found = np.exp(np.where(none, mean, np.log1p(safe * mean) / safe)).astype(np.float64)
    return np.where(np.isfinite(found) & (found > 0), found, 1.0)


def _standardised(x, shift, exponent, mean, scale):
    """((v^exponent - 1) / exponent - mean) / scale for v = x + shift, (rows, features).

    Around the pivot p that becomes the mean it is p^exponent ((v / p)^exponent - 1) / exponent, where nothing cancels.
    """
    mb = builder()
    pivot = _pivot(exponent, mean)
    with np.errstate(over="ignore"):
        factor = np.exp(exponent * np.log(pivot) - np.log(scale))
        spread = pivot / factor
    difference = subtract(x, pivot - shift, spread)
    value = mb.add(x=x, y=np.float32(shift)) if shift else x
    logarithm = log_ratio(mb.real_div(x=value, y=constant(pivot)), mb.real_div(x=difference, y=constant(pivot)))
    made = mb.mul(x=_power(exponent, logarithm), y=constant(factor))
    rest = np.asarray((_value(exponent, np.log(np.asarray(pivot, np.longdouble))) - mean) / scale, np.float64)
    return mb.add(x=made, y=constant(rest)) if (np.abs(rest) > 1e-9).any() else made


def _yeo_johnson(x, exponent, mean, scale):
    """Above 0 the power of x + 1; below, that of 1 - x with 2 - exponent, both signs turned.

    Features whose mean is below 0 are turned as a whole, so that the mean lies on the side of the pivot.
    """
    mb = builder()
    sign = np.where(mean < 0, -1.0, 1.0)
    here, there = np.where(mean < 0, 2 - exponent, exponent), np.where(mean < 0, exponent, 2 - exponent)
    x = mb.mul(x=x, y=constant(sign)) if (sign < 0).any() else x
    above = _standardised(mb.maximum(x=x, y=np.float32(0)), 1.0, here, np.abs(mean), scale)
    size = mb.mul(x=mb.minimum(x=x, y=np.float32(0)), y=np.float32(-1))
    power = _power(there, log_ratio(mb.add(x=size, y=np.float32(1)), size))
    # apart, for far from 0 the two are beyond float32 and their ratio is not
    below = mb.sub(x=mb.mul(x=power, y=constant(-1 / scale)), y=constant(np.abs(mean) / scale))
    made = mb.select(cond=mb.greater_equal(x=x, y=np.float32(0)), a=above, b=below)
    return mb.mul(x=made, y=constant(sign)) if (sign < 0).any() else made


def _expected(model, method, X):
    """The model's own method; in extended precision where its float64 would lose the digits: far from 0 the exponents can
    squeeze a feature until its scale is 1e-13 of its mean."""
    if not model.standardize or (np.abs(model._scaler.mean_) < 1e8 * model._scaler.scale_).all():
        return getattr(model, method)(X)
    x, exponent = np.asarray(X, np.longdouble), np.asarray(model.lambdas_)
    if model.method == "box-cox":
        made = _value(exponent, np.log(x))
    else:
        below = _value(2 - exponent, np.log1p(np.maximum(-x, 0)))
        made = np.where(x >= 0, _value(exponent, np.log1p(np.maximum(x, 0))), -below)
    return ((made - model._scaler.mean_) / model._scaler.scale_).astype(np.float64)


def _carries(model):
    how = " and its mean and standard deviation after that" if model.standardize else ""
    return Carries(
        "statistics", f"an exponent for each of {counted(model.n_features_in_, 'feature')}{how}. None of your rows."
    )


def _limits(model):
    found = "Box-Cox takes numbers above 0; for others the package gives minus infinity or no number (NaN)"
    return [get("no-errors").because(found)] if model.method == "box-cox" else []


@recipe(PowerTransformer, outputs={"transformed": "transform"}, reference=_expected, limits=_limits, carries=_carries)
def power(model, x):
    exponent = np.asarray(model.lambdas_, np.float64)
    mean, scale = np.zeros_like(exponent), np.ones_like(exponent)
    if model.standardize:
        mean, scale = np.asarray(model._scaler.mean_, np.float64), np.asarray(model._scaler.scale_, np.float64)
    if model.method == "box-cox":
        return {"transformed": _standardised(x, 0.0, exponent, mean, scale)}
    return {"transformed": _yeo_johnson(x, exponent, mean, scale)}
