"""Whole networks: images and what is done to them first, classifiers, regressors, shapes that may vary, optional inputs."""

import numpy as np
import pytest

from beyondlabels.errors import BadInput, BadPackage
from runtime.older import models

IMAGE = np.random.default_rng(0).integers(0, 256, (3, 4, 5)).astype(float)


def over_images(colour="RGB", **preprocessing):
    made = models.builder({"x": (3, 4, 5)}, {"y": (3, 4, 5)})
    made.add_activation("one", "LINEAR", "x", "y", [1.0, 0.0])
    made.set_pre_processing_parameters(image_input_names=["x"], is_bgr=colour == "BGR", **preprocessing)
    return made.spec


@pytest.mark.parametrize("colour", ["RGB", "BGR"])
def test_an_image_is_scaled_and_moved_by_colour(tmp_path, colour):
    spec = over_images(colour, red_bias=1.0, green_bias=2.0, blue_bias=3.0, image_scale=0.5)
    model = models.saved(spec, tmp_path)
    moved = np.array([1.0, 2.0, 3.0] if colour == "RGB" else [3.0, 2.0, 1.0])[:, None, None]
    np.testing.assert_allclose(model.predict({"x": IMAGE})["y"], IMAGE * 0.5 + moved)
    many = model.predict({"x": np.stack([IMAGE, IMAGE + 1])})["y"]
    np.testing.assert_allclose(many[1], (IMAGE + 1) * 0.5 + moved)


def test_a_mean_image_is_taken_off(tmp_path):
    spec = over_images()
    del spec.neuralNetwork.preprocessing[:]
    added = spec.neuralNetwork.preprocessing.add(featureName="x")
    added.meanImage.meanImage.extend(IMAGE.ravel() / 2)
    np.testing.assert_allclose(models.saved(spec, tmp_path).predict({"x": IMAGE})["y"], IMAGE / 2)
    added.meanImage.meanImage.append(1)
    with pytest.raises(BadPackage, match="mean image has 61 values"):
        models.saved(spec, tmp_path).predict({"x": IMAGE})


def test_an_image_of_another_size_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"has shape \(4, 5, 3\)"):
        models.saved(over_images(), tmp_path).predict({"x": IMAGE.transpose(1, 2, 0)})


def softmax_classifier(labels):
    made = models.builder({"x": (3,)}, {"p": (3,)}, mode="classifier")
    made.add_softmax("one", "x", "p")
    made.set_class_labels(labels, "label", prediction_blob="p")
    return made.spec


@pytest.mark.parametrize("labels", [["a", "b", "c"], [7, 8, 9]])
def test_a_classifier_gives_a_label_and_its_probabilities(tmp_path, labels):
    model = models.saved(softmax_classifier(labels), tmp_path)
    found = model.predict({"x": [0.0, 2.0, 1.0]})
    assert found["label"] == labels[1]
    expected = np.exp([0, 2, 1]) / np.exp([0, 2, 1]).sum()
    np.testing.assert_allclose([found["p"][label] for label in labels], expected, rtol=1e-6)
    many = model.predict({"x": [[0.0, 2.0, 1.0], [5.0, 2.0, 1.0]]})
    assert many["label"].tolist() == [labels[1], labels[0]]
    assert many["p"][0] == found["p"]


def test_a_classifier_whose_labels_do_not_fit_is_refused(tmp_path):
    spec = softmax_classifier(["a", "b", "c"])
    spec.neuralNetworkClassifier.stringClassLabels.vector.append("d")
    with pytest.raises(BadPackage, match="gives 3 values for 4 classes"):
        models.saved(spec, tmp_path).predict({"x": [0.0, 2.0, 1.0]})


def test_a_regressor_gives_a_number(tmp_path):
    made = models.builder({"x": (3,)}, {"y": (1,)}, mode="regressor")
    made.add_inner_product("one", np.array([[1.0, 2.0, 3.0]]), np.array([0.5]), 3, 1, True, "x", "y")
    spec = made.spec
    del spec.description.output[:]
    models.declare(spec.description.output, "y", "double")
    model = models.saved(spec, tmp_path)
    assert model.predict({"x": [1, 1, 1]})["y"] == 6.5
    assert model.predict({"x": [[1, 1, 1], [0, 0, 1]]})["y"].tolist() == [6.5, 3.5]


def flexible():
    made = models.builder({"x": (2, 3)}, {"y": None}, exact=True)
    made.add_reduce_sum("one", "x", "y", axes=[0], keepdims=False)
    sizes = made.spec.description.input[0].type.multiArrayType.shapeRange.sizeRanges
    sizes.add(lowerBound=1, upperBound=-1)
    sizes.add(lowerBound=3, upperBound=3)
    return made.spec


def test_shapes_that_may_vary(tmp_path):
    model = models.saved(flexible(), tmp_path)
    assert model.predict({"x": np.ones((1, 3))})["y"].tolist() == [1, 1, 1]
    assert model.predict({"x": np.ones((9, 3))})["y"].tolist() == [9, 9, 9]
    assert model.predict({"x": np.ones((2, 4, 3))})["y"].tolist() == [[4, 4, 4]] * 2
    with pytest.raises(BadInput, match="has shape"):
        model.predict({"x": np.ones((2, 4))})


def test_an_input_that_may_be_left_out_has_its_default(tmp_path):
    made = models.builder({"x": (2,), "z": (2,)}, {"y": (2,)}, exact=True)
    made.add_add_broadcastable("one", ["x", "z"], "y")
    made.spec.description.input[1].type.isOptional = True
    made.spec.description.input[1].type.multiArrayType.floatDefaultValue = 5.0
    model = models.saved(made.spec, tmp_path)
    assert model.predict({"x": [1, 2]})["y"].tolist() == [6, 7]
    assert model.predict({"x": [1, 2], "z": [1, 1]})["y"].tolist() == [2, 3]


def test_rows_run_alone_or_together_give_the_same(tmp_path):
    """With the exact mapping and layers that mix axes, rows are run one by one; with dense layers, at once."""
    made = models.builder({"x": (4, 3)}, {"y": None}, exact=True)
    made.add_transpose("turn", [1, 0], "x", "t")
    made.add_softmax_nd("one", "t", "y", 0)
    model = models.saved(made.spec, tmp_path)
    rows = np.random.default_rng(0).normal(size=(5, 4, 3))
    many = model.predict({"x": rows})["y"]
    np.testing.assert_array_equal(many, np.stack([model.predict({"x": row})["y"] for row in rows]))
    with pytest.raises(BadInput, match="one by one"):
        model.values({"x": rows})
    assert model.values({"x": rows[0]})["t"].shape == (3, 4)


def test_a_value_too_large_for_float32_is_refused(tmp_path):
    made = models.builder({"x": (1,)}, {"y": (1,)})
    made.add_activation("one", "RELU", "x", "y")
    model = models.saved(made.spec, tmp_path)
    with pytest.raises(BadInput, match="too large for float32"):
        model.predict({"x": [1e300]})
