"""Nearest neighbours, against votes counted by hand and scikit-learn; and learning new rows."""

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.neighbors import KNeighborsClassifier

from beyondlabels.errors import BadInput, BadPackage, PackageExists
from beyondlabels.runtime import load
from runtime.older import models

ROWS = [[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [10.0, 10.0]]
LABELS = ["near", "near", "far", "far"]


@pytest.mark.parametrize("index", ["linear", "kd_tree"])
def test_uniform_votes(tmp_path, index):
    model = models.saved(models.neighbors(ROWS, LABELS, index=index), tmp_path)
    found = model.predict({"x": [0.0, 0.5]})
    assert found["label"] == "near"
    assert found["labelProbs"] == {"near": 2 / 3, "far": 1 / 3}


def test_votes_weighted_by_inverse_squared_distance(tmp_path):
    model = models.saved(models.neighbors(ROWS, LABELS, weighting="inverse_distance"), tmp_path)
    found = model.predict({"x": [[0.0, 1.5], [0.0, 2.0]]})
    near, far = 1 / 2.25 + 1 / 3.25, 1 / 0.25
    np.testing.assert_allclose(found["labelProbs"][0]["far"], far / (near + far), rtol=1e-6)
    assert found["label"].tolist() == ["far", "far"]
    assert found["labelProbs"][1] == {"near": 0, "far": 1}  # a row that is stored decides alone


def test_a_tie_goes_to_the_nearest(tmp_path):
    model = models.saved(models.neighbors([[0.0, 0.0], [3.0, 0.0]], ["first", "second"], count=2), tmp_path)
    assert model.predict({"x": [[1.0, 0.0], [2.0, 0.0]]})["label"].tolist() == ["first", "second"]


@pytest.mark.parametrize("weighting", ["uniform", "inverse_distance"])
def test_the_labels_of_scikit_learn(tmp_path, weighting):
    X, y = load_iris(return_X_y=True)
    X = X + np.random.default_rng(0).normal(0, 1e-3, X.shape)  # no two distances are equal
    train = np.arange(len(X)) % 2 == 0
    weights = "uniform" if weighting == "uniform" else lambda distances: 1 / distances**2
    fitted = KNeighborsClassifier(5, weights=weights).fit(X[train], y[train])
    spec = models.neighbors(X[train], y[train].tolist(), 5, weighting, default=0)
    found = models.saved(spec, tmp_path).predict({"x": X[~train]})
    assert found["label"].tolist() == fitted.predict(X[~train]).tolist()
    shares = [[row.get(label, 0) for label in fitted.classes_] for row in found["labelProbs"]]
    np.testing.assert_allclose(shares, fitted.predict_proba(X[~train]), atol=1e-4)


def test_without_rows_it_answers_its_default(tmp_path):
    model = models.saved(models.neighbors([], []), tmp_path)
    assert model.predict({"x": [[1.0, 2.0]]})["label"].tolist() == ["none"]


def test_update_appends_rows_and_leaves_the_model_as_it_was(tmp_path):
    model = models.saved(models.neighbors([], [], count=1), tmp_path)
    made = model.update({"x": ROWS, "label": LABELS}, path=tmp_path / "new.mlmodel")
    assert made.losses == ()
    assert model.predict({"x": [[0.0, 0.0]]})["label"].tolist() == ["none"]
    for each in (made.model, load(made.path)):
        assert each.predict({"x": [[9.0, 9.0], [0.4, 0.0]]})["label"].tolist() == ["far", "near"]
    twice = made.model.update({"x": [[9.0, 9.0]], "label": ["new"]}).model
    assert twice.predict({"x": [[9.0, 9.0]]})["label"].tolist() == ["new"]
    assert list(twice.spec.kNearestNeighborsClassifier.stringClassLabels.vector) == [*LABELS, "new"]


def test_update_is_refused_with_a_reason(tmp_path):
    spec = models.neighbors(ROWS, LABELS)
    model = models.saved(spec, tmp_path)
    with pytest.raises(BadInput, match="by the names"):
        model.update({"x": ROWS})
    with pytest.raises(BadInput, match="different numbers of rows"):
        model.update({"x": ROWS, "label": ["near"]})
    with pytest.raises(BadInput, match="no settings"):
        model.update({"x": ROWS, "label": LABELS}, epochs=3)
    with pytest.raises(BadInput, match="takes a text"):
        model.update({"x": ROWS, "label": [1, 2, 3, 4]})
    with pytest.raises(BadInput, match="not a finite"):
        model.update({"x": [[np.nan, 0.0]], "label": ["near"]})
    with pytest.raises(PackageExists):
        model.update({"x": ROWS, "label": LABELS}, path=tmp_path / "model.mlmodel")
    spec.isUpdatable = False
    with pytest.raises(BadInput, match="not marked updatable"):
        models.saved(spec, tmp_path).update({"x": ROWS, "label": LABELS})


def test_saving_leaves_nothing_half_written(tmp_path):
    model = models.saved(models.neighbors(ROWS, LABELS), tmp_path)
    before = (tmp_path / "model.mlmodel").read_bytes()
    with pytest.raises(BadInput, match=r"ends in \.mlmodel"):
        model.save(tmp_path / "model.mlpackage")
    with pytest.raises(BadInput, match="cannot be saved"):
        model.save(tmp_path / "nowhere" / "model.mlmodel")
    assert len(model.save(tmp_path / "model.mlmodel", overwrite=True).read_bytes()) == len(before)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["model.mlmodel"]
    assert load(tmp_path / "model.mlmodel").predict({"x": [0.0, 0.0]})["label"] == "near"


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.stringClassLabels.vector.append("more"),
        lambda m: m.nearestNeighborsIndex.floatSamples[0].vector.append(1),
        lambda m: m.numberOfNeighbors.ClearField("defaultValue"),
        lambda m: m.nearestNeighborsIndex.ClearField("linearIndex"),
    ],
)
def test_what_does_not_fit_together_is_refused(tmp_path, change):
    spec = models.neighbors(ROWS, LABELS)
    change(spec.kNearestNeighborsClassifier)
    with pytest.raises(BadPackage):
        models.saved(spec, tmp_path)
