"""Keras behind scikit-learn's scalers, and the anomaly score of a model that reconstructs."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

import beyondlabels as bl


def network(keras, width, last, name="out", activation=None, loss="mse"):
    L = keras.layers
    model = keras.Sequential(
        [keras.Input((width,)), L.Dense(6, activation="tanh"), L.Dense(last, activation=activation, name=name)]
    )
    model.compile("adam", loss)
    return model


@pytest.fixture(scope="module")
def autoencoder(keras, penguins):
    """(scaler, network trained on scaled penguins to give them back)"""
    scaler = StandardScaler().fit(penguins)
    scaled = scaler.transform(penguins)
    model = network(keras, 4, 4)
    model.fit(scaled, scaled, epochs=3, verbose=0)
    return scaler, model


def test_a_scaler_then_a_network(autoencoder, penguins, path):
    scaler, model = autoencoder
    result = bl.export(Pipeline([("scale", scaler), ("net", model)]), path, sample=penguins)
    assert result.outputs == {"out": "predict"}
    assert bl.runtime.check(path).passed
    found = bl.runtime.load(path).predict({"x": penguins[:5]})["out"]
    np.testing.assert_allclose(found, model(scaler.transform(penguins[:5]).astype(np.float32)), rtol=1e-4, atol=1e-5)
    assert {"keras", "scikit-learn"} <= set(bl.runtime.describe(bl.runtime.load(path))["model"]["versions"])
    assert "learned weights" in result.carries.summary


def test_a_network_that_is_refused_is_named_by_its_step(keras, autoencoder, penguins):
    odd = keras.Sequential([keras.Input((4,)), keras.layers.Lambda(lambda x: x, name="odd")])
    verdict = bl.assess(Pipeline([("scale", autoencoder[0]), ("net", odd)]))
    assert [(limit.id, limit.detail) for limit in verdict.refused] == [("keras-lambda", "step 'net': layer 'odd'")]


def test_a_regressor_of_keras_own(keras, penguins, path):
    wrapper = keras.wrappers.SKLearnRegressor(network(keras, 3, 1), fit_kwargs={"verbose": 0})
    model = make_pipeline(StandardScaler(), wrapper).fit(penguins[:, :3], penguins[:, 3])
    bl.export(model, path, sample=penguins[:, :3])
    found = bl.runtime.load(path).predict({"x": penguins[:4, :3]})["predicted"]
    np.testing.assert_allclose(found, model.predict(penguins[:4, :3]), rtol=1e-4, atol=1e-5)
    assert bl.runtime.check(path).passed


def test_a_classifier_of_keras_own(keras, penguins, path):
    labels = np.array([3, 7, 11])[np.arange(len(penguins)) % 3]
    net = network(keras, 4, 3, activation="softmax", loss="categorical_crossentropy")
    wrapper = keras.wrappers.SKLearnClassifier(net, fit_kwargs={"verbose": 0})
    model = make_pipeline(MinMaxScaler(), wrapper).fit(penguins, labels)
    result = bl.export(model, path, sample=penguins)
    assert result.outputs == {"label": "predict", "scores": "decision_function"}
    assert set(bl.runtime.load(path).predict({"x": penguins})["label"]) <= {3, 7, 11}
    words = np.array(["a", "b", "c"])[np.arange(len(penguins)) % 3]
    refused = bl.assess(make_pipeline(MinMaxScaler(), wrapper).fit(penguins, words)).refused
    assert (refused[0].id, refused[0].detail) == ("class-labels", "step 'sklearnclassifier': they are not integers")


def test_a_wrapper_that_is_not_fitted(keras):
    verdict = bl.assess(keras.wrappers.SKLearnRegressor(network(keras, 3, 1)))
    assert [limit.id for limit in verdict.refused] == ["not-fitted"]


def test_anomaly_scores_behind_a_scaler(autoencoder, penguins, path):
    scaler, model = autoencoder
    detector = bl.ReconstructionError(Pipeline([("scale", scaler), ("net", model)])).fit(penguins, share=0.9)
    scaled = scaler.transform(penguins).astype(np.float32)
    by_hand = np.square(scaled - np.asarray(model(scaled))).mean(axis=1)
    np.testing.assert_allclose(detector.errors(penguins), by_hand, rtol=1e-4)
    assert 0.88 < (detector.predict(penguins) == 1).mean() < 0.92

    result = bl.export(detector, path, sample=penguins)
    assert result.outputs == {"score": "errors", "inlier": "predict"}
    found = bl.runtime.load(path).predict({"x": penguins})
    np.testing.assert_allclose(found["score"], by_hand, rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(found["inlier"], detector.predict(penguins))
    far = bl.runtime.load(path).predict({"x": penguins[:3] * 3})
    assert (far["inlier"] == -1).all()
    assert bl.runtime.check(path).passed


def test_anomaly_scores_of_images(keras, path):
    L = keras.layers
    model = keras.Sequential(
        [keras.Input((6, 6, 1), name="picture"), L.Conv2D(3, 3, padding="same", activation="relu"), L.Conv2D(1, 1)]
    )
    images = np.random.default_rng(0).random((30, 6, 6, 1), np.float32)
    detector = bl.ReconstructionError(model, threshold=0.3)
    assert detector.errors(images).shape == (30,)
    result = bl.export(detector, path, sample=images)
    assert list(bl.runtime.load(path).program.inputs) == ["picture"]
    assert list(result.outputs) == ["score", "inlier"]


def test_anomaly_scores_of_a_model_of_scikit_learn(penguins, path):
    model = make_pipeline(StandardScaler(), PCA(2)).fit(penguins)
    detector = bl.ReconstructionError(model)
    result = bl.export(detector, path, sample=penguins)
    assert list(result.outputs) == ["score"]
    scaled = model[0].transform(penguins)
    by_hand = np.square(scaled - model[1].inverse_transform(model[1].transform(scaled))).mean(axis=1)
    np.testing.assert_allclose(detector.errors(penguins), by_hand)


def test_what_does_not_reconstruct(keras, penguins):
    other = bl.assess(bl.ReconstructionError(network(keras, 4, 2), threshold=1.0))
    assert [each.id for each in other.refused] == ["no-reconstruction"]


def test_without_a_threshold(autoencoder, penguins):
    detector = bl.ReconstructionError(make_pipeline(*autoencoder))
    with pytest.raises(bl.BadInput, match="call fit"):
        detector.predict(penguins)
    with pytest.raises(bl.BadInput, match="share is 1"):
        detector.fit(penguins, share=1)


@pytest.mark.parametrize("threshold", [float("nan"), float("inf"), -1, "0.5", True, [1.0]])
def test_a_threshold_that_no_error_can_be_held_against(keras, threshold):
    with pytest.raises(bl.BadInput, match=r"the threshold is .*; expected a number from 0 on"):
        bl.ReconstructionError(network(keras, 4, 4), threshold=threshold)
    late = bl.ReconstructionError(network(keras, 4, 4))
    late.threshold = threshold
    with pytest.raises(bl.BadInput, match="the threshold is"):
        late.predict(np.ones((2, 4)))


def test_steps_that_hand_a_network_another_width(keras, path):
    X = np.random.default_rng(0).normal(size=(20, 4))
    model = make_pipeline(PCA(3).fit(X), network(keras, 4, 2))
    with pytest.raises(bl.BadInput, match="the network takes 4 numbers a row, and is given 3"):
        bl.export(model, path, sample=X)
