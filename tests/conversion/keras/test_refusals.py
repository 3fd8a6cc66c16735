"""What is refused, and that each refusal names the layer and the way out; and samples that cannot be used."""

import subprocess
import sys

import numpy as np
import pytest

import beyondlabels as bl


def lone(keras, shape, *layers, dtype="float32"):
    return keras.Sequential([keras.Input(shape, dtype=dtype, name="x"), *layers])


def refused(model):
    verdict = bl.assess(model)
    assert not verdict.exportable
    return {limit.id: limit for limit in verdict.refused}


def subclassed(keras):
    class Mine(keras.Model):
        def __init__(self):
            super().__init__()
            self.one = keras.layers.Dense(2)

        def call(self, x):
            return self.one(x)

    model = Mine()
    model(np.zeros((1, 3)))
    return model


def functional_subclass(keras):
    class Mine(keras.Model):
        """Made from inputs and outputs, with a training step of its own."""

    inputs = keras.Input((3,))
    return Mine(inputs, keras.layers.Dense(2)(inputs))


def dense_subclass(keras):
    class Dense(keras.layers.Dense):
        def call(self, x):
            return super().call(x) * 2

    return lone(keras, (3,), Dense(2, name="mine"))


def test_a_subclassed_model(keras):
    found = refused(subclassed(keras))["keras-subclass"]
    assert found.detail.endswith("Mine")
    assert "keras.Model(inputs, outputs)" in found.instead


def test_a_functional_model_of_a_class_of_its_own(keras, tmp_path):
    model = functional_subclass(keras)
    assert "keras-subclass" in refused(model)
    plain = keras.Model(model.inputs, model.outputs)
    assert bl.export(plain, tmp_path / "m.mlpackage", sample=np.ones((3, 3))).parity.passed


def test_a_subclass_inside_a_model(keras):
    inner = subclassed(keras)
    found = refused(lone(keras, (3,), inner))["keras-subclass"]
    assert inner.name in found.detail


def test_a_lambda(keras):
    found = refused(lone(keras, (3,), keras.layers.Lambda(lambda x: x * 2, name="double")))["keras-lambda"]
    assert found.detail == "layer 'double'"


def test_a_layer_of_a_class_of_its_own(keras):
    found = refused(dense_subclass(keras))["keras-layer"]
    assert "layer 'mine'" in found.detail


def test_every_unknown_layer_is_named_also_inside(keras):
    L = keras.layers
    inner = keras.Sequential([keras.Input((3,)), L.Lambda(lambda x: x, name="deep")], name="inner")
    verdict = bl.assess(lone(keras, (3,), L.Lambda(lambda x: x, name="shallow"), inner))
    assert [limit.detail for limit in verdict.refused] == ["layer 'shallow'", "layer 'inner/deep'"]


def test_a_layer_alone_and_a_model_not_built(keras):
    assert "keras-alone" in refused(keras.layers.Dense(3))
    assert "not-fitted" in refused(keras.Sequential([keras.layers.Dense(3)]))


def test_a_layer_class_is_no_model(keras):
    assert not bl.assess(keras.layers.Dense).exportable


