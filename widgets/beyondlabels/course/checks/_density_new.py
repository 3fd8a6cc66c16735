"""Exercises on trees and on quakes that come later: cutting single linkage, and the nearest core quake."""

from functools import cache

import numpy as np

from ..exercises import Exercise, NotYet
from ._density_data import EPS, SETUP, kilometres, recognise
from ._tools import begun, labels, numbers, returned, written

_STARTER = '''def place_new(new, core_points, core_labels, eps):
    """For each row of new: the label of the nearest core point, or -1 where that is farther than eps."""
    ...'''


@cache
def _cuts():
    """Group of each quake by single linkage and by Ward's, cut in the ways a learner may cut them."""
    from scipy.cluster.hierarchy import fcluster, linkage

    single, ward = linkage(kilometres(), "single"), linkage(kilometres(), "ward")
    return {
        "right": fcluster(single, EPS, "distance"),
        "number_not_height": fcluster(single, EPS, "maxclust"),
        "other_tree": fcluster(ward, EPS, "distance"),
        "default_criterion": fcluster(single, EPS),
    }


_CUT_SAID = {
    "number_not_height": 'criterion="maxclust" asks for 20 groups. Asked is a cut at the height of 20 km, however '
    "many groups that gives: "
    '"distance".',
    "other_tree": "You cut Ward's tree. Its heights are not distances between quakes but what a merge adds to the "
    "spread within the groups, so 20 means something else there. Use `single_tree`.",
    "default_criterion": "All quakes are in one group: without a criterion `fcluster` compares with an inconsistency "
    "coefficient, which "
    'hardly ever reaches 20. Say criterion="distance".',
}


def _judge_cut(namespace):
    from sklearn.metrics import adjusted_rand_score

    found = labels(begun(namespace, "tree_groups"), "tree_groups", len(kilometres()))
    cuts = _cuts()
    if adjusted_rand_score(found, cuts["right"]) == 1:
        count = len(np.unique(cuts["right"]))
        return (
            f"{count} groups, many of them a single quake. It is what DBSCAN finds with eps = 20 and min_samples = "
            "1: single linkage floods too, only that every quake is core. One lonely quake on the way is enough "
            "to join two clusters."
        )
    recognise(_CUT_SAID, lambda name: adjusted_rand_score(found, cuts[name]) == 1)
    raise NotYet(
        f"`tree_groups` has {len(np.unique(found))} groups; a cut of `single_tree` at 20 km gives "
        f"{len(np.unique(cuts['right']))}.",
        "other",
    )


CUT_THE_TREE = Exercise(
    id="density.cut_the_tree",
    title="Cut the tree",
    text="Cut `single_tree` at a height of 20 km with `fcluster`, and put the 996 groups into `tree_groups`.",
    setup=SETUP + 'single_tree, ward_tree = linkage(X, "single"), linkage(X, "ward")\n',
    starter="tree_groups = ...",
    solution='tree_groups = fcluster(single_tree, 20, criterion="distance")',
    another="tree_groups = DBSCAN(eps=20, min_samples=1).fit(X).labels_",
    judge=_judge_cut,
    hints=(
        "`fcluster(tree, t, criterion=...)` cuts a tree; what `t` means is said by `criterion`.",
        'A height is a distance: `criterion="distance"`.',
    ),
    misconceptions={
        "number_not_height": 'tree_groups = fcluster(single_tree, 20, criterion="maxclust")',
        "other_tree": 'tree_groups = fcluster(ward_tree, 20, criterion="distance")',
        "default_criterion": "tree_groups = fcluster(single_tree, 20)",
    },
)


_RULE_SAID = {
    "never_noise": "Your rule never says noise: a quake 500 km from anywhere gets the cluster that happens to be "
    "nearest. Beyond eps the answer is -1.",
    "row_numbers": "You return which core point is nearest. Wanted is the cluster it belongs to: look its label up in "
    "`core_labels`.",
    "squared": "Squared distances were compared with eps, so the circle is too small here. Take the root, or square eps.",
    "first_within": "Each quake got the label of the first core point within eps, and a nearer one may belong to "
    "another cluster. Look for the smallest distance first: `argmin`.",
}


