"""Exercises on the circle: which quakes are core, and what the distance to the eighth says about eps."""

from functools import cache

import numpy as np

from ..exercises import Exercise, NotYet
from ._density_data import EPS, LEAST, SETUP, degrees, distances, kilometres
from ._tools import begun, numbers


@cache
def _other_circles():
    """Who would be core in a square of 20 km each way, and in a circle of 20 degrees, (996,) bool each."""
    near, flat = (np.abs(rows[:, None] - rows) for rows in (kilometres(), degrees()))
    inside = (near <= EPS).all(axis=2), (flat**2).sum(axis=2) <= EPS**2
    return [each.sum(axis=1) >= LEAST for each in inside]


def _judge_core(namespace):
    core = np.asarray(begun(namespace, "core"))
    away = distances()
    count = (away <= EPS).sum(axis=1)
    right = count >= LEAST
    if core.shape == (right.sum(),) and core.dtype.kind in "iu":
        raise NotYet(
            f"`core` lists the numbers of {len(core)} quakes. Asked is one True or False for each of the "
            f"{len(right)}, so that `core.sum()` counts them and `X[core]` picks them.",
            "row_numbers",
        )
    if core.shape != right.shape:
        found = " by ".join(map(str, core.shape)) or "a single value"
        raise NotYet(
            f"`core` has the shape {found}; one value for each of the {len(right)} quakes was expected.", "shape"
        )
    if core.dtype != bool:
        if set(np.unique(core).tolist()) <= {0, 1}:
            core = core.astype(bool)
        else:
            raise NotYet(
                f"`core` holds counts (up to {core.max():.0f}), not yet an answer. Which counts are enough? "
                f"Compare with {LEAST}.",
                "counts",
            )
    if (core == right).all():
        return (
            f"{right.sum()} of {len(right)} quakes are core. The other {(~right).sum()} can still be border, if a "
            "core quake is within reach; the rest will be noise."
        )
    if (core == (count - 1 >= LEAST)).all():
        raise NotYet(
            f"You asked for {LEAST} others. In DBSCAN as scikit-learn counts it, a quake is in its own circle: "
            "seven others and itself are enough.",
            "not_itself",
        )
    if (core == ((away**2 <= EPS).sum(axis=1) >= LEAST)).all():
        raise NotYet(
            f"These are the quakes with enough others within {EPS**0.5:.1f} km: squared distances were compared "
            f"with {EPS}. Take the root, or compare with {EPS}².",
            "squared",
        )
    square, flat = _other_circles()
    if (core == square).all():
        raise NotYet(
            f"You looked {EPS} km each way, east and north separately: that is a square. Its corners are 28 km "
            "away. Put both together with Pythagoras.",
            "square",
        )
    if (core == flat).all():
        raise NotYet(
            f"All {len(right)} are core: {EPS} was compared with distances in degrees, and the whole map is 10 "
            "degrees wide. Use `X`, which is in kilometres.",
            "degrees",
        )
    raise NotYet(
        f"{core.sum()} quakes are core in your answer, and {right.sum()} have {LEAST} or more in their circle of "
        f"{EPS} km, themselves included. {(core != right).sum()} differ; look at one of them.",
        "other",
    )


_ALL = "away = np.sqrt(((X[:, None] - X) ** 2).sum(axis=2))\n"

CORE_QUAKES = Exercise(
    id="density.core_quakes",
    title="Which quakes are core?",
    text=(
        "Complete the second line: `core` says for each of the 996 quakes, True or False, whether at least "
        f"{LEAST} quakes lie within {EPS} km of it. The quake itself counts, as in scikit-learn."
    ),
    setup=SETUP,
    starter="away = np.sqrt(((X[:, None] - X) ** 2).sum(axis=2))  # kilometres between every two quakes\ncore = ...",
    solution=f"{_ALL}core = (away <= 20).sum(axis=1) >= 8",
    another="from sklearn.neighbors import KDTree\ncore = KDTree(X).query_radius(X, 20, count_only=True) > 7",
    judge=_judge_core,
    hints=(
        "`away <= 20` is a table of True and False, 996 by 996. `.sum(axis=1)` counts the True of each row.",
        "Compare the 996 counts with 8. Row i of `away` has a 0 at place i: the quake itself is counted already.",
    ),
    misconceptions={
        "counts": f"{_ALL}core = (away <= 20).sum(axis=1)",
        "not_itself": f"{_ALL}core = (away <= 20).sum(axis=1) - 1 >= 8",
        "squared": "core = (((X[:, None] - X) ** 2).sum(axis=2) <= 20).sum(axis=1) >= 8",
        "square": "core = (abs(X[:, None] - X) <= 20).all(axis=2).sum(axis=1) >= 8",
        "degrees": "D = quakes[['longitude', 'latitude']].to_numpy()\n"
        "core = (np.sqrt(((D[:, None] - D) ** 2).sum(axis=2)) <= 20).sum(axis=1) >= 8",
        "row_numbers": "core = DBSCAN(eps=20, min_samples=8).fit(X).core_sample_indices_",
    },
)