def options(keras):
    """What to refuse -> (what makes the model, words of the detail)."""
    L, K = keras.layers, keras.ops

    def graph(build, shape=(4, 3), dtype="float32"):
        def make():
            x = keras.Input(shape, dtype=dtype, name="x")
            return keras.Model(x, build(x))

        return make

    def one(shape, layer):
        return lambda: lone(keras, shape, layer())

    def stateful():
        return keras.Sequential([keras.Input(batch_shape=(2, 4, 3)), L.LSTM(2, stateful=True)])

    def masked(ids):
        return L.TimeDistributed(L.BatchNormalization())(L.Embedding(5, 3, mask_zero=True)(ids))

    def put_end_to_end(ids):
        words = L.Embedding(5, 3, mask_zero=True)(ids)
        both = L.Concatenate(axis=1)([words, words])
        return L.Attention()([both, both])

    return {
        "an activation of one's own": (
            one((3,), lambda: L.Dense(2, activation=lambda x: x, name="d")),
            "'d': activation",
        ),
        "bicubic": (one((4, 4, 1), lambda: L.UpSampling2D(2, interpolation="bicubic")), "interpolation 'bicubic'"),
        "stateful": (stateful, "stateful=True"),
        "training in the graph": (
            graph(lambda x: L.Dropout(0.5, name="drop")(x, training=True)),
            "'drop': training=True",
        ),
        "rows put together": (graph(lambda x: L.Concatenate(axis=0)([x, x])), "concatenates rows"),
        "a mean over rows": (graph(lambda x: K.mean(x, axis=0)), "across rows"),
        "a reshape over rows": (graph(lambda x: K.reshape(x, (-1, 3))), "the rows would not stay apart"),
        "rows chosen": (graph(lambda x: x[1:, :]), "indexing of rows"),
        "rows moved": (graph(lambda x: K.transpose(x, (1, 0, 2))), "the rows are moved"),
        "half precision": (one((3,), lambda: L.Dense(2, dtype="float16", name="half")), "'half' computes in float16"),
        "masks put end to end": (graph(put_end_to_end, (4,), "int32"), "a mask that came through Concatenate"),
        "six axes": (
            graph(lambda x: K.reshape(L.Reshape((2, 2, 2, 2, 2))(x), (-1, 32)), (32,)),
            "a value of more than 5 axes",
        ),
        "six axes coming in": (graph(lambda x: L.Flatten()(x), (2, 2, 2, 2, 2)), "input 'x' has 6 axes"),
        "a mask that a layer cannot take": (graph(masked, (4,), "int32"), "mask"),
    }


NAMES = [
    "an activation of one's own",
    "bicubic",
    "stateful",
    "training in the graph",
    "rows put together",
    "a mean over rows",
    "a reshape over rows",
    "rows chosen",
    "rows moved",
    "half precision",
    "masks put end to end",
    "six axes",
    "six axes coming in",
    "a mask that a layer cannot take",
]


@pytest.mark.parametrize("name", NAMES)
def test_options_that_are_refused(keras, name):
    make, words = options(keras)[name]
    found = refused(make())
    assert set(found) == {"keras-option"}
    assert words in found["keras-option"].detail


def test_an_axis_of_open_length(keras):
    found = refused(lone(keras, (None, 3), keras.layers.LSTM(2)))["keras-open-shape"]
    assert "'x'" in found.detail
    assert "keras.Input((20, 8))" in found.instead


def test_nothing_is_written_when_refused(keras, tmp_path):
    model = lone(keras, (3,), keras.layers.Lambda(lambda x: x))
    with pytest.raises(bl.NotExportable, match="keras-lambda"):
        bl.export(model, tmp_path / "m.mlpackage", sample=np.ones((2, 3)))
    assert not list(tmp_path.iterdir())


def test_weights_that_are_not_finite(keras, tmp_path):
    model = lone(keras, (3,), keras.layers.Dense(2))
    model.layers[-1].kernel.assign(np.full((3, 2), np.inf, np.float32))
    with pytest.raises(bl.NotExportable, match="not finite in float32"):
        bl.export(model, tmp_path / "m.mlpackage", sample=np.ones((2, 3)))


GOOD = {"a": np.ones((4, 3)), "ids": np.ones((4, 2), int)}
BAD_SAMPLES = {
    "a name missing": ({"a": GOOD["a"]}, r"has the inputs \['a'\]; the model takes \['a', 'ids'\]"),
    "one array for two": (np.ones((4, 3)), "the model takes 2 inputs; pass the sample as a dict"),
    "another shape": (
        {**GOOD, "a": np.ones((4, 2))},
        r"input 'a' of the sample has shape \(4, 2\); the model takes \(rows, 3\)",
    ),
    "other rows": ({**GOOD, "a": np.ones((5, 3))}, "differ in their number of rows"),
    "no rows": ({"a": np.ones((0, 3)), "ids": np.ones((0, 2), int)}, "has no rows"),
    "not whole": ({**GOOD, "ids": np.full((4, 2), 0.5)}, "value 0.5 in row 0 of input 'ids' is no whole number"),
    "too large": ({**GOOD, "ids": np.full((4, 2), 2**24 + 1)}, "no whole number up to 16,777,216"),
    "NaN": ({**GOOD, "a": np.full((4, 3), np.nan)}, "in row 0 of input 'a' is not a finite number"),
    "beyond float32": ({**GOOD, "a": np.full((4, 3), 1e39)}, "not a finite number that float32 can hold"),
    "text": ({**GOOD, "a": np.full((4, 3), "b")}, "input 'a' of the sample is of type <U1"),
    "beyond the table": (
        {**GOOD, "ids": np.full((4, 2), 5)},
        "value 5.0 in row 0 of input 'ids' is beyond the model's Embedding: its 5 vectors are numbered 0 to 4",
    ),
    "nothing": (None, "the sample is None; pass rows"),
}


