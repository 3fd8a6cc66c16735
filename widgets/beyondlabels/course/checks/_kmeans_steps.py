"""The two steps of k-means as exercises: assign every point, then move every centre."""

import numpy as np

from ..exercises import Exercise, NotYet
from ._tools import answer_of, numbers, written_function

_ASSIGN_STARTER = '''def assign(points, centres):
    """For each row of points, the number of the nearest centre."""
    ...'''
_UPDATE_STARTER = '''def update(points, labels, centres):
    """Each centre moves to the mean of its points; a centre without points stays."""
    ...'''


def _judge_assign(namespace):
    assign = written_function(namespace, "assign", _ASSIGN_STARTER)
    rng = np.random.default_rng(7)
    points, centres = rng.normal(size=(60, 4)) * [1, 1, 1, 3], rng.normal(size=(5, 4)) * [1, 1, 1, 3]
    found = np.asarray(answer_of(assign, points, centres))
    away = np.sqrt(((points[:, None] - centres) ** 2).sum(axis=2))
    if found.shape == (5,):
        raise NotYet(
            "For 60 points and 5 centres `assign` returned 5 numbers: the nearest point of each centre. It "
            "is the other way round; take the smallest along the axis of the centres.",
            "wrong_axis",
        )
    if found.shape == away.shape:
        raise NotYet(
            "`assign` returned a distance for every point and centre, 60 by 5. Wanted is which centre is "
            "nearest: `argmin` turns distances into numbers of centres.",
            "distances",
        )
    found = numbers(found, "assign(points, centres)", (60,))
    if np.allclose(found, away.min(axis=1)) or np.allclose(found, away.min(axis=1) ** 2):
        raise NotYet(
            "`assign` returned how far the nearest centre is. Wanted is which one it is: `argmin`, where you "
            "have `min`.",
            "distances",
        )
    if (found != found.round()).any() or found.min() < 0 or found.max() > 4:
        raise NotYet(
            f"With 5 centres the numbers must be 0 to 4; yours run from {found.min():g} to {found.max():g}.",
            "not_a_number_of_a_centre",
        )
    found = found.astype(int)
    rows = np.arange(60)
    if np.allclose(away[rows, found], away.min(axis=1)):
        return "Each of 60 points went to the nearest of 5 centres, in four dimensions. That is half of k-means."
    if np.allclose(away[rows, found], away.max(axis=1)):
        raise NotYet(
            "Every point went to the farthest centre. `argmax` looks for the largest distance, `argmin` for "
            "the smallest.",
            "farthest",
        )
    signed = (points[:, None] - centres).sum(axis=2)
    if (found == signed.argmin(axis=1)).all():
        raise NotYet(
            "Differences were added up with their signs, so one feature's -3 cancels another's +3. Square them first.",
            "not_squared",
        )
    walked = abs(points[:, None] - centres).sum(axis=2)
    if (found == walked.argmin(axis=1)).all():
        raise NotYet(
            "You added up absolute differences, as one walks along streets. k-means, whose centres are "
            "means, belongs to squared differences.",
            "manhattan",
        )
    first = abs(points[:, None, 0] - centres[:, 0])
    if (found == first.argmin(axis=1)).all():
        raise NotYet(
            "Only the first measurement was compared. Sum the squared differences over all of them: `.sum(axis=2)`.",
            "first_column",
        )
    wrong = int(np.argmax(~np.isclose(away[rows, found], away.min(axis=1))))
    raise NotYet(
        f"Point {wrong} of a small test went to a centre {away[wrong, found[wrong]]:.2f} away, though one is "
        f"{away[wrong].min():.2f} away. Print the distances of one point and follow it.",
        "not_nearest",
    )


def _assign(body):
    return f"import numpy as np\ndef assign(points, centres):\n    {body}"


_SQUARES = "((points[:, None] - centres) ** 2).sum(axis=2)"

ASSIGN_STEP = Exercise(
    id="kmeans.assign_step",
    title="The assign step",
    text=(
        "Write `assign(points, centres)`: for each row of `points` the number (0, 1, 2 …) of the nearest row "
        "of `centres`. It must work for any number of points, centres and measurements. NumPy only."
    ),
    starter=_ASSIGN_STARTER,
    solution="def assign(points, centres):\n"
    '    """For each row of points, the number of the nearest centre."""\n'
    "    squared_distances = ((points[:, None] - centres) ** 2).sum(axis=2)\n"
    "    return squared_distances.argmin(axis=1)",
    another="def assign(points, centres):\n"
    "    import math\n"
    "    return [min(range(len(centres)), key=lambda k: math.dist(point, centres[k])) for point in points]",
    judge=_judge_assign,
    hints=(
        "`points[:, None] - centres` has the shape (points, centres, measurements): every difference there "
        "is. Square it and sum over the last axis.",
        "You now have a table with a row for each point and a column for each centre. `.argmin(axis=1)` says "
        "in which column the smallest stands.",
    ),
    misconceptions={
        "farthest": _assign(f"return {_SQUARES}.argmax(axis=1)"),
        "wrong_axis": _assign(f"return {_SQUARES}.argmin(axis=0)"),
        "distances": _assign(f"return {_SQUARES}.min(axis=1)"),
        "not_squared": _assign("return (points[:, None] - centres).sum(axis=2).argmin(axis=1)"),
        "manhattan": _assign("return abs(points[:, None] - centres).sum(axis=2).argmin(axis=1)"),
        "first_column": _assign("return abs(points[:, None, 0] - centres[:, 0]).argmin(axis=1)"),
        "no_return": _assign(f"{_SQUARES}.argmin(axis=1)"),
    },
)


