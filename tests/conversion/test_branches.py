"""Which made-up rows become a proof: those that together take the most ways through the program."""

import json

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.neighbors import KNeighborsRegressor
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

import beyondlabels as bl
from beyondlabels.conversion.branches import Branches, edges, spread_out
from beyondlabels.conversion.convert import export
from beyondlabels.conversion.inputs import Input, Inputs
from beyondlabels.conversion.proof import MOST_ROWS
from beyondlabels.runtime.check import unpack

X = np.random.default_rng(0).normal(size=(200, 3))
Y = X @ [1.0, 2.0, -1.0]


def proof_rows(path):
    return unpack(json.loads(bl.runtime.load(path).program.metadata["com.beyondlabels.proof"])["rows"])


@pytest.fixture
def tree(tmp_path):
    """A program of one tree, with its inputs."""
    export(DecisionTreeRegressor(random_state=0).fit(X, Y), tmp_path / "tree.mlpackage", sample=X)
    return Branches(bl.runtime.load(tmp_path / "tree.mlpackage").program, Inputs([Input("x", (3,))]))


def test_the_row_that_adds_most_comes_first():
    taken = np.array([[1, 5], [1, 2], [3, 4], [1, 4]])
    np.testing.assert_array_equal(spread_out(taken, 2, 4), [0, 2, 1])
    np.testing.assert_array_equal(spread_out(taken, 4, 4), [0, 2, 1, 3])
    np.testing.assert_array_equal(spread_out(taken, 1, 2), [0, 2])


def test_a_program_that_only_multiplies_has_no_branches(tmp_path):
    export(StandardScaler().fit(X), tmp_path / "a.mlpackage", sample=X)
    assert not Branches(bl.runtime.load(tmp_path / "a.mlpackage").program, Inputs([Input("x", (3,))])).any


def test_what_a_row_takes(tree):
    assert tree.any
    taken = tree.taken(X)
    assert taken.shape[0] == 200
    assert len(np.unique(taken, axis=0)) == 200  # every row has a leaf of its own
    np.testing.assert_array_equal(tree.taken(X), taken)


def test_an_edge_has_two_sides(tree):
    rows, taken = edges(X[:100], tree)
    assert len(rows) == len(taken) == 100
    near, far = rows[::2], rows[1::2]
    assert (tree.taken(near) == tree.taken(X[:50])).all(axis=1).all()
    assert (tree.taken(far) != tree.taken(near)).any(axis=1).all()
    assert np.abs(far - near).max() <= np.abs(X[50:100] - X[:50]).max() / 250
    assert (taken < 0).any(axis=1).all()


class OneAtATime:
    """The same ways, asked about one halving at a time, as of a large program."""

    halvings = (1,) * 8

    def __init__(self, tree):
        self.taken = tree.taken


def test_several_halvings_at_once_find_the_same_edges(tree):
    assert tree.halvings == (3, 3, 2)
    for found, wanted in zip(edges(X[:100], tree), edges(X[:100], OneAtATime(tree)), strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_columns_of_few_values_are_not_mixed(tree):
    rows = X[:100].copy()
    rows[:, 1] = np.round(rows[:, 1])
    made, _ = edges(rows, tree)
    assert set(made[:, 1]) <= set(rows[:, 1])


def test_missing_values_stay_where_they_are(tree):
    rows = X[:100].copy()
    rows[::7, 0] = np.nan
    made, _ = edges(rows, tree)
    np.testing.assert_array_equal(np.isnan(made[::2, 0]), np.isnan(rows[:50, 0]))


def test_centres_keep_16_rows_and_lookups_get_more(tmp_path):
    few = bl.export(KMeans(3, n_init=1, random_state=0).fit(X), tmp_path / "a.mlpackage", sample=X)
    more = bl.export(KNeighborsRegressor().fit(X, Y), tmp_path / "b.mlpackage", sample=X)
    assert few.proof_rows == 16
    assert 64 < more.proof_rows <= MOST_ROWS


@pytest.mark.parametrize("model", [KNeighborsRegressor(), DecisionTreeRegressor(random_state=0)])
def test_the_rows_are_still_made_up_and_the_package_the_same_twice(model, tmp_path):
    for name in "ab":
        bl.export(model.fit(X, Y), tmp_path / f"{name}.mlpackage", sample=X)
    rows = proof_rows(tmp_path / "a.mlpackage")
    np.testing.assert_array_equal(rows, proof_rows(tmp_path / "b.mlpackage"))
    assert not (rows[:, None] == X.astype(np.float32)[None]).any()
    assert (rows >= X.min(axis=0)).all()
    assert (rows <= X.max(axis=0)).all()
    assert rows.nbytes <= 4_500
