"""Rows for which orthogonal matching pursuit may take either of two atoms."""

import numpy as np

_ROUNDING = 2.0**-22  # of a product of float32 rows, beside the length of both
_HARDLY = 1e-6  # what is left of a row that its atoms explain, as in mil/matching_pursuit.py


def pursuit_ties(X, atoms, count, near):
    """Which rows of X, (rows, features), have two atoms that fit equally well in one of ``count`` steps (bool array).

    Equally well is within ``near`` of the better one and what float32 rounds off. Of such atoms scikit-learn takes the one
    that its swaps have put first, a package the one with the smaller number; every later step depends on it.
    """
    X, atoms = np.asarray(X, np.float64), np.asarray(atoms, np.float64)
    rounding = _ROUNDING * np.linalg.norm(X, axis=1) * np.linalg.norm(atoms, axis=1).max(initial=0)
    left, free, each = X.copy(), np.ones((len(X), len(atoms)), bool), np.arange(len(X))
    ties, going, bases, first = np.zeros(len(X), bool), np.ones(len(X), bool), [], None
    for step in range(min(count, len(atoms))):
        along = np.where(free, np.abs(left @ atoms.T), -np.inf)
        taken, best = along.argmax(axis=1), along.max(axis=1)
        first = best if first is None else first
        going &= best > np.maximum(_HARDLY * first, 2.0**-26)
        if step < len(atoms) - 1:
            rival = np.partition(along, -2, axis=1)[:, -2]
            ties |= going & (best - rival <= near * best + rounding)
        free[each, taken] = False
        basis = atoms[taken]
        for other in bases:
            basis = basis - (basis * other).sum(axis=1, keepdims=True) * other
        size = np.linalg.norm(basis, axis=1, keepdims=True)
        basis = np.where(size > 0, basis / np.where(size > 0, size, 1), 0)
        left -= (left * basis).sum(axis=1, keepdims=True) * basis
        bases.append(basis)
    return ties
