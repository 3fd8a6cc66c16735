"""Small models, trained for a moment and taken the whole way: the kinds that the course makes."""

import numpy as np
import pytest

import beyondlabels as bl


@pytest.fixture(scope="module")
def images():
    """64 pictures of 8 × 8 with a bright square somewhere, float32 between 0 and 1."""
    random = np.random.default_rng(0)
    made = random.random((64, 8, 8, 1), np.float32) * 0.2
    for picture, (row, column) in zip(made, random.integers(0, 5, (64, 2)), strict=True):
        picture[row : row + 3, column : column + 3] += 0.7
    return made


@pytest.fixture(scope="module")
def penguin_rows(penguins):
    return ((penguins - penguins.mean(axis=0)) / penguins.std(axis=0)).astype(np.float32)


def trained(model, x, y, loss="mse"):
    model.compile("adam", loss)
    model.fit(x, y, epochs=1, batch_size=64, verbose=0)
    return model


def proven(model, path, sample, **options):
    """The result of an export whose proof holds, after its files were read again."""
    result = bl.export(model, path, sample=sample, **options)
    assert result.parity.passed
    assert bl.runtime.check(path).passed
    return result


def dense_autoencoder(keras, width=4):
    L = keras.layers
    inputs = keras.Input((width,), name="measurements")
    code = L.Dense(2, name="code")(L.Dense(8, activation="relu", name="encoder")(inputs))
    return keras.Model(
        inputs, L.Dense(width, name="reconstruction")(L.Dense(8, activation="relu", name="decoder")(code))
    )


def test_a_dense_autoencoder(keras, penguin_rows, path):
    model = trained(dense_autoencoder(keras), penguin_rows, penguin_rows)
    result = proven(model, path, penguin_rows)
    assert result.outputs == {"reconstruction": "predict"}
    package = bl.runtime.load(path)
    assert package.program.inputs["measurements"].shape == "(rows, 4)"
    names = [name for step in package.program.operations for name, _, _ in step.outputs]
    assert {"encoder", "code", "decoder", "reconstruction"} <= set(names)
    values = package.values({"measurements": penguin_rows[:3]})
    code = keras.Model(model.inputs, model.get_layer("code").output)(penguin_rows[:3])
    np.testing.assert_allclose(values["code"], code, rtol=1e-5, atol=1e-6)


def test_parts_of_a_trained_model(keras, penguin_rows, path):
    """The encoder alone, as a model of the same layers."""
    model = trained(dense_autoencoder(keras), penguin_rows, penguin_rows)
    result = proven(keras.Model(model.inputs, model.get_layer("code").output), path, penguin_rows)
    assert list(result.outputs) == ["code"]


def convolutional(keras):
    L = keras.layers
    return keras.Sequential(
        [
            keras.Input((8, 8, 1), name="picture"),
            L.Conv2D(4, 3, strides=2, padding="same", activation="relu"),
            L.BatchNormalization(),
            L.Conv2D(6, 3, padding="same", activation="relu"),
            L.MaxPooling2D(2),
            L.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu"),
            L.UpSampling2D(2),
            L.Conv2D(1, 3, padding="same", activation="sigmoid", name="restored"),
        ]
    )


def test_a_convolutional_autoencoder(keras, images, path):
    result = proven(trained(convolutional(keras), images, images), path, images)
    assert list(result.outputs) == ["restored"]
    assert result.carries.kind == "statistics"
    assert "None of your rows" in result.carries.summary


def test_a_denoiser(keras, images, path):
    """Noise is drawn by a layer while training, and by nobody afterwards."""
    L = keras.layers
    inputs = keras.Input((8, 8, 1), name="noisy")
    x = L.Conv2D(4, 3, padding="same", activation="relu")(L.GaussianNoise(0.2)(inputs))
    x = L.Conv2D(1, 3, padding="same")(L.SpatialDropout2D(0.1)(x))
    model = keras.Model(inputs, L.Add(name="clean")([inputs, x]))
    proven(trained(model, images, images), path, images)
    assert "random" not in bl.runtime.load(path).program.listing()