def _judge_update(namespace):
    update = written_function(namespace, "update", _UPDATE_STARTER)
    points = np.array([[1.0, 1.0], [1.0, 3.0], [5.0, 5.0], [10.0, 8.0], [6.0, 5.0]])
    labels, centres = np.array([0, 0, 2, 2, 2]), np.array([[1.0, 1.0], [8.0, 8.0], [5.0, 5.0]])
    with np.errstate(all="ignore"):
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the mean of nothing warns; the message below says it better
            found = np.asarray(answer_of(update, points, labels, centres), dtype=float)
    if found.shape == (2, 2):
        raise NotYet(
            "Three centres went in and two came out: the empty group was dropped. Then a group's number no "
            "longer means the same centre. Loop over the centres, not over the labels that occur.",
            "group_dropped",
        )
    if found.shape != centres.shape:
        raise NotYet(
            f"Three centres with two coordinates went in, and the shape {found.shape} came out; (3, 2) was expected.",
            "shape",
        )
    if np.isnan(found[1]).any():
        raise NotYet(
            "The centre without points became NaN: the mean of nothing is no number, and from then on every "
            "distance to it is NaN. Leave it where it was.",
            "nan_centre",
        )
    if np.allclose(found[1], 0):
        raise NotYet(
            "The centre without points jumped to (0, 0), a place where nobody put it. Keep its old position "
            "from `centres`.",
            "zero_centre",
        )
    means = np.array([[1.0, 2.0], [7.0, 6.0]])
    if np.allclose(found[[0, 2]], [[1.0, 2.0], [6.0, 5.0]]):
        raise NotYet(
            "You took the median. A good idea (k-medians), but the squared distances of k-means are smallest "
            "around the mean.",
            "median",
        )
    if np.allclose(found, centres):
        raise NotYet("No centre moved. Return the new centres; `centres` itself may stay as it was.", "nothing_moved")
    if not np.allclose(found[[0, 2]], means):
        raise NotYet(
            f"Points (1, 1) and (1, 3) belong to centre 0; it went to ({found[0, 0]:g}, {found[0, 1]:g}), and "
            "their mean is (1, 2).",
            "not_the_mean",
        )
    if not (np.allclose(found[1], centres[1]) or any(np.allclose(found[1], point) for point in points)):
        raise NotYet(
            "The centre without points went somewhere new. Keep its old position, or move it onto one of the points.",
            "empty_centre_moved",
        )
    return (
        "Both full centres moved to their means, and the empty one is still a place. With `assign` this is "
        "the whole of k-means."
    )


def _update(body):
    return f"import numpy as np\ndef update(points, labels, centres):\n    {body}"


EMPTY_GROUP = Exercise(
    id="kmeans.empty_group",
    title="The update step, and a group nobody chose",
    text=(
        "Write `update(points, labels, centres)`: the new centres, each the mean of the points with its "
        "number. Sooner or later a centre has no points at all; it keeps its old position."
    ),
    starter=_UPDATE_STARTER,
    solution="def update(points, labels, centres):\n"
    '    """Each centre moves to the mean of its points; a centre without points stays."""\n'
    "    moved = centres.copy()\n"
    "    for k in range(len(centres)):\n"
    "        if (labels == k).any():\n"
    "            moved[k] = points[labels == k].mean(axis=0)\n"
    "    return moved",
    another=_update(
        "member = labels == np.arange(len(centres))[:, None]\n"
        "    count = member.sum(axis=1, keepdims=True)\n"
        "    return np.where(count > 0, member @ points / np.maximum(count, 1), centres)"
    ),
    judge=_judge_update,
    hints=(
        "`points[labels == k]` are the points of group k; `.mean(axis=0)` is their mean, one number for each "
        "measurement.",
        "Begin with `moved = centres.copy()` and change only those centres for which `(labels == k).any()`.",
    ),
    misconceptions={
        "nan_centre": _update("return np.array([points[labels == k].mean(axis=0) for k in range(len(centres))])"),
        "group_dropped": _update("return np.array([points[labels == k].mean(axis=0) for k in np.unique(labels)])"),
        "zero_centre": _update(
            "return np.array([points[labels == k].sum(axis=0) / max(1, (labels == k).sum()) for k in "
            "range(len(centres))])"
        ),
        "median": _update(
            "return np.array([np.median(points[labels == k], axis=0) if (labels == k).any() else centres[k] "
            "for k in range(len(centres))])"
        ),
        "no_return": _update("moved = centres.copy()"),
    },
)
