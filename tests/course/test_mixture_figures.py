"""Figures of mixtures: ellipses of every shape lie where the model's own covariances say."""

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

import beyondlabels as bl
from beyondlabels.course.mixture_figures import _covariances

ROWS = np.random.default_rng(0).normal(size=(90, 2)) * [1, 5] + np.repeat([[0, 0], [9, 40], [0, 60]], 30, axis=0)


@pytest.mark.parametrize("shape", ["full", "tied", "diag", "spherical"])
def test_covariances_of_every_shape(shape):
    model = GaussianMixture(3, covariance_type=shape, random_state=0).fit(ROWS)
    found = _covariances(model)
    assert found.shape == (3, 2, 2)
    for mean, covariance in zip(model.means_, found, strict=True):
        half = np.linalg.inv(covariance)
        away = ROWS - mean
        inside = np.einsum("ni,ij,nj->n", away, half, away) < 4
        assert 20 <= inside.sum() <= 45  # two standard deviations hold 86 % of a group of thirty


def test_a_figure_says_what_it_shows_and_is_the_same_twice():
    panels = [
        ("<one>", ROWS, GaussianMixture(1, random_state=0).fit(ROWS)),
        ("six", ROWS, GaussianMixture(6, random_state=0).fit(ROWS)),
    ]
    first, second = (bl.course.plot_mixtures(panels, "x", "y", "a <caption>", "an <alternative>") for _ in range(2))
    assert first.png == second.png
    assert "<caption>" not in first._repr_html_()
    assert 'alt="an &lt;alternative&gt;"' in first._repr_html_()


@pytest.mark.parametrize(("rows", "k"), [(ROWS, 7), (np.column_stack([ROWS, ROWS[:, 0]]), 2)])
def test_what_cannot_be_drawn_is_refused(rows, k):
    model = GaussianMixture(k, random_state=0).fit(rows)
    with pytest.raises(bl.BadInput, match="can be drawn"):
        bl.course.plot_mixtures([("", rows, model)], "x", "y", "caption", "alternative")