def test_a_variational_autoencoder(keras, images, path, tmp_path):
    """Training draws a code around its mean; the package gives the mean and the spread, and the decoder takes any code.

    What draws is refused with the way out, since a drawn answer differs from call to call.
    """
    L = keras.layers

    class Sampling(L.Layer):
        def call(self, both):
            mean, log_variance = both
            noise = keras.random.normal(keras.ops.shape(mean), seed=1)
            return mean + keras.ops.exp(0.5 * log_variance) * noise

    inputs = keras.Input((8, 8, 1), name="picture")
    hidden = L.Dense(16, activation="relu")(L.Flatten()(inputs))
    mean, log_variance = L.Dense(2, name="mean")(hidden), L.Dense(2, name="log_variance")(hidden)
    codes = keras.Input((2,), name="code")
    decoder = keras.Model(
        codes, L.Reshape((8, 8, 1), name="drawn")(L.Dense(64, activation="sigmoid")(codes)), name="decoder"
    )
    whole = keras.Model(inputs, decoder(Sampling(name="sampling")([mean, log_variance])))
    trained(whole, images, images)

    with pytest.raises(bl.NotExportable, match=r"keras-layer: .*layer 'sampling'.*export the encoder's mean"):
        bl.export(whole, path, sample=images)
    proven(keras.Model(inputs, [mean, log_variance]), path, images)
    proven(decoder, tmp_path / "decoder.mlpackage", np.random.default_rng(0).normal(size=(20, 2)))
    proven(keras.Model(inputs, decoder(mean)), tmp_path / "both.mlpackage", images)


def test_an_lstm_for_sequences(keras, path):
    L = keras.layers
    steps = np.linspace(0, 60, 400, dtype=np.float32)
    windows = np.stack([np.sin(steps[start : start + 12]) for start in range(100)])[..., None]
    inputs = keras.Input((12, 1), name="window")
    x = L.LSTM(6, return_sequences=True)(inputs)
    x = L.Bidirectional(L.GRU(4))(x)
    model = trained(keras.Model(inputs, L.Dense(1, name="next")(x)), windows, windows[:, -1])
    result = proven(model, path, windows)
    assert "lstm" in [step.kind for step in bl.runtime.load(path).program.operations]
    assert list(result.outputs) == ["next"]


def test_two_towers(keras, path):
    """Two inputs of whole numbers, one table of vectors for each, and their dot product; one tower takes a mask."""
    L = keras.layers
    user, seen = keras.Input((), dtype="int32", name="user"), keras.Input((5,), dtype="int32", name="seen")
    one = L.Dense(4, name="user_vector")(L.Embedding(20, 6, name="users")(user))
    other = L.Dense(4, name="item_vector")(
        L.GlobalAveragePooling1D()(L.Embedding(30, 6, mask_zero=True, name="items")(seen))
    )
    match = L.Dense(1, activation="sigmoid", name="match")(L.Dot(axes=-1, normalize=True)([one, other]))
    model = keras.Model({"user": user, "seen": seen}, match)
    random = np.random.default_rng(0)
    sample = {"user": random.integers(0, 20, 50), "seen": random.integers(1, 30, (50, 5))}
    trained(model, sample, random.integers(0, 2, (50, 1)), "binary_crossentropy")
    result = proven(model, path, sample)
    ports = bl.runtime.load(path).program.inputs
    assert {name: (port.dtype, port.shape) for name, port in ports.items()} == {
        "user": ("int32", "(rows)"),
        "seen": ("int32", "(rows, 5)"),
    }
    assert "2 of them tables with one learned vector" in result.carries.summary
    assert "seen: [Int32]" in result.swift
    in_order = [sample[name] for name in ports]
    assert bl.export(model, path, sample=in_order, overwrite=True).parity.passed