def _judge_new(namespace):
    place_new = written(namespace, "place_new", _STARTER)
    generator = np.random.default_rng(5)
    core_labels = generator.permutation(np.repeat([3, 0, 7], 12))  # neither 0, 1, 2 nor in the order of the rows
    middles = {3: (0, 0), 0: (9, 1), 7: (4, 8)}
    core_points = np.array([middles[label] for label in core_labels]) + generator.normal(0, 1.6, (36, 2))
    new, eps = generator.uniform(-6, 15, (80, 2)), 2.5
    found = np.asarray(returned(place_new, new, core_points, core_labels, eps))
    away = np.sqrt(((new[:, None] - core_points) ** 2).sum(axis=2))
    nearest, least = away.argmin(axis=1), away.min(axis=1)
    right = np.where(least <= eps, core_labels[nearest], -1)
    found = numbers(found, "place_new(...)", right.shape)
    if (found == right).all():
        return (
            "That is the rule DBSCAN itself uses to hand a label on, applied to a quake that came too late. It is "
            "the first substitute on the card below, where it is called nearest core point within eps."
        )
    within = away <= eps
    mistaken = {
        "never_noise": core_labels[nearest],
        "row_numbers": np.where(least <= eps, nearest, -1),
        "squared": np.where(least**2 <= eps, core_labels[nearest], -1),
        "first_within": np.where(within.any(axis=1), core_labels[within.argmax(axis=1)], -1),
    }
    recognise(_RULE_SAID, lambda name: (found == mistaken[name]).all())
    raise NotYet(
        f"{(found != right).sum()} of 80 new points got another label than the nearest core point within eps has. "
        "Try one point by hand.",
        "other",
    )


def _rule(*lines):
    body = "\n    ".join(("away = np.sqrt(((new[:, None] - core_points) ** 2).sum(axis=2))", *lines))
    return f"def place_new(new, core_points, core_labels, eps):\n    {body}"


NEW_QUAKE = Exercise(
    id="density.new_quake",
    title="A rule for a new quake",
    text=(
        "Write `place_new`: each row of `new` gets the label of the nearest core point, or -1 (noise) if even "
        "that one is farther away than `eps`. NumPy only."
    ),
    setup=SETUP,
    starter=_STARTER,
    solution="def place_new(new, core_points, core_labels, eps):\n"
    '    """For each row of new: the label of the nearest core point, or -1 where that is farther than eps."""\n'
    "    away = np.sqrt(((new[:, None] - core_points) ** 2).sum(axis=2))\n"
    "    return np.where(away.min(axis=1) <= eps, core_labels[away.argmin(axis=1)], -1)",
    another="def place_new(new, core_points, core_labels, eps):\n"
    "    answers = []\n"
    "    for point in new:\n"
    "        squares = ((core_points - point) ** 2).sum(axis=1)\n"
    "        answers.append(int(core_labels[squares.argmin()]) if squares.min() <= eps**2 else -1)\n"
    "    return answers",
    judge=_judge_new,
    hints=(
        "As with k-means in lesson 01: distances of every new point to every core point, and `argmin` along the "
        "core points.",
        "`core_labels[nearest]` is the label; `np.where(distance <= eps, label, -1)` chooses between it and noise.",
    ),
    misconceptions={
        "never_noise": _rule("return core_labels[away.argmin(axis=1)]"),
        "row_numbers": _rule("return np.where(away.min(axis=1) <= eps, away.argmin(axis=1), -1)"),
        "squared": _rule("return np.where((away**2).min(axis=1) <= eps, core_labels[away.argmin(axis=1)], -1)"),
        "first_within": _rule(
            "near = away <= eps", "return np.where(near.any(axis=1), core_labels[near.argmax(axis=1)], -1)"
        ),
        "no_return": _rule("np.where(away.min(axis=1) <= eps, core_labels[away.argmin(axis=1)], -1)"),
    },
)