def _judge_k_distance(namespace):
    found = begun(namespace, "k_distance")
    if isinstance(found, tuple):
        raise NotYet(
            "`k_distance` is the pair that `kneighbors` returns: distances, and row numbers. Take the distances, "
            "and of them the last column.",
            "pair",
        )
    array = np.asarray(found)
    if array.ndim == 2 and array.shape[0] == len(kilometres()):
        raise NotYet(
            f"`k_distance` has {array.shape[1]} distances for each quake. Only the last of them says how large the "
            "circle must be for the quake to be core.",
            "whole_table",
        )
    found = numbers(found, "k_distance", (len(kilometres()),))
    each = np.sort(distances(), axis=1)  # column 0 is the quake itself
    right = np.sort(each[:, LEAST - 1])

    def is_column(values):
        return np.allclose(np.sort(found), np.sort(values), atol=0.01)

    if is_column(right):
        if not (np.diff(found) >= -1e-9).all() and not (np.diff(found) <= 1e-9).all():
            raise NotYet(
                "The numbers are right and in the order of the table. Sort them, so that they make a curve.", "unsorted"
            )
        share = int((right <= EPS).sum())
        return (
            f"{share} of the {len(right)} lie at or below {EPS} km: exactly the core quakes. Every eps cuts the "
            "curve somewhere, and what is left of the cut is core."
        )
    if is_column(each[:, LEAST]):
        raise NotYet(
            "This is one quake too far: the eighth other one. The circle counts the quake itself, so the "
            "seventh other one makes it core. `kneighbors(X)` counts it too, `kneighbors()` does not.",
            "one_too_far",
        )
    if is_column(each[:, 1]):
        raise NotYet("This is the distance to the nearest other quake. One neighbour is not eight.", "nearest")
    if np.allclose(found, 0):
        raise NotYet("All nought: the distance of each quake to itself. Take the last column, not the first.", "itself")
    if is_column(each[:, :LEAST].mean(axis=1)) or is_column(each[:, 1:LEAST].mean(axis=1)):
        raise NotYet(
            "This is the mean distance to the nearest. Whether a quake is core is decided by the farthest of the "
            "eight.",
            "mean",
        )
    raise NotYet(
        f"Your curve runs from {found.min():.2f} to {found.max():.1f} km; it should run from {right[0]:.2f} to "
        f"{right[-1]:.1f}. Use `X`, in kilometres, and eight neighbours with the quake itself among them.",
        "other",
    )


_NEAREST = "distances, rows = NearestNeighbors(n_neighbors=8).fit(X).kneighbors(X)\n"

K_DISTANCE = Exercise(
    id="density.k_distance",
    title="How large must each circle be?",
    text=(
        "For each quake, how far does the circle have to reach until eight quakes are in it, the quake itself "
        "included? Put the 996 distances in kilometres, sorted, into `k_distance`. `kneighbors(X)` finds each "
        "quake itself as its first neighbour."
    ),
    setup=SETUP,
    starter="distances, rows = NearestNeighbors(n_neighbors=8).fit(X).kneighbors(X)\nk_distance = ...",
    solution=f"{_NEAREST}k_distance = np.sort(distances[:, 7])",
    another="away = np.sqrt(((X[:, None] - X) ** 2).sum(axis=2))\nk_distance = sorted(np.partition(away, 7, "
    "axis=1)[:, 7])[::-1]",
    judge=_judge_k_distance,
    hints=(
        "`distances` has a row for each quake and eight columns, nearest first. Column 0 is the quake itself, at "
        "distance 0.",
        "The last column is `distances[:, 7]`; `np.sort` puts it in order.",
    ),
    misconceptions={
        "unsorted": f"{_NEAREST}k_distance = distances[:, 7]",
        "one_too_far": "k_distance = np.sort(NearestNeighbors(n_neighbors=8).fit(X).kneighbors()[0][:, 7])",
        "nearest": f"{_NEAREST}k_distance = np.sort(distances[:, 1])",
        "itself": f"{_NEAREST}k_distance = np.sort(distances[:, 0])",
        "mean": f"{_NEAREST}k_distance = np.sort(distances.mean(axis=1))",
        "whole_table": f"{_NEAREST}k_distance = np.sort(distances)",
        "pair": "k_distance = NearestNeighbors(n_neighbors=8).fit(X).kneighbors(X)",
    },
)
