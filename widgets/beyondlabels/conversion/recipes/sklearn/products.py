"""New features from the old: products of features, and splines of each."""

import numpy as np
from sklearn.preprocessing import PolynomialFeatures, SplineTransformer

from ....limits import get
from ....mil.blocks import builder, constant, subtract
from ....mil.search import round_up
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries
from .edges import moved
from .scaling import nothing_carried


@recipe(PolynomialFeatures, outputs={"transformed": "transform"}, carries=nothing_carried)
def polynomial(model, x):
    """Products of features: those of each degree are made from the degree below, times one more feature."""
    mb = builder()
    wanted = [tuple(np.repeat(np.arange(len(powers)), powers)) for powers in model.powers_]
    needed = {each[:size] for each in wanted for size in range(2, len(each) + 1)}
    joined, places = [x], {(feature,): feature for feature in range(model.n_features_in_)}
    before, inside = x, places
    for degree in range(2, max(map(len, wanted)) + 1):
        now = sorted(each for each in needed if len(each) == degree)
        parents = np.array([inside[each[:-1]] for each in now], np.int32)
        last = np.array([each[-1] for each in now], np.int32)
        before = mb.mul(x=mb.gather(x=before, indices=parents, axis=1), y=mb.gather(x=x, indices=last, axis=1))
        inside = {each: place for place, each in enumerate(now)}
        places = places | {each: len(places) + place for each, place in inside.items()}
        joined.append(before)
    if () in wanted:
        first = mb.slice_by_index(x=x, begin=[0, 0], end=[0, 1], end_mask=[True, False])
        joined.append(mb.cast(x=mb.equal(x=first, y=first), dtype="fp32"))
        places = places | {(): len(places)}
    made = joined[0] if len(joined) == 1 else mb.concat(values=joined, axis=1)
    return {"transformed": mb.gather(x=made, indices=np.array([places[each] for each in wanted], np.int32), axis=1)}


def _zeros(model):
    """Whether a missing value is legal, and gives zeros: an option since scikit-learn 1.9."""
    return getattr(model, "handle_missing", "error") == "zeros"


def _refuse(model):
    if model.extrapolation == "linear" and model.degree < 2 and model.n_features_in_ > 1:
        found = f"degree={model.degree} with extrapolation='linear' for several features: from the second one on "
        return [get("option-not-covered").because(found + "scikit-learn 1.9 goes on from another knot than the last")]
    return []


def _limits(model):
    found = "extrapolation='error'; beyond the knots the package continues the outermost pieces"
    return [get("no-errors").because(found)] if model.extrapolation == "error" else []


def _expected(model, method, X):
    """The model's own method. Rounded to float32 the outermost training rows may lie beyond their own knots by that much,
    which extrapolation='error' does not forgive; those are put back on the knot."""
    if model.extrapolation == "error":
        knots = np.stack([spline.t for spline in model.bsplines_])
        low, high = knots[:, model.degree], knots[:, -model.degree - 1]
        rows = np.asarray(X, np.float64)
        inside = np.clip(rows, low, high)
        X = np.where(np.abs(rows - inside) <= 2.0**-23 * np.abs(rows), inside, rows)
    return getattr(model, method)(X)


def _basis(u, knots, degree):
    """All B-splines of this degree at ``u`` (rows, features): (rows, features, knots - degree - 1).

    ``knots`` (features, knots), sorted. From indicators of the interval upwards (Cox 1972; de Boor 1972); a row beyond
    the base knots counts to the outermost interval. An interval of no width gives 0, as in scipy.
    """
    mb = builder()
    u = mb.expand_dims(x=u, axes=[2])
    zeros, ones = (mb.cast(x=mb.not_equal(x=u, y=u), dtype="fp32"), mb.cast(x=mb.equal(x=u, y=u), dtype="fp32"))
    inner = knots[:, degree + 1 : knots.shape[1] - degree - 1]
    reached = [mb.cast(x=mb.greater_equal(x=u, y=round_up(inner)[None]), dtype="fp32")] if inner.shape[1] else []
    after, upto = [mb.concat(values=[*both], axis=2) for both in ([ones, *reached], [*reached, zeros])]
    spline = mb.sub(x=after, y=upto)
    if degree:
        sides = [mb.concat(values=[zeros] * degree, axis=2) if degree > 1 else zeros] * 2
        spline = mb.concat(values=[sides[0], spline, sides[1]], axis=2)
    from_left = mb.sub(x=u, y=constant(knots)[None])
    for order in range(1, degree + 1):
        width = knots[:, order:] - knots[:, :-order]
        inverse = np.divide(1, width, out=np.zeros_like(width), where=width > 0)
        count = spline.shape[2] - 1
        rising = mb.mul(x=_cut(from_left, 0, count), y=constant(inverse[:, :count])[None])
        falling = mb.mul(x=_cut(from_left, order + 1, count), y=constant(-inverse[:, 1 : count + 1])[None])
        rising = mb.mul(x=rising, y=_cut(spline, 0, count))
        spline = mb.add(x=rising, y=mb.mul(x=falling, y=_cut(spline, 1, count)))
    return spline


