"""Groups of operations that several recipes need, each written once."""

from contextvars import ContextVar

import numpy as np

from ..quiet import coremltools


def builder():
    """coremltools' MIL builder."""
    coremltools()
    from coremltools.converters.mil import Builder

    return Builder


HALF = ContextVar("half", default=False)  # whether the program is written for half precision


def lowest():
    """What a score is held at where it must not count, low enough for its exponential to be 0: -1e9 as in Keras, -3e4 in half
    precision, where -1e9 would be minus infinity and a row of nothing else not a number."""
    return np.float32(-3e4 if HALF.get() else -1e9)


def beyond():
    """What stands for a distance that there is not, no less than any real one: the largest number in half precision."""
    return np.float32(65504 if HALF.get() else 1e30)


def constant(values):
    """``values`` as a float32 array. Raises ``OverflowError`` where float32 cannot hold one."""
    with np.errstate(over="ignore"):
        cast = np.asarray(values).astype(np.float32)
    if not np.isfinite(cast.min(initial=0)) or not np.isfinite(cast.max(initial=0)):  # no array of truth values
        raise OverflowError("a parameter of the model is not finite in float32")
    return cast


def subtract(x, offset, spread=1.0):
    """x - offset for a float64 ``offset`` of shape (features,).

    float32 keeps seven digits of the offset. Where the rest matters beside ``spread`` (the size of what remains), it is
    subtracted in a second step: x minus the rounded offset is exact when the two are close (Sterbenz 1974).
    """
    mb = builder()
    offset = np.asarray(offset, np.float64)
    high = constant(offset)
    low = offset - high.astype(np.float64)
    x = mb.sub(x=x, y=high)
    if (np.abs(low) > 1e-6 * np.abs(np.broadcast_to(spread, offset.shape))).any():
        x = mb.sub(x=x, y=constant(low))
    return x


def log_sum_exp(x, axis):
    """ln of the sum of e^x along ``axis``, which is taken away; the largest x is taken off first, so nothing overflows."""
    mb = builder()
    top = mb.reduce_max(x=x, axes=[axis], keep_dims=True)
    total = mb.reduce_sum(x=mb.exp(x=mb.sub(x=x, y=top)), axes=[axis], keep_dims=True)
    return mb.squeeze(x=mb.add(x=top, y=mb.log(x=total)), axes=[axis])


def with_constant(x, value):
    """``x`` (rows, columns) with one more column that holds ``value``."""
    mb = builder()
    first = mb.slice_by_index(x=x, begin=[0, 0], end=[0, 1], end_mask=[True, False])
    column = mb.mul(x=mb.cast(x=mb.equal(x=first, y=first), dtype="fp32"), y=np.float32(value))
    return mb.concat(values=[x, column], axis=1)
