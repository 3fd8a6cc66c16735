"""Every public layer, activation and operation of Keras is covered by a case, or refused with its reason and a way out."""

import inspect

import numpy as np
import pytest

import beyondlabels as bl
from conversion.keras.cases import layer_cases, start_without_drawing


@pytest.fixture(scope="module")
def walk(keras):
    bl.assess(keras.Sequential())  # loads the recipes
    from beyondlabels.conversion.recipes.keras import walk

    return walk


@pytest.fixture(scope="module")
def in_cases(keras, walk):
    """(classes of layers, names of operations, functions of Activation layers) that stand in the cases."""
    layers, operations, functions = set(), set(), set()

    def look(model):
        for each in walk.graph(model).operations:
            if walk.graph(each) is not None:
                look(each)
            elif isinstance(each, keras.layers.Layer):
                layers.add(type(each))
                functions.add(getattr(each, "activation", None))
            else:
                operations.add(type(each).__name__)

    with pytest.MonkeyPatch.context() as patch:
        start_without_drawing(patch)
        for make in layer_cases().values():
            look(make())
    return layers, operations, functions


def public_layers(keras):
    found = {each for each in vars(keras.layers).values() if inspect.isclass(each)}
    return {each for each in found if issubclass(each, keras.layers.Layer)} - {keras.layers.InputLayer}


def public_operations(keras):
    """Names of the classes of nodes that a call of ``keras.ops``, or of an activation with options, puts into a graph."""
    found = set()

    def look(base):
        for each in base.__subclasses__():
            if each.__module__.startswith(("keras.src.ops", "keras.src.activations")):
                found.add(each.__name__)
            look(each)

    look(keras.Operation)
    # A whole graph is walked into. No function makes the other three: abs makes Absolute, conj Conjugate, and mish is static.
    return found - {"Function", "Abs", "Conj", "Mish"}


def test_every_layer(keras, walk, in_cases):
    layers = in_cases[0]
    refused = {each for each in walk._REFUSED if inspect.isclass(each)} | {keras.layers.Lambda}
    assert not layers & refused
    assert public_layers(keras) - layers - refused == set()
    assert set(walk._LAYERS) - layers == set()  # and no writer is left without a case


def test_every_activation(keras, walk, in_cases):
    from beyondlabels.conversion.recipes.keras.activation import FUNCTIONS

    names = set(dir(keras.activations)) - {"get", "serialize", "deserialize"}
    public = {
        getattr(keras.activations, name) for name in names if inspect.isfunction(getattr(keras.activations, name))
    }
    assert public == set(FUNCTIONS)
    needs_options = {keras.activations.threshold}  # as an operation: the case "ops.threshold"
    assert public - in_cases[2] <= needs_options
    assert "Threshold" in in_cases[1]


def test_every_operation(keras, walk, in_cases):
    operations = in_cases[1]
    refused = {each for each in walk._REFUSED if isinstance(each, str)}
    assert not operations & refused
    assert public_operations(keras) - operations - refused == set()
    assert refused - public_operations(keras) == set()  # and nothing is refused that does not exist
    assert set(walk._OPERATIONS) - operations == set()


def test_reasons_say_what_to_do_instead(walk):
    for reason in set(walk._REFUSED.values()):
        assert len(reason) > 20, reason
        assert not reason.endswith("."), reason


@pytest.mark.parametrize("name", ["GRUCell", "Equalization", "MelSpectrogram"])
def test_a_refused_layer_says_why(keras, walk, name):
    limit = walk.unknown_limit("here", _unmade(getattr(keras.layers, name)))
    assert limit.id == "keras-layer"
    assert name in limit.detail
    assert walk._REFUSED[getattr(keras.layers, name)] in limit.detail


def _unmade(kind):
    return object.__new__(kind)


def test_a_refused_operation_says_why(keras, tmp_path):
    inputs = keras.Input((3, 3), name="x")
    model = keras.Model(inputs, keras.ops.inv(inputs))
    (limit,) = bl.assess(model).refused
    assert limit.id == "keras-operation"
    assert "Inv of keras.ops: a decomposition or solution of linear equations has no operation" in limit.detail
    with pytest.raises(bl.NotExportable, match="keras-operation"):
        bl.export(model, tmp_path / "m.mlpackage", sample=np.ones((2, 3, 3)))


def test_six_axes_are_refused(keras):
    inputs = keras.Input((2, 3, 3, 3, 1), name="x")
    model = keras.Model(inputs, keras.layers.ConvLSTM3D(2, 2)(inputs))
    (limit,) = bl.assess(model).refused
    assert "at most five" in limit.detail


def test_nothing_in_a_graph_draws(keras):
    """keras.random makes no node: a graph that draws has a layer of its own for it, which is refused by its class."""
    inputs = keras.Input((3,), name="x")
    with pytest.raises(Exception, match="concrete values"):
        inputs + keras.random.normal(keras.ops.shape(inputs))
