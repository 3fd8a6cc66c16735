"""DBSCAN in motion: who is a core point, one wave of the flood at a time, and the whole of it. Knows no widget.

Ester, Kriegel, Sander and Xu (1996), "A density-based algorithm for discovering clusters in large spatial databases
with noise". All distances are Euclidean, in the points' own unit, and a point counts as its own neighbour, as in
scikit-learn.
"""

import numpy as np

UNSEEN, NOISE = -2, -1
COLOURS = 6


class Flood:
    """Points (n, 2), a radius and a least number of neighbours; ``labels`` (n,) grow from ``UNSEEN`` to clusters and noise.

    ``run`` goes through the rows in order and so ends with scikit-learn's labels, numbers and all. ``begin`` may start a
    cluster anywhere; then the same points are core and the same are noise, and only a border point that two clusters reach
    may fall to the other one.
    """

    def __init__(self, points, eps, min_samples):
        self.points = points
        across, up = (column[:, None] - column for column in points.T)
        self._squared = across * across + up * up
        self.reset()
        self.measure(eps, min_samples)

    def measure(self, eps, min_samples):
        """Take new settings; the labels are those of the old ones until ``reset`` or ``run``."""
        self.eps, self.min_samples = eps, min_samples
        self._near = self._squared <= eps * eps
        self.core = self._near.sum(axis=1) >= min_samples

    def reset(self):
        """Nothing seen yet."""
        self.labels = np.full(len(self.points), UNSEEN)
        self.front = np.empty(0, int)  # core points whose neighbours come next
        self.waves = self.count = 0
        self.hues = np.empty(0, int)  # each cluster's colour, 0 to 5

    @property
    def begun(self):
        """Whether any point has been looked at."""
        return self.count > 0 or self.done

    @property
    def done(self):
        """Whether every point is in a cluster or noise."""
        return bool((self.labels != UNSEEN).all())

    @property
    def border(self):
        """Mask of the points that are in a cluster without being core."""
        return (self.labels >= 0) & ~self.core

    def within(self, place):
        """Numbers of the points within eps of ``place`` (2,)."""
        return np.flatnonzero(((self.points - place) ** 2).sum(axis=1) <= self.eps * self.eps)

    def start_near(self, place):
        """The unseen core point nearest to ``place`` and within eps of it; else the first in row order; else None."""
        waiting = np.flatnonzero(self.core & (self.labels == UNSEEN))
        if not len(waiting):
            return None
        away = ((self.points[waiting] - place) ** 2).sum(axis=1)
        return int(waiting[away.argmin()] if away.min() <= self.eps * self.eps else waiting[0])

    def begin(self, row):
        """Start the next cluster at the core point ``row``."""
        away = ((self.points - self.points[row]) ** 2).sum(axis=1)
        own = np.append(self.hues, 0)[np.maximum(self.labels, 0)]
        room = [away[(self.labels >= 0) & (own == hue)].min(initial=np.inf) for hue in range(COLOURS)]
        self.hues = np.append(self.hues, int(np.argmax(room)))
        self.labels[row] = self.count
        self.front, self.waves = np.array([row]), 0
        self.count += 1

    def wave(self):
        """Everything within eps of the front joins; its core points are the new front. Returns how many joined."""
        reached = self._near[self.front].any(axis=0) & (self.labels == UNSEEN)
        self.labels[reached] = self.count - 1
        self.front, self.waves = np.flatnonzero(reached & self.core), self.waves + 1
        if not (self._near[self.front].any(axis=0) & (self.labels == UNSEEN)).any():
            self.front = self.front[:0]
        return int(reached.sum())

    def finish(self):
        """What no cluster reached is noise."""
        self.labels[self.labels == UNSEEN] = NOISE

    def run(self):
        """The whole flood from the beginning, in row order. A cluster keeps the colour that most of its points had."""
        before, hues = self.labels.copy(), self.hues
        self.reset()
        for row in np.flatnonzero(self.core):
            if self.labels[row] == UNSEEN:
                self.labels[row], self.front = self.count, np.array([row])
                self.count += 1
                while len(self.front):
                    self.wave()
        self.finish()
        self.hues = self._hues(before, hues)

    def _hues(self, before, hues):
        """A colour for each cluster, the largest first: its old one, unless that is among the three used nearest by."""
        chosen = np.full(self.count, -1)
        middles = np.array([self.points[self.labels == each].mean(axis=0) for each in range(self.count)]).reshape(-1, 2)
        for cluster in np.argsort(-self.sizes, kind="stable"):
            away = ((middles - middles[cluster]) ** 2).sum(axis=1)
            room = np.array([away[chosen == hue].min(initial=np.inf) for hue in range(COLOURS)])
            mine = before[(self.labels == cluster) & (before >= 0)]
            old = hues[np.bincount(mine).argmax()] if len(mine) else -1
            keeps = old >= 0 and (room > room[old]).sum() < COLOURS // 2
            chosen[cluster] = old if keeps else int(room.argmax())
        return chosen

    @property
    def sizes(self):
        """Points in each cluster, (clusters,)."""
        return np.bincount(self.labels[self.labels >= 0], minlength=self.count)
