"""K-means in motion: points, centres and groups, the half-steps, a learner's interventions, a sentence for each.

Knows no widget. Every operation leaves ``inertia``, ``before`` (the inertia before it) and ``changed`` (how many points
changed group; None if nothing was assigned) behind, and returns the sentence that says what happened.
"""

from typing import NamedTuple

import numpy as np

from beyondlabels.errors import BadInput

from . import lloyd, words
from .stage import checked_count, checked_place

MOST_GROUPS = 6
NO_GROUP = 255
_TRAIL = 24


class Moment(NamedTuple):
    """What a sentence compares with: how things stood before a step or a whole drag."""

    labels: np.ndarray
    inertia: float
    centres: np.ndarray
    points: np.ndarray


class Rounds:
    """K-means on points (n, 2) in their own units, one half-step at a time.

    Distances are measured on ``space``: divided by each column's deviation over the original rows if ``scale``, else as
    they are. ``next`` is "assign" or "update". A change made by hand (a centre, a point, k, the scale) assigns at once.
    """

    def __init__(self, points, axes, k, scale, seed, noun):
        self.points, self.axes, self.scale, self.seed, self.noun = points, axes, scale, seed, noun
        self._origin = points.copy()
        self._mean, self._deviation = points.mean(axis=0), points.std(axis=0)
        self._deviation[self._deviation == 0] = 1  # a constant column says nothing either way
        self.begin(self.checked_k(k))

    def checked_k(self, k):
        """`k` as an int, or ``BadInput``."""
        return checked_count(k, MOST_GROUPS, len(self.points), self.noun)

    def space(self, values=None):
        """`values` (by default the points) where distances are measured, (n, 2)."""
        values = (self.points if values is None else values) - self._mean
        return values / self._deviation if self.scale else values

    def begin(self, k):
        """Start centres for k groups and nothing assigned. Drawn on standardised points, so both scales start alike."""
        standard = (self.points - self._mean) / self._deviation
        self.centres = self.points[lloyd.spread(standard, np.empty((0, 2)), k, self.seed)].copy()
        self.labels = np.full(len(self.points), NO_GROUP, np.uint8)
        self.trails = [[] for _ in range(k)]
        self.next, self.changed, self._placed, self._silhouette = "assign", None, self.space(), None
        self.inertia = self.before = float("nan")

    @property
    def assigned(self):
        """Whether points have groups."""
        return self.labels[0] != NO_GROUP

    @property
    def silhouette(self):
        """Mean silhouette; NaN where undefined."""
        if not self.assigned or len(self.centres) == 1:
            return float("nan")
        if self._silhouette is None:
            self._silhouette = lloyd.Silhouette(self._placed, self.seed)
        return self._silhouette.score(self.labels)

    @property
    def sizes(self):
        """Points in each group, a list of k."""
        return (
            np.bincount(self.labels, minlength=len(self.centres)).tolist() if self.assigned else [0] * len(self.centres)
        )

    @property
    def converged(self):
        """Whether a further round would change nothing: points with their nearest centres, centres on their means."""
        if self.next != "update":
            return False
        gap = self.space(lloyd.means(self.points, self.labels, self.centres)) - self.space(self.centres)
        return bool((np.abs(gap) <= 1e-9 * (1 + np.abs(self.space(self.centres)))).all())

    def nearest(self):
        """The group each point would join now, (n,) uint8, without assigning it."""
        return lloyd.assign(self._placed, self.space(self.centres))[0]

    def moment(self):
        """How things stand now."""
        return Moment(self.labels, self.inertia, self.centres.copy(), self.points)

    def step(self):
        """The next half-step."""
        before = self.moment()
        if self.next == "assign":
            self._assign(before)
            if before.labels[0] != NO_GROUP and self.changed == 0 and self.converged:
                return f"No {words.one(self.noun)} changed group: k-means has converged."
            return self._told(before)
        for index, place in enumerate(before.centres):
            self.remember(index, place)
        self.centres = lloyd.means(self.points, self.labels, self.centres)
        self.inertia = lloyd.inertia(self._placed, self.labels, self.space(self.centres))
        self.next, self.changed, self.before = "assign", None, before.inertia
        moved = np.linalg.norm(self.space(self.centres) - self.space(before.centres), axis=1)
        furthest = int(moved.argmax())
        far = words.shift(before.centres[furthest], self.centres[furthest], self.axes)
        if moved[furthest] < 1e-9:
            self.next = "update"
            told = "No centre moved: each stands on the mean of its group, and k-means has converged."
        elif len(self.centres) == 1:
            told = f"The centre went to the mean of all {self.noun}, {far or 'a hair away'}."
        else:
            told = (
                f"Each centre went to the mean of its group; centre {furthest + 1} went furthest, {far or 'by a hair'}."
            )
        if self.next == "assign":
            told += f" {words.sentence(words.inertia(before.inertia, self.inertia))}."
        return told + self._empty()

    def reset(self):
        """The original points and start centres, no groups."""
        self.points = self._origin.copy()
        self.begin(len(self.centres))
        return f"Back to the start: {words.count(len(self.centres), 'centres')} and no groups yet."

    def move_centre(self, index, x, y, before):
        """Centre `index` to (x, y), seen against the moment `before` (the start of a drag)."""
        if not 0 <= index < len(self.centres):
            raise BadInput(f"there is no centre {index}; they are numbered 0 to {len(self.centres) - 1}.")
        place = checked_place((x, y), self.axes)
        self.centres[index] = place
        self._assign(before)
        far = words.shift(before.centres[index], place, self.axes)
        return f"Centre {index + 1} {f'moved {far}' if far else 'stayed where it was'}. {self._told(before)}"

    def move_point(self, row, x, y, before):
        """The point of `row` to (x, y), seen against the moment `before`."""
        if not 0 <= row < len(self.points):
            raise BadInput(f"there is no row {row}; they are numbered 0 to {len(self.points) - 1:,}.")
        place = checked_place((x, y), self.axes)
        if self.points is before.points:  # one copy at the start of a drag, none while it lasts
            self.points = self.points.copy()
        self.points[row], self._placed[row] = place, self.space(place)
        if self._silhouette is not None:
            self._silhouette.moved(row, self.space(place))
        self._assign(before)
        far = words.shift(before.points[row], place, self.axes)
        named = f"{words.sentence(words.one(self.noun))} {row + 1:,} {f'moved {far}' if far else 'stayed where it was'}"
        old, new = before.labels[row], self.labels[row]
        group = f"stays in group {new + 1}" if old == new else f"joined group {new + 1}"
        return f"{named} and {group}; {words.inertia(before.inertia, self.inertia)}.{self._empty()}"

    def change_k(self, k):
        """k groups: centres are added far from the others, or the last are taken away."""
        before, had = self.moment(), len(self.centres)
        if k > had:
            rows = lloyd.spread(self._placed, self.space(self.centres), k - had, self.seed)
            self.centres = np.vstack([self.centres, self.points[rows]])
            told = f"{_centres(had + 1, k)} added"
        elif k < had:
            self.centres = self.centres[:k].copy()
            told = f"{_centres(k + 1, had)} taken away"
        else:
            return f"There are {words.count(k, 'centres')} already."
        self.trails = [*self.trails[:k], *([] for _ in range(k - had))]
        self._assign(before)
        return f"{told}. {self._told(before)}"

    def change_scale(self, scale):
        """Measure distances on standardised measurements, or on the columns' own units."""
        before, self.scale = self.moment(), scale
        self._placed, self._silhouette = self.space(), None
        self._assign(before)
        self.before = float("nan")  # another space: the two numbers cannot be compared
        told = (
            "Distances are measured on standardised values"
            if scale
            else "Distances are measured in the columns' own units"
        )
        moved = "" if before.labels[0] == NO_GROUP else f": {words.count(self.changed, self.noun)} changed group"
        return f"{told}{moved}. Inertia is {words.figure(self.inertia)}, on another scale than before.{self._empty()}"

    def _assign(self, before):
        self.labels, squared = lloyd.assign(self._placed, self.space(self.centres))
        self.next, self.inertia, self.before = "update", float(squared.sum()), before.inertia
        self.changed = int(np.count_nonzero(self.labels != before.labels))

    def remember(self, index, place):
        """Keep a place where centre `index` stood, for its trail."""
        self.trails[index] = [*self.trails[index], place.tolist()][-_TRAIL:]

    def _told(self, before):
        """Who changed group and what became of the inertia."""
        if before.labels[0] == NO_GROUP:
            told = f"Each {words.one(self.noun)} joined its nearest centre; inertia is {words.figure(self.inertia)}."
        else:
            told = f"{words.sentence(words.count(self.changed, self.noun))} changed group; "
            told += f"{words.inertia(before.inertia, self.inertia)}."
        return told + self._empty()

    def _empty(self):
        """A centre without points has no mean to go to; it keeps its place, and that is said."""
        empty = [str(index + 1) for index, size in enumerate(self.sizes) if not size]
        if not empty or not self.assigned:
            return ""
        if len(empty) == 1:
            return f" Centre {empty[0]} has no {self.noun}, so it stays where it is."
        return f" Centres {', '.join(empty[:-1])} and {empty[-1]} have no {self.noun}, so they stay where they are."


def _centres(first, last):
    """ "Centre 4 was", "Centres 4 and 5 were", "Centres 4 to 6 were"."""
    if first == last:
        return f"Centre {first} was"
    return f"Centres {first} {'and' if last == first + 1 else 'to'} {last} were"
