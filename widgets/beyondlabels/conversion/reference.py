"""The model as its own reference: its own methods, computed in float64."""

import copy

import numpy as np

from .remembered import remembered


@remembered
def in_float64(model):
    """``model`` itself, or where it keeps float32 parameters a copy that keeps them as float64, steps included.

    A model fitted on float32 computes in float32, and far from 0 it then loses more digits than the package that it is
    to judge; some (KMeans in scikit-learn 1.9) cannot even read float64 rows. The rows that a neighbours model stores are
    left as they are: the recipes widen them once, when they move them (recipes/sklearn/stored_rows.py).
    """
    own = getattr(model, "__dict__", {})
    stored = {"_fit_X"} if "_fit_method" in own else set()
    widened = {name: value if name in stored else _widened(value) for name, value in own.items()}
    if all(widened[name] is own[name] for name in own):
        return model
    wide = copy.copy(model)
    vars(wide).update(widened)
    return wide


def _widened(value):
    if isinstance(value, np.ndarray) and value.dtype == np.float32:
        return value.astype(np.float64)
    if isinstance(value, (list, tuple)) and any(_is_model(part) or isinstance(part, tuple) for part in value):
        parts = [_widened(part) for part in value]
        same = all(one is other for one, other in zip(parts, value, strict=True))
        return value if same else type(value)(parts)
    return in_float64(value) if _is_model(value) else value


def _is_model(value):
    return hasattr(value, "get_params") and not isinstance(value, type)
