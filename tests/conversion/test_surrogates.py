"""Substitutes for DBSCAN: what they compute, and how often they agree with it, counted once more here."""

import warnings

import numpy as np
import pytest
from sklearn.cluster import DBSCAN
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

import beyondlabels as bl
from beyondlabels.conversion.surrogates.nearest_core import NearestCorePoint

EPS = 0.6
CORE, VOTE = "nearest core point within eps", "5 nearest neighbours"


@pytest.fixture(scope="module")
def rows(penguins):
    return StandardScaler().fit_transform(penguins)


@pytest.fixture(scope="module")
def dbscan(rows):
    return DBSCAN(EPS).fit(rows)


def substitutes(model):
    return {each.name: each for each in bl.assess(model).substitutes}


def test_dbscan_is_refused_with_its_limit_and_its_substitutes(dbscan, rows, tmp_path):
    with pytest.raises(bl.NotExportable, match="no-out-of-sample: There is no function for a new point") as error:
        bl.export(dbscan, tmp_path / "a.mlpackage", sample=rows)
    verdict = error.value.verdict
    assert (verdict.kind, [limit.id for limit in verdict.refused]) == ("surrogate", ["no-out-of-sample"])
    assert [each.name for each in verdict.substitutes] == [CORE, VOTE]
    assert not list(tmp_path.iterdir())


def test_unfitted_dbscan_is_refused_for_both_reasons():
    verdict = bl.assess(DBSCAN())
    assert [limit.id for limit in verdict.refused] == ["no-out-of-sample", "not-fitted"]
    assert verdict.substitutes == ()


def nearest_core_by_hand(train, labels, core, new):
    """The rule in a loop: the label of the nearest core point, -1 where none lies within eps."""
    points, found = train[core], []
    for row in new:
        distances = np.sqrt(((points - row) ** 2).sum(axis=1))
        found.append(labels[core][distances.argmin()] if len(points) and distances.min() <= EPS else -1)
    return np.array(found)


def votes_by_hand(train, labels, new):
    found = []
    for row in new:
        nearest = np.argsort(((train - row) ** 2).sum(axis=1), kind="stable")[:5]
        classes, counts = np.unique(labels[nearest], return_counts=True)
        found.append(classes[counts.argmax()])
    return np.array(found)


def test_agreement_counted_once_more(dbscan, rows):
    """Every fourth of a seeded shuffle is held out; the substitute sees only the others and DBSCAN's labels of them."""
    held = np.random.default_rng(0).permutation(len(rows))[::4]
    kept = np.setdiff1d(np.arange(len(rows)), held)
    core = np.isin(kept, dbscan.core_sample_indices_)
    by_hand = {
        CORE: nearest_core_by_hand(rows[kept], dbscan.labels_[kept], core, rows[held]),
        VOTE: votes_by_hand(rows[kept], dbscan.labels_[kept], rows[held]),
    }
    for name, offer in substitutes(dbscan).items():
        agreement = offer.measure(rows)
        assert agreement.rows == len(held) == 84
        assert agreement.equal == (by_hand[name] == dbscan.labels_[held]).sum()
        assert agreement.fraction == agreement.equal / 84
        assert str(agreement) == f"agrees on {agreement.equal} of 84 held-out rows ({100 * agreement.fraction:.1f} %)"
        assert agreement.how.startswith("fitted on 249 rows with the model's labels, compared on the other 84")
        assert agreement.equal > 60


def test_nearest_core_gives_dbscans_own_labels_but_for_border_points(dbscan, rows):
    found = substitutes(dbscan)[CORE].fit(rows).predict(rows)
    core = np.zeros(len(rows), bool)
    core[dbscan.core_sample_indices_] = True
    assert (found[core] == dbscan.labels_[core]).all()
    assert ((found == -1) == (dbscan.labels_ == -1)).all()
    near = pairwise_distances(rows, rows[core]) <= EPS
    for row in np.flatnonzero(found != dbscan.labels_):
        assert len(np.unique(dbscan.labels_[core][near[row]])) > 1


@pytest.mark.parametrize("name", [CORE, VOTE])
def test_a_substitute_is_fitted_on_request_and_exported(dbscan, rows, name, tmp_path):
    model = substitutes(dbscan)[name].fit(rows)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=rows)
    assert result.parity["label"].labels_differ == 0
    np.testing.assert_array_equal(bl.runtime.load(result.path).predict({"x": rows})["label"], model.predict(rows))
    assert result.carries.kind == "rows"
    assert result.carries.rows == (len(dbscan.core_sample_indices_) if name == CORE else 333)
    assert bl.runtime.check(result.path).passed


def test_in_a_pipeline(penguins, tmp_path):
    model = make_pipeline(StandardScaler(), DBSCAN(EPS)).fit(penguins)
    verdict = bl.assess(model)
    assert (verdict.kind, verdict.refused[0].detail) == ("surrogate", "step 'dbscan'")
    inner = StandardScaler().fit_transform(penguins)
    for name, offer in substitutes(model).items():
        fitted = offer.fit(penguins)
        assert isinstance(fitted, Pipeline)
        result = bl.export(fitted, tmp_path / f"{name}.mlpackage", sample=penguins)
        assert result.parity.passed
        assert result.verdict.model.startswith("StandardScaler → ")
        alone = substitutes(DBSCAN(EPS).fit(inner))[name].measure(inner)
        assert offer.measure(penguins) == alone


