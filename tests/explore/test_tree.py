"""The tree: groups below a cut as SciPy finds them, what it says, and what it refuses."""

import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import adjusted_rand_score

import beyondlabels as bl
from beyondlabels.explore.merges import LINKAGES, Merges

LINE = np.array([[0.0, 0], [1, 0], [3, 0], [10, 0], [12, 0], [30, 0]])  # single linkage merges at 1, 2, 2, 7 and 18


@pytest.fixture(scope="module", name="quakes")
def some_quakes():
    return bl.datasets.load("earthquakes")[["longitude", "latitude"]][::4]


def ask(tree, **message):
    """As the browser asks."""
    tree._receive(tree, {"token": "t-1", **message}, [])
    return tree.state


def test_the_cut_is_scipys(quakes):
    for method in LINKAGES:
        tree = bl.explore.Tree(quakes, linkage=method, k=6)
        expected = linkage(quakes.to_numpy(), method)
        assert np.allclose(tree.tree, expected)
        assert tree.k == 6
        for cut in (0.0, tree.cut, expected[-1, 2]):
            tree.cut = cut
            assert adjusted_rand_score(tree.labels, fcluster(expected, cut, criterion="distance")) == 1


def test_groups_are_numbered_by_size_then_by_their_first_row():
    tree = bl.explore.Tree(LINE, k=3)
    assert tree.labels.tolist() == [0, 0, 0, 1, 1, 2]
    tree.cut = 1.5
    assert tree.labels.tolist() == [0, 0, 1, 2, 3, 4]


def test_merges_of_one_height_cannot_be_cut_apart():
    tree = bl.explore.Tree(LINE, k=4)  # two merges at 2: there is no cut with four groups
    assert tree.k == 3
    with_doubles = bl.explore.Tree([[0.0, 0], [0, 0], [5, 5]], k=3)
    assert with_doubles.k == 2


@pytest.mark.parametrize("k", [1, 2, 3, 5, 6])
def test_a_cut_lies_between_two_merges(k):
    tree = bl.explore.Tree(LINE, k=k)
    assert tree.k == k
    assert min(abs(tree.cut - tree.tree[:, 2])) > 0.2


def test_it_says_what_the_cut_leaves():
    tree = bl.explore.Tree(LINE, noun="quakes")
    tree.cut = 10
    assert tree.said == "Cut at 10.0: two groups. The largest has 5 of 6 quakes, and one quake is alone."
    tree.cut = 19
    assert tree.said == "Cut at 19.0: one group of all 6 quakes."
    tree.cut = 0
    assert tree.said == "Cut at 0.0: six groups, every quake alone."


def test_single_heights_have_the_unit_and_wards_do_not():
    table = pd.DataFrame(LINE, columns=["east_km", "north_km"])
    tree = bl.explore.Tree(table, k=3)
    assert tree.said.startswith("Cut at 4.5 km: three groups.")
    tree.linkage = "ward"
    assert tree.k == 3
    assert "km" not in tree.said
    assert tree.state["height"]["unit"] == ""


def test_the_browser_gets_every_merge_and_the_colour_of_its_group():
    tree = bl.explore.Tree(LINE, k=3)
    branches = np.frombuffer(tree.branches, "<f4").reshape(-1, 5)
    assert branches.shape == (5, 5)
    assert branches.min() >= 0
    assert branches.max() <= 1
    assert tree.state["below"] == [0, 0, 1, -1, -1]
    assert np.frombuffer(tree.groups, np.uint8).tolist() == [0, 0, 0, 1, 1, 2]
    state = ask(tree, do="k", k=6)
    assert (state["token"], state["k"], state["alone"], state["sizes"]) == ("t-1", 6, 6, [1] * 6)


def test_more_than_six_groups_leave_plain_points(quakes):
    tree = bl.explore.Tree(quakes, k=20)
    codes = np.frombuffer(tree.groups, np.uint8)
    assert set(codes) == {0, 1, 2, 3, 4, 5, 255}
    assert (codes == 255).sum() == (tree.labels > 5).sum()


def test_a_branch_stands_in_the_middle_of_its_two_parts_and_none_cross(quakes):
    merges = Merges(quakes.to_numpy(), "average")
    rows = len(merges.tree) + 1
    left, right, low, other, top = merges.branches.T
    assert (left < right).all()
    assert (top >= np.maximum(low, other)).all()
    spans = dict.fromkeys(range(rows), 1)
    for number, (one, two, _, size) in enumerate(merges.tree):
        spans[rows + number] = spans[int(one)] + spans[int(two)]
        assert spans[rows + number] == size
        assert right[number] - left[number] <= size


def test_chained_thousands_need_no_deep_recursion():
    chain = np.column_stack([np.cumsum(np.linspace(1, 2, 1999)), np.zeros(1999)])
    tree = bl.explore.Tree(chain, k=2)
    assert tree.k == 2
    assert "<svg" not in tree.picture()
    assert tree.picture() == bl.explore.Tree(chain, k=2).picture()


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"do": "cut", "cut": -1}, "a height from 0 to"),
        ({"do": "cut", "cut": float("nan")}, "a height from 0 to"),
        ({"do": "k", "k": 0}, "whole number from 1 to 6"),
        ({"do": "linkage", "linkage": "median"}, "it is one of 'single'"),
        ({"do": "fell"}, "reload the page"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(message, words):
    tree = bl.explore.Tree(LINE, k=3)
    before = tree.cut, tree.linkage
    ask(tree, **message)
    assert words in tree.said
    assert (tree.cut, tree.linkage) == before


@pytest.mark.parametrize(
    ("rows", "options", "words"),
    [
        (LINE[:1], {}, "2 to 2,000"),
        (pd.DataFrame(LINE, columns=["east_km", "mass_g"]), {}, "same unit"),
        (LINE, {"linkage": "centroid"}, "it is one of"),
        (LINE, {"k": 7}, "from 1 to 6"),
    ],
)
def test_what_cannot_be_grown_is_refused(rows, options, words):
    with pytest.raises(bl.BadInput, match=words):
        bl.explore.Tree(rows, **options)