def _cut(x, start, count):
    """``count`` columns of the last axis."""
    begin, end, open_ends = [0, 0, start], [0, 0, start + count], [True, True, False]
    return builder().slice_by_index(x=x, begin=begin, end=end, begin_mask=open_ends, end_mask=open_ends)


def _beyond(model, x, low, high, basis, unit):
    """What to add where x is below ``low`` or above ``high``: only the outermost splines stay, and go on in a line."""
    mb = builder()
    degree = max(model.degree, 1) + (model.degree == 1) if model.extrapolation == "linear" else model.degree
    for edge, side in ((low, -1), (high, 1)):
        kept = np.arange(basis.shape[2]) < degree
        kept = kept if side < 0 else kept[::-1]
        values = np.stack([spline(at) for spline, at in zip(model.bsplines_, edge, strict=True)])
        gone = np.where(kept, 0.0, -np.nan_to_num(values))
        away = subtract(x, edge, unit)
        outside = mb.less(x=away, y=np.float32(0)) if side < 0 else mb.greater(x=away, y=np.float32(0))
        if gone.any():
            flag = mb.expand_dims(x=mb.cast(x=outside, dtype="fp32"), axes=[2])
            basis = mb.add(x=basis, y=mb.mul(x=flag, y=constant(gone)[None]))
        if model.extrapolation == "linear":
            slopes = np.stack([spline(at, nu=1) for spline, at in zip(model.bsplines_, edge, strict=True)])
            slopes = np.where(kept, np.nan_to_num(slopes), 0.0)
            bound = mb.minimum if side < 0 else mb.maximum
            line = mb.expand_dims(x=bound(x=away, y=np.float32(0)), axes=[2])
            basis = mb.add(x=basis, y=mb.mul(x=line, y=constant(slopes)[None]))
    return basis


@recipe(
    SplineTransformer,
    outputs={"transformed": "transform"},
    reference=_expected,
    refuse=_refuse,
    limits=_limits,
    nan=_zeros,
    edges=lambda model: model.degree == 0,
    ties=lambda model, name, X, near: moved(model.transform, X, near),
    jumps=lambda model: ("transformed",) if model.degree == 0 and model.extrapolation == "periodic" else (),
    carries=lambda model: Carries(
        "statistics", f"the knots of {counted(model.n_features_in_, 'feature')}. None of your rows."
    ),
)
def splines(model, x):
    """B-splines in units of the range between the outermost base knots (Eilers and Marx 1996)."""
    mb = builder()
    degree = model.degree
    knots = np.stack([spline.t for spline in model.bsplines_])
    low, high = knots[:, degree], knots[:, -degree - 1]
    unit = np.where(high > low, high - low, 1.0)
    if _zeros(model):
        missing = mb.not_equal(x=x, y=x)
        x = mb.select(cond=missing, a=constant(low)[None], b=x)
    u = mb.real_div(x=subtract(x, low, unit), y=constant(unit))
    if model.extrapolation == "periodic":
        u = mb.sub(x=u, y=mb.floor(x=u))
    elif model.extrapolation in ("constant", "linear"):
        top = constant((high - low) / unit)[None]
        u = mb.minimum(x=mb.maximum(x=u, y=np.float32(0)), y=top)
    made = _basis(u, (knots - low[:, None]) / unit[:, None], degree)
    if model.extrapolation == "periodic" and degree:
        count = made.shape[2] - degree
        head = mb.add(x=_cut(made, 0, degree), y=_cut(made, count, degree))
        made = mb.concat(values=[head, _cut(made, degree, count - degree)], axis=2) if count > degree else head
    elif model.extrapolation in ("constant", "linear"):
        made = _beyond(model, x, low, high, made, unit)
    if _zeros(model):
        known = mb.expand_dims(x=mb.cast(x=mb.logical_not(x=missing), dtype="fp32"), axes=[2])
        made = mb.mul(x=made, y=known)
    if not model.include_bias:
        made = _cut(made, 0, made.shape[2] - 1)
    return {"transformed": mb.reshape(x=made, shape=[-1, made.shape[1] * made.shape[2]])}
