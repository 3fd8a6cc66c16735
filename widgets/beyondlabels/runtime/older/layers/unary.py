"""Functions of one tensor, place by place."""

import numpy as np

from .registry import layer

sin = layer("sin")(np.sin)
cos = layer("cos")(np.cos)
tan = layer("tan")(np.tan)
asin = layer("asin")(np.arcsin)
acos = layer("acos")(np.arccos)
atan = layer("atan")(np.arctan)
sinh = layer("sinh")(np.sinh)
cosh = layer("cosh")(np.cosh)
tanh = layer("tanh")(np.tanh)
asinh = layer("asinh")(np.arcsinh)
acosh = layer("acosh")(np.arccosh)
atanh = layer("atanh")(np.arctanh)
exp2 = layer("exp2")(np.exp2)
ceil = layer("ceil")(np.ceil)
floor = layer("floor")(np.floor)
sign = layer("sign")(np.sign)
round_ = layer("round")(np.round)


@layer("erf")
def erf(x):
    """The Gauss error function."""
    from scipy.special import erf as exact

    return exact(x).astype(np.float32)


@layer("clip")
def clip(x, minVal, maxVal):
    """x held between minVal and maxVal."""
    return np.minimum(np.maximum(x, np.float32(minVal)), np.float32(maxVal))


@layer("unary")
def unary(x, type, alpha, epsilon, shift, scale):
    """A function of scale x + shift; scale is 1 and epsilon 1e-6 where they are 0."""
    x = x * np.float32(scale or 1) + np.float32(shift)
    alpha, epsilon = np.float32(alpha), np.float32(epsilon or 1e-6)
    return _UNARY[type](x, alpha, epsilon)


_UNARY = (
    lambda x, alpha, epsilon: np.sqrt(x),
    lambda x, alpha, epsilon: 1 / np.sqrt(x + epsilon),
    lambda x, alpha, epsilon: 1 / (x + epsilon),
    lambda x, alpha, epsilon: np.power(x, alpha),
    lambda x, alpha, epsilon: np.exp(x),
    lambda x, alpha, epsilon: np.log(x),
    lambda x, alpha, epsilon: np.abs(x),
    lambda x, alpha, epsilon: np.maximum(alpha, x),
)
