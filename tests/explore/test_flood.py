"""The flood against hand-worked values and against scikit-learn."""

import numpy as np
import pytest
from sklearn.cluster import DBSCAN

from beyondlabels.explore.flood import COLOURS, NOISE, UNSEEN, Flood

LINE = np.array(
    [[0.0, 0], [1, 0], [2, 0], [3, 0], [9, 0]]
)  # with eps 1 and 3 needed, only the two in the middle are core


def clumps(seed, rows=300):
    generator = np.random.default_rng(seed)
    middles = generator.uniform(-10, 10, (6, 2))
    return np.concatenate([generator.normal(middle, 0.7, (rows // 10, 2)) for middle in middles]
                          + [generator.uniform(-12, 12, (rows // 3, 2))])  # fmt: skip


def test_core_border_and_noise_by_hand():
    flood = Flood(LINE, 1.0, 3)
    assert flood.core.tolist() == [False, True, True, False, False]
    flood.run()
    assert flood.labels.tolist() == [0, 0, 0, 0, NOISE]
    assert flood.border.tolist() == [True, False, False, True, False]
    assert flood.sizes.tolist() == [4]


def test_a_point_counts_itself_and_the_rim_is_inside():
    assert Flood(LINE, 1.0, 2).core.tolist() == [True, True, True, True, False]
    assert Flood(LINE, 0.999, 2).core.tolist() == [False] * 5
    assert Flood(LINE, 0.5, 1).core.all()


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(("eps", "min_samples"), [(0.3, 4), (0.8, 5), (1.5, 8), (3.0, 3), (40.0, 5)])
def test_run_gives_scikit_learns_labels_number_for_number(seed, eps, min_samples):
    points = clumps(seed)
    flood = Flood(points, eps, min_samples)
    flood.run()
    model = DBSCAN(eps=eps, min_samples=min_samples).fit(points)
    np.testing.assert_array_equal(flood.labels, model.labels_)
    np.testing.assert_array_equal(np.flatnonzero(flood.core), model.core_sample_indices_)


@pytest.mark.parametrize("seed", range(10))
def test_waves_from_anywhere_end_in_the_same_clusters_but_for_border_points(seed):
    points = clumps(seed)
    flood = Flood(points, 0.8, 5)
    place = points[np.random.default_rng(seed).integers(len(points))]
    while (row := flood.start_near(place)) is not None:
        flood.begin(row)
        while len(flood.front):
            before = (flood.labels == UNSEEN).sum()
            assert flood.wave() == before - (flood.labels == UNSEEN).sum()
    flood.finish()
    reference = DBSCAN(eps=0.8, min_samples=5).fit_predict(points)
    np.testing.assert_array_equal(flood.labels == NOISE, reference == NOISE)
    pairs = set(zip(flood.labels[flood.core].tolist(), reference[flood.core].tolist(), strict=True))
    assert len(pairs) == flood.count == reference.max() + 1


def test_the_flood_starts_under_the_circle_where_there_is_a_core_point():
    points = np.concatenate([clumps(0), [[50.0, 50], [50.1, 50], [50, 50.1]]])
    flood = Flood(points, 1.0, 3)
    assert flood.start_near([50.02, 50.02]) == len(points) - 3
    assert flood.start_near([900.0, 900]) == np.flatnonzero(flood.core)[0]
    flood.run()
    assert flood.start_near([50.0, 50]) is None


def test_a_wave_that_reaches_nothing_ends_the_cluster():
    flood = Flood(np.array([[0.0, 0], [5, 5]]), 1.0, 1)
    flood.begin(0)
    assert flood.wave() == 0
    assert len(flood.front) == 0


def test_colours_stay_when_the_settings_change_a_little():
    points = clumps(3)
    flood = Flood(points, 0.8, 5)
    flood.run()
    assert set(flood.hues) <= set(range(COLOURS))
    largest = flood.labels == flood.sizes.argmax()
    before = flood.hues[flood.sizes.argmax()]
    flood.measure(0.82, 5)
    flood.run()
    assert flood.hues[np.bincount(flood.labels[largest & (flood.labels >= 0)]).argmax()] == before
