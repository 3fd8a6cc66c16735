"""Rebuilding a row from its neighbours by weights that add up to 1."""

import numpy as np

from .blocks import builder, constant


def differences(x, points, indices, near):
    """points[indices] - x, (rows, count, features), for float64 ``points`` whose neighbours are about ``near`` apart.

    What rounding leaves over of a point is added too where it matters beside that.
    """
    mb = builder()
    points = np.asarray(points, np.float64)
    high = constant(points)
    low = points - high
    found = mb.sub(x=mb.gather(x=high, indices=indices, axis=0), y=mb.expand_dims(x=x, axes=[1]))
    if np.abs(low).max() > 1e-6 * near:
        found = mb.add(x=found, y=mb.gather(x=constant(low), indices=indices, axis=0))
    return found


def barycentre(differences, places, count, reg):
    """The mean of ``places`` (rows, count, columns), weighted so that the weights w, which add up to 1, make
    |sum of w times differences|^2 + r |w|^2 smallest, with r = ``reg`` times the sum of all squared differences.

    ``differences`` are (rows, count, features). scikit-learn solves the normal equations; in float32 those lose twice the
    digits. Here the first weight is 1 less the others, which leaves least squares in the others: with the columns
    (d_i - d_1, sqrt(r) (e_i - e_1)) against (d_1, sqrt(r) e_1). They are solved by modified Gram-Schmidt, each column taken
    out of all that follow, and the right-hand side with them, which is backward stable (Björck, Numerical Methods for Least
    Squares Problems, 1996, 2.4.3).
    """
    mb = builder()
    first, others = _parted(differences, count)
    nearest, further = _parted(places, count)
    if count == 1:
        return mb.squeeze(x=nearest, axes=[1])
    columns = mb.concat(values=[mb.sub(x=others, y=first), first], axis=1)
    size = mb.sqrt(x=mb.reduce_sum(x=mb.square(x=differences), axes=[1, 2], keep_dims=True))
    none = mb.cast(x=mb.equal(x=size, y=np.float32(0)), dtype="fp32")
    columns = mb.real_div(x=columns, y=mb.add(x=size, y=none))
    penalty = np.sqrt(reg) * (np.eye(count)[1:] - np.eye(count)[0])
    penalty = constant(np.vstack([penalty, np.sqrt(reg) * np.eye(count)[0]]))[None]
    zeros = mb.mul(x=mb.reduce_sum(x=columns, axes=[1, 2], keep_dims=True), y=np.float32(0))
    columns = mb.concat(values=[columns, mb.add(x=zeros, y=penalty)], axis=2)
    weights = _least_squares(columns, count)
    moved = mb.matmul(x=weights, y=mb.sub(x=further, y=nearest), transpose_x=True)
    return mb.squeeze(x=mb.add(x=nearest, y=moved), axes=[1])


def _parted(values, count):
    """The first of axis 1, and the others (``None`` where there are none)."""
    if count == 1:
        return values, None
    return builder().split(x=values, split_sizes=[1, count - 1], axis=1)


def _least_squares(columns, count):
    """The u that makes |u_1 a_1 + ... + b| smallest, (rows, count - 1, 1), for ``columns`` (rows, count, length), b last."""
    mb = builder()
    shares = []
    for left in range(count, 1, -1):
        first, columns = _parted(columns, left)
        square = mb.reduce_sum(x=mb.square(x=first), axes=[2], keep_dims=True)
        share = mb.real_div(x=mb.matmul(x=columns, y=first, transpose_y=True), y=square)
        columns = mb.sub(x=columns, y=mb.mul(x=share, y=first))
        shares.append(share)
    found = mb.mul(x=shares[-1], y=np.float32(-1))
    for later, share in zip(range(1, count - 1), shares[-2::-1], strict=True):
        inner, last = mb.split(x=share, split_sizes=[later, 1], axis=1)
        own = mb.mul(x=mb.add(x=mb.matmul(x=inner, y=found, transpose_x=True), y=last), y=np.float32(-1))
        found = mb.concat(values=[own, found], axis=1)
    return found
