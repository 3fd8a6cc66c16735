"""Multiplicative updates: non-negative weights w with w H near x, in a beta divergence (2 squares, 1 Kullback-Leibler, 0
Itakura-Saito). H is ``parts``, float64 (parts, features)."""

import numpy as np

from .blocks import builder, constant
from .solvers import total

_ONE = np.float32(1)
_FLOOR = np.float32(np.finfo(np.float32).eps)  # what scikit-learn keeps divisors above


def even_start(x, parts):
    """sqrt(mean of all x / number of parts) everywhere, (rows, parts)."""
    mb = builder()
    mean = mb.reduce_mean(x=x, axes=[0, 1], keep_dims=True)
    level = mb.sqrt(x=mb.mul(x=mean, y=np.float32(1 / len(parts))))
    return mb.add(x=mb.matmul(x=x, y=np.zeros(parts.T.shape, np.float32)), y=level)


def updates(x, parts, beta, l1, l2):
    """A function w -> w times (what the data ask for / what w gives) to the power gamma: one multiplicative update for the
    beta divergence with penalties ``l1`` |w| + ``l2`` w^2 / 2 (Fevotte and Idier 2011). Its second argument says how many
    times ``l1`` counts."""
    mb = builder()
    gamma = 1 / (2 - beta) if beta < 1 else 1 / (beta - 1) if beta > 2 else 1
    across = constant(parts.T)
    fixed = mb.matmul(x=x, y=across) if beta == 2 else None

    def asked_and_given(w):
        if beta == 2:
            return fixed, mb.matmul(x=w, y=constant(parts @ parts.T))
        made = mb.matmul(x=w, y=constant(parts))
        above = mb.maximum(x=made, y=_FLOOR)
        asked = mb.matmul(x=mb.mul(x=x, y=_power(above if beta < 2 else made, beta - 2)), y=across)
        if beta == 1:
            return asked, constant(parts.sum(axis=1))[None]
        return asked, mb.matmul(x=_power(above if beta < 1 else made, beta - 1), y=across)

    def update(w, times=_ONE):
        asked, given = asked_and_given(w)
        given = mb.add(x=given, y=mb.mul(x=times, y=np.float32(l1))) if l1 else given
        given = mb.add(x=given, y=mb.mul(x=w, y=np.float32(l2))) if l2 else given
        none = mb.cast(x=mb.equal(x=given, y=np.float32(0)), dtype="fp32")
        ratio = mb.real_div(x=asked, y=mb.add(x=given, y=mb.mul(x=none, y=_FLOOR)))
        return mb.mul(x=w, y=ratio if gamma == 1 else mb.pow(x=ratio, y=np.float32(gamma)))

    return update


def _power(x, exponent):
    mb = builder()
    if exponent == -1:
        return mb.real_div(x=_ONE, y=x)
    return x if exponent == 1 else mb.pow(x=x, y=np.float32(exponent))


def loss(x, w, parts, beta):
    """sqrt(2 beta divergence) of x and w H, a scalar; summed term by term, so that the terms stay small and positive."""
    mb = builder()
    made = mb.matmul(x=w, y=constant(parts))
    if beta == 2:
        return mb.sqrt(x=total(mb.square(x=mb.sub(x=x, y=made))))
    counts = mb.cast(x=mb.greater(x=x, y=_FLOOR), dtype="fp32")
    above = mb.maximum(x=made, y=_FLOOR)
    ratio = mb.real_div(x=mb.maximum(x=x, y=_FLOOR), y=above)
    if beta == 1:
        terms = mb.add(x=mb.sub(x=made, y=x), y=mb.mul(x=mb.mul(x=x, y=mb.log(x=ratio)), y=counts))
    elif beta == 0:
        terms = mb.sub(x=mb.mul(x=mb.sub(x=ratio, y=mb.log(x=ratio)), y=counts), y=np.float32(1))
    else:
        own = mb.mul(x=mb.pow(x=mb.maximum(x=x, y=_FLOOR), y=np.float32(beta)), y=counts)
        cross = mb.mul(x=mb.mul(x=x, y=mb.pow(x=above, y=np.float32(beta - 1))), y=counts)
        terms = mb.add(
            x=mb.sub(x=own, y=mb.mul(x=cross, y=np.float32(beta))),
            y=mb.mul(x=mb.pow(x=made, y=np.float32(beta)), y=np.float32(beta - 1)),
        )
        terms = mb.mul(x=terms, y=np.float32(1 / (beta * (beta - 1))))
    return mb.sqrt(x=mb.maximum(x=mb.mul(x=total(terms), y=np.float32(2)), y=np.float32(0)))
