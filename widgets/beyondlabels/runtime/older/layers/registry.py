"""Where layers are kept by the name that the format gives them."""

import numpy as np

LAYERS = {}


def layer(*names):
    """Register a function as the layer of each of these names."""

    def keep(function):
        LAYERS.update(dict.fromkeys(names, function))
        return function

    return keep


def whole(values):
    """A tensor of whole numbers as int64. Raises ``ValueError`` for any that is not finite."""
    values = np.asarray(values)
    if not np.isfinite(values).all():
        raise ValueError("an index or a size is not a finite number")
    return values.astype(np.int64)


def flag(value):
    """Whether a tensor of one value counts as true."""
    return bool(np.abs(np.ravel(value)[0]) > 1e-6)


def unsqueezed(values):
    """A network has no tensors of rank 0: a single value has the shape (1,)."""
    values = np.asarray(values, np.float32)
    return values.reshape(1) if values.ndim == 0 else values
