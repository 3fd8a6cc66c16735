"""Class labels that a package cannot give: refused in words of their own, with a way out that leads out."""

import numpy as np
import pandas
import pytest
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier, ExtraTreeClassifier

import beyondlabels as bl

X = np.random.default_rng(0).normal(size=(60, 3))
SPECIES = np.array(["Adélie", "Chinstrap", "Gentoo"])[np.argsort(np.argsort(X[:, 0])) // 20]
LABELS = {
    "text": (SPECIES, "they are not integers"),
    "objects": (SPECIES.astype(object), "they are not integers"),
    "true or false": (
        X[:, 0] > 0,
        "they are True and False: fit on y.astype(int), and the label is 1 where it was True",
    ),
    "large": ((X[:, 0] > 0) * 2**40, "they are beyond int32"),
    "large in float": ((X[:, 0] > 0) * 2.0**31, "they are beyond int32"),
}
CLASSIFIERS = [
    DecisionTreeClassifier(),
    ExtraTreeClassifier(),
    RandomForestClassifier(2),
    ExtraTreesClassifier(2),
    GradientBoostingClassifier(n_estimators=1),
    HistGradientBoostingClassifier(max_iter=1),
    LogisticRegression(),
    SGDClassifier(),
    LinearSVC(),
    MLPClassifier((2,), max_iter=5),
    KNeighborsClassifier(1),
    NearestCentroid(),
]


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("model", CLASSIFIERS, ids=lambda model: type(model).__name__)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_labels_that_no_package_gives(model, kind, tmp_path):
    labels, detail = LABELS[kind]
    with pytest.raises(bl.NotExportable) as error:
        bl.export(model.fit(X, labels), tmp_path / "a.mlpackage", sample=X)
    assert [(each.id, each.detail) for each in error.value.verdict.refused] == [("class-labels", detail)]
    assert "numpy.unique(y, return_inverse=True)" in str(error.value)


NUMBERS = {
    "float": np.array([0.0, 1.0, 2.0])[np.arange(60) % 3],
    "Int64 of pandas": pandas.Series(np.array([3, 7, 11])[np.arange(60) % 3], dtype="Int64"),
    "the ends of int32": np.where(X[:, 0] > 0, 2**31 - 1, -(2**31)),
}


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize("model", CLASSIFIERS, ids=lambda model: type(model).__name__)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_whole_numbers_of_every_type_are_labels(model, kind, tmp_path):
    path = tmp_path / "a.mlpackage"
    result = bl.export(model.fit(X, NUMBERS[kind]), path, sample=X)
    assert result.parity["label"].labels_differ == 0
    label = bl.runtime.load(path).predict({"x": X})["label"]
    assert label.dtype == np.int32
    np.testing.assert_array_equal(label, model.predict(X.astype(np.float32).astype(float)))
    assert bl.intermediate_values(model, X).outputs["label"].dtype.kind == "i"


def test_the_way_out_leads_out(tmp_path):
    names, y = np.unique(SPECIES, return_inverse=True)
    model = make_pipeline(StandardScaler(), LogisticRegression())
    bl.export(model.fit(X, y), tmp_path / "a.mlpackage", sample=X)
    label = bl.runtime.load(tmp_path / "a.mlpackage").predict({"x": X})["label"]
    np.testing.assert_array_equal(names[label], model.fit(X, SPECIES).predict(X))
