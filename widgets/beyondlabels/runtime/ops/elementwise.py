"""Operations on each element, with NumPy's broadcasting. A trailing underscore avoids a Python built-in."""

import numpy as np

_DTYPES = {
    "fp16": np.float16,
    "fp32": np.float32,
    "int32": np.int32,
    "int16": np.int16,
    "int8": np.int8,
    "uint8": np.uint8,
}
_DTYPES |= {"uint16": np.uint16, "bool": np.bool_}


def add(x, y):
    """x + y, same dtype."""
    return x + y


def sub(x, y):
    """x - y, same dtype."""
    return x - y


def mul(x, y):
    """x * y, same dtype."""
    return x * y


def real_div(x, y):
    """x / y; integers divide like floats and are cut back to the declared type."""
    return np.true_divide(x, y, dtype=np.float32)


def maximum(x, y):
    """The larger of the two."""
    return np.maximum(x, y)


def minimum(x, y):
    """The smaller of the two."""
    return np.minimum(x, y)


def square(x):
    """x * x."""
    return x * x


def sqrt(x):
    """The square root; negative x gives NaN."""
    return np.sqrt(x)


def clip(x, alpha, beta):
    """x held between alpha and beta."""
    return np.minimum(np.maximum(x, alpha), beta)


def identity(x):
    """x itself, under another name."""
    return x


def cast(x, dtype):
    """x as ``dtype`` (fp16, fp32, int32, ..., bool); floats are cut towards zero, as in C."""
    return np.asarray(x).astype(_DTYPES[dtype])


def less_equal(x, y):
    """x <= y as bool."""
    return x <= y


def select(cond, a, b):
    """a where cond holds, else b, with broadcasting."""
    return np.where(cond, a, b)