@pytest.mark.parametrize(("sample", "message"), BAD_SAMPLES.values(), ids=BAD_SAMPLES)
def test_a_sample_that_cannot_be_used(keras, sample, message, tmp_path):
    L = keras.layers
    a, ids = keras.Input((3,), name="a"), keras.Input((2,), dtype="int32", name="ids")
    model = keras.Model([a, ids], L.Concatenate()([a, L.Flatten()(L.Embedding(5, 2)(ids))]))
    with pytest.raises(bl.BadInput, match=message):
        bl.export(model, tmp_path / "m.mlpackage", sample=sample)
    assert not list(tmp_path.iterdir())


def test_a_sample_may_use_the_names_that_the_model_itself_takes(keras, path):
    """What ``model.predict`` takes: the names of its inputs before they were made fit for Core ML, or the keys of its dict."""
    L = keras.layers
    one, two = keras.Input((2,), name="größe"), keras.Input((3,), name="a b")
    out = L.Dense(1)(L.Concatenate()([L.Dense(2)(one), two]))
    rows = np.random.default_rng(0).normal(size=(2, 5, 3))
    given = {"size": rows[0, :, :2], "more": rows[1]}
    model = keras.Model({"size": one, "more": two}, out)
    assert bl.export(model, path, sample=given).parity.passed
    wanted = model.predict(given, verbose=0)
    package = bl.runtime.load(path)
    found = package.predict({"gr__e": given["size"], "a_b": given["more"]})
    np.testing.assert_allclose(next(iter(found.values())), wanted, rtol=1e-5)
    listed = keras.Model([one, two], out)
    named = {"a b": rows[1], "größe": rows[0, :, :2]}
    assert bl.export(listed, path, sample=named, overwrite=True).parity.passed
    with pytest.raises(bl.BadInput, match=r"the model takes \['gr__e', 'a_b'\]"):
        bl.export(listed, path, sample={"a b": rows[1], "a_b": rows[1]}, overwrite=True)


def test_a_list_of_the_only_input(keras, path):
    """As ``model.predict`` takes it; a list that is the rows themselves stays that."""
    model = lone(keras, (3,), keras.layers.Dense(2))
    for sample in ([np.ones((4, 3))], (np.ones((4, 3)),), [[1, 2, 3]], [np.ones(3)]):
        assert bl.export(model, path, sample=sample, overwrite=True).parity.passed


def test_a_policy_is_said_once_with_the_way_out(keras):
    L = keras.layers
    layers = [L.Dense(3, dtype="mixed_float16", name=f"half{place}") for place in range(40)]
    detail = " ".join(limit.detail for limit in bl.assess(lone(keras, (3,), *layers)).refused)
    assert detail.startswith(
        "layers 'half0' and 39 more compute in float16: call keras.config.set_dtype_policy('float32')"
    )
    assert len(detail) < 300
    quantised = lone(keras, (3,), L.Dense(3, name="small"))
    quantised.quantize("int8")
    (limit,) = bl.assess(quantised).refused
    assert "layer 'small' is quantised to int8: export the model as it was before quantize()" in limit.detail


def test_scikit_learn_exports_do_not_import_keras(tmp_path):
    code = (
        "import sys, numpy as np, beyondlabels as bl; from sklearn.preprocessing import StandardScaler\n"
        f"bl.export(StandardScaler().fit(np.eye(3)), {str(tmp_path / 'm.mlpackage')!r}, sample=np.eye(3))\n"
        "bl.assess(object()); print('keras' in sys.modules, 'jax' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
