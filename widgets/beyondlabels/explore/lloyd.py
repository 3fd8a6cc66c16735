"""The two half-steps of k-means, its seeded start and the silhouette, in NumPy and fast enough to follow a drag.

Everything here works in *measurement space*: float64 coordinates of shape (n, 2), standardised or not, as the caller
chose. Lloyd, S. P. (1982), "Least squares quantization in PCM"; Arthur, D. and Vassilvitskii, S. (2007),
"k-means++: the advantages of careful seeding"; Rousseeuw, P. J. (1987), "Silhouettes".
"""

import numpy as np

SAMPLE_ABOVE = 2_000  # rows beyond which the silhouette is taken on a sample: its cost grows with the square
SAMPLE = 1_000
_ONE_THREAD = (
    250_000  # multiplications up to which OpenBLAS stays on one thread; waiting for a second costs 7 ms when busy
)


def assign(points, centres):
    """Nearest centre of each point: labels (n,) uint8 and squared distances (n,). A tie goes to the first centre."""
    best = np.full(len(points), np.inf)
    labels = np.zeros(len(points), np.uint8)
    x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    for index, (centre_x, centre_y) in enumerate(centres):
        distance = (x - centre_x) ** 2  # subtracted directly: the expanded form loses digits on unscaled data
        distance += (y - centre_y) ** 2
        labels[distance < best] = index
        np.minimum(best, distance, out=best)
    return labels, best


def inertia(points, labels, centres):
    """Sum of squared distances of each point to the centre of its own group."""
    return float(np.square(points - centres[labels]).sum())


def means(points, labels, centres):
    """The mean of each group, shape (k, 2); a group without points keeps its centre."""
    counts = np.bincount(labels, minlength=len(centres))
    sums = np.column_stack([np.bincount(labels, column, len(centres)) for column in points.T])
    return np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], centres)


def spread(points, centres, more, seed):
    """Row numbers for `more` new centres, drawn as k-means++ does: far from every centre there is, by squared distance.

    The draw depends on the seed and on how many centres there are, so adding one centre at a time gives the same
    centres as asking for all at once. Where all points lie on centres already, any row may be drawn.
    """
    centres = np.reshape(np.asarray(centres, float), (-1, 2))
    rows = []
    for _ in range(more):
        generator = np.random.default_rng([seed, len(centres)])
        weight = assign(points, centres)[1] if len(centres) else np.ones(len(points))
        total = np.cumsum(weight)
        if total[-1] > 0:
            row = int(np.searchsorted(total, generator.random() * total[-1], side="right"))
        else:
            row = int(generator.integers(len(points)))
        rows.append(min(row, len(points) - 1))
        centres = np.vstack([centres, points[rows[-1]]])
    return rows


class Silhouette:
    """The silhouette, kept ready: distances among the rows are worked out once, so a new labelling costs one product.

    Up to 2,000 rows all are used, beyond that a seeded sample of 1,000. ``sampled`` is the number of rows in the
    sample, or None. Equal to scikit-learn's ``silhouette_score`` on the same rows, to float32.
    """

    def __init__(self, points, seed):
        self.sampled = SAMPLE if len(points) > SAMPLE_ABOVE else None
        generator = np.random.default_rng(seed)
        self.rows = np.sort(generator.choice(len(points), SAMPLE, replace=False)) if self.sampled else None
        points = points if self.rows is None else points[self.rows]
        self._points = (points - points.mean(axis=0)).astype(np.float32)
        self._centre = points.mean(axis=0)
        across, up = (column[:, None] - column for column in self._points.T)
        self._distances = np.sqrt(across * across + up * up)

    def moved(self, row, point):
        """Row `row` now lies at `point`. Only its own distances are worked out again."""
        if self.rows is not None:
            place = int(np.searchsorted(self.rows, row))
            if place == len(self.rows) or self.rows[place] != row:
                return
            row = place
        self._points[row] = point - self._centre
        distance = np.hypot(*(self._points - self._points[row]).T)
        self._distances[row] = self._distances[:, row] = distance

    def score(self, labels):
        """Mean silhouette of the labelled rows, between -1 and 1; NaN where it is undefined (fewer than two groups,
        or every row a group of its own)."""
        labels = np.asarray(labels if self.rows is None else labels[self.rows])
        groups, labels, counts = np.unique(labels, return_inverse=True, return_counts=True)
        if not 2 <= len(groups) < len(labels):
            return float("nan")
        each = np.arange(len(labels))
        member = np.zeros((len(labels), len(groups)), np.float32)
        member[each, labels] = 1
        sums = np.empty_like(member)
        rows = max(1, _ONE_THREAD // member.size)
        for start in range(0, len(labels), rows):
            np.matmul(self._distances[start : start + rows], member, out=sums[start : start + rows])
        own = sums[each, labels] / np.maximum(counts[labels] - 1, 1)
        sums /= counts
        sums[each, labels] = np.inf
        other = sums.min(axis=1)
        larger = np.maximum(own, other)
        width = np.divide(other - own, larger, out=np.zeros_like(larger), where=larger > 0)
        width[counts[labels] == 1] = 0  # Rousseeuw's convention for a group of one
        return float(width.mean(dtype=float))
