"""KNNImputer: a missing value becomes the mean of the nearest rows that have it. The rows are in the package."""

from copy import copy

import numpy as np
from sklearn.impute import KNNImputer

from ....limits import get
from ....mil.blocks import beyond, builder, constant
from ....mil.nan_distances import squared_nan_distances
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries
from .imputers import finished, is_nan, refuse_marker, where_missing
from .stored_rows import close, said

_AT_ONCE = 1 << 22  # differences held at a time


def _refuse(model):
    found = refuse_marker(model)
    if model.metric != "nan_euclidean":
        found.append(get("option-not-covered").because(f"metric={said(model.metric)}"))
    if model.weights not in ("uniform", "distance"):
        found.append(get("option-not-covered").because(f"weights={said(model.weights)}"))
    if not model._valid_mask.any():
        found.append(get("option-not-covered").because("no feature is left: none had a value"))
    return found


def _stored(model):
    """(rows, lacking, mean, centre): training rows less the centre, 0 where lacking; the features' means; and a centre,
    which is 0 unless the rows lie far from 0 beside their own spread."""
    lacking = np.asarray(model._mask_fit_X, bool)
    rows = np.where(lacking, 0.0, np.asarray(model._fit_X, np.float64))
    count = np.maximum((~lacking).sum(axis=0), 1)
    mean = rows.sum(axis=0) / count
    spread = np.sqrt((np.where(lacking, 0.0, rows - mean) ** 2).sum(axis=0) / count)
    centre = mean if (np.abs(mean) > spread).any() else np.zeros_like(mean)
    return np.where(lacking, 0.0, rows - centre), lacking, mean, centre


def _missing(model, X):
    return np.isnan(X) if is_nan(model) else model.missing_values == X


