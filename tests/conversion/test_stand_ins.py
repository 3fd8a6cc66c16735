"""Models with no function for a new point: refused with their limit; what stands in is fitted, measured and exported."""

import numpy as np
import pytest
from sklearn import manifold
from sklearn.cluster import (
    DBSCAN,
    HDBSCAN,
    OPTICS,
    AgglomerativeClustering,
    SpectralBiclustering,
    SpectralClustering,
    SpectralCoclustering,
)
from sklearn.manifold import MDS, TSNE, SpectralEmbedding, trustworthiness
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import KNeighborsRegressor, NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import beyondlabels as bl
from beyondlabels import panel_words
from beyondlabels.panel_road import Road

ClassicalMDS = getattr(manifold, "ClassicalMDS", None)  # new in scikit-learn 1.8
CORE, VOTE, CENTROID = "nearest core point within eps", "5 nearest neighbours", "nearest centroid"
NETWORK, MEAN, PCA = "small neural network", "mean of 5 neighbours, weighted by nearness", "PCA"


def groups(rows=120, features=3, seed=0):
    chance = np.random.default_rng(seed)
    return chance.normal(size=(rows, features)) + 6 * chance.integers(0, 3, (rows, 1))


X = groups()
HELD = np.random.default_rng(0).permutation(len(X))[::4]
KEPT = np.setdiff1d(np.arange(len(X)), HELD)


def substitutes(model):
    return {each.name: each for each in bl.assess(model).substitutes}


OFFERED = {
    "HDBSCAN": (HDBSCAN(copy=True), "no-out-of-sample", [VOTE]),
    "OPTICS": (OPTICS(), "no-out-of-sample", [VOTE]),
    "OPTICS cut at eps": (OPTICS(cluster_method="dbscan", eps=1.5), "no-out-of-sample", [CORE, VOTE]),
    "OPTICS cut at no eps": (OPTICS(cluster_method="dbscan"), "no-out-of-sample", [VOTE]),
    "OPTICS in another metric": (OPTICS(cluster_method="dbscan", eps=1.5, metric="l1"), "no-out-of-sample", [VOTE]),
    "a tree of groups": (AgglomerativeClustering(3), "no-out-of-sample", [CENTROID, VOTE]),
    "one group": (AgglomerativeClustering(1), "no-out-of-sample", [VOTE]),
    "a spectrum": (SpectralClustering(3, gamma=0.1, random_state=0), "no-out-of-sample", [CENTROID, VOTE]),
    "t-SNE": (TSNE(perplexity=9, max_iter=300, init="pca", random_state=0), "no-embedding", [NETWORK, MEAN]),
    "MDS": (MDS(n_init=1, max_iter=20, random_state=0), "no-embedding", [NETWORK, MEAN]),
    "a spectral map": (SpectralEmbedding(affinity="rbf", gamma=0.1), "no-embedding", [NETWORK, MEAN]),
}


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::RuntimeWarning", "ignore::UserWarning")
@pytest.mark.parametrize(("model", "limit", "offered"), OFFERED.values(), ids=OFFERED)
def test_refused_with_a_limit_and_what_stands_in(model, limit, offered, tmp_path):
    model.fit(X)
    verdict = bl.assess(model)
    assert (verdict.kind, [each.id for each in verdict.refused]) == ("surrogate", [limit])
    assert [each.name for each in verdict.substitutes] == offered
    for index, offer in enumerate(verdict.substitutes):
        measured = offer.measure(X)
        assert measured.rows == len(HELD)
        assert "30 held-out rows" in str(measured)
        result = bl.export(offer.fit(X), tmp_path / f"{index}.mlpackage", sample=X)
        assert bl.runtime.check(result.path).passed
        with pytest.raises(bl.BadInput):
            offer.measure(X[:50])


@pytest.mark.parametrize(
    "model",
    [
        DBSCAN(metric="precomputed"),
        OPTICS(metric="precomputed"),
        HDBSCAN(metric="precomputed", copy=True),
        AgglomerativeClustering(2, metric="precomputed", linkage="average"),
        TSNE(metric="precomputed", init="random", perplexity=5, max_iter=250),
    ],
    ids=lambda model: type(model).__name__,
)
def test_a_model_that_was_given_distances_has_no_rows_to_stand_on(model):
    verdict = bl.assess(model.fit(pairwise_distances(X[:40])))
    assert (verdict.kind, verdict.substitutes) == ("surrogate", ())


@pytest.mark.parametrize("model", [SpectralBiclustering(2, random_state=0), SpectralCoclustering(2, random_state=0)])
def test_biclusters_have_nothing_honest_to_offer(model, tmp_path):
    verdict = bl.assess(model.fit(np.abs(X)))
    assert (verdict.kind, verdict.substitutes) == ("impossible", ())
    with pytest.raises(bl.NotExportable, match="one-matrix: There is no function for a new point"):
        bl.export(model, tmp_path / "a.mlpackage", sample=X)


def test_agreement_counted_once_more():
    model = AgglomerativeClustering(4).fit(X)
    means = NearestCentroid().fit(X[KEPT], model.labels_[KEPT])
    measured = substitutes(model)[CENTROID].measure(X)
    assert measured.equal == (means.predict(X[HELD]) == model.labels_[HELD]).sum()
    assert measured.short == (f"agrees on {100 * measured.fraction:.1f} %", f"{measured.equal} of 30")


