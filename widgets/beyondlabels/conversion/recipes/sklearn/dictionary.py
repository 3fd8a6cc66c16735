"""Sparse codes: a row as a sum of few atoms of a dictionary."""

import numpy as np
import sklearn
from sklearn.decomposition import DictionaryLearning, MiniBatchDictionaryLearning, SparseCoder

from ....limits import get
from ....mil.blocks import builder, constant
from ....mil.matching_pursuit import matching_pursuit
from ....mil.solvers import lasso, soft_threshold
from ...registry import recipe
from ...verdict import Carries

_LASSO = ("lasso_cd", "lasso_lars")
# sparse_encode's lasso_cd stops at a duality gap of 1e-8 of a row's square from scikit-learn 1.8 on, of 1e-4 before; its
# code is as near to the optimum as about the gap's root (the objective is strongly convex).
_STOPS_EARLY = tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 8)


def _atoms(model):
    """float64 (atoms, features)."""
    return np.asarray(model.dictionary if isinstance(model, SparseCoder) else model.components_, np.float64)


def _carries(model):
    count, features = _atoms(model).shape
    if isinstance(model, SparseCoder):
        return Carries("none", f"the dictionary you gave, {count} atoms of {features} features. Nothing of your rows.")
    return Carries("statistics", f"{count} atoms of {features} features. None of your rows.")


def _kind(model):
    return "iterative" if model.transform_algorithm in _LASSO else "exact"


def _limits(model):
    if _kind(model) == "exact":
        return []
    found = "the lasso: until nothing changes that float32 can tell"
    if _tolerance(model) > 1e-4:
        found += (
            f"; scikit-learn {sklearn.__version__} stops up to {_tolerance(model):.0e} before, 1.8 and later do not"
        )
    return [get("solver-stops").because(found)]


def _tolerance(model):
    if _kind(model) == "exact":
        return 1e-5
    return 1e-2 if _STOPS_EARLY and model.transform_algorithm == "lasso_cd" else 1e-4


def _refuse(model):
    if not hasattr(model, "n_features_in_"):  # a SparseCoder works without, so scikit-learn calls it fitted
        return [get("not-fitted").because(type(model).__name__)]
    algorithm, atoms = model.transform_algorithm, _atoms(model)
    if algorithm == "lars":
        return [_uncovered("transform_algorithm='lars': its path has no fixed number of steps")]
    if algorithm == "lasso_lars" and model.positive_code:
        return [_uncovered("positive_code=True with lasso_lars: its path does not end at the lasso's optimum")]
    if algorithm == "lasso_lars" and model.transform_max_iter < 4 * len(atoms):
        return [_uncovered(f"transform_max_iter={model.transform_max_iter} may cut the path of lasso_lars short")]
    if algorithm in _LASSO and not _independent(atoms):
        return [_uncovered(f"{algorithm} over atoms that nearly depend on each other: too slow to find in float32")]
    return []


def _uncovered(what):
    return get("option-not-covered").because(what)


def _independent(atoms):
    """Whether coordinate descent is quick: a condition number of at most 300, atoms that are 0 left out."""
    atoms = atoms[(atoms != 0).any(axis=1)]
    spread = np.linalg.svd(atoms, compute_uv=False) ** 2
    return len(atoms) <= atoms.shape[1] and (not len(atoms) or spread.max() <= 300 * spread.min())


def _penalty(model):
    """scikit-learn's rule: transform_alpha, else what it was fitted with, else 1."""
    alpha = model.transform_alpha if model.transform_alpha is not None else getattr(model, "alpha", None)
    return 1.0 if alpha is None else float(alpha)


def _invert(model, z):
    mb = builder()
    atoms = _atoms(model)
    return mb.matmul(x=z, y=constant(np.vstack([atoms, -atoms]) if model.split_sign else atoms))


@recipe(
    SparseCoder,
    DictionaryLearning,
    MiniBatchDictionaryLearning,
    outputs={"transformed": "transform"},
    kind=_kind,
    limits=_limits,
    refuse=_refuse,
    carries=_carries,
    invert=_invert,
    tolerance=_tolerance,
)
def sparse_code(model, x):
    """Soft threshold, orthogonal matching pursuit or the lasso, and the signs split where asked for."""
    mb = builder()
    atoms = _atoms(model)
    if model.transform_algorithm == "omp":
        count = model.transform_n_nonzero_coefs
        count = min(max(atoms.shape[1] / 10, 1), len(atoms)) if count is None else count
        code = matching_pursuit(x, atoms, int(count))
    else:
        code = mb.matmul(x=x, y=constant(atoms), transpose_y=True)
        if model.transform_algorithm == "threshold":
            code = soft_threshold(code, _penalty(model), model.positive_code)
        else:
            most = max(1000, model.transform_max_iter)
            code = lasso(code, atoms @ atoms.T, _penalty(model), model.positive_code, most)
    if model.split_sign:
        zero = np.float32(0)
        code = mb.concat(values=[mb.maximum(x=code, y=zero), mb.sub(x=zero, y=mb.minimum(x=code, y=zero))], axis=1)
    return {"transformed": code}