def _from_first(model, X, near, rounding=1.0):
    """(filled, ties): X filled in by the model's rule in NumPy, of equally near rows the first; and the rows of X for
    which the last row that counts and the next are equally far, so that the model may take either."""
    rows, lacking, mean, centre = _stored(model)
    X = np.array(X, np.float64)
    filled, ties = X.copy(), np.zeros(len(X), bool)
    furthest = np.linalg.norm(rows, axis=1).max()
    incomplete = np.flatnonzero(_missing(model, X)[:, model._valid_mask].any(axis=1))
    some = max(1, _AT_ONCE // rows.size)
    for start in range(0, len(incomplete), some):
        which = incomplete[start : start + some]
        missing = _missing(model, X[which])
        known = np.where(missing, 0.0, X[which] - centre)
        size = rounding * (np.linalg.norm(known, axis=1) + furthest)
        both = ~missing[:, None] & ~lacking[None]
        with np.errstate(all="ignore"):
            squared = (np.where(both, known[:, None] - rows[None], 0.0) ** 2).sum(axis=2) / both.sum(axis=2)
        for feature in np.flatnonzero(model._valid_mask):
            here, donors = np.flatnonzero(missing[:, feature]), np.flatnonzero(~lacking[:, feature])
            distance = squared[np.ix_(here, donors)]
            order = np.argsort(distance, axis=1, kind="stable")[:, : model.n_neighbors + 1]
            nearest = np.take_along_axis(distance, order, axis=1)
            if nearest.shape[1] > model.n_neighbors:
                last, following = np.sqrt(nearest[:, -2]), np.sqrt(nearest[:, -1])
                ties[which[here]] |= close(following - last, following, size[here], near)
            weights = _weights(model, nearest[:, : model.n_neighbors])
            total = weights.sum(axis=1)
            values = (rows[donors, feature][order[:, : model.n_neighbors]] * weights).sum(axis=1)
            filled[which[here], feature] = np.where(
                total > 0, values / np.where(total > 0, total, 1) + centre[feature], mean[feature]
            )
    return filled, ties


def _weights(model, squared):
    """What each neighbour counts, 0 where there is no distance (NaN); where one is 0, only such rows count."""
    if model.weights == "uniform":
        return (~np.isnan(squared)).astype(float)
    with np.errstate(divide="ignore"):
        inverse = np.nan_to_num(1 / np.sqrt(squared), nan=0.0, posinf=np.inf)
    met = np.isinf(inverse)
    return np.where(met.any(axis=1, keepdims=True), met, inverse)


def _expected(model, method, X):
    """The model's own method; on ties the first of equally near rows, where scikit-learn takes any of them. Far from 0 model
    and rows are moved to the features' means, where scikit-learn's |x|^2 - 2 x.p + |p|^2 keeps its digits."""
    rows, lacking, _, centre = _stored(model)
    kept = np.flatnonzero(model._valid_mask | bool(model.keep_empty_features))
    if centre.any() and is_nan(model):
        twin = copy(model)
        twin._fit_X = np.where(lacking, np.nan, rows)
        made = np.asarray(getattr(twin, method)(np.asarray(X, np.float64) - centre), np.float64)
        made[:, : len(kept)] += centre[kept]
    else:
        made = np.asarray(getattr(model, method)(X), np.float64)
    filled, ties = _from_first(model, np.asarray(X, np.float64), 1e-9, rounding=0.0)
    valid = np.asarray(model._valid_mask)[kept]
    made[np.ix_(ties, np.flatnonzero(valid))] = filled[np.ix_(ties, kept[valid])]
    return made


def _count(model):
    return len(model._fit_X)


@recipe(
    KNNImputer,
    outputs={"transformed": "transform"},
    reference=_expected,
    ties=lambda model, name, X, near: _from_first(model, X, near)[1],
    jumps=lambda model: ("transformed",),
    refuse=_refuse,
    limits=lambda model: [get("carries-rows").because(counted(_count(model), "training row"))],
    nan=is_nan,
    carries=lambda model: Carries(
        "rows", f"{_count(model):,} of your rows word for word (every training row).", _count(model)
    ),
)
def neighbours(model, x):
    """Troyanskaya et al., Missing Value Estimation Methods for DNA Microarrays (2001); distances over the features that
    both rows have; the feature's mean where no row shares one."""
    mb = builder()
    rows, lacking, mean, centre = _stored(model)
    missing = where_missing(model, x)
    squared = squared_nan_distances(x, missing, centre, rows, lacking, beyond())
    valid = np.asarray(model._valid_mask, bool)
    columns = []
    for feature in np.flatnonzero(valid):
        fill = _from_nearest(model, squared, rows[:, feature], ~lacking[:, feature], mean[feature] - centre[feature])
        columns.append(mb.add(x=fill, y=np.float32(centre[feature])) if centre[feature] else fill)
    places = np.where(valid, np.cumsum(valid) - 1, 0).astype(np.int32)
    fills = columns[0] if len(columns) == 1 else mb.concat(values=columns, axis=1)
    fills = fills if valid.all() else mb.gather(x=fills, indices=places, axis=1)
    imputed = mb.select(cond=missing, a=fills, b=x)
    if not valid.all():
        nothing = mb.sub(x=fills, y=fills)
        imputed = mb.select(cond=valid[None], a=imputed, b=nothing)
    return finished(model, imputed, missing, valid | bool(model.keep_empty_features))


def _from_nearest(model, squared, values, donors, otherwise):
    """The mean of ``values`` over the nearest rows among ``donors``, or ``otherwise`` where there are none: (rows, 1)."""
    mb = builder()
    place = np.flatnonzero(donors).astype(np.int32)
    squared = squared if donors.all() else mb.gather(x=squared, indices=place, axis=1)
    nearest, which = mb.topk(x=squared, k=min(model.n_neighbors, len(place)), axis=1, ascending=True)
    weights = mb.cast(x=mb.less(x=nearest, y=beyond()), dtype="fp32")
    weights = mb.mul(x=weights, y=_closeness(nearest)) if model.weights == "distance" else weights
    value = mb.gather(x=constant(values[place]), indices=which, axis=0)
    total = mb.reduce_sum(x=weights, axes=[1], keep_dims=True)
    none = mb.cast(x=mb.equal(x=total, y=np.float32(0)), dtype="fp32")
    sums = mb.reduce_sum(x=mb.mul(x=weights, y=value), axes=[1], keep_dims=True)
    sums = mb.add(x=sums, y=mb.mul(x=none, y=np.float32(otherwise))) if otherwise else sums
    return mb.real_div(x=sums, y=mb.add(x=total, y=none))


def _closeness(squared):
    """1 / distance, relative to the nearest; where a distance is 0, only such rows have a say, as in scikit-learn."""
    mb = builder()
    least = mb.reduce_min(x=squared, axes=[1], keep_dims=True)
    met = mb.cast(x=mb.equal(x=squared, y=np.float32(0)), dtype="fp32")
    ratio = mb.sqrt(x=mb.real_div(x=least, y=mb.add(x=squared, y=met)))
    return mb.maximum(x=ratio, y=met)
