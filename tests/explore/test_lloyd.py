"""The half-steps against hand-worked values and against scikit-learn."""

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from beyondlabels.explore import lloyd

SQUARE = np.array([[0.0, 0], [0, 2], [10, 0], [10, 2]])


def blobs(rows, seed=0):
    generator = np.random.default_rng(seed)
    return np.concatenate([generator.normal(place, 1, (rows // 3, 2)) for place in [(0, 0), (6, 1), (2, 7)]])


def test_assign_by_hand():
    labels, squared = lloyd.assign(SQUARE, [(0, 1), (10, 0)])
    assert labels.dtype == np.uint8
    assert labels.tolist() == [0, 0, 1, 1]
    assert squared.tolist() == [1, 1, 0, 4]


def test_a_tie_goes_to_the_first_centre():
    assert lloyd.assign(np.array([[5.0, 0.0]]), [(0, 0), (10, 0)])[0].tolist() == [0]


def test_means_by_hand_and_an_empty_group_keeps_its_centre():
    centres = np.array([[1.0, 1], [9, 1], [50, 50]])
    assert lloyd.means(SQUARE, np.uint8([0, 0, 1, 1]), centres).tolist() == [[0, 1], [10, 1], [50, 50]]


def test_inertia_by_hand():
    assert lloyd.inertia(SQUARE, np.uint8([0, 0, 1, 1]), np.array([[0.0, 1], [10, 1]])) == 4


@pytest.mark.parametrize("seed", range(10))
def test_rounds_end_where_scikit_learn_ends(seed):
    points = blobs(300, seed)
    centres = start = points[lloyd.spread(points, [], 3, seed)]
    for _ in range(100):
        labels, squared = lloyd.assign(points, centres)
        centres = lloyd.means(points, labels, centres)
    model = KMeans(3, init=start, n_init=1, tol=0).fit(points)
    assert labels.tolist() == model.labels_.tolist()  # the same start, so the same numbering
    np.testing.assert_allclose(centres, model.cluster_centers_, rtol=1e-9)
    np.testing.assert_allclose(squared.sum(), model.inertia_, rtol=1e-9)


def test_spread_adds_one_at_a_time_as_all_at_once():
    points = blobs(90)
    once = lloyd.spread(points, [], 4, seed=3)
    first = lloyd.spread(points, [], 2, seed=3)
    assert once == first + lloyd.spread(points, points[first], 2, seed=3)
    assert len(set(once)) == 4


def test_spread_where_all_points_are_the_same():
    assert len(lloyd.spread(np.ones((5, 2)), [], 3, seed=0)) == 3


@pytest.mark.parametrize("groups", [2, 3, 6])
def test_silhouette_is_scikit_learns(groups):
    points = blobs(300) + 1e4
    labels = lloyd.assign(points, points[:groups])[0]
    assert lloyd.Silhouette(points, 0).score(labels) == pytest.approx(silhouette_score(points, labels), abs=1e-5)


def test_silhouette_follows_a_moved_point():
    points = blobs(60)
    kept = lloyd.Silhouette(points, 0)
    points[7] = [20.0, -3.0]
    kept.moved(7, points[7])
    labels = lloyd.assign(points, points[:3])[0]
    assert kept.score(labels) == pytest.approx(silhouette_score(points, labels), abs=1e-5)


def test_silhouette_of_many_rows_is_taken_on_a_seeded_sample():
    points = blobs(3000)
    labels = lloyd.assign(points, [(0, 0), (6, 1), (2, 7)])[0]
    sampled = lloyd.Silhouette(points, 5)
    rows = np.sort(np.random.default_rng(5).choice(3000, 1000, replace=False))
    assert sampled.sampled == 1000
    assert sampled.score(labels) == pytest.approx(silhouette_score(points[rows], labels[rows]), abs=1e-5)
    outside = next(row for row in range(3000) if row not in set(rows))
    before = sampled.score(labels)
    sampled.moved(outside, np.array([99.0, 99.0]))
    assert sampled.score(labels) == before


@pytest.mark.parametrize("labels", [[0, 0, 0, 0], [0, 1, 2, 3]])
def test_silhouette_is_undefined_for_one_group_and_for_groups_of_one(labels):
    assert np.isnan(lloyd.Silhouette(SQUARE, 0).score(np.uint8(labels)))


def test_silhouette_of_a_group_of_one_counts_as_nought():
    labels = np.uint8([0, 0, 1, 2])
    assert lloyd.Silhouette(SQUARE, 0).score(labels) == pytest.approx(silhouette_score(SQUARE, labels), abs=1e-6)
