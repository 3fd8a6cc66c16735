"""Linear models, against the formulas and scikit-learn."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from beyondlabels.errors import BadInput, BadPackage
from runtime.older import models


def regressor(weights, offset, transform=0):
    spec = models.specification(1)
    models.declare(spec.description.input, "x", "array", len(weights[0]))
    models.declare(spec.description.output, "y", "double") if len(weights) == 1 else models.declare(
        spec.description.output, "y", "array", len(weights)
    )
    spec.description.predictedFeatureName = "y"
    for row in weights:
        spec.glmRegressor.weights.add().value.extend(row)
    spec.glmRegressor.offset.extend(offset)
    spec.glmRegressor.postEvaluationTransform = transform
    return spec


def glm_classifier(weights, offset, labels, encoding=0, transform=0):
    spec = models.specification(1)
    models.declare(spec.description.input, "x", "array", len(weights[0]))
    models.classifier(spec, "int64")
    for row in weights:
        spec.glmClassifier.weights.add().value.extend(row)
    spec.glmClassifier.offset.extend(offset)
    spec.glmClassifier.classEncoding, spec.glmClassifier.postEvaluationTransform = encoding, transform
    spec.glmClassifier.int64ClassLabels.vector.extend(labels)
    return spec


@pytest.mark.parametrize(("transform", "link"), [(0, lambda v: v), (1, lambda v: 1 / (1 + np.exp(-v))), (2, norm.cdf)])
def test_regressor_and_its_links(tmp_path, transform, link):
    x = np.array([[1.0, 2.0], [-1.0, 0.5]])
    found = models.saved(regressor([[0.3, -0.7]], [0.1], transform), tmp_path).predict({"x": x})["y"]
    np.testing.assert_allclose(found, link(x @ [0.3, -0.7] + 0.1), rtol=1e-14)


def test_inputs_are_put_side_by_side_in_their_order(tmp_path):
    spec = regressor([[1.0, 10.0, 100.0]], [0.0])
    del spec.description.input[:]
    models.declare(spec.description.input, "pair", "array", 2)
    models.declare(spec.description.input, "whole", "int64")
    model = models.saved(spec, tmp_path)
    assert model.predict({"whole": 3, "pair": [1, 2]})["y"] == 321
    with pytest.raises(BadInput, match="whole numbers"):
        model.predict({"whole": 3.5, "pair": [1, 2]})


def test_several_values(tmp_path):
    found = models.saved(regressor([[1.0, 0.0], [0.0, 2.0]], [0.0, 1.0]), tmp_path).predict({"x": [3.0, 4.0]})["y"]
    assert found.tolist() == [3, 9]


def test_one_against_the_rest_gives_what_scikit_learn_gives(tmp_path):
    X, y = load_iris(return_X_y=True)
    fitted = OneVsRestClassifier(LogisticRegression(max_iter=1000)).fit(X, y)
    weights = [each.coef_[0] for each in fitted.estimators_]
    offset = [each.intercept_[0] for each in fitted.estimators_]
    found = models.saved(glm_classifier(weights, offset, [0, 1, 2], encoding=1), tmp_path).predict({"x": X})
    np.testing.assert_allclose([list(row.values()) for row in found["chances"]], fitted.predict_proba(X), atol=1e-12)
    assert found["label"].tolist() == fitted.predict(X).tolist()


def test_a_reference_class_gives_the_multinomial_model(tmp_path):
    X, y = load_iris(return_X_y=True)
    fitted = LogisticRegression(max_iter=1000).fit(X, y)
    weights, offset = fitted.coef_[1:] - fitted.coef_[0], fitted.intercept_[1:] - fitted.intercept_[0]
    found = models.saved(glm_classifier(weights, offset, [5, 6, 7]), tmp_path).predict({"x": X})
    np.testing.assert_allclose([list(row.values()) for row in found["chances"]], fitted.predict_proba(X), atol=1e-12)
    assert set(found["label"].tolist()) == {5, 6, 7}


@pytest.mark.parametrize(("transform", "link"), [(0, lambda v: 1 / (1 + np.exp(-v))), (1, norm.cdf)])
@pytest.mark.parametrize("encoding", [0, 1])
def test_two_classes(tmp_path, transform, link, encoding):
    found = models.saved(glm_classifier([[2.0]], [-1.0], [0, 1], encoding, transform), tmp_path).predict({"x": [[0.9]]})
    np.testing.assert_allclose(found["chances"][0][1], link(0.8), rtol=1e-14)
    assert found["label"].tolist() == [1]


@pytest.mark.parametrize(
    "spec",
    [
        lambda: glm_classifier([[1.0]], [0.0], [0, 1, 2]),
        lambda: glm_classifier([[1.0], [2.0]], [0.0], [0, 1, 2]),
        lambda: glm_classifier([[1.0], [2.0, 3.0]], [0.0, 0.0], [0, 1, 2]),
        lambda: glm_classifier([[1.0], [2.0]], [0.0, 0.0], [0, 1, 2], transform=1),
        lambda: regressor([[1.0]], []),
    ],
)
def test_what_does_not_fit_together_is_refused(tmp_path, spec):
    with pytest.raises(BadPackage):
        models.saved(spec(), tmp_path)


def test_a_row_of_another_width_is_refused(tmp_path):
    with pytest.raises(BadInput, match="has shape"):
        models.saved(regressor([[1.0, 2.0]], [0.0]), tmp_path).predict({"x": [1.0, 2.0, 3.0]})
