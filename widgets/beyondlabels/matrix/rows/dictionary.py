"""Rows for recipes/sklearn/dictionary.py."""

import numpy as np
from sklearn.decomposition import DictionaryLearning, MiniBatchDictionaryLearning, SparseCoder

from .. import Ends, Row


def _dictionary():
    """Six atoms of length one for four features."""
    atoms = np.random.default_rng(5).normal(size=(6, 4))
    return atoms / np.linalg.norm(atoms, axis=1, keepdims=True)


def _apart():
    """Three atoms of length one that do not come near depending on each other."""
    return np.array([[0.6, 0.8, 0, 0], [0, 0.6, -0.8, 0], [0, 0, 0.6, 0.8]])


def _lasso(algorithm, **options):
    return lambda: SparseCoder(_apart(), transform_algorithm=algorithm, transform_alpha=0.3, **options)


def _coder(algorithm="omp", **options):
    return lambda: SparseCoder(_dictionary(), transform_algorithm=algorithm, **options)


def _learned(**options):
    return lambda: DictionaryLearning(3, random_state=0, max_iter=20, **options)


def _batches(**options):
    return lambda: MiniBatchDictionaryLearning(3, random_state=0, max_iter=20, batch_size=50, **options)


# From scikit-learn 1.8 on fit refuses other rows than those of the dictionary; before, it looks at none.
_FOUR = "its dictionary is given before fit, for four features"
_FOUR = Ends("width", _FOUR) if hasattr(SparseCoder(np.eye(4)), "n_features_in_") else _FOUR

ROWS = [
    Row(
        "SparseCoder",
        _coder(),
        variants={
            "omp, three atoms": _coder(transform_n_nonzero_coefs=3),
            "omp, all atoms": _coder(transform_n_nonzero_coefs=6),
            "omp, signs split": _coder(transform_n_nonzero_coefs=2, split_sign=True),
            "threshold": _coder("threshold", transform_alpha=0.5),
            "threshold, positive": _coder("threshold", transform_alpha=0.5, positive_code=True),
            "lasso_cd": _lasso("lasso_cd"),
            "lasso_cd, positive": _lasso("lasso_cd", positive_code=True),
            "lasso_lars": _lasso("lasso_lars"),
        },
        refused={
            "lars": _coder("lars"),
            "lasso_lars, positive": _lasso("lasso_lars", positive_code=True),
            "lasso_lars cut short": _lasso("lasso_lars", transform_max_iter=2),
            "lasso over more atoms than features": _coder("lasso_cd"),
        },
        unlike={"one feature": _FOUR, "many features": _FOUR},
    ),
    Row(
        "DictionaryLearning",
        _learned(),
        variants={
            "omp, two atoms": _learned(transform_n_nonzero_coefs=2),
            "threshold by the fitted alpha": _learned(transform_algorithm="threshold"),
            "lasso_cd": _learned(transform_algorithm="lasso_cd", transform_alpha=0.2),
            "lasso_lars, signs split": _learned(transform_algorithm="lasso_lars", split_sign=True),
        },
        refused={"lars": _learned(transform_algorithm="lars")},
    ),
    Row(
        "MiniBatchDictionaryLearning",
        _batches(),
        variants={
            "threshold": _batches(transform_algorithm="threshold", transform_alpha=0.2),
            "lasso_lars": _batches(transform_algorithm="lasso_lars"),
        },
        refused={"lars": _batches(transform_algorithm="lars")},
    ),
]