def test_a_dqn_policy(keras, path):
    """Values of four actions (duelling heads, Wang et al. 2016) and the best of them."""
    L, K = keras.layers, keras.ops
    state = keras.Input((6,), name="state")
    hidden = L.Dense(16, activation="relu")(L.Dense(16, activation="relu")(state))
    value, advantage = L.Dense(1)(hidden), L.Dense(4)(hidden)
    q = L.Identity(name="q")(value + advantage - K.mean(advantage, axis=-1, keepdims=True))
    states = np.random.default_rng(0).normal(size=(80, 6)).astype(np.float32)
    trained(keras.Model(state, q), states, np.zeros((80, 4), np.float32))
    policy = keras.Model(state, [q, K.argmax(q, axis=-1)])
    result = proven(policy, path, states)
    assert list(result.outputs) == ["q", "argmax"]
    # "state" is a word of Core ML's own language, so the input gets an underscore
    found = bl.runtime.load(path).predict({"state_": states})
    np.testing.assert_array_equal(found["argmax"], found["q"].argmax(axis=1))
    assert found["argmax"].dtype == np.int32


def test_a_dict_of_outputs_names_them(keras, path):
    """As predict does, which gives them in the order of their keys."""
    L = keras.layers
    p, q = keras.Input((4,), name="p"), keras.Input((4,), name="q")
    model = keras.Model([p, q], {"total": L.Add()([p, q]), "mean": L.Average()([p, q])})
    rows = np.random.default_rng(0).normal(size=(2, 30, 4)).astype(np.float32)
    result = proven(model, path, {"p": rows[0], "q": rows[1]})
    assert result.outputs == {"mean": "predict()['mean']", "total": "predict()['total']"}
    found = bl.runtime.load(path).predict({"p": rows[0], "q": rows[1]})
    np.testing.assert_allclose(found["total"], rows[0] + rows[1], atol=1e-6)
    np.testing.assert_allclose(found["mean"], (rows[0] + rows[1]) / 2, atol=1e-6)


@pytest.mark.parametrize("options", [{"precision": "float16"}, {"target": "iOS15"}, {"target": "iOS18"}])
def test_options(keras, images, path, options):
    result = proven(convolutional(keras), path, images, **options)
    assert result.target == options.get("target", "iOS16")


def test_the_same_model_gives_the_same_bytes(keras, penguin_rows, tmp_path):
    model = dense_autoencoder(keras)
    found = []
    for name in "ab":
        (tmp_path / name).mkdir()
        bl.export(model, tmp_path / name / "m.mlpackage", sample=penguin_rows)
        found.append({file.name: file.read_bytes() for file in (tmp_path / name).rglob("*") if file.is_file()})
    assert found[0] == found[1]


def test_operations_are_not_numbered_over_the_session(keras, path):
    for _ in range(3):
        inputs = keras.Input((3,))
        model = keras.Model(inputs, keras.ops.argmax(inputs * 2.0, axis=-1))
    result = proven(model, path, np.arange(12.0).reshape(4, 3))
    assert list(result.outputs) == ["argmax"]
    names = [name for step in bl.runtime.load(path).program.operations for name, _, _ in step.outputs]
    assert names == ["multiply", "argmax"]


def test_an_input_without_a_name_is_x(keras, path):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="out")])
    result = proven(model, path, np.ones((4, 3)))
    assert list(bl.runtime.load(path).program.inputs) == ["x"]
    assert result.features == ("x0", "x1", "x2")
    assert "let x = try MLMultiArray(shape: [1, 3]" in result.swift
    two = [keras.Input((3,)), keras.Input((3,))]
    assert list(bl.runtime.load(_saved(keras, two, path)).program.inputs) == ["x0", "x1"]


def _saved(keras, inputs, path):
    bl.export(keras.Model(inputs, keras.layers.Add()(inputs)), path, sample=[np.ones((4, 3))] * 2, overwrite=True)
    return path


def test_what_the_package_says_of_a_keras_model(keras, penguin_rows, path):
    model = dense_autoencoder(keras)
    bl.export(model, path, sample=penguin_rows, name="Penguins")
    found = bl.runtime.describe(bl.runtime.load(path))
    assert found["description"] == "Penguins: Functional, exported from Keras and verified by beyondlabels"
    assert found["model"]["parameters"]["layers"] == ["InputLayer", "Dense", "Dense", "Dense", "Dense"]
    assert {"keras", "jax"} <= set(found["model"]["versions"])


