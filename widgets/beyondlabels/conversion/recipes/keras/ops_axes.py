"""``keras.ops`` nodes that work along axes: sums, means, extremes, places. None of them may work across rows."""

import numpy as np

from ....mil.blocks import builder
from .values import FLOAT, TRUTH, WHOLE, axes_of, cast, is_var, kind, plain, together
from .walk import operation, refuse

_REDUCED = {"Max": "reduce_max", "Min": "reduce_min", "Amax": "reduce_max", "Amin": "reduce_min"}
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


@operation("Ptp")
def breadth(op, x):
    """The largest less the smallest."""
    mb = builder()
    axes, kept = _axes(op, x), bool(op.keepdims)
    return mb.sub(x=mb.reduce_max(x=x, axes=axes, keep_dims=kept), y=mb.reduce_min(x=x, axes=axes, keep_dims=kept))


@operation("CountNonzero")
def count_nonzero(op, x):
    mb = builder()
    (x,) = together(x, least=WHOLE)
    other = mb.cast(x=mb.not_equal(x=x, y=np.float32(0) if kind(x) == FLOAT else np.int32(0)), dtype=WHOLE)
    return mb.reduce_sum(x=other, axes=_axes(op, x), keep_dims=False)


@operation("Average")
def average(op, x, weights=None):
    """The mean, or the sum of x times weights that are constants along one axis over their sum."""
    mb = builder()
    x, axes = cast(x, FLOAT), _axes(op, x)
    if weights is None:
        return mb.reduce_mean(x=x, axes=axes, keep_dims=False)
    weights = plain(weights)
    if is_var(weights) or np.ndim(weights) != 1 or len(axes) != 1:
        refuse("average with weights that are no constants along one axis")
    shape = [-1 if axis == axes[0] else 1 for axis in range(x.rank)]
    shares = (np.asarray(weights, np.float64) / np.sum(weights)).astype(np.float32).reshape(shape)
    return mb.reduce_sum(x=mb.mul(x=x, y=shares), axes=axes, keep_dims=False)


@operation("Norm")
def norm(op, x):
    """Of vectors, or of all numbers together: the root of the sum of squares, the sum or the largest of sizes."""
    mb = builder()
    axes = _axes(op, x)
    if op.ord not in (None, 1, 2, np.inf) or (op.ord is not None and len(axes) > 1):
        refuse(f"norm of order {op.ord} over {len(axes)} axes")
    kept = {"axes": axes, "keep_dims": bool(op.keepdims)}
    if op.ord == 1:
        return mb.reduce_sum(x=mb.abs(x=x), **kept)
    if op.ord == np.inf:
        return mb.reduce_max(x=mb.abs(x=x), **kept)
    return mb.sqrt(x=mb.reduce_sum(x=mb.mul(x=x, y=x), **kept))


@operation("Sort", "Argsort", "TopK", "Median")
def ordered(op, x):
    """From the smallest on for sort and argsort, from the largest for top_k; the middle one, or the mean of two, for median.
    Of equal values the first comes first."""
    mb = builder()
    name = type(op).__name__
    axes = axes_of(-1 if name == "TopK" else op.axis, x.rank)
    if len(axes) > 1 or 0 in axes:
        refuse(f"{name.lower()} across rows, or over several axes")
    axis = axes[0]
    size = int(x.shape[axis])
    values, places = mb.topk(x=x, k=op.k if name == "TopK" else size, axis=axis, ascending=name != "TopK")
    if name != "Median":
        return {"Sort": values, "Argsort": places, "TopK": (values, places)}[name]
    two = np.array([(size - 1) // 2, size // 2], np.int32)
    return mb.reduce_mean(x=mb.gather(x=values, indices=two, axis=axis), axes=[axis], keep_dims=bool(op.keepdims))


@operation("Diff")
def differences(op, a):
    """Each value less the one before it, n times over."""
    mb = builder()
    axis = op.axis % a.rank
    if axis == 0:
        refuse("diff across rows")
    for _ in range(op.n):
        size = int(a.shape[axis])
        first, second = (np.arange(start, size - 1 + start, dtype=np.int32) for start in (0, 1))
        a = mb.sub(x=mb.gather(x=a, indices=second, axis=axis), y=mb.gather(x=a, indices=first, axis=axis))
    return a


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
