"""t-SNE on a few hundred rows, some iterations at a time, and how well a map keeps neighbours; in NumPy, and exact.

van der Maaten and Hinton (2008), "Visualizing Data using t-SNE", with the schedule of scikit-learn 1.9 for
``method="exact"``, so that both come to the same map; Venna and Kaski (2001), "Neighborhood preservation in nonlinear
projection methods".
"""

import numpy as np

ITERATIONS = 1_000
EXAGGERATED = 250  # iterations in which neighbours pull twelve times as hard, so that groups find together
_EXAGGERATION = 12.0
_LEAST = np.finfo(np.double).eps


def squared_distances(rows):
    """Squared Euclidean distances between all ``rows`` (n, d): (n, n), subtracted directly, zero on the diagonal."""
    total = np.zeros((len(rows), len(rows)))
    for column in rows.T:
        total += np.square(column[:, None] - column)
    return total


def affinities(squared, perplexity):
    """How much each pair belongs together: (n, n), symmetric, summing to 1, from ``squared`` distances (n, n).

    ``perplexity`` must be below n: no row has more neighbours than n - 1.
    """
    weights = conditional(squared, perplexity)
    return (weights + weights.T) / (2 * len(weights))


def conditional(squared, perplexity):
    """For each row a Gaussian over the others, summing to 1: (n, n). Row by row it is widened or narrowed until 2 to the power
    of its entropy, the effective number of neighbours, is ``perplexity``."""
    others = ~np.eye(len(squared), dtype=bool)
    nearest = np.where(others, squared, np.inf).min(axis=1, keepdims=True)
    squared = np.where(others, squared - nearest, 0)  # the nearest weighs 1, so no sum vanishes
    low, high = np.zeros(len(squared)), np.full(len(squared), np.inf)
    sharpness = 1 / np.maximum(np.median(squared, axis=1), _LEAST)
    for _ in range(100):
        weights = np.exp(-squared * sharpness[:, None]) * others
        total = weights.sum(axis=1)
        entropy = np.log(total) + sharpness * (squared * weights).sum(axis=1) / total
        away = entropy - np.log(perplexity)
        if np.abs(away).max() < 1e-7:
            break
        low, high = np.where(away > 0, sharpness, low), np.where(away > 0, high, sharpness)
        between = (low + np.where(np.isinf(high), 0, high)) / 2
        sharpness = np.where(np.isinf(high), 2 * sharpness, between)
    return weights / total[:, None]


def principal(rows, components=2):
    """The first principal components' places of ``rows``: (n, components), the largest loading of each positive."""
    centred = rows - rows.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    directions = directions[:components]
    largest = directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)]
    places = centred @ (directions * np.sign(largest)[:, None]).T
    return np.pad(places, ((0, 0), (0, components - places.shape[1])))


class Descent:
    """Gradient descent on the Kullback-Leibler divergence from ``affinities`` (n, n) to those of the map, from ``start``.

    ``places`` (n, 2), float32 as in scikit-learn, and ``iteration`` are where it stands. Momentum, gains, learning rate and
    early exaggeration are scikit-learn's.
    """

    def __init__(self, affinities, start):
        self.affinities = np.maximum(affinities, _LEAST).astype(np.float32)
        np.fill_diagonal(self.affinities, 0)
        self.places, self.iteration = start.astype(np.float32), 0
        self._rate = max(len(start) / _EXAGGERATION / 4, 50)
        self._near, self._pull, self._spare = np.empty((3, *affinities.shape), np.float32)
        self._restart()

    @property
    def done(self):
        """Whether all iterations were made."""
        return self.iteration >= ITERATIONS

    def step(self):
        """One iteration."""
        early = self.iteration < EXAGGERATED
        if self.iteration == EXAGGERATED:
            self._restart()
        gradient = self.gradient(_EXAGGERATION if early else 1.0)
        against = self._update * gradient < 0
        self._gains = np.maximum(np.where(against, self._gains + 0.2, self._gains * 0.8), 0.01)
        self._update = (0.5 if early else 0.8) * self._update - self._rate * self._gains * gradient
        self.places = (self.places + self._update).astype(np.float32)
        self.iteration += 1

    def _restart(self):
        self._update, self._gains = np.zeros_like(self.places), np.ones_like(self.places)

    def gradient(self, exaggeration=1.0):
        """The gradient at ``places``, (n, 2), with the affinities so many times as large."""
        pull = np.multiply(self.affinities, exaggeration, out=self._pull)
        near, total = self._nearness()
        pull -= np.multiply(near, 1 / total, out=self._spare)
        pull *= near
        return 4 * (pull.sum(axis=1, keepdims=True) * self.places - pull @ self.places)

    def _nearness(self):
        """1 / (1 + squared distance) on the map, 0 on the diagonal, and the sum: in place, six times as fast as with copies."""
        near, spare = self._near, self._spare
        for column, out in zip(self.places.T.copy(), (near, spare), strict=True):
            np.subtract(column[:, None], column, out=out)
            np.multiply(out, out, out=out)
        near += spare
        near += 1
        np.reciprocal(near, out=near)
        np.fill_diagonal(near, 0)
        return near, near.sum()

    @property
    def divergence(self):
        """The Kullback-Leibler divergence at ``places``, without exaggeration."""
        near, total = self._nearness()
        pairs = self.affinities > 0
        wanted = self.affinities[pairs].astype(float)
        return float((wanted * np.log(wanted / np.maximum(near[pairs] / total, _LEAST))).sum())


class Neighbours:
    """Who is near whom among n rows, from their ``squared`` distances (n, n), up to ``count`` neighbours, 2 count < n."""

    def __init__(self, squared, count):
        self.count = count
        squared = squared.copy()
        np.fill_diagonal(squared, -1)  # each row is its own first
        order = squared.argsort(axis=1, kind="stable")
        self.nearest = order[:, 1 : count + 1]
        self.ranks = np.empty_like(order)
        np.put_along_axis(self.ranks, order, np.arange(len(order))[None], axis=1)

    def judge(self, others):
        """1 where none of the neighbours in ``others`` (``Neighbours`` of the same rows) is far away by these ranks.

        With these as the data and ``others`` as the map this is trustworthiness, the other way round continuity.
        """
        rows, count = len(self.ranks), self.count
        beyond = np.take_along_axis(self.ranks, others.nearest, axis=1) - count
        return float(1 - 2 / (rows * count * (2 * rows - 3 * count - 1)) * beyond[beyond > 0].sum())
