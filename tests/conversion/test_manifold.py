"""Embeddings with a rule for a new point: worked out by hand, and fits that the general cases do not reach."""

import numpy as np
import pytest
from sklearn.manifold import Isomap, LocallyLinearEmbedding

import beyondlabels as bl
from conversion.by_hand import agrees

LINE = np.arange(6.0)[:, None]


def placed(embedding, rows=LINE, **options):
    """A locally linear embedding whose rows have these places, set by hand."""
    model = LocallyLinearEmbedding(n_components=1, eigen_solver="dense", **options).fit(np.asarray(rows, float))
    model.embedding_ = np.asarray(embedding, float)
    return model


def along(**options):
    """Isomap of rows on a line, its one direction turned so that it rises."""
    model = Isomap(n_components=1, **options).fit(LINE)
    if model.embedding_[0] > 0:
        model.kernel_pca_.eigenvectors_ = -model.kernel_pca_.eigenvectors_
    return model


CASES = {
    # neighbours at 1 and 2, differences -0.25 and 0.75, r = 0.001 * 0.625: the normal equations give weights in the ratio
    # 0.5625 + r + 0.1875 to 0.0625 + r + 0.1875, which is 0.750625 to 0.250625
    "two neighbours": (placed(10 * LINE, n_neighbors=2), [[1.25]], [[10 + 10 * 0.250625 / 1.00125]]),
    # the same with r = 0.1 * 0.625: 0.8125 to 0.3125
    "a larger reg": (placed(10 * LINE, n_neighbors=2, reg=0.1), [[1.25]], [[10 + 10 * 0.3125 / 1.125]]),
    "one neighbour": (placed([[3], [1], [4], [1], [5], [9]], n_neighbors=1), [[0.2], [4.9]], [[3], [9]]),
    # at a row: differences 0 and 1 (its first neighbour of equals), r = 0.001: weights 1 + r to r
    "at a row": (placed(10 * LINE, n_neighbors=2), [[0.0]], [[10 * 0.001 / 1.002]]),
    # all neighbours are where the row is: nothing to choose between them, so each counts alike
    "upon its neighbours": (placed([[1], [2], [6], [0]], [[0], [0], [0], [9]], n_neighbors=3), [[0.0]], [[3]]),
    # outside: differences -3 and -4, r = 0.025: (16 + r - 12) to (9 + r - 12)
    "beyond the rows": (placed(10 * LINE, n_neighbors=2), [[8.0]], [[50 - 10 * (9.025 - 12) / (25.05 - 24)]]),
    # distances along a line add up, so a row's place is its own number less the mean, 2.5
    "Isomap": (along(n_neighbors=2), [[1.25], [2.5], [5.0]], [[-1.25], [0], [2.5]]),
    "Isomap within a radius": (along(n_neighbors=None, radius=1.0), [[1.25], [5.0]], [[-1.25], [2.5]]),
}


@pytest.mark.parametrize(("model", "rows", "expected"), CASES.values(), ids=CASES)
def test_by_hand(model, rows, expected, tmp_path):
    agrees(model, rows, {"transformed": expected}, tmp_path, rtol=1e-5, atol=2e-6)


def rows(count=120, features=3, seed=0):
    return np.random.default_rng(seed).normal(0, 1, (count, features))


@pytest.mark.parametrize("features", [1, 2, 3, 30])
@pytest.mark.parametrize("neighbours", [1, 2, 6, 25])
def test_any_number_of_neighbours(features, neighbours, tmp_path):
    """Fewer than features and more; rows between the training rows, upon them and well beyond."""
    X = rows(features=features)
    model = LocallyLinearEmbedding(n_components=1, n_neighbors=neighbours, eigen_solver="dense").fit(X)
    sample = np.concatenate([X[:30], rows(60, features, seed=1), 2 * X[:30]])
    assert bl.export(model, tmp_path / "model.mlpackage", sample=sample).parity["transformed"].worst_relative < 1e-5


@pytest.mark.parametrize("away", [0.0, 100.0, 1e5])
def test_neighbours_far_from_zero_keep_their_digits(away, tmp_path):
    X = rows() + away
    model = LocallyLinearEmbedding(n_components=2, n_neighbors=6, eigen_solver="dense").fit(X)
    result = bl.export(model, tmp_path / "model.mlpackage", sample=X)
    assert result.parity["transformed"].worst_relative < 5e-6
    assert result.carries.rows == len(X)


def circle(seed=0):
    """24 rows as far from the origin as float32 can tell, and 36 others further out."""
    random, turn = np.random.default_rng(seed), np.arange(24) * np.pi / 12
    near = (1 + 3e-8 * random.normal(size=(24, 1))) * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return np.concatenate([near, random.normal(0, 1, (36, 2)) + 4])


TIED = {
    "linear": placed(np.random.default_rng(1).normal(size=(60, 1)), circle(), n_neighbors=5),
    "paths": Isomap(n_neighbors=5).fit(circle()),
    "paths within a radius": Isomap(n_neighbors=None, radius=1.0).fit(circle()),
}


@pytest.mark.filterwarnings("ignore:The number of connected components")
@pytest.mark.parametrize("name", TIED)
def test_a_neighbour_that_may_fall_either_way_is_a_tie(name, tmp_path):
    """The row amid the circle may take any of its rows; the others may not, and are compared."""
    sample = np.concatenate([np.zeros((1, 2)), circle()[24:] + 0.01])
    result = bl.export(TIED[name], tmp_path / "model.mlpackage", sample=sample)
    part = result.parity["transformed"]
    assert (part.rows, part.ties) == (37, 1)
    assert "1 row within the tie margin, not counted" in part.sentence()
    assert bl.runtime.check(result.path).passed


def test_a_row_with_no_stored_row_within_the_radius(tmp_path):
    """scikit-learn raises an error there; the package cannot, and says so."""
    result = bl.export(along(n_neighbors=None, radius=1.0), tmp_path / "model.mlpackage", sample=LINE)
    assert "no-errors" in [limit.id for limit in result.limits]
    with pytest.raises(bl.BadInput, match="the model itself cannot use the sample"):
        bl.export(along(n_neighbors=None, radius=1.0), tmp_path / "other.mlpackage", sample=[[90.0]])


REFUSED = {
    "radius": (Isomap(n_neighbors=None, radius=2.0), 300, "radius=2.0"),
    "precomputed": (Isomap(metric="precomputed"), 60, "precomputed"),
    "a metric": (Isomap(metric="braycurtis"), 60, "braycurtis"),
    "reg": (LocallyLinearEmbedding(reg=1e-7, eigen_solver="dense"), 60, "reg=1e-07"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_what(name, tmp_path):
    model, count, said = REFUSED[name]
    X = np.abs(rows(count))
    if name == "precomputed":
        X = np.linalg.norm(X[:, None] - X, axis=2)
    with pytest.raises(bl.NotExportable) as refused:
        bl.export(model.fit(X), tmp_path / "model.mlpackage", sample=X)
    assert said in str(refused.value)
