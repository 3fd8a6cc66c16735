"""Clusters that a new point joins: worked out by hand, and what the general cases do not reach."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.cluster import AffinityPropagation, Birch, BisectingKMeans, FeatureAgglomeration, MeanShift
from sklearn.cluster._bisect_k_means import _BisectingTree

import beyondlabels as bl
from conversion.by_hand import agrees


def node(center, label=None, left=None, right=None):
    """A node of the tree of centres."""
    made = _BisectingTree(np.array(center, float), None, 0.0)
    made.label, made.left, made.right = label, left, right
    return made


def bisecting(**attributes):
    """0 and 8 at the first fork; 8 parts into 5 and 20. A row at 4.2 is left of the first fork, though 5 is nearer than 0."""
    right = node([8.0], left=node([5.0], 1), right=node([20.0], 2))
    own = {
        "_bisecting_tree": node([4.0], left=node([0.0], 0), right=right),
        "cluster_centers_": np.array([[0.0], [5.0], [20.0]]),
        "labels_": np.array([0, 0, 1, 1, 2, 2]),
        "n_features_in_": 1,
        "_n_threads": 1,
    }
    model = BisectingKMeans(3)
    vars(model).update(own | attributes)
    return model


def with_attributes(model, **attributes):
    vars(model).update(
        {name: np.array(value) if isinstance(value, list) else value for name, value in attributes.items()}
    )
    return model


CENTRES = [[0.0, 0.0], [3.0, 4.0], [6.0, 0.0]]
POOLED = {"labels_": [0, 1, 0, 2], "n_features_in_": 4}
CASES = {
    "down the tree": (
        bisecting(),
        [[3.9], [4.1], [12.0], [13.0]],
        {"label": [0, 1, 1, 2], "distances": [[3.9, 1.1, 16.1], [4.1, 0.9, 15.9], [12, 7, 8], [13, 8, 7]]},
    ),
    "a tree of centred rows": (
        bisecting(_X_mean=np.array([1.0]), cluster_centers_=np.array([[1.0], [6.0], [21.0]])),
        [[4.9], [5.1]],
        {"label": [0, 1], "distances": [[3.9, 1.1, 16.1], [4.1, 0.9, 15.9]]},
    ),
    "a tree of one": (
        bisecting(_bisecting_tree=node([2.0], 0), cluster_centers_=np.array([[2.0]])),
        [[5.0]],
        {"label": [0], "distances": [[3]]},
    ),
    "Birch": (
        with_attributes(Birch(), subcluster_centers_=CENTRES, subcluster_labels_=[1, 0, 1], n_features_in_=2),
        [[1.0, 0.0], [3.0, 3.0], [6.0, 1.0]],
        {"label": [1, 0, 1], "distances": [[1, 20**0.5, 5], [18**0.5, 1, 18**0.5], [37**0.5, 18**0.5, 1]]},
    ),
    "MeanShift": (
        with_attributes(
            MeanShift(cluster_all=False), cluster_centers_=CENTRES, labels_=[0, 1, -1, 2, 2], n_features_in_=2
        ),
        [[1.0, 0.0], [3.0, 3.0], [90.0, 0.0]],
        {"label": [0, 1, 2]},
    ),
    "AffinityPropagation": (
        with_attributes(
            AffinityPropagation(), cluster_centers_=CENTRES, cluster_centers_indices_=[0, 1, 2], n_features_in_=2
        ),
        [[1.0, 0.0], [3.0, 3.0], [90.0, 0.0]],
        {"label": [0, 1, 2]},
    ),
    "AffinityPropagation that found none": (
        with_attributes(AffinityPropagation(), cluster_centers_=np.empty((0, 2)), n_features_in_=2),
        [[1.0, 0.0], [3.0, 3.0]],
        {"label": [-1, -1]},
    ),
    "mean of a group": (
        with_attributes(FeatureAgglomeration(3), **POOLED),
        [[1.0, 5.0, 4.0, 7.0]],
        {"transformed": [[2.5, 5, 7]]},
    ),
    "largest of a group": (
        with_attributes(FeatureAgglomeration(3, pooling_func=np.max), **POOLED),
        [[1.0, -5.0, 4.0, 7.0]],
        {"transformed": [[4, -5, 7]]},
    ),
    "smallest of a group": (
        with_attributes(FeatureAgglomeration(3, pooling_func=np.min), **POOLED),
        [[1.0, -5.0, 4.0, 7.0]],
        {"transformed": [[1, -5, 7]]},
    ),
}


@pytest.mark.parametrize(("model", "rows", "expected"), CASES.values(), ids=CASES)
def test_worked_out_by_hand(model, rows, expected, tmp_path):
    agrees(model, rows, expected, tmp_path, atol=2e-6)


def groups(rows=200, features=3, seed=0):
    chance = np.random.default_rng(seed)
    return chance.normal(size=(rows, features)) + 4 * chance.integers(0, 4, (rows, 1))


def test_the_tree_is_not_the_nearest_centre(tmp_path):
    """Some rows lie in one half of a fork, and nearer to a centre of the other: there the tree decides."""
    X = groups()
    model = BisectingKMeans(12, random_state=0).fit(X)
    sample = np.random.default_rng(1).uniform(-4, 16, (3_000, 3))
    result = bl.export(model, tmp_path / "a.mlpackage", sample=sample)
    found = bl.runtime.load(result.path).predict({"x": sample})
    same = found["distances"].argmin(axis=1) == found["label"]
    assert 0.5 < same.mean() < 1
    assert result.parity["label"].labels_differ == result.parity["label"].ties <= 2


@pytest.mark.parametrize("features", [np.float32, np.float64])
@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_a_tree_far_from_zero(features, offset, tmp_path):
    X = (groups() + offset).astype(features)
    model = BisectingKMeans(9, random_state=0).fit(X)
    assert bl.export(model, tmp_path / "a.mlpackage", sample=X).parity.passed


def test_a_tree_as_deep_as_it_has_leaves(tmp_path):
    """Each halving takes one far row off."""
    X = 3.0 ** np.arange(24)[:, None]
    model = BisectingKMeans(20, bisecting_strategy="biggest_inertia", random_state=0).fit(X)
    assert bl.export(model, tmp_path / "a.mlpackage", sample=X).parity.passed


def test_a_sparse_fit(tmp_path):
    X = groups()
    for cls in (BisectingKMeans, Birch, AffinityPropagation):
        model = cls().fit(csr_matrix(X))
        assert bl.export(model, tmp_path / f"{cls.__name__}.mlpackage", sample=X).parity.passed


def test_what_birch_gives_away(tmp_path):
    X = groups(60)
    alone = bl.export(Birch(threshold=1e-3).fit(X), tmp_path / "a.mlpackage", sample=X)
    assert (alone.carries.kind, alone.carries.rows) == ("rows", 60)
    assert "60 rows that are a subcluster of their own" in [limit.detail for limit in alone.limits]
    merged = bl.export(Birch(threshold=50.0, n_clusters=None).fit(X), tmp_path / "b.mlpackage", sample=X)
    assert (merged.carries.kind, merged.carries.rows) == ("statistics", 0)


def test_what_the_others_give_away(tmp_path):
    X = groups(60)
    exemplars = AffinityPropagation(random_state=0).fit(X)
    result = bl.export(exemplars, tmp_path / "a.mlpackage", sample=X)
    assert (result.carries.kind, result.carries.rows) == ("rows", len(exemplars.cluster_centers_))
    none = bl.export(CASES["AffinityPropagation that found none"][0], tmp_path / "b.mlpackage", sample=X[:, :2])
    assert none.carries.kind == "none"
    far = np.concatenate([X, [[90.0, 90.0, 90.0]]])
    shift = MeanShift(bandwidth=3.0).fit(far)
    limits = bl.export(shift, tmp_path / "c.mlpackage", sample=far).limits
    assert [limit.detail for limit in limits if limit.id == "group-of-one"] == [f"group {shift.labels_[-1]}"]


REFUSED = {
    "similarities": (
        AffinityPropagation(affinity="precomputed", random_state=0),
        -(np.abs(np.subtract.outer(range(6), range(6))) ** 2.0),
        "affinity='precomputed': it was given no rows to compare with",
    ),
    "median": (FeatureAgglomeration(2, pooling_func=np.median), groups(), "pooling_func=median"),
}


@pytest.mark.parametrize(("model", "X", "detail"), REFUSED.values(), ids=REFUSED)
def test_refused_by_name(model, X, detail):
    verdict = bl.assess(model.fit(X))
    assert [(limit.id, limit.detail) for limit in verdict.refused] == [("option-not-covered", detail)]
