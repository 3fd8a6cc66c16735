"""Rows that may fall either way inside a model made of others: a step that jumps stands behind one that rounds.

Bins, thresholds and nearest neighbours answer exactly for a float32 row, but what an earlier step made of it is rounded, and
may lie on the other side of an edge.
"""

import numpy as np

from .parts import passes_on

_JUMP = 1e-3  # of a step's output; what is continuous moves by about as much as its input
_NUMBERS = (
    "transform",
    "inverse_transform",
    "score_samples",
    "decision_function",
    "predict_proba",
    "mahalanobis",
    "errors",
)


def any_edges(parts):
    """Whether one of the parts, (name, model, recipe) each, jumps."""
    return any(recipe is not None and recipe.edges(model) for _, model, recipe in parts)


def jumping_outputs(parts, last, outputs):
    """The outputs that jump: those of the ``last`` part itself, or all where a part has an edge."""
    _, model, recipe = last
    return tuple(outputs) if any_edges(parts) else recipe.jumps(model)


def own_ties(model, recipe, name, X, near):
    """The ties of a part's own output ``name``, where it is a label or jumps (bool array)."""
    method = recipe.available(model, recipe.outputs).get(name)
    if recipe.ties is None or (method in _NUMBERS and name not in recipe.jumps(model)):
        return np.zeros(len(X), bool)
    found = recipe.ties(model, name, X, near)
    return np.zeros(len(X), bool) if found is None else np.asarray(found, bool)


def handed_on_ties(model, recipe, X, near, rounded):
    """Rows for which what a step hands on may fall either way; ``rounded``: X is what an earlier step made."""
    name = passes_on(model, recipe)
    if name is None:
        return np.zeros(len(X), bool)
    ties = own_ties(model, recipe, name, X, near)
    return ties | moved(model.transform, X, near) if rounded and recipe.edges(model) else ties


def moved(answer, X, near):
    """Rows whose ``answer(X)`` jumps when every number changes by ``near`` of its size and of its column's (bool array), or
    which the model then refuses, as some do just outside the range they were fitted on."""
    X = _dense(X)
    size = near * (np.abs(X) + np.sqrt(np.square(np.nan_to_num(X)).mean(axis=0)))
    random = np.random.default_rng(0)
    before, jumps = _dense(answer(X.copy())), np.zeros(len(X), bool)
    scale = np.abs(before) + np.sqrt(np.square(np.nan_to_num(before)).mean(axis=0))
    for sign in (1.0, -1.0, *(random.choice([-1.0, 1.0], X.shape) for _ in range(4))):
        after = _answered(answer, X + sign * size, before)
        differs = np.abs(after - before) > _JUMP * scale
        jumps |= (differs | (np.isnan(after) != np.isnan(before))).reshape(len(X), -1).any(axis=1)
    return jumps


def _answered(answer, X, before):
    """``answer(X)``, NaN in the rows for which it raises a ``ValueError``; ``before`` has its shape."""
    try:
        return _dense(answer(X))
    except ValueError:
        if len(X) == 1:
            return np.full_like(before, np.nan)
        half = len(X) // 2
        parts = ((X[:half], before[:half]), (X[half:], before[half:]))
        return np.concatenate([_answered(answer, *part) for part in parts])


def _dense(values):
    return np.asarray(values.toarray() if hasattr(values, "toarray") else values, np.float64)