def test_all_noise(rows, tmp_path):
    model = DBSCAN(1e-3).fit(rows)
    assert (model.labels_ == -1).all()
    offers = substitutes(model)
    for call in (offers[CORE].fit, offers[CORE].measure):
        with pytest.raises(bl.BadInput, match=r"no core point: every row is noise\. Raise eps"):
            call(rows)
    assert offers[VOTE].measure(rows).fraction == 1
    result = bl.export(offers[VOTE].fit(rows), tmp_path / "a.mlpackage", sample=rows)
    assert set(bl.runtime.load(result.path).predict({"x": rows})["label"]) == {-1}


def test_one_cluster(rows, tmp_path):
    model = DBSCAN(100.0).fit(rows)
    offers = substitutes(model)
    for offer in offers.values():
        assert offer.measure(rows).fraction == 1
        result = bl.export(offer.fit(rows), tmp_path / f"{offer.name}.mlpackage", sample=rows)
        assert set(bl.runtime.load(result.path).predict({"x": rows})["label"]) == {0}
    far = bl.runtime.load(tmp_path / f"{CORE}.mlpackage").predict({"x": rows + 1000})["label"]
    assert set(far) == {-1}


@pytest.mark.parametrize(
    ("options", "offered"),
    [
        ({"metric": "manhattan"}, [VOTE]),
        ({"metric": "minkowski", "p": 1}, [VOTE]),
        ({"metric": "minkowski", "p": 2}, [CORE, VOTE]),
        ({"metric": "l2"}, [CORE, VOTE]),
    ],
)
def test_the_nearest_core_rule_is_offered_for_its_own_metric_only(rows, options, offered):
    assert list(substitutes(DBSCAN(0.8, **options).fit(rows))) == offered


BAD = {
    "other rows": (lambda X: X[:10], "labelled 333 rows, found 10; pass the rows it was fitted on"),
    "too many rows": (lambda X: np.vstack([X, X]), "labelled 333 rows, found 666"),
    "no rows": (lambda X: X[:0], "labelled 333 rows, found 0"),
    "too narrow": (lambda X: X[:, :2], r"shape \(333, 2\).*expected \(rows, 4\)"),
    "one axis": (lambda X: X[:, 0], r"shape \(333,\)"),
    "text": (lambda X: np.full((333, 4), "a"), "not a table of numbers"),
    "NaN": (lambda X: X * np.nan, "not finite"),
    "nothing": (lambda X: None, "shape|not a table"),
}


@pytest.mark.parametrize(("change", "message"), BAD.values(), ids=BAD)
@pytest.mark.parametrize("name", [CORE, VOTE])
def test_rows_it_was_not_fitted_on(dbscan, rows, name, change, message):
    offer = substitutes(dbscan)[name]
    for call in (offer.fit, offer.measure):
        with pytest.raises(bl.BadInput, match=message):
            call(change(rows))


def test_too_few_rows_to_hold_some_out():
    X = np.array([[0.0], [0.1], [0.2]])
    offer = substitutes(DBSCAN(1, min_samples=2).fit(X))[CORE]
    with pytest.raises(bl.BadInput, match="at least 4 rows to hold some out, found 3"):
        offer.measure(X)
    assert offer.fit(X).predict([[0.05]]) == [0]


def test_few_rows_have_fewer_neighbours():
    X = np.array([[0.0], [0.1], [0.2]])
    assert substitutes(DBSCAN(1, min_samples=2).fit(X))[VOTE].fit(X).n_neighbors == 3


def test_a_fit_on_a_frame(rows, dbscan):
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list("abcd"))
    offers = substitutes(DBSCAN(EPS).fit(frame))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert offers[CORE].measure(frame) == substitutes(dbscan)[CORE].measure(rows)


# ---- the rule itself ---------------------------------------------------------------------------------------------------


def test_the_rule_by_hand():
    model = NearestCorePoint(1.0).fit([[0.0], [3.0]], [4, 7])
    assert model.predict([[0.5], [1.0], [1.01], [2.5], [9.0]]).tolist() == [4, 4, -1, 7, -1]


def test_the_rule_is_an_estimator():
    from sklearn.base import clone
    from sklearn.exceptions import NotFittedError

    model = clone(NearestCorePoint(eps=2.5))
    assert model.get_params() == {"eps": 2.5}
    with pytest.raises(NotFittedError):
        model.predict([[1.0]])
    with pytest.raises(ValueError, match="features"):
        NearestCorePoint().fit([[1.0]], [0]).predict([[1.0, 2.0]])


def test_labels_far_from_zero_are_kept(tmp_path):
    """Labels are shifted by one inside the program; the largest and the noise must come back as they were."""
    X = np.arange(600.0)[:, None]
    model = NearestCorePoint(0.25).fit(X, np.arange(600) * 3)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=np.concatenate([X, X + 0.5]))
    found = bl.runtime.load(result.path).predict({"x": np.concatenate([X, X + 0.5])})["label"]
    assert found.tolist() == [3 * index for index in range(600)] + [-1] * 600


def test_a_vote_is_the_classifier_of_scikit_learn(dbscan, rows):
    assert type(substitutes(dbscan)[VOTE].fit(rows)) is KNeighborsClassifier
