"""Distances between rows that both may lack values."""

import numpy as np

from .blocks import builder, constant, subtract

_DIRECT = 1 << 16  # numbers a row may take in the form that subtracts every stored row


def squared_nan_distances(x, missing, centre, rows, lacking, far):
    """The mean squared difference over the features that both rows have (Dixon 1979), (rows of x, stored rows).

    ``missing`` (bool Var) and ``lacking`` (bool array) say what x and the stored ``rows`` do not have; ``rows`` are less
    ``centre`` already, 0 where lacking. ``far`` where no feature is shared.
    """
    mb = builder()
    x = mb.select(cond=missing, a=constant(centre)[None], b=x)
    if np.any(centre):
        spread = rows.std(axis=0)
        x = subtract(x, centre, np.where(spread > 0, spread, 1.0))
    has = mb.cast(x=mb.logical_not(x=missing), dtype="fp32")
    own = (~lacking).astype(np.float32)
    if rows.size <= _DIRECT:
        difference = mb.sub(x=mb.expand_dims(x=x, axes=[1]), y=constant(rows)[None])
        both = mb.mul(x=mb.expand_dims(x=has, axes=[1]), y=own)
        total = mb.reduce_sum(x=mb.square(x=mb.mul(x=difference, y=both)), axes=[2], keep_dims=False)
    else:  # one feature after the other, for memory; |x|^2 - 2 x.p + |p|^2 would choose other neighbours in float32
        total = None
        for feature in range(rows.shape[1]):
            mine, known = (mb.gather(x=each, indices=np.array([feature], np.int32), axis=1) for each in (x, has))
            difference = mb.sub(x=mine, y=constant(rows[None, :, feature]))
            square = mb.mul(x=mb.square(x=difference), y=mb.mul(x=known, y=own[None, :, feature]))
            total = square if total is None else mb.add(x=total, y=square)
    shared = mb.matmul(x=has, y=own, transpose_y=True)
    mean = mb.real_div(x=total, y=mb.maximum(x=shared, y=np.float32(1)))
    nothing = mb.cast(x=mb.equal(x=shared, y=np.float32(0)), dtype="fp32")
    return mb.maximum(x=mean, y=mb.mul(x=nothing, y=far))
