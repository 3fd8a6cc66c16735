"""Exact t-SNE and the measures of a map, against finite differences, hand-worked values and scikit-learn."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, _t_sne, trustworthiness
from sklearn.metrics import pairwise_distances

from beyondlabels.explore import embedding


def rows(count=60, width=5, seed=0):
    return np.random.default_rng(seed).normal(size=(count, width)) + np.repeat([[0.0], [5.0]], count // 2, axis=0)


def finished(descent):
    while not descent.done:
        descent.step()
    return descent


def test_squared_distances_keep_their_digits_far_from_zero():
    far = rows() + 1e6
    np.testing.assert_allclose(embedding.squared_distances(far), pairwise_distances(rows()) ** 2, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("perplexity", [2, 10, 30, 58])
def test_each_row_has_the_perplexity_asked_for(perplexity):
    squared = embedding.squared_distances(rows())
    pairs = embedding.affinities(squared, perplexity)
    assert pairs.sum() == pytest.approx(1)
    np.testing.assert_array_equal(pairs, pairs.T)
    found = embedding.conditional(squared, perplexity)
    entropy = -(found * np.log2(np.where(found > 0, found, 1))).sum(axis=1)
    np.testing.assert_allclose(2**entropy, perplexity, rtol=1e-5)


@pytest.mark.parametrize("perplexity", [2, 15, 40])
def test_affinities_are_scikit_learns(perplexity):
    squared = embedding.squared_distances(rows())
    theirs = _t_sne.squareform(_t_sne._joint_probabilities(squared.astype(np.float32), perplexity, 0))
    np.testing.assert_allclose(embedding.affinities(squared, perplexity), theirs, rtol=1e-3, atol=1e-9)


def test_many_equal_rows_give_finite_affinities():
    squared = embedding.squared_distances(np.repeat(rows(10), 6, axis=0))
    assert np.isfinite(embedding.affinities(squared, 3)).all()


def test_the_gradient_is_that_of_the_divergence():
    pairs = embedding.affinities(embedding.squared_distances(rows(20)), 5)
    descent = embedding.Descent(pairs, np.random.default_rng(1).normal(size=(20, 2)))
    places, slope = descent.places.astype(float), descent.gradient().copy()
    for row, column in [(0, 0), (7, 1), (19, 0)]:
        divergences = []
        for step in (1e-2, -1e-2):
            moved = places.copy()
            moved[row, column] += step
            descent.places = moved.astype(np.float32)
            divergences.append(descent.divergence)
        assert slope[row, column] == pytest.approx((divergences[0] - divergences[1]) / 2e-2, rel=0.02, abs=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_it_ends_as_well_as_scikit_learn(seed):
    data = rows(100, seed=seed)
    start = embedding.principal(data)
    start = start / start[:, 0].std() * 1e-4
    own = finished(embedding.Descent(embedding.affinities(embedding.squared_distances(data), 20), start))
    theirs = TSNE(perplexity=20, method="exact", init=start.astype(np.float32)).fit(data)
    assert own.divergence <= 1.1 * theirs.kl_divergence_
    assert own.iteration == embedding.ITERATIONS


def test_principal_components_are_those_of_pca_up_to_sign():
    data = rows()
    theirs = PCA(2).fit_transform(data)
    found = embedding.principal(data)
    np.testing.assert_allclose(np.abs(found), np.abs(theirs), atol=1e-9)
    assert embedding.principal(data[:, :1]).shape == (60, 2)


@pytest.mark.parametrize("count", [3, 10])
def test_trustworthiness_and_continuity_are_scikit_learns(count):
    data, places = rows(), rows(seed=1)[:, :2]
    near, shown = (embedding.Neighbours(embedding.squared_distances(each), count) for each in (data, places))
    assert near.judge(shown) == pytest.approx(trustworthiness(data, places, n_neighbors=count))
    assert shown.judge(near) == pytest.approx(trustworthiness(places, data, n_neighbors=count))
    assert near.judge(near) == 1


def test_a_row_is_no_neighbour_of_its_own():
    line = np.arange(10.0)[:, None]
    near = embedding.Neighbours(embedding.squared_distances(np.repeat(line, 2, axis=0)), 3)
    assert not (near.nearest == np.arange(20)[:, None]).any()
    assert near.nearest[0].tolist() == [1, 2, 3]
