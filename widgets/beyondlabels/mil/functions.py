"""Functions of one number that MIL has no operation for, written so that float32 keeps its digits."""

import numpy as np

from .blocks import builder

# Wichura, Algorithm AS 241: The Percentage Points of the Normal Distribution (1988), PPND7: one part in 10^7.
_MIDDLE = (3.3871327179, 50.434271938, 159.29113202, 59.109374720), (1.0, 17.895169469, 78.757757664, 67.187563600)
_TAIL = (1.4234372777, 2.7568153900, 1.3067284816, 0.17023821103), (1.0, 0.73700164250, 0.12021132975)


def log(x):
    """The natural logarithm; minus infinity at 0, where MIL's own default would give -103."""
    return builder().log(x=x, epsilon=0.0)


def log_ratio(ratio, above_one):
    """log(ratio), given ratio and ratio - 1 (``above_one``), each exact to float32: near 1 the second holds the digits.

    log(1 + d) = 2 artanh(d / (2 + d)) (Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 4.1.27).
    """
    mb = builder()
    half = np.float32(0.5)
    near = mb.less(x=mb.abs(x=above_one), y=half)
    small = mb.clip(x=above_one, alpha=-half, beta=half)
    series = mb.mul(x=mb.atanh(x=mb.real_div(x=small, y=mb.add(x=small, y=np.float32(2)))), y=np.float32(2))
    return mb.select(cond=near, a=series, b=log(ratio))


def log1p(x):
    """log(1 + x), exact near 0."""
    return log_ratio(builder().add(x=x, y=np.float32(1)), x)


def expm1(x):
    """exp(x) - 1 = 2 sinh(x / 2) exp(x / 2), exact near 0; below -40 it is -1, and sinh would overflow."""
    mb = builder()
    half = mb.mul(x=mb.maximum(x=x, y=np.float32(-40)), y=np.float32(0.5))
    return mb.mul(x=mb.mul(x=mb.sinh(x=half), y=np.float32(2)), y=mb.exp(x=half))


def normal_quantile(p):
    """The standard normal quantile of p in [1e-10, 0.9] (Wichura 1988, AS 241); above 0.5 give 1 - p and turn the sign.

    A p near 1 has lost in float32 the digits that the tail is made of.
    """
    mb = builder()
    q = mb.sub(x=p, y=np.float32(0.5))
    middle = mb.mul(x=q, y=_ratio(mb.sub(x=np.float32(0.180625), y=mb.square(x=q)), *_MIDDLE))
    depth = mb.sqrt(x=mb.mul(x=log(p), y=np.float32(-1)))
    tail = mb.mul(x=_ratio(mb.sub(x=depth, y=np.float32(1.6)), *_TAIL), y=np.float32(-1))
    return mb.select(cond=mb.greater(x=q, y=np.float32(-0.425)), a=middle, b=tail)


def _ratio(x, above, below):
    """One polynomial over another, lowest power first (Horner's scheme)."""
    mb = builder()
    sums = []
    for coefficients in (above, below):
        total = mb.mul(x=x, y=np.float32(coefficients[-1]))
        for coefficient in coefficients[-2:0:-1]:
            total = mb.mul(x=mb.add(x=total, y=np.float32(coefficient)), y=x)
        sums.append(mb.add(x=total, y=np.float32(coefficients[0])))
    return mb.real_div(x=sums[0], y=sums[1])
