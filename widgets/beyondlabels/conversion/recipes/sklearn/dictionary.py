"""Sparse codes: a row as a sum of few atoms of a dictionary."""

from dataclasses import replace

import numpy as np
import sklearn
from sklearn.decomposition import DictionaryLearning, MiniBatchDictionaryLearning, SparseCoder

from ....limits import get
from ....mil.blocks import builder, constant
from ....mil.matching_pursuit import matching_pursuit
from ....mil.solvers import lasso, soft_threshold
from ....typeset import counted
from ...reasons import not_fitted
from ...registry import recipe
from ...verdict import Carries
from .pursuit_ties import pursuit_ties

_LASSO = ("lasso_cd", "lasso_lars")
_OTHERWISE = (
    "Choose transform_algorithm='omp' (the default) or 'threshold', which take a fixed number of steps, or no more atoms "
    "than features, and fit again."
)
# sparse_encode's lasso_cd stops at a duality gap of 1e-8 of a row's square from scikit-learn 1.8 on, of 1e-4 before; its
# code is as near to the optimum as about the gap's root (the objective is strongly convex).
_STOPS_EARLY = tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 8)


def _atoms(model):
    """float64 (atoms, features)."""
    return np.asarray(model.dictionary if isinstance(model, SparseCoder) else model.components_, np.float64)


def _carries(model):
    count, features = _atoms(model).shape
    if isinstance(model, SparseCoder):
        return Carries(
            "none",
            f"the dictionary you gave, {counted(count, 'atom')} of {counted(features, 'feature')}. Nothing of your rows.",
        )
    return Carries("statistics", f"{counted(count, 'atom')} of {counted(features, 'feature')}. None of your rows.")


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
    else:
        found += "; no further from the optimum than scikit-learn's tol=1e-8"
    return [get("solver-stops").because(found)]


def _tolerance(model):
    if _kind(model) == "exact":
        return 1e-5
    return 1e-2 if _STOPS_EARLY and model.transform_algorithm == "lasso_cd" else 1e-4


def _refuse(model):
    if not hasattr(model, "n_features_in_"):  # a SparseCoder works without, so scikit-learn calls it fitted
        return [not_fitted(model)]
    algorithm, atoms = model.transform_algorithm, _atoms(model)
    if algorithm == "lars":
        return [_uncovered("transform_algorithm='lars': its path has no fixed number of steps")]
    if algorithm == "lasso_lars" and model.positive_code:
        return [_uncovered("positive_code=True with lasso_lars: its path does not end at the lasso's optimum")]
    if algorithm == "lasso_lars" and model.transform_max_iter < 4 * len(atoms):
        return [_uncovered(f"transform_max_iter={model.transform_max_iter} may cut the path of lasso_lars short")]
    if algorithm in _LASSO and (why := _too_slow(atoms)):
        return [replace(_uncovered(f"{algorithm} {why}"), instead=_OTHERWISE)]
    return []


def _uncovered(what):
    return get("option-not-covered").because(what)


def _too_slow(atoms):
    """Why coordinate descent over these atoms need not come near the lasso's optimum, "" where it is quick: a condition
    number of at most 300, atoms that are 0 left out.

    Measured on 60 rows of 8 features with alpha 0.1: over 12, 16, 32 and 64 atoms scikit-learn's own lasso_cd stops at 1,000
    sweeps with codes that are off by 27, 48, 136 and 221 % of their root mean square, and so does the program.
    """
    atoms = atoms[(atoms != 0).any(axis=1)]
    count, features = atoms.shape
    if count > features:
        return f"over {count} atoms for {features} features: 1,000 sweeps need not find it, in float64 neither"
    spread = np.linalg.svd(atoms, compute_uv=False) ** 2
    if count and spread.max() > 300 * spread.min():
        return "over atoms that nearly depend on each other: too slow to find in float32"
    return ""


def _penalty(model):
    """scikit-learn's rule: transform_alpha, else what it was fitted with, else 1."""
    alpha = model.transform_alpha if model.transform_alpha is not None else getattr(model, "alpha", None)
    return 1.0 if alpha is None else float(alpha)


def _atoms_taken(model):
    """How many atoms orthogonal matching pursuit takes: scikit-learn's rule, a tenth of the features where nothing is set."""
    count, atoms = model.transform_n_nonzero_coefs, _atoms(model)
    return int(min(max(atoms.shape[1] / 10, 1), len(atoms)) if count is None else count)


def _ties(model, name, X, near):
    if model.transform_algorithm != "omp":
        return np.zeros(len(X), bool)
    return pursuit_ties(X, _atoms(model), _atoms_taken(model), near)


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
    ties=_ties,
    jumps=lambda model: ("transformed",) if model.transform_algorithm == "omp" else (),
    invert=_invert,
    tolerance=_tolerance,
)
def sparse_code(model, x):
    """Soft threshold, orthogonal matching pursuit or the lasso, and the signs split where asked for."""
    mb = builder()
    atoms = _atoms(model)
    if model.transform_algorithm == "omp":
        code = matching_pursuit(x, atoms, _atoms_taken(model))
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
