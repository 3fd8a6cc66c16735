"""``keras.ops`` nodes for functions that Core ML has no operation for, spelt so that float32 keeps its digits."""

import numpy as np

from ....mil.blocks import builder
from ....mil.functions import log1p
from .values import FLOAT, WHOLE, cast, together
from .walk import operation, refuse

_TIMES = {"Deg2rad": np.pi / 180, "Rad2deg": 180 / np.pi}
_LOGARITHMS = {"Log2": np.log(2), "Log10": np.log(10)}


@operation(*_TIMES)
def scaled(op, x):
    return builder().mul(x=cast(x, FLOAT), y=np.float32(_TIMES[type(op).__name__]))


@operation(*_LOGARITHMS)
def logarithm(op, x):
    mb = builder()
    natural = mb.log(x=cast(x, FLOAT), epsilon=np.float32(0))
    return mb.mul(x=natural, y=np.float32(1 / _LOGARITHMS[type(op).__name__]))


@operation("Arcsinh")
def inverse_sinh(op, x):
    """sign(x) log(1 + a + a² / (1 + sqrt(a² + 1))) for a = |x|."""
    mb = builder()
    size = mb.abs(x=cast(x, FLOAT))
    square = mb.square(x=size)
    root = mb.sqrt(x=mb.add(x=square, y=np.float32(1)))
    rest = mb.real_div(x=square, y=mb.add(x=root, y=np.float32(1)))
    return mb.mul(x=mb.sign(x=x), y=log1p(mb.add(x=size, y=rest)))


@operation("Arccosh")
def inverse_cosh(op, x):
    """log(1 + t + sqrt(2t + t²)) for t = x - 1."""
    mb = builder()
    t = mb.sub(x=cast(x, FLOAT), y=np.float32(1))
    root = mb.sqrt(x=mb.mul(x=t, y=mb.add(x=t, y=np.float32(2))))
    return log1p(mb.add(x=t, y=root))


@operation("Cbrt")
def cube_root(op, x):
    mb = builder()
    return mb.mul(x=mb.sign(x=x), y=mb.pow(x=mb.abs(x=cast(x, FLOAT)), y=np.float32(1 / 3)))


@operation("Sinc")
def sinc(op, x):
    """sin(pi x) / (pi x), and 1 at 0."""
    mb = builder()
    turned = mb.mul(x=cast(x, FLOAT), y=np.float32(np.pi))
    here = mb.equal(x=turned, y=np.float32(0))
    below = mb.select(cond=here, a=np.float32(1), b=turned)
    return mb.select(cond=here, a=np.float32(1), b=mb.real_div(x=mb.sin(x=turned), y=below))


@operation("Round")
def rounded(op, x):
    """To the nearest whole number, to the even one from halfway."""
    if op.decimals:
        refuse(f"round to {op.decimals} decimals")
    return builder().round(x=cast(x, FLOAT))


@operation("Trunc")
def truncated(op, x):
    mb = builder()
    return mb.mul(x=mb.sign(x=x), y=mb.floor(x=mb.abs(x=cast(x, FLOAT))))


@operation("Signbit")
def below_zero(op, x):
    return builder().less(x=cast(x, FLOAT), y=np.float32(0))


@operation("Heaviside")
def step(op, x1, x2):
    """0 below 0, 1 above it, and x2 at it."""
    mb = builder()
    x, y = together(x1, x2, least=FLOAT)
    above = mb.cast(x=mb.greater(x=x, y=np.float32(0)), dtype=FLOAT)
    at = mb.cast(x=mb.equal(x=x, y=np.float32(0)), dtype=FLOAT)
    return mb.add(x=above, y=mb.mul(x=at, y=y))


@operation("Hypot")
def hypotenuse(op, x1, x2):
    """Both over the larger first, so that no square overflows."""
    mb = builder()
    x, y = together(x1, x2, least=FLOAT)
    x, y = mb.abs(x=x), mb.abs(x=y)
    large, small = mb.maximum(x=x, y=y), mb.minimum(x=x, y=y)
    share = mb.real_div(x=small, y=mb.maximum(x=large, y=np.float32(1e-30)))
    return mb.mul(x=large, y=mb.sqrt(x=mb.add(x=mb.square(x=share), y=np.float32(1))))


@operation("Logaddexp", "Logaddexp2")
def log_of_sum(op, x1, x2):
    """max + log(1 + exp(-|x - y|)), in base 2 for Logaddexp2."""
    mb = builder()
    base = np.float32(np.log(2)) if type(op).__name__ == "Logaddexp2" else np.float32(1)
    x, y = together(x1, x2, least=FLOAT)
    apart = mb.mul(x=mb.abs(x=mb.sub(x=x, y=y)), y=-base)
    return mb.add(x=mb.maximum(x=x, y=y), y=mb.mul(x=log1p(mb.exp(x=apart)), y=1 / base))


@operation("DivideNoNan")
def divided_or_zero(op, x1, x2):
    mb = builder()
    x, y = together(x1, x2, least=FLOAT)
    none = mb.cast(x=mb.equal(x=y, y=np.float32(0)), dtype=FLOAT)
    some = mb.sub(x=np.float32(1), y=none)
    return mb.mul(x=mb.real_div(x=x, y=mb.add(x=y, y=none)), y=some)


@operation("Ldexp")
def times_power_of_two(op, x1, x2):
    mb = builder()
    x, y = cast(x1, FLOAT), cast(cast(x2, WHOLE), FLOAT)
    return mb.mul(x=x, y=mb.exp2(x=y))
