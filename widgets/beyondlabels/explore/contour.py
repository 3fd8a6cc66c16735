"""Where a field of scores crosses a level: line segments by marching squares, in NumPy.

Lorensen, W. E. and Cline, H. E. (1987), "Marching Cubes", in two dimensions. A field has shape (side, side), its rows from
bottom to top and its columns from left to right; places are fractions of the axes' range, (0, 0) bottom left.
"""

import numpy as np


def places(side):
    """The places at which a field of this side is sampled, (side * side, 2), in the order of its raveled entries."""
    steps = np.linspace(0, 1, side)
    across, up = np.meshgrid(steps, steps)
    return np.column_stack([across.ravel(), up.ravel()])


def value(field, place):
    """The field at one place, between its samples by bilinear interpolation."""
    last = len(field) - 1
    x, y = (min(max(float(part), 0.0), 1.0) * last for part in place)
    column, row = min(int(x), last - 1), min(int(y), last - 1)
    x, y = x - column, y - row
    (a, b), (d, c) = field[row : row + 2, column : column + 2]
    return float((a * (1 - x) + b * x) * (1 - y) + (d * (1 - x) + c * x) * y)


def segments(field, level):
    """The line where the field equals ``level``, as segments (n, 4): x and y of one end, then of the other."""
    a, b, d, c = field[:-1, :-1], field[:-1, 1:], field[1:, :-1], field[1:, 1:]  # corners: a b below, d c above
    rows, columns = np.indices(a.shape)
    bottom, top, left, right = (_crossing(*pair, level) for pair in ((a, b), (d, c), (a, d), (b, c)))
    ends = np.stack(  # (cells, 4 sides, 2): bottom, right, top, left, in turn around the cell
        [
            np.stack([columns + bottom, rows + 0 * bottom], axis=-1),
            np.stack([columns + 1 + 0 * right, rows + right], axis=-1),
            np.stack([columns + top, rows + 1 + 0 * top], axis=-1),
            np.stack([columns + 0 * left, rows + left], axis=-1),
        ],
        axis=-2,
    ).reshape(-1, 4, 2)
    crossed = np.isfinite(ends[..., 0])
    two, four = (crossed.sum(axis=1) == count for count in (2, 4))
    each = np.arange(len(ends))
    first, last = crossed.argmax(axis=1), 3 - crossed[:, ::-1].argmax(axis=1)
    lines = [np.concatenate([ends[each[two], first[two]], ends[each[two], last[two]]], axis=1)]
    # A saddle: two corners at opposite ends are above. The cell's middle says whether they hang together.
    together = ((a + b + c + d).ravel() / 4 >= level) == (a.ravel() >= level)
    for joined, pairs in ((True, ((0, 1), (2, 3))), (False, ((0, 3), (1, 2)))):
        chosen = four & (together == joined)
        lines += [np.concatenate([ends[chosen, one], ends[chosen, other]], axis=1) for one, other in pairs]
    return np.concatenate(lines) / (len(field) - 1)


def _crossing(start, end, level):
    """Where along an edge the level lies, as a share; NaN where both ends are on one side of it."""
    apart = (start >= level) != (end >= level)
    step = np.where(apart, end - start, 1.0)
    return np.where(apart, (level - start) / step, np.nan)


def nearest(lines, place):
    """The point of the segments that is nearest to ``place``; ``place`` itself where there are none."""
    if not len(lines):
        return np.asarray(place, float)
    start, way = lines[:, :2], lines[:, 2:] - lines[:, :2]
    length = np.maximum((way * way).sum(axis=1), 1e-18)
    share = np.clip(((place - start) * way).sum(axis=1) / length, 0, 1)
    points = start + share[:, None] * way
    return points[((points - place) ** 2).sum(axis=1).argmin()]
