"""Principal directions: centre (or not), then one matrix product."""

import warnings

import numpy as np
from sklearn.decomposition import PCA, IncrementalPCA, TruncatedSVD

from ....limits import get
from ....mil.blocks import builder, constant, subtract
from ....mil.gaussians import evened, log_gaussian
from ....mil.projecting import projected
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries


def _carries(model):
    parts, features = model.components_.shape
    return Carries(
        "statistics",
        f"{counted(parts, 'direction')} and the mean of {counted(features, 'feature')}. None of your rows.",
    )


def _scale(model):
    """Standard deviation of each component as whitening divides by it, never below scikit-learn's own floor."""
    deviation = np.sqrt(model.explained_variance_)
    return np.maximum(deviation, np.finfo(deviation.dtype).eps)


def _refuse(model):
    """Nothing is left of rows that do not vary, nor with n_components=0."""
    return [] if len(model.components_) else [get("option-not-covered").because("no component is left")]


def usable_precision(model):
    """The inverse covariance, shape (features, features), or ``None`` where there is none to speak of."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # scikit-learn's own, about the same thing
        try:
            precision = model.get_precision()
        except (np.linalg.LinAlgError, ValueError):
            return None
    if not np.isfinite(precision).all() or np.linalg.slogdet(precision)[0] <= 0:
        return None
    # Beyond these condition numbers float64 itself keeps fewer digits of the inverse than parity asks for, or none: PCA
    # works with one noise for all features, so there scales far apart cost digits too.
    most = 1 / np.finfo(np.float64).eps
    usable = np.linalg.cond(evened(precision)[1]) < 1e-6 * most
    if np.ndim(model.noise_variance_) == 0:
        usable &= np.linalg.cond(precision) < most
    return precision if usable else None


def with_usable_score(model, outputs):
    """The outputs without the score where that is no usable number."""
    usable = usable_precision(model) is not None
    return {name: method for name, method in outputs.items() if name != "score" or usable}


def limits_of_score(model):
    """The limit that says so."""
    return [] if usable_precision(model) is not None else [get("score-undefined")]


# Both ways take the components as they are, so that a package with both holds them once.


def _invert(model, z):
    mb = builder()
    z = mb.mul(x=z, y=constant(np.sqrt(model.explained_variance_))[None]) if model.whiten else z  # without a floor
    return mb.add(x=mb.matmul(x=z, y=constant(model.components_)), y=constant(model.mean_))


def _project(model, centred):
    mb = builder()
    z = projected(centred, model.components_, np.sqrt(np.nan_to_num(model.explained_variance_)))
    return mb.real_div(x=z, y=constant(_scale(model))[None]) if model.whiten else z


def _centred(model, x):
    return subtract(x, model.mean_, np.sqrt(np.nan_to_num(model.explained_variance_.max())))


@recipe(
    PCA,
    outputs={"transformed": "transform", "reconstructed": "inverse_transform", "score": "score_samples"},
    available=with_usable_score,
    refuse=_refuse,
    invert=_invert,
    limits=limits_of_score,
    carries=_carries,
)
def pca(model, x):
    """Projection and reconstruction, and the log-likelihood of probabilistic PCA (Tipping and Bishop 1999)."""
    centred = _centred(model, x)
    z = _project(model, centred)
    made = {"transformed": z, "reconstructed": _invert(model, z)}
    precision = usable_precision(model)
    if precision is not None:
        made["score"] = log_gaussian(centred, precision)
    return made


@recipe(
    IncrementalPCA,
    outputs={"transformed": "transform", "reconstructed": "inverse_transform"},
    invert=_invert,
    carries=_carries,
)
def incremental_pca(model, x):
    """The same projection, found batch by batch (Ross, Lim, Lin and Yang 2008)."""
    z = _project(model, _centred(model, x))
    return {"transformed": z, "reconstructed": _invert(model, z)}


def _svd_invert(model, z):
    return builder().matmul(x=z, y=constant(model.components_))


@recipe(
    TruncatedSVD,
    outputs={"transformed": "transform", "reconstructed": "inverse_transform"},
    invert=_svd_invert,
    carries=lambda model: Carries(
        "statistics",
        f"{counted(len(model.components_), 'direction')} in {counted(model.n_features_in_, 'feature')}. None of your rows.",
    ),
)
def truncated_svd(model, x):
    """A projection without centring (Halko, Martinsson and Tropp 2011)."""
    z = projected(x, model.components_, model.singular_values_)
    return {"transformed": z, "reconstructed": _svd_invert(model, z)}
