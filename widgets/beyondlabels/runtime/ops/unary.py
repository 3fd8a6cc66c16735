"""One function applied to each element: the result has the shape of x. A trailing underscore avoids a Python built-in."""

import numpy as np

_DTYPES = {
    "fp16": np.float16,
    "fp32": np.float32,
    "fp64": np.float64,
    "int32": np.int32,
    "int16": np.int16,
    "int8": np.int8,
    "uint32": np.uint32,
    "uint16": np.uint16,
    "uint8": np.uint8,
    "bool": np.bool_,
}


def abs_(x):
    """|x|, same dtype."""
    return np.abs(x)


def acos(x):
    """The angle in radians whose cosine is x; NaN beyond [-1, 1]."""
    return np.arccos(x)


def asin(x):
    """The angle in radians whose sine is x; NaN beyond [-1, 1]."""
    return np.arcsin(x)


def atan(x):
    """The angle in radians whose tangent is x."""
    return np.arctan(x)


def atanh(x):
    """The inverse hyperbolic tangent; infinite at -1 and 1, NaN beyond."""
    return np.arctanh(x)


def ceil(x):
    """The smallest whole number not below x."""
    return np.ceil(x)


def cos(x):
    """The cosine of x in radians."""
    return np.cos(x)


def cosh(x):
    """The hyperbolic cosine of x."""
    return np.cosh(x)


def erf(x):
    """The Gauss error function: 2/sqrt(pi) times the integral of exp(-t*t) from 0 to x."""
    from scipy.special import erf as gauss

    return gauss(x)


def exp(x):
    """e to the power of x; infinite above 88.7 in float32."""
    return np.exp(x)


def exp2(x):
    """2 to the power of x, same dtype."""
    return np.exp2(x)


def floor(x):
    """The largest whole number not above x."""
    return np.floor(x)


def identity(x):
    """x itself, under another name."""
    return x


def inverse(x, epsilon=1e-4):
    """1 / (x + epsilon)."""
    return np.reciprocal(x + epsilon)


def log(x, epsilon=1e-45):
    """The natural logarithm of x + epsilon; NaN below zero."""
    return np.log(x + epsilon)


def round_(x):
    """The nearest whole number; a half goes to the even one."""
    return np.rint(x)


def rsqrt(x, epsilon=1e-12):
    """1 / sqrt(x + epsilon)."""
    return np.reciprocal(np.sqrt(x + epsilon))


def sign(x):
    """-1, 0 or 1, same dtype."""
    return np.sign(x)


def sin(x):
    """The sine of x in radians."""
    return np.sin(x)


def sinh(x):
    """The hyperbolic sine of x."""
    return np.sinh(x)


def sqrt(x):
    """The square root; negative x gives NaN."""
    return np.sqrt(x)


def square(x):
    """x * x, same dtype."""
    return x * x


def tan(x):
    """The tangent of x in radians."""
    return np.tan(x)


def tanh(x):
    """The hyperbolic tangent of x."""
    return np.tanh(x)


def cast(x, dtype):
    """x as ``dtype`` (fp16, fp32, int32, ..., bool); floats are cut towards zero, as in C."""
    if dtype not in _DTYPES:
        raise ValueError(f"no type {dtype!r}; there are {', '.join(_DTYPES)}")
    return np.asarray(x).astype(_DTYPES[dtype])
