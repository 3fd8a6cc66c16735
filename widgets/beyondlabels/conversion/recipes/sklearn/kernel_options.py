"""What models with a kernel share: its options by name, what cannot be covered, and how many digits float32 keeps."""

from numbers import Real

import numpy as np
from sklearn.metrics.pairwise import KERNEL_PARAMS, pairwise_kernels

from ....limits import get
from ....mil.kernel_features import explicit
from ....mil.kernels import KERNELS

_EPS = 2.0**-24
# How many typical roundings the worst error of a hundred rows comes to (else 6), measured on small fits.
_ROUNDINGS = {"poly": 16, "polynomial": 16, "additive_chi2": 8}


def dense(values):
    """``values`` as a float64 array, wherever they were kept sparse."""
    return np.asarray(values.toarray() if hasattr(values, "toarray") else values, np.float64)


def parameters(name, given):
    """Those of ``given`` that the kernel ``name`` uses and that are set, with scikit-learn's own default for chi2."""
    used = {key: value for key, value in given.items() if key in KERNEL_PARAMS[name] and value is not None}
    return {"gamma": 1.0, **used} if name == "chi2" else used


def refuse_kernel(name, given=None):
    """Limits that forbid the kernel ``name`` (a string, or whatever the user passed) with the parameters ``given``."""
    if name not in KERNELS:
        said = f"kernel={name!r}" if isinstance(name, str) else "kernel=<a function of yours>"
        return [get("option-not-covered").because(said)]
    odd = [key for key, value in parameters(name, given or {}).items() if not isinstance(value, Real)]
    return [get("option-not-covered").because(f"{key} that is not a number") for key in odd]


def loss(name, rows, weights, given, centred=False):
    """The worst relative error that float32 is expected to make in K(row, rows) @ weights, for each column.

    ``rows`` (points, features) and ``weights`` (points, columns) are float64. Roundings add like a random walk (Higham 2002,
    2.8); they are taken relative to the column, as parity measures it, with the model's own rows as the sample. ``centred``:
    whether the column's mean is taken off afterwards.
    """
    features = explicit(name, rows, **given)
    if features and features.products is None:
        return worst_loss(features.of_rows(rows), features.weighted(rows).T @ weights, centred=centred)
    values = pairwise_kernels(rows, metric=name, filter_params=True, **given)
    lost = worst_loss(values, weights, _ROUNDINGS.get(name, 6), centred)
    if not features:
        return lost
    ours = worst_loss(features.of_rows(rows), features.weighted(rows).T @ weights, centred=centred)
    return np.maximum(
        ours, lost * 2.0**-29
    )  # the model itself sums kernel values, in float64: tiny rows are lost there


def worst_loss(values, weights, roundings=6, centred=False):
    """The same for any ``values`` (rows, points), each known to a rounding or so."""
    made = values @ weights
    made = made - made.mean(axis=0) if centred else made
    noise = _EPS * np.sqrt((np.square(values) @ np.square(weights)).mean(axis=0))
    scale = np.sqrt(np.maximum(np.square(made).mean(axis=0), np.square(made).mean() / 32**2))
    with np.errstate(all="ignore"):
        return np.where(noise > 0, roundings * noise / scale, 0.0)
