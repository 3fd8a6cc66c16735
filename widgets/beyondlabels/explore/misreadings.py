"""Point sets whose truth is known, for the ways a t-SNE map is misread: sizes, gaps, noise, and a torn sheet.

After Wattenberg, Viégas and Johnson (2016), "How to Use t-SNE Effectively", Distill. Everything is made here from a seed.
"""

from dataclasses import dataclass

import numpy as np

from .stage import Axis

NO_GROUP = 255
_BANDS = 6


@dataclass(frozen=True)
class Knob:
    """The one number of a point set that a learner may change: its label and its whole values from low to high."""

    label: str
    low: int
    high: int
    start: int


@dataclass(frozen=True)
class Misreading:
    """One point set: its name in a list, what to do with it, its knob, and how it is made.

    ``make(rng, knob)`` returns rows (n, d) and groups (n,) uint8, 255 for none. ``shown``: the two columns drawn as the data,
    with their labels. ``movable``: whether groups can be dragged. ``tell(rows, groups, places)`` returns (label, its value
    in the data, its value on the map), or None.
    """

    title: str
    task: str
    make: object
    labels: tuple
    shown: tuple = (0, 1)
    knob: Knob | None = None
    movable: bool = False
    tell: object = None
    of: str = "group"


def _blob(rng, count):
    """``count`` points around (0, 0) whose mean is 0 and whose deviation is 1 exactly, so that the truth is a round number."""
    points = rng.normal(size=(count, 2))
    points -= points.mean(axis=0)
    return points / points.std(axis=0)


def _sizes(rng, width):
    far = np.array([3.5 * (1 + width), 1.5 * (1 + width)])
    return np.concatenate([_blob(rng, 75), far + width * _blob(rng, 75)]), np.repeat([0, 1], 75)


def _gaps(rng, _):
    centres = np.array([[0, 0], [8, 0], [32, 32]])
    return np.concatenate([centre + _blob(rng, 50) for centre in centres]), np.repeat([0, 1, 2], 50)


def _noise(rng, width):
    return rng.normal(size=(200, width)), np.full(200, NO_GROUP)


def _roll(rng, _):
    """A rectangle of 95 by 21, rolled up; groups are six bands along the roll."""
    turn, height = 1.5 * np.pi * (1 + 2 * rng.uniform(size=240)), 21 * rng.uniform(size=240)
    along = turn.argsort().argsort()
    return np.column_stack([turn * np.cos(turn), height, turn * np.sin(turn)]), along * _BANDS // len(turn)


def _spread(points):
    """Root mean square distance from the mean."""
    return np.sqrt(np.square(points - points.mean(axis=0)).sum(axis=1).mean())


def _widths(rows, groups, places):
    found = [_spread(each[groups == 1]) / _spread(each[groups == 0]) for each in (rows, places)]
    return "width of group 2, in widths of group 1", *found


def _distances(rows, groups, places):
    found = []
    for each in (rows, places):
        first, second, third = (each[groups == group].mean(axis=0) for group in range(3))
        found.append(np.linalg.norm(third - second) / max(np.linalg.norm(second - first), 1e-12))
    return "gap from 2 to 3, in gaps from 1 to 2", *found


def _clumps(rows, groups, places):
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    found = (KMeans(6, n_init=5, random_state=0).fit_predict(each) for each in (rows, places))
    pairs = zip((rows, places), found, strict=True)
    return "silhouette of six k-means groups", *(float(silhouette_score(each, labels)) for each, labels in pairs)


MISREADINGS = {
    "sizes": Misreading(
        "sizes: one group wider",
        "Group 2 is five times as wide as group 1. Can you tell from the map? Make it wider still.",
        _sizes,
        ("first number", "second number"),
        knob=Knob("width of group 2", 1, 12, 5),
        movable=True,
        tell=_widths,
    ),
    "gaps": Misreading(
        "gaps: one group far away",
        "Group 3 is five times as far from 2 as 2 is from 1. Drag it nearer or farther: does the map notice?",
        _gaps,
        ("first number", "second number"),
        movable=True,
        tell=_distances,
    ),
    "noise": Misreading(
        "noise: no structure",
        "200 random points. At which perplexity would you swear that there are groups?",
        _noise,
        ("first of its numbers", "second of its numbers"),
        knob=Knob("numbers per point", 2, 100, 50),
        tell=_clumps,
    ),
    "roll": Misreading(
        "roll: a rolled-up sheet",
        "A rectangle, rolled up. Pick a point on the roll: which of its neighbours does the map tear away?",
        _roll,
        ("first number", "third number"),
        shown=(0, 2),
        of="band",
    ),
}


def square(points, labels, room):
    """Two ``Axis`` of the same length around ``points`` (n, 2), so that distances look alike in every direction.

    ``room``: what to leave free at each end, as a share of the points' range.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2, (0.5 + room) * float((high - low).max()) or 1.0
    return tuple(Axis(label, label, "", m - half, m + half) for label, m in zip(labels, middle.tolist(), strict=True))