def test_wide_layers_get_fewer_rows_at_once(keras, path, monkeypatch):
    """Several hundred pictures at full size are more than one operation may make: both sides take them a few at a time."""
    from beyondlabels.conversion.recipes.keras import models
    from beyondlabels.runtime import bounds, package

    L = keras.layers
    inner = keras.Sequential([keras.Input((16, 16, 1)), L.Conv2D(8, 3, padding="same")], name="inner")
    x = keras.Input((16, 16, 1), name="x")
    model = keras.Model(x, L.GlobalMaxPooling2D()(inner(x)))
    rows = np.random.default_rng(0).random((100, 16, 16, 1))
    for module, name, value in ((bounds, "VALUES", 2**15), (bounds, "PER_ROW", 2**8), (package, "_AT_ONCE", 2**14)):
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(models, "_MOST", 2**14)
    sizes = []
    own = keras.layers.GlobalMaxPooling2D.call
    monkeypatch.setattr(
        keras.layers.GlobalMaxPooling2D, "call", lambda self, x: sizes.append(x.shape[0]) or own(self, x)
    )
    for precision in ("float32", "float16"):
        assert bl.export(model, path, sample=rows, precision=precision, overwrite=True).parity.passed
    assert {size for size in sizes if isinstance(size, int)} <= {1, 2, 4, 8}
    loaded = bl.runtime.load(path)
    assert loaded.rows_at_once() == 8
    with pytest.raises(bl.BadPackage, match=r"at most 32,768 values are, .*: hand in fewer rows"):
        loaded.predict({"x": rows})


def test_roundings_of_float32_on_both_sides_are_no_fault_of_the_recipe(keras, path):
    """Whole numbers cannot lie half a unit of float32 away, and Keras's own answers are as far from the truth as ours."""
    L = keras.layers
    x = keras.Input((8,), dtype="int32", name="x")
    y = L.Flatten()(L.Embedding(50, 32, embeddings_initializer=keras.initializers.RandomUniform(0, 3000))(x))
    for _ in range(3):
        y = L.Dense(256, activation="relu")(y)
    model = keras.Model(x, keras.ops.sin(L.Dense(4)(y)))
    rows = np.random.default_rng(0).integers(0, 50, (300, 8))
    with pytest.raises(bl.ParityFailed, match="own answers change by about as much") as error:
        bl.export(model, path, sample=rows)
    assert "float32 has not the digits for it, in the package or in the model" in str(error.value)
    assert "fault of the recipe" not in str(error.value)


def test_pictures_are_judged_on_one_scale(keras, path):
    """A place of four random pictures may be small by chance, and Keras's own resizing is off there by as much as ours may be."""
    L = keras.layers
    x = keras.Input((8, 8, 2), name="x")
    model = keras.Model(x, L.UpSampling2D(3, interpolation="bilinear", name="large")(x))
    for seed in range(3):
        rows = np.random.default_rng(seed).normal(size=(2, 8, 8, 2))
        result = bl.export(model, path, sample=rows, overwrite=True)
        wanted = model.predict(rows, verbose=0)
        found = bl.runtime.load(path).predict({"x": rows})["large"]
        error = np.abs(found - wanted).max() / (np.abs(wanted).max() + np.sqrt(np.mean(wanted**2)))
        assert 0 < error <= result.parity["large"].worst_relative <= 3e-6
    assert bl.runtime.check(path).passed


def test_an_output_of_truths_is_one_of_whole_numbers(keras, path):
    x = keras.Input((3,), name="x")
    rows = np.array([[1, -1, 0], [2, 0.5, -3]])
    bl.export(keras.Model(x, x > 0), path, sample=rows)
    package = bl.runtime.load(path)
    ((name, port),) = package.program.outputs.items()
    assert port.dtype == "int32"
    assert package.predict({"x": rows})[name].tolist() == [[1, 0, 0], [1, 1, 0]]


def test_a_sample_of_the_last_vector_alone(keras, path):
    """Rows are made up round a column's only value; those beyond the table cannot be looked up."""
    x = keras.Input((2,), dtype="int32", name="tokens")
    looked_up = keras.layers.Embedding(10, 3)(x)
    model = keras.Model(x, keras.layers.Flatten()(looked_up))
    result = bl.export(model, path, sample=np.array([[0, 9]] * 20, np.int32))
    assert bl.runtime.check(path).passed
    assert result.parity.passed
