"""Every layer case: the network as coremltools saves it, against values from the definition; and many rows at once."""

import numpy as np
import pytest

from beyondlabels.errors import BadPackage
from runtime.older import models
from runtime.older.layers import CASES, EXACT


def network(add, inputs, exact=False):
    made = models.builder({name: np.shape(value) for name, value in inputs.items()}, {"y": None}, exact)
    add(made)
    return made.spec


@pytest.mark.parametrize(("name", "add", "inputs", "expected"), CASES, ids=[case[0] for case in CASES])
def test_layer_with_the_old_mapping(tmp_path, name, add, inputs, expected):
    model = models.saved(network(add, inputs), tmp_path)
    found = model.predict(inputs)["y"]
    assert model.values(inputs)["y"].dtype == np.float32  # whatever the interface declares
    np.testing.assert_allclose(np.squeeze(found), np.squeeze(expected), rtol=2e-5, atol=2e-5)
    others = {key: np.stack([value, np.flip(value), value]) for key, value in inputs.items()}
    many = model.predict(others)["y"]
    np.testing.assert_allclose(many[0], found, rtol=1e-6, atol=1e-6)
    one = model.predict({key: value[1] for key, value in others.items()})["y"]
    np.testing.assert_allclose(many[1], one, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("name", "add", "inputs", "expected"), EXACT, ids=[case[0] for case in EXACT])
def test_layer_with_the_exact_mapping(tmp_path, name, add, inputs, expected):
    model = models.saved(network(add, inputs, exact=True), tmp_path)
    found = model.predict(inputs)["y"]
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=2e-5)
    many = model.predict({key: np.stack([value, value]) for key, value in inputs.items()})["y"]
    np.testing.assert_allclose(many, np.stack([found, found]), rtol=1e-6)


def test_a_layer_that_is_not_known_is_named(tmp_path):
    spec = network(lambda b: b.add_softmax("one", "x", "y"), {"x": np.ones((2, 1, 1))})
    spec.neuralNetwork.layers[0].custom.className = "Mine"
    with pytest.raises(BadPackage, match=r"layer 'custom' \(one\) is not one"):
        models.saved(spec, tmp_path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda layer: layer.innerProduct.weights.floatValue.append(1), "has 25 weights where shape"),
        (lambda layer: layer.input.__setitem__(0, "q"), "reads 'q' before"),
        (lambda layer: setattr(layer.innerProduct, "outputChannels", 2**60), "weights where shape"),
        (lambda layer: layer.output.__setitem__(0, "q"), "makes no 'y'"),
    ],
)
def test_a_damaged_layer_is_an_error_of_ours(tmp_path, change, words):
    rows = np.zeros((3, 8))
    spec = network(lambda b: b.add_inner_product("one", rows, None, 8, 3, False, "x", "y"), {"x": np.ones(8)})
    change(spec.neuralNetwork.layers[0])
    with pytest.raises(BadPackage, match=words):
        models.saved(spec, tmp_path).predict({"x": np.ones(8)})


@pytest.mark.parametrize(
    "add",
    [
        lambda b: b.add_fill_static("one", "y", (2**40, 2**20), 1.0),
        lambda b: b.add_upsample("one", 2**30, 2**30, "x", "y"),
        lambda b: b.add_tile("one", "x", "y", reps=[2**40]),
        lambda b: b.add_constant_pad(
            "one", ["x"], "y", pad_to_given_output_size_mode=False, pad_amounts=[0, 2**40] * 3
        ),
        lambda b: b.add_range_static("one", "y", end=1e12, start=0, step=1e-3),
    ],
)
def test_a_layer_that_would_fill_the_memory_is_refused(tmp_path, add):
    x = np.ones((1, 2, 2))
    with pytest.raises(BadPackage, match="is not made"):
        models.saved(network(add, {"x": x}, exact=True), tmp_path).predict({"x": x})


def test_a_loop_without_an_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("beyondlabels.runtime.bounds.STEPS", 150)
    from runtime.older.layers import _loop

    spec = network(_loop, {"x": np.ones(1)}, exact=True)
    spec.neuralNetwork.layers[1].loop.maxLoopIterations = 2**60
    with pytest.raises(BadPackage, match="has not ended"):
        models.saved(spec, tmp_path).predict({"x": np.ones(1)})


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
@pytest.mark.parametrize("mode", ["_QUANTIZATION_MODE_LINEAR_QUANTIZATION", "_QUANTIZATION_MODE_LOOKUP_TABLE_LINEAR"])
def test_packed_weights_are_unpacked_as_coremltools_unpacks_them(tmp_path, bits, mode):
    import coremltools as ct
    from coremltools.models.neural_network import quantization_utils as packing

    weights = np.random.default_rng(0).normal(size=(6, 10)).astype(np.float32)
    x = np.random.default_rng(1).normal(size=10).astype(np.float32)
    spec = network(lambda b: b.add_inner_product("one", weights, None, 10, 6, False, "x", "y"), {"x": x})
    packing._quantize_nn_spec(spec.neuralNetwork, bits, getattr(ct.models, mode))
    assert not spec.neuralNetwork.layers[0].innerProduct.weights.floatValue
    found = models.saved(spec, tmp_path).predict({"x": x})["y"]
    packing._dequantize_nn_spec(spec.neuralNetwork)
    plain = np.array(spec.neuralNetwork.layers[0].innerProduct.weights.floatValue).reshape(6, 10)
    np.testing.assert_allclose(found, plain @ x, rtol=1e-5, atol=1e-5)


def test_half_precision_weights(tmp_path):
    weights = np.random.default_rng(0).normal(size=(6, 10)).astype(np.float16)
    spec = network(lambda b: b.add_inner_product("one", weights, None, 10, 6, False, "x", "y"), {"x": np.ones(10)})
    kept = spec.neuralNetwork.layers[0].innerProduct.weights
    del kept.floatValue[:]
    kept.float16Value = weights.tobytes()
    found = models.saved(spec, tmp_path).predict({"x": np.ones(10)})["y"]
    np.testing.assert_allclose(found, weights.astype(np.float32).sum(1), rtol=1e-6)
