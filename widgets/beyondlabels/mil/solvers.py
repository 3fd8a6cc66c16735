"""Solvers that a program runs itself: a loop of sweeps, for rows whose answer has no closed form."""

import numpy as np

from .blocks import builder, constant


def repeat(step, start, most, again):
    """``step(count, *state)`` gives the next state; repeated once, then while ``again(*state)`` (a truth value) holds, at
    most ``most`` times. ``start`` is the first state; returns the last."""
    mb = builder()

    def goes_on(count, *state):
        wanted = mb.logical_or(x=mb.equal(x=count, y=np.int32(0)), y=again(*state))
        return mb.logical_and(x=mb.less(x=count, y=np.int32(most)), y=wanted)

    def body(count, *state):
        return (mb.add(x=count, y=np.int32(1)), *step(count, *state))

    return mb.while_loop(_cond=goes_on, _body=body, loop_vars=(np.int32(0), *start))[1:]


def total(x):
    """The sum over everything, a scalar."""
    return builder().reduce_sum(x=x, axes=[0, 1], keep_dims=False)


def largest(x):
    """The largest absolute value of all, a scalar."""
    mb = builder()
    return mb.reduce_max(x=mb.abs(x=x), axes=[0, 1], keep_dims=False)


def zeros_like(x):
    return builder().mul(x=x, y=np.float32(0))


def coordinate_sweep(w, products, gram, shrink):
    """One sweep of coordinate descent on w G w / 2 - w b, row by row.

    ``products`` lists the columns of b, each (rows, 1); ``gram`` is G (parts, parts), float64; ``shrink(value, curvature)``
    puts a coordinate where its penalty wants it. Returns w and, for each coordinate, (value before, slope there).
    """
    mb = builder()
    seen = []
    for part, product in enumerate(products):
        begin, end = [0, part], [0, part + 1]
        old = mb.slice_by_index(x=w, begin=begin, end=end, begin_mask=[True, False], end_mask=[True, False])
        slope = mb.sub(x=mb.matmul(x=w, y=constant(gram[:, part : part + 1])), y=product)
        seen.append((old, slope))
        curvature = gram[part, part]
        if curvature == 0:
            continue
        new = shrink(mb.sub(x=old, y=mb.mul(x=slope, y=np.float32(1 / curvature))), curvature)
        place = np.eye(len(gram), dtype=np.float32)[part : part + 1]
        w = mb.add(x=w, y=mb.mul(x=mb.sub(x=new, y=old), y=place))
    return w, seen


def non_negative_least_squares(products, gram, tol, most):
    """w >= 0 with the least w G w / 2 - w b for ``products`` b (rows, parts), by coordinate descent from 0 (Cichocki and
    Phan 2009).

    As in scikit-learn, all rows stop together: when what the slopes violate, summed over all rows, has fallen to ``tol`` of
    what it was in the first sweep, or after ``most`` sweeps.
    """
    mb = builder()
    zero = np.float32(0)
    columns = _columns(products, len(gram))

    def sweep(count, w, violation, first):
        w, seen = coordinate_sweep(w, columns, gram, lambda value, curvature: mb.maximum(x=value, y=zero))
        free = [mb.select(cond=mb.equal(x=old, y=zero), a=mb.minimum(x=slope, y=zero), b=slope) for old, slope in seen]
        violation = total(mb.abs(x=_side_by_side(free)))
        return w, violation, mb.select(cond=mb.equal(x=count, y=np.int32(0)), a=violation, b=first)

    def again(w, violation, first):
        return mb.greater(x=violation, y=mb.mul(x=first, y=np.float32(tol)))

    return repeat(sweep, (zeros_like(products), zero, zero), most, again)[0]


def lasso(products, gram, penalty, positive, most):
    """w with the least w G w / 2 - w b + ``penalty`` |w| for ``products`` b (rows, parts), by coordinate descent from 0
    (Friedman, Hastie and Tibshirani 2010), until a sweep changes nothing by more than float32 can tell."""
    mb = builder()
    columns = _columns(products, len(gram))

    def shrink(value, curvature):
        return soft_threshold(value, penalty / curvature, positive)

    def sweep(count, w, change):
        new, _ = coordinate_sweep(w, columns, gram, shrink)
        return new, largest(mb.sub(x=new, y=w))

    def again(w, change):
        return mb.greater(x=change, y=mb.mul(x=largest(w), y=np.float32(2e-7)))

    return repeat(sweep, (zeros_like(products), np.float32(0)), most, again)[0]


def soft_threshold(x, edge, positive=False):
    """What of each value lies beyond ``edge``, on both sides or only above (Donoho and Johnstone 1994)."""
    mb = builder()
    edge, zero = np.float32(edge), np.float32(0)
    above = mb.maximum(x=mb.sub(x=x, y=edge), y=zero)
    return above if positive else mb.add(x=above, y=mb.minimum(x=mb.add(x=x, y=edge), y=zero))


def _columns(x, parts):
    return [x] if parts == 1 else builder().split(x=x, num_splits=parts, axis=1)


def _side_by_side(columns):
    return columns[0] if len(columns) == 1 else builder().concat(values=columns, axis=1)
