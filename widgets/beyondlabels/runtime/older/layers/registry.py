"""Where layers are kept by the name that the format gives them."""

import numpy as np

LAYERS = {}
_MOST = 2**27  # values that one layer may make by its parameters alone: half a gigabyte of float32


def layer(*names):
    """Register a function as the layer of each of these names."""

    def keep(function):
        LAYERS.update(dict.fromkeys(names, function))
        return function

    return keep


def room(*shape):
    """``shape`` as ints. Raises ``ValueError`` for a negative size, or for more values than a layer may make."""
    shape = tuple(int(size) for size in shape)
    if any(size < 0 for size in shape) or int(np.prod(shape, dtype=object)) > _MOST:
        raise ValueError(f"an output of shape {shape} is not made; at most {_MOST:,} values are")
    return shape


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
