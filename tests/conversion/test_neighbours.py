"""Recipes that compare a row with stored rows: worked out by hand, and small real fits where the general cases do not reach."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.neighbors import (
    KDTree,
    KNeighborsClassifier,
    KNeighborsRegressor,
    KNeighborsTransformer,
    LocalOutlierFactor,
    NearestCentroid,
    NearestNeighbors,
    RadiusNeighborsTransformer,
)

import beyondlabels as bl
from conversion.by_hand import agrees

LINE = [[0.0], [1.0], [4.0], [10.0]]
PLANE = [[0.0, 0.0], [3.0, 4.0], [6.0, 0.0]]


def line(cls, y=None, **options):
    """``cls`` fitted on one feature: rows at 0, 1, 4 and 10."""
    return cls(**options).fit(LINE, y)


def plane(**options):
    return NearestNeighbors(n_neighbors=2, **options).fit(PLANE)


def centroids(**attributes):
    """Classes 3, 5 and 9 with centres (0, 0), (4, 0) and (0, 8); set by hand."""
    model = NearestCentroid(metric=attributes.pop("metric", "euclidean"))
    own = {
        "centroids_": np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 8.0]]),
        "classes_": np.array([3, 5, 9]),
        "class_prior_": np.full(3, 1 / 3),
        "within_class_std_dev_": np.array([2.0, 0.0]),
        "n_features_in_": 2,
    }
    vars(model).update(own | attributes)
    return model


# densities of the rows of LINE with one neighbour: 0 and 1 have each other at distance 1, so 1 / max(1, 1) = 1; 4 has 1 at
# distance 3, whose own neighbour is at 1: 1 / 3; 10 has 4 at distance 6: 1 / 6
FACTOR = line(LocalOutlierFactor, n_neighbors=1, novelty=True)

CASES = {
    "two neighbours": (
        line(NearestNeighbors, n_neighbors=2),
        [[0.4], [9.0]],
        {"neighbors": [[0, 1], [3, 2]], "distances": [[0.4, 0.6], [1, 5]]},
    ),
    "equally near, in order": (
        line(NearestNeighbors, n_neighbors=2),
        [[0.5]],
        {"neighbors": [[0, 1]], "distances": [[0.5, 0.5]]},
    ),
    "euclidean": (plane(), [[3.0, 0.0]], {"neighbors": [[0, 2]], "distances": [[3, 3]]}),
    "sqeuclidean": (plane(metric="sqeuclidean"), [[3.0, 3.0]], {"neighbors": [[1, 0]], "distances": [[1, 18]]}),
    "manhattan": (plane(metric="l1"), [[3.0, 3.0]], {"neighbors": [[1, 0]], "distances": [[1, 6]]}),
    "chebyshev": (plane(metric="chebyshev"), [[5.0, 1.0]], {"neighbors": [[2, 1]], "distances": [[1, 3]]}),
    # 1 + 8 = 9 and 27 + 8 = 35
    "minkowski": (plane(p=3), [[5.0, 2.0]], {"neighbors": [[2, 1]], "distances": [[9 ** (1 / 3), 16 ** (1 / 3)]]}),
    # (3, 4) is at 1 - 3/5 from (1, 0), (6, 0) at 0; the row of zeros at 1
    "cosine": (plane(metric="cosine"), [[1.0, 0.0]], {"neighbors": [[2, 1]], "distances": [[0, 0.4]]}),
    "cosine of nothing": (plane(metric="cosine"), [[0.0, 0.0]], {"neighbors": [[0, 1]], "distances": [[1, 1]]}),
    "graph of distances": (
        line(KNeighborsTransformer, n_neighbors=1),
        [[1.5]],
        {"transformed": [[1.5, 0.5, 0, 0]]},
    ),
    "graph of ones": (
        line(KNeighborsTransformer, n_neighbors=2, mode="connectivity"),
        [[8.0]],
        {"transformed": [[0, 0, 1, 1]]},
    ),
    "within a radius": (
        line(RadiusNeighborsTransformer, radius=3.0),
        [[1.0], [20.0]],
        {"transformed": [[1, 0, 3, 0], [0, 0, 0, 0]]},
    ),
    "within a radius, ones": (
        line(RadiusNeighborsTransformer, radius=3.0, mode="connectivity"),
        [[1.0]],
        {"transformed": [[1, 1, 1, 0]]},
    ),
    "vote, manhattan": (
        KNeighborsClassifier(1, metric="manhattan").fit(PLANE, [7, 3, 9]),
        [[3.0, 3.0], [6.0, 1.0]],
        {"label": [3, 9]},
    ),
    "mean": (line(KNeighborsRegressor, [1.0, 2.0, 6.0, 0.0], n_neighbors=2), [[0.2], [8.0]], {"predicted": [1.5, 3]}),
    # at 3: row 4 with weight 1 and row 1 with 1/2
    "mean by distance": (
        line(KNeighborsRegressor, [1.0, 2.0, 6.0, 0.0], n_neighbors=2, weights="distance"),
        [[3.0]],
        {"predicted": [14 / 3]},
    ),
    "at a stored row": (
        line(KNeighborsRegressor, [1.0, 2.0, 6.0, 0.0], n_neighbors=3, weights="distance"),
        [[4.0]],
        {"predicted": [6]},
    ),
    "two targets": (
        line(KNeighborsRegressor, [[1, 0], [2, 8], [6, 0], [0, 1]], n_neighbors=2),
        [[0.2]],
        {"predicted": [[1.5, 4]]},
    ),
    # 2 has 1 at distance 1, whose own is 1: reach 1, density 1; the neighbour's density is 1: factor -1, offset -1.5
    # 7 has 4 (and 10, equally far, later) at 3, whose own is 3: reach 3, density 1/3, as the neighbour's
    # 16 has 10 at 6, whose own is 6: as dense as its neighbour; 40 has 10 at 30: factor 30 / 6 = 5
    "outlier factor": (
        FACTOR,
        [[2.0], [7.0], [16.0], [40.0]],
        {"inlier": [1, 1, 1, -1], "score": [0.5, 0.5, 0.5, -3.5]},
    ),
    "nearest centre": (centroids(), [[1.0, 1.0], [2.5, 1.0], [0.0, 5.0]], {"label": [3, 5, 9]}),
    "nearest centre, manhattan": (centroids(metric="manhattan"), [[0.5, 4.1], [3.0, 3.0]], {"label": [9, 5]}),
    # the first feature counts half: squared distances of (1.8, 0) are 0.81, 1.21 and 64.81; ln priors of 0.1, 0.8, 0.1
    # twice: -4.61, -0.45, -4.61, so 5 wins; at (0, 0): -4.61 against -4.45; at (-1, 0): -4.86 against -6.70
    "centres with priors": (
        centroids(class_prior_=np.array([0.1, 0.8, 0.1])),
        [[1.8, 0.0], [0.0, 0.0], [-1.0, 0.0]],
        {"label": [5, 5, 3]},
    ),
    "a class that cannot be": (centroids(class_prior_=np.array([0.0, 0.5, 0.5])), [[0.0, 0.0]], {"label": [5]}),
}


@pytest.mark.parametrize(("model", "rows", "expected"), CASES.values(), ids=CASES)
def test_worked_out_by_hand(model, rows, expected, tmp_path):
    agrees(model, rows, expected, tmp_path, rtol=2e-6, atol=2e-6)


def test_what_a_graph_passes_on(tmp_path):
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(line(RadiusNeighborsTransformer, radius=3.0), NearestNeighbors(n_neighbors=1))
    model.fit(LINE)
    assert bl.export(model, tmp_path / "a.mlpackage", sample=LINE).parity.passed


def normal(rows, features, seed=0):
    return np.random.default_rng(seed).normal(size=(rows, features))


LARGE = [
    (17_000, 4, "euclidean"),
    (17_000, 4, "sqeuclidean"),
    (17_000, 4, "chebyshev"),
    (66_000, 1, "manhattan"),
    (2_200, 30, "euclidean"),
    (2_200, 30, "sqeuclidean"),
    (2_200, 30, "minkowski"),
    (2_200, 30, "cosine"),
]


@pytest.mark.parametrize(("rows", "features", "metric"), LARGE)
def test_more_than_a_row_can_hold_at_once(rows, features, metric, tmp_path):
    """Past 65,536 numbers the differences are taken feature by feature, or candidates are measured again."""
    model = NearestNeighbors(n_neighbors=3, metric=metric, p=3).fit(normal(rows, features))
    sample = np.concatenate([normal(20, features, seed=1), model._fit_X[:20]])
    result = bl.export(model, tmp_path / "a.mlpackage", sample=sample)
    assert result.parity["neighbors"].labels_differ == result.parity["neighbors"].ties
    assert result.size < 4 * rows * (features + 1) + 60_000


def test_the_rows_are_in_the_file_once(tmp_path):
    model = LocalOutlierFactor(novelty=True).fit(normal(3_000, 30))
    assert bl.export(model, tmp_path / "a.mlpackage", sample=normal(5, 30)).size < 1.05 * 4 * 3_000 * 33 + 20_000


@pytest.mark.parametrize("cls", [NearestNeighbors, KNeighborsTransformer, KNeighborsClassifier, KNeighborsRegressor])
def test_of_equally_near_rows_the_first_counts(cls, tmp_path):
    """Far more of them than there are neighbours, and exactly as far: grid points, each three times."""
    grid = np.repeat([[x, y] for x in range(4) for y in range(4)], 3, axis=0).astype(float)
    model = cls(n_neighbors=2).fit(grid, np.arange(48) % 3)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=grid + 0.5)
    assert bl.runtime.check(result.path).passed
    for part in result.parity.values():
        assert not part.labels_differ
        assert part.worst_relative <= 1e-6
    if cls is NearestNeighbors:
        found = bl.runtime.load(result.path).predict({"x": grid + 0.5})["neighbors"]
        assert found[0].tolist() == [0, 1]


def test_a_sparse_fit(tmp_path):
    X = np.round(normal(40, 3))
    for cls in (NearestNeighbors, KNeighborsClassifier, KNeighborsRegressor):
        model = cls(n_neighbors=3).fit(csr_matrix(X), np.arange(40) % 3)
        assert bl.export(model, tmp_path / f"{cls.__name__}.mlpackage", sample=X).parity.passed


REFUSED = {
    "metric": (NearestNeighbors(n_neighbors=1, metric="canberra").fit(PLANE), "metric='canberra'"),
    "own metric": (NearestNeighbors(n_neighbors=1, metric=np.dot).fit(PLANE), "metric=dot"),
    "metric_params": (NearestNeighbors(n_neighbors=1, metric_params={"w": [1, 2]}).fit(PLANE), "metric_params=['w']"),
    "a tree": (
        NearestNeighbors(n_neighbors=1).fit(KDTree(PLANE)),
        "fitted on a tree or on another model instead of rows",
    ),
    "precomputed": (
        NearestNeighbors(n_neighbors=1, metric="precomputed").fit(np.zeros((3, 3))),
        "metric='precomputed'",
    ),
    "too many": (NearestNeighbors(n_neighbors=4).fit(PLANE), "4 neighbours of 3 stored rows"),
    "one too many": (KNeighborsTransformer(n_neighbors=3).fit(PLANE), "4 neighbours of 3 stored rows"),
    "weights": (KNeighborsRegressor(1, weights=np.exp).fit(PLANE, [1, 2, 3]), "weights=exp"),
}


@pytest.mark.parametrize(("model", "detail"), REFUSED.values(), ids=REFUSED)
def test_refused_by_name(model, detail):
    verdict = bl.assess(model)
    assert [(limit.id, limit.detail) for limit in verdict.refused] == [("option-not-covered", detail)]


def test_an_outlier_factor_without_novelty_has_a_substitute(tmp_path):
    X = np.concatenate([normal(60, 2), [[9.0, 9.0], [-8.0, 7.0]]])
    model = LocalOutlierFactor(n_neighbors=8).fit(X)
    verdict = bl.assess(model)
    assert (verdict.kind, [limit.id for limit in verdict.refused]) == ("surrogate", ["no-out-of-sample"])
    (offer,) = verdict.substitutes
    agreement, stand_in = offer.measure(X), offer.fit(X)
    assert agreement.rows == 16
    assert agreement.fraction > 0.9
    assert stand_in.novelty
    assert stand_in.n_neighbors == 8
    result = bl.export(stand_in, tmp_path / "a.mlpackage", sample=X)
    assert (result.carries.kind, result.carries.rows) == ("rows", 62)
    with pytest.raises(bl.BadInput, match="labelled 62 rows, found 10"):
        offer.fit(X[:10])


def test_a_precomputed_outlier_factor_has_none():
    model = LocalOutlierFactor(n_neighbors=2, metric="precomputed").fit(np.abs(np.subtract.outer(range(5), range(5))))
    assert bl.assess(model).substitutes == ()


def test_what_they_carry(tmp_path):
    rows = bl.export(line(NearestNeighbors, n_neighbors=1), tmp_path / "a.mlpackage", sample=LINE)
    assert (rows.carries.kind, rows.carries.rows) == ("rows", 4)
    assert "carries-rows" in [limit.id for limit in rows.limits]
    centres = bl.export(centroids(), tmp_path / "b.mlpackage", sample=PLANE)
    assert centres.carries.kind == "statistics"
    assert centres.carries.summary.endswith("A class of one row has that row as its centre.")
