"""``keras.ops`` nodes that work along axes: sums, means, extremes, places. None of them may work across rows."""

import numpy as np

from ....mil.blocks import builder
from .values import FLOAT, TRUTH, WHOLE, axes_of, cast, together
from .walk import operation, refuse

_REDUCED = {"Max": "reduce_max", "Min": "reduce_min"}
_SUMMED = {"Sum": "reduce_sum", "Prod": "reduce_prod"}


def _axes(op, x):
    axes = axes_of(op.axis, x.rank)
    if 0 in axes:
        refuse(f"{op.name} works across rows")
    return axes


@operation(*_REDUCED)
def extreme(op, x):
    if getattr(op, "initial", None) is not None:
        refuse("initial")
    return getattr(builder(), _REDUCED[type(op).__name__])(x=x, axes=_axes(op, x), keep_dims=bool(op.keepdims))


@operation(*_SUMMED)
def total(op, x):
    (x,) = together(x, least=WHOLE)
    return getattr(builder(), _SUMMED[type(op).__name__])(x=x, axes=_axes(op, x), keep_dims=bool(op.keepdims))


@operation("Mean")
def mean(op, x):
    return builder().reduce_mean(x=cast(x, FLOAT), axes=_axes(op, x), keep_dims=bool(op.keepdims))


@operation("Var", "Std")
def spread(op, x):
    mb = builder()
    axes = _axes(op, x)
    centred = mb.sub(x=x, y=mb.reduce_mean(x=x, axes=axes, keep_dims=True))
    found = mb.reduce_mean(x=mb.mul(x=centred, y=centred), axes=axes, keep_dims=bool(op.keepdims))
    return found if type(op).__name__ == "Var" else mb.sqrt(x=found)


@operation("Logsumexp")
def log_sum_exp(op, x):
    """With the largest taken off first, so that nothing overflows."""
    mb = builder()
    axes = _axes(op, x)
    largest = mb.reduce_max(x=x, axes=axes, keep_dims=True)
    summed = mb.reduce_sum(x=mb.exp(x=mb.sub(x=x, y=largest)), axes=axes, keep_dims=True)
    made = mb.add(x=mb.log(x=summed, epsilon=np.float32(0)), y=largest)
    return made if op.keepdims else mb.squeeze(x=made, axes=axes)


@operation("Any", "All")
def any_or_all(op, x):
    mb = builder()
    numbers = cast(cast(x, TRUTH), FLOAT)
    reduce = mb.reduce_max if type(op).__name__ == "Any" else mb.reduce_min
    found = reduce(x=numbers, axes=_axes(op, x), keep_dims=bool(op.keepdims))
    return mb.greater(x=found, y=np.float32(0.5))


@operation("Argmax", "Argmin")
def place(op, x):
    if op.axis is None:
        refuse("argmax over all axes works across rows")
    write = getattr(builder(), "reduce_argmax" if type(op).__name__ == "Argmax" else "reduce_argmin")
    return write(x=x, axis=int(op.axis), keep_dims=bool(op.keepdims))


@operation("Cumsum")
def running_sum(op, x):
    if op.axis is None or op.axis % x.rank == 0:
        refuse("cumsum across rows")
    return builder().cumsum(x=x, axis=int(op.axis), exclusive=False, reverse=False)


@operation("Normalize")
def normalize(op, x):
    """x over its length along the axis, no length below epsilon."""
    mb = builder()
    if op.order != 2:
        refuse(f"normalize of order {op.order}")
    epsilon = 1e-7 if op.epsilon is None else op.epsilon
    total = mb.reduce_sum(x=mb.mul(x=x, y=x), axes=axes_of(op.axis, x.rank), keep_dims=True)
    return mb.real_div(x=x, y=mb.sqrt(x=mb.maximum(x=total, y=np.float32(epsilon**2))))


@operation("Moments")
def moments(op, x):
    mb = builder()
    axes = axes_of(op.axes, x.rank)
    if 0 in axes:
        refuse("moments across rows")
    mean = mb.reduce_mean(x=x, axes=axes, keep_dims=True)
    centred = mb.sub(x=x, y=mean)
    variance = mb.reduce_mean(x=mb.mul(x=centred, y=centred), axes=axes, keep_dims=bool(op.keepdims))
    return mean if op.keepdims else mb.squeeze(x=mean, axes=axes), variance
