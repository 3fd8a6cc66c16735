"""Searches that scikit-learn keeps behind an experimental switch, and the way out of models around another without a recipe."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.decomposition import PCA
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LinearRegression, LogisticRegression, QuantileRegressor
from sklearn.model_selection import (
    FixedThresholdClassifier,
    GridSearchCV,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import beyondlabels as bl

X = np.random.default_rng(0).normal(0, 1, (120, 4))
CLASSES = (X[:, 0] > 0).astype(int)
VALUES = np.exp(X[:, 0] - X[:, 1])
CHOICES = {"n_neighbors": [1, 3, 5]}

HALVING = {
    "grid": lambda: HalvingGridSearchCV(KNeighborsClassifier(), CHOICES, cv=2, min_resources=20, random_state=0),
    "random": lambda: HalvingRandomSearchCV(KNeighborsClassifier(), CHOICES, cv=2, n_candidates=3, random_state=0),
    "a pipeline inside": lambda: HalvingGridSearchCV(
        make_pipeline(StandardScaler(), PCA(), KNeighborsClassifier()),
        {"pca__n_components": [2, 3]},
        cv=2,
        random_state=0,
    ),
}


@pytest.mark.parametrize("make", HALVING.values(), ids=HALVING)
def test_a_halving_search_is_the_model_that_it_chose(make, tmp_path):
    model = make().fit(X, CLASSES)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=X)
    found = bl.runtime.load(result.path).predict({"x": X})["label"]
    np.testing.assert_array_equal(found, model.best_estimator_.predict(X.astype(np.float32).astype(float)))
    assert bl.assess(make_pipeline(make()).fit(X, CLASSES)).exportable


def test_a_halving_search_without_its_model():
    model = HalvingGridSearchCV(KNeighborsClassifier(), CHOICES, cv=2, random_state=0, refit=False).fit(X, CLASSES)
    assert [limit.detail for limit in bl.assess(model).refused] == ["refit=False: the search kept no fitted model"]


def test_the_experimental_switch_is_left_alone():
    """Reading recipes does not turn on for the user what scikit-learn has turned off."""
    lines = [
        "import beyondlabels as bl, sklearn.model_selection as searches",
        "from sklearn.cluster import KMeans",
        "bl.assess(KMeans())",
        "assert 'HalvingGridSearchCV' not in vars(searches)",
    ]
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True)


class _Search(GridSearchCV):
    """A subclass, which no recipe knows."""


AROUND = {
    "a transformed target": (
        TransformedTargetRegressor(LinearRegression(), func=np.log, inverse_func=np.exp).fit(X, VALUES),
        r"the fitted LinearRegression in \.regressor_ can be exported: .* inverse of \.transformer_ .* in Swift",
    ),
    "a threshold": (
        FixedThresholdClassifier(LogisticRegression(), threshold=0.3).fit(X, CLASSES),
        r"the fitted LogisticRegression in \.estimator_ can be exported",
    ),
    "a search of one's own": (
        _Search(KNeighborsClassifier(), CHOICES, cv=2).fit(X, CLASSES),
        r"_Search, a subclass of the known GridSearchCV; the fitted KNeighborsClassifier in \.best_estimator_ can be "
        r"exported: export that instead",
    ),
}


@pytest.mark.parametrize(("model", "said"), AROUND.values(), ids=AROUND)
def test_the_way_out_is_named(model, said, tmp_path):
    with pytest.raises(bl.NotExportable, match=said):
        bl.export(model, tmp_path / "a.mlpackage", sample=X)
    inner = next(
        getattr(model, each) for each in ("best_estimator_", "regressor_", "estimator_") if hasattr(model, each)
    )
    assert bl.export(inner, tmp_path / "a.mlpackage", sample=X).parity.passed


def test_what_does_not_lead_out_is_not_named():
    """No recipe for the model inside, and a model that is not fitted."""
    for model in (
        TransformedTargetRegressor(QuantileRegressor()).fit(X, VALUES),
        TransformedTargetRegressor(LinearRegression()),
    ):
        assert "can be exported" not in str(bl.assess(model))
