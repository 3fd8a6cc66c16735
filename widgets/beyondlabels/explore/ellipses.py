"""A mixture of Gaussians in motion: ellipses, shares, the half-steps, a learner's interventions, a sentence for each.

Knows no widget. Every operation leaves ``log_likelihood`` and ``before`` (the one before it) behind, and returns the
sentence that says what happened.
"""

from typing import NamedTuple

import numpy as np

from beyondlabels.errors import BadInput

from . import em, lloyd, words
from .stage import checked_count, checked_place
from .starts import STARTS, begin, round_one, where

MOST_COMPONENTS = 6
DOUBT = 0.95  # a point is in doubt where no component has this share
_TRAIL = 24
_GAIN, _SHIFT = 1e-4, 1e-3  # EM rests when the log-likelihood gains less, and no mean moves so many deviations
_COLLAPSED = 0.02  # deviations


class Moment(NamedTuple):
    """What a sentence compares with: how things stood before a step or a whole drag."""

    means: np.ndarray
    covariances: np.ndarray
    log_likelihood: float


class Ellipses:
    """A mixture on points (n, 2) in their own units, one half-step at a time.

    ``next`` is "E" or "M". ``shares`` is None until an E step; a change made by hand makes an E step at once. Measurement
    space, where circles are round and the log-likelihood is taken, is divided by each column's deviation if ``scale``.
    """

    def __init__(self, points, axes, k, shape, start, scale, seed, noun, reg_covar):
        self.points, self.axes, self.seed, self.noun, self.reg_covar = points, axes, seed, noun, reg_covar
        self._mean, self._spread = points.mean(axis=0), points.std(axis=0)
        self._spread[self._spread == 0] = 1
        self.scale, self._draws = scale, 0
        self.shape, self.start = _one_of("shape", shape, em.SHAPES), _one_of("start", start, STARTS)
        self.begin(self.checked_k(k))

    def checked_k(self, k):
        """`k` as an int, or ``BadInput``."""
        return checked_count(k, MOST_COMPONENTS, len(self.points), self.noun)

    @property
    def deviation(self):
        """What one unit of measurement space is in each column, (2,)."""
        return self._spread if self.scale else np.ones(2)

    def begin(self, k):
        """Ellipses where ``start`` puts them, of equal weight, and no shares yet."""
        draw = [self.seed, self._draws]
        self.means, covariances = begin(self.start, self.points, self._mean, self._spread, k, draw)
        self.weights = np.full(k, 1 / k)
        self.covariances = em.shaped(covariances, self.weights, self.shape, self.deviation)
        self.trails = [[] for _ in range(k)]
        self.shares, self.next, self.rounds, self.converged, self.before = None, "E", 0, False, float("nan")

    def scores(self, points):
        """ln(density) of points (m, 2) in measurement space, (m,)."""
        return self._parts(points)[1]

    def chances(self, points):
        """Shares of the components in points (m, 2), as the ellipses lie now, (m, k)."""
        return self._parts(points)[0]

    def _parts(self, points):
        shares, density = em.e_step(np.asarray(points, float), self.weights, self.means, self.covariances)
        return shares, density + np.log(self.deviation).sum()

    @property
    def log_likelihood(self):
        """Sum of ln(density) over the points, in measurement space."""
        return float(self.scores(self.points).sum())

    @property
    def bic(self):
        """Bayesian information criterion of the ellipses as they lie; smaller is better."""
        return float(em.bic(self.log_likelihood, len(self.points), len(self.weights), self.shape))

    @property
    def doubtful(self):
        """How many points no component has a share of ``DOUBT`` in; None before the first E step."""
        return None if self.shares is None else int((self.shares.max(axis=1) < DOUBT).sum())

    def moment(self):
        """How things stand now."""
        return Moment(self.means.copy(), self.covariances.copy(), self.log_likelihood)

    def step(self):
        """The next half-step."""
        if self.next == "E":
            self._share()
            return f"E step: every {words.one(self.noun)} shares itself out among the ellipses. {self._doubt()}"
        return self._refit(self.moment())

    def round(self):
        """An E step and an M step."""
        self._share()
        return self._refit(self.moment())

    def reset(self):
        """The ellipses of ``start`` again; drawn anew where that is chance."""
        self._draws += self.start == "chance"
        k = len(self.weights)
        self.begin(k)
        return f"{words.sentence(words.count(k, 'ellipses'))}{where(self.start, k)}. No shares yet."

    def change_start(self, start):
        """Begin again from another start."""
        self.start = _one_of("start", start, STARTS)
        return self.reset()

    def change_ellipse(self, index, mean, covariance, before):
        """Ellipse `index` to this mean (2,) and covariance (2, 2), seen against the moment `before` (the start of a drag)."""
        if not 0 <= index < len(self.means):
            raise BadInput(f"there is no ellipse {index}; they are numbered 0 to {len(self.means) - 1}.")
        mean, covariance = checked_place(mean, self.axes), self._checked_covariance(covariance)
        self.means[index] = mean
        kept = np.repeat(covariance[None], len(self.means), 0) if self.shape == "tied" else self.covariances.copy()
        kept[index] = covariance
        self.covariances = em.shaped(kept, self.weights, self.shape, self.deviation)
        self._share(before)
        far = words.shift(before.means[index], mean, self.axes)
        same = np.allclose(before.covariances[index], self.covariances[index])
        told = f"moved {far}" if far else "stayed where it was" if same else f"changed: {self.spread(index)}"
        return f"Ellipse {index + 1} {told}. {self._went(before)} {self._doubt()}"

    def change_k(self, k):
        """k components: new ones begin round and far from the others, or the last are taken away."""
        before, had = self.moment(), len(self.means)
        if k == had:
            return f"There are {words.count(k, 'ellipses')} already."
        if k > had:
            standard = (self.points - self._mean) / self._spread
            rows = lloyd.spread(standard, (self.means - self._mean) / self._spread, k - had, self.seed)
            self.means = np.vstack([self.means, self.points[rows]])
            new = np.repeat(round_one(self._spread)[None], k - had, axis=0)
            new = self.covariances[:1].repeat(k - had, axis=0) if self.shape == "tied" else new
            self.covariances, weights = np.concatenate([self.covariances, new]), np.full(k, 1 / k)
            weights[:had] = self.weights * had / k
        else:
            self.means, self.covariances, weights = self.means[:k], self.covariances[:k], self.weights[:k] + 1e-12
        self.weights = weights / weights.sum()
        self.covariances = em.shaped(self.covariances, self.weights, self.shape, self.deviation)
        self.trails = [*self.trails[:k], *([] for _ in range(k - had))]
        self._share(before)
        return f"{words.sentence(words.count(k, 'ellipses'))} now. {self._went(before)} {self._doubt()}"

    def change_shape(self, shape):
        """Another shape; what it does not allow is taken away at once."""
        before, self.shape = self.moment(), _one_of("shape", shape, em.SHAPES)
        self.covariances = em.shaped(self.covariances, self.weights, self.shape, self.deviation)
        self._share(before)
        kind = {"full": "each ellipse its own", "tied": "one ellipse for all", "diag": "ellipses that do not turn"}
        return f"Shape {shape}: {kind.get(shape, 'circles')}. {self._went(before)}"

    def change_scale(self, scale):
        """Another measurement space: where circles are round, and what the log-likelihood counts in."""
        self.scale = scale
        self.covariances = em.shaped(self.covariances, self.weights, self.shape, self.deviation)
        self._share(None)
        told = "Measured in standard deviations" if scale else "Measured in the columns' own units"
        moved = "circles are round there" if self.shape == "spherical" else "the ellipses stay as they are"
        return f"{told}: {moved}. Log-likelihood is {figure(self.log_likelihood)}, on another scale than before."

    def spread(self, index):
        """The ellipse's shape in words: its standard deviations and how far it leans."""
        (a, b), (_, c) = self.covariances[index]
        sizes = [f"{axis.label} ±{axis.say(np.sqrt(value))}" for axis, value in zip(self.axes, (a, c), strict=True)]
        return f"{', '.join(sizes)}, correlation {b / np.sqrt(a * c):.2f}".replace("-", "−")

    def _checked_covariance(self, covariance):
        covariance = np.asarray(covariance, float)
        if covariance.shape != (2, 2) or not np.isfinite(covariance).all() or covariance[0, 1] != covariance[1, 0]:
            raise BadInput(f"covariance is {covariance.tolist()}; give a symmetric 2 by 2 table of finite numbers.")
        if min(*np.diagonal(covariance), np.linalg.det(covariance)) <= 0:
            raise BadInput(f"covariance {covariance.tolist()} has no width in some direction; it must be positive.")
        return covariance

    def remember(self, index, place):
        """Keep a place where mean `index` stood, for its trail."""
        self.trails[index] = [*self.trails[index], place.tolist()][-_TRAIL:]

    def _share(self, before=None):
        self.shares = self.chances(self.points)
        self.next, self.converged = "M", False
        self.before = before.log_likelihood if before else float("nan")

    def _refit(self, before):
        for index, place in enumerate(before.means):
            self.remember(index, place)
        self.weights, self.means, self.covariances = em.m_step(
            self.points, self.shares, self.means, self.covariances, self.shape, self.deviation, self.reg_covar
        )
        self.next, self.before, self.rounds = "E", before.log_likelihood, self.rounds + 1
        moved = np.linalg.norm((self.means - before.means) / self._spread, axis=1)
        gained = self.log_likelihood - before.log_likelihood
        self.converged = bool(abs(gained) < _GAIN and moved.max() < _SHIFT)
        if self.converged:
            return f"M step: nothing moves and nothing is gained. EM has converged.{self._trouble()}"
        furthest = int(moved.argmax())
        far = words.shift(before.means[furthest], self.means[furthest], self.axes) or "by a hair"
        return f"M step: ellipse {furthest + 1} moved furthest, {far}. {self._went(before)}{self._trouble()}"

    def _went(self, before):
        return words.sentence(words.went("log-likelihood", before.log_likelihood, self.log_likelihood, figure)) + "."

    def _doubt(self):
        if not self.doubtful:
            return f"No {words.one(self.noun)} is in doubt."
        named, verb, them = (
            words.count(self.doubtful, self.noun),
            *(("is", "it") if self.doubtful == 1 else ("are", "them")),
        )
        return f"{words.sentence(named)} {verb} in doubt: no ellipse has {100 * DOUBT:.0f} % of {them}."

    def _trouble(self):
        """What has gone wrong with an ellipse, if anything has."""
        small = np.sqrt(np.linalg.eigvalsh(self.covariances / np.outer(self._spread, self._spread))[:, 0])
        if small.min() < _COLLAPSED:
            return (
                f" Ellipse {int(small.argmin()) + 1} has collapsed: it has no width left but what reg_covar gives it."
            )
        same = self._same()
        if same:
            named = words.listed([str(index + 1) for index in same])
            return f" Ellipses {named} are the same, so every share is split between them, and EM cannot part them."
        return ""

    def _same(self):
        """The numbers of the first ellipses that cannot be told apart; [] where all differ."""
        every = range(len(self.means))
        for first in every:
            same = [
                index
                for index in every
                if np.allclose(self.means[index], self.means[first])
                and np.allclose(self.covariances[index], self.covariances[first])
            ]
            if len(same) > 1:
                return same
        return []


def figure(value):
    """A log-likelihood or BIC in words: one decimal, a true minus."""
    return f"{value:,.1f}".replace("-", "−")


def gain(before, after):
    """The change of a log-likelihood with its sign; "" where there is nothing to compare."""
    return f"{after - before:+,.1f}".replace("-", "−") if np.isfinite(before) else ""


def _one_of(name, value, known):
    if value not in tuple(known):
        raise BadInput(f"{name} is {value!r}; use one of {', '.join(map(repr, known))}.")
    return value