def test_optics_cut_at_eps_stands_in_as_dbscan_does():
    """Cut at eps it is DBSCAN but for border points, and so is the rule that stands in for both."""
    optics = OPTICS(cluster_method="dbscan", eps=1.0, min_samples=5).fit(X)
    dbscan = DBSCAN(1.0, min_samples=5).fit(X)
    found, wanted = (substitutes(model)[CORE].fit(X) for model in (optics, dbscan))
    np.testing.assert_array_equal(np.sort(found.points_, axis=0), np.sort(wanted.points_, axis=0))
    assert (found.predict(X) >= 0).sum() == (wanted.predict(X) >= 0).sum()


def test_groups_that_cannot_be_told_apart_on_the_rows_that_are_left():
    labels = np.zeros(len(X), int)
    labels[HELD[0]] = 1
    model = AgglomerativeClustering(2).fit(X)
    model.labels_ = labels
    with pytest.raises(bl.BadInput, match="all rows have the same label"):
        substitutes(model)[CENTROID].measure(X)


@pytest.fixture(scope="module")
def map_of_rows():
    return MDS(n_init=1, max_iter=50, random_state=0, **_FEW).fit(X)


_FEW = {"init": "random"} if "init" in MDS().get_params() else {}  # named from scikit-learn 1.8 on


def test_places_judged_once_more(map_of_rows):
    places = map_of_rows.embedding_
    by_hand = KNeighborsRegressor(5, weights="distance").fit(X[KEPT], places[KEPT]).predict(X[HELD])
    measured = substitutes(map_of_rows)[MEAN].measure(X)
    assert measured.trustworthiness == trustworthiness(X[HELD], by_hand, n_neighbors=5)
    assert measured.continuity == trustworthiness(by_hand, X[HELD], n_neighbors=5)
    assert measured.own_trustworthiness == trustworthiness(X[HELD], places[HELD], n_neighbors=5)
    assert measured.own_continuity == trustworthiness(places[HELD], X[HELD], n_neighbors=5)
    spread = np.sqrt(np.square(places - places.mean(axis=0)).sum(axis=1).mean())
    assert measured.error == pytest.approx(np.median(np.linalg.norm(by_hand - places[HELD], axis=1)) / spread)
    assert str(measured).startswith("places 30 held-out rows with trustworthiness 0.")


def test_the_network_speaks_in_the_units_of_the_map(map_of_rows):
    network = substitutes(map_of_rows)[NETWORK].fit(X)
    apart = np.linalg.norm(network.predict(X) - map_of_rows.embedding_, axis=1)
    assert np.median(apart) < 0.2 * map_of_rows.embedding_.std()


def test_a_map_of_one_axis_has_one_number_a_row(tmp_path):
    model = SpectralEmbedding(1, affinity="rbf", gamma=0.1).fit(X)
    for name, offer in substitutes(model).items():
        result = bl.export(offer.fit(X), tmp_path / f"{name}.mlpackage", sample=X)
        assert result.parity.passed


def test_too_few_rows_to_judge_by(map_of_rows):
    model = SpectralEmbedding(affinity="rbf", gamma=0.1).fit(X[:12])
    with pytest.raises(bl.BadInput, match="at least 16 rows to hold some out, found 12"):
        substitutes(model)[MEAN].measure(X[:12])


def test_the_panel_shows_the_places(map_of_rows):
    road = Road(map_of_rows, substitutes(map_of_rows)[MEAN])
    road.measure(X)
    shown = panel_words.offer(road, "a.mlpackage")
    assert shown["rows"] == 30
    assert shown["agrees"].startswith("trustworthiness 0.")
    assert shown["counted"].startswith("the model's own: 0.")
    assert shown["carries"]["rows"] == len(X)


def test_in_a_pipeline(tmp_path):
    model = make_pipeline(StandardScaler(), SpectralEmbedding(affinity="rbf", gamma=0.5)).fit(X)
    for name, offer in substitutes(model).items():
        assert bl.export(offer.fit(X), tmp_path / f"{name}.mlpackage", sample=X).parity.passed
        assert "held-out rows" in str(offer.measure(X))


if ClassicalMDS is not None:

    def test_classical_mds_on_euclidean_distances_is_pca(tmp_path):
        model = ClassicalMDS(2).fit(X)
        (offer,) = bl.assess(model).substitutes
        assert offer.name == PCA
        stand_in, measured = offer.fit(X), offer.measure(X)
        np.testing.assert_allclose(stand_in.transform(X), model.embedding_, atol=1e-9 * np.abs(model.embedding_).max())
        assert "gives the model's own places" in measured.how
        result = bl.export(stand_in, tmp_path / "a.mlpackage", sample=X)
        assert np.abs(bl.runtime.load(result.path).predict({"x": X})["transformed"] - model.embedding_).max() < 1e-4
        assert list(substitutes(ClassicalMDS(2, metric="cityblock").fit(X))) == [NETWORK, MEAN]
        with np.errstate(invalid="ignore"):  # roots of eigenvalues that should be 0 and are just below
            more = ClassicalMDS(9).fit(X)
        assert list(substitutes(more)) == [NETWORK, MEAN]
        more.embedding_[0, 8] = np.nan
        for use in (substitutes(more)[MEAN].fit, substitutes(more)[NETWORK].measure):
            with pytest.raises(bl.BadInput, match="no finite place for some rows"):
                use(X)
