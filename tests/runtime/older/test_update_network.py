"""Training updatable networks: gradients against finite differences, steps against Keras and the formulas."""

import os

import numpy as np
import pytest

from beyondlabels.errors import BadInput, BadPackage
from beyondlabels.runtime import load
from beyondlabels.runtime.older.interface import interface
from beyondlabels.runtime.older.update.network import Trainer
from runtime.older import models

R = np.random.default_rng(11)
X = R.normal(size=(12, 5)).astype(np.float32)
PLACES = R.integers(0, 3, 12)
NAMES = ["ant", "bee", "cat"]
W1, B1 = R.normal(size=(7, 5)).astype(np.float32), R.normal(size=7).astype(np.float32)
W2, B2 = R.normal(size=(3, 7)).astype(np.float32), R.normal(size=3).astype(np.float32)


def optimizer(made, kind, rate, batch, **more):
    from coremltools.models.neural_network.update_optimizer_utils import AdamParams, SgdParams

    if kind == "sgd":
        made.set_sgd_optimizer(SgdParams(lr=rate, batch=batch, momentum=more.get("momentum", 0.0)))
    else:
        made.set_adam_optimizer(AdamParams(lr=rate, batch=batch, beta1=0.9, beta2=0.999, eps=1e-7))


def dense(
    loss="entropy", activation="TANH", kind="sgd", rate=0.1, batch=4, train=("first", "second"), exact=False, **more
):
    """5 values, a dense layer of 7, an activation, a dense layer of 3, for a classifier a softmax."""
    mode = "classifier" if loss == "entropy" else None
    made = models.builder({"x": (5,)}, {"y": (3,)}, exact=exact, mode=mode)
    made.add_inner_product("first", W1, B1, 5, 7, True, "x", "a")
    made.add_activation("middle", activation, "a", "b")
    made.add_inner_product("second", W2, B2, 7, 3, True, "b", "scores" if mode else "y")
    if mode:
        made.add_softmax("soft", "scores", "y")
        made.set_class_labels(NAMES, "label", prediction_blob="y")
    made.make_updatable(list(train))
    if mode:
        made.set_categorical_cross_entropy_loss("loss", "y")
    else:
        from coremltools.models import datatypes

        made.set_mean_squared_error_loss("loss", ("y", datatypes.Array(3)))
    optimizer(made, kind, rate, batch, **more)
    made.set_epochs(2)
    made.set_shuffle(0)
    made.nn_spec.updateParams.shuffle.defaultValue = False
    return free(made)


def free(made):
    """Take away the bounds that the builder sets around every setting."""
    held = made.nn_spec.updateParams
    steps = getattr(held.optimizer, held.optimizer.WhichOneof("OptimizerType"))
    for parameter in (held.epochs, held.seed, *(each for _, each in steps.ListFields())):
        allowed = parameter.WhichOneof("AllowedValues")
        if allowed:
            parameter.ClearField(allowed)
    return made.spec


def rows(loss="entropy"):
    return {"x": X, "label": [NAMES[place] for place in PLACES]} if loss == "entropy" else {"x": X, "y_true": X[:, :3]}


def image(layers, side=7, channels=2):
    """A network over images ending in a dense layer and a softmax; ``layers`` adds what stands before the flatten."""
    made = models.builder({"x": (channels, side, side)}, {"y": (3,)}, mode="classifier")
    last, size = layers(made)
    made.add_flatten("flat", 0, last, "f")
    kept = R.normal(size=(3, size)).astype(np.float32) / 4
    made.add_inner_product("out", kept, np.zeros(3), size, 3, True, "f", "scores")
    made.add_softmax("soft", "scores", "y")
    made.set_class_labels(NAMES, "label", prediction_blob="y")
    made.make_updatable(
        ["out", *[each.name for each in made.nn_spec.layers if each.WhichOneof("layer") == "convolution"]]
    )
    made.set_categorical_cross_entropy_loss("loss", "y")
    optimizer(made, "sgd", 0.05, 4)
    made.set_epochs(3)
    made.set_shuffle(0)
    return free(made)


def convolution(made, into, out, channels, kernels, groups=1, stride=1, **more):
    kept = (R.normal(size=(3, 3, channels // groups, kernels)) / 2).astype(np.float32)
    known = {"height": 3, "width": 3, "stride_height": stride, "stride_width": stride, "border_mode": "valid"}
    made.add_convolution(
        out, channels // groups, kernels, groups=groups, W=kept, b=np.zeros(kernels), has_bias=True, input_name=into,
        output_name=out, **known | more,
    )  # fmt: skip


def pool(made, kind, into, out, **more):
    known = {"height": 2, "width": 2, "stride_height": 2, "stride_width": 2, "padding_type": "VALID"}
    made.add_pooling(out, layer_type=kind, input_name=into, output_name=out, **known | more)


def plain(made):
    convolution(made, "x", "c1", 2, 4)
    made.add_activation("a1", "RELU", "c1", "a1")
    pool(made, "MAX", "a1", "p1")
    return "p1", 4 * 2 * 2


def grouped(made):
    convolution(made, "x", "c1", 2, 4, groups=2, border_mode="same")
    made.add_activation("a1", "SIGMOID", "c1", "a1")
    scale = R.uniform(0.5, 1.5, 4).astype(np.float32)
    made.add_batchnorm("n1", 4, scale, scale, scale, scale, "a1", "n1")
    pool(made, "AVERAGE", "n1", "p1", padding_type="SAME", exclude_pad_area=True)
    return "p1", 4 * 4 * 4


def strided(made):
    convolution(made, "x", "c1", 2, 3, dilation_factors=[2, 2], padding_top=1, padding_left=2)
    pool(made, "L2", "c1", "p1", height=3, width=3, stride_height=1, stride_width=1)
    convolution(made, "p1", "c2", 3, 2, stride=2, border_mode="same")
    return "c2", 2 * 1 * 2


NETWORKS = {
    "dense tanh": lambda: dense(),
    "dense sigmoid, exact mapping": lambda: dense("error", "SIGMOID", exact=True),
    "dense relu": lambda: dense("error", "RELU"),
    "convolution, ReLU, max": lambda: image(plain),
    "groups, same, batchnorm, average": lambda: image(grouped),
    "dilation, pads, L2, stride": lambda: image(strided),
}


def data(spec):
    if len(spec.description.input[0].type.multiArrayType.shape) == 3:
        return {"x": R.normal(size=(6, 2, 7, 7)).astype(np.float32)}, PLACES[:6]
    loss = "entropy" if spec.WhichOneof("Type") == "neuralNetworkClassifier" else "error"
    return {"x": X}, PLACES if loss == "entropy" else X[:, :3]


@pytest.mark.parametrize("name", NETWORKS)
def test_gradients_are_those_of_finite_differences(name):
    """Central differences of the loss; in float32 they hold 3 digits, so each is compared with the largest of its array."""
    spec = NETWORKS[name]()
    trainer = Trainer(spec, interface(spec))
    inputs, targets = data(spec)
    _, gradients = trainer.gradients(inputs, targets)
    assert set(gradients) == set(trainer.weights)
    for key, gradient in gradients.items():
        flat = trainer.weights[key]
        largest = np.abs(gradient).max()
        assert largest > 1e-3
        for place in R.choice(flat.size, min(12, flat.size), replace=False):
            before, losses = flat[place], []
            for move in (5e-3, -5e-3):
                flat[place] = before + move
                losses.append(trainer.gradients(inputs, targets)[0] / len(targets))
            flat[place] = before
            assert abs((losses[0] - losses[1]) / 1e-2 - gradient.flat[place]) < 0.01 * largest + 1e-4, (key, place)


def test_stochastic_descent_with_momentum_follows_its_formula(tmp_path):
    """The whole training again in double precision, its gradients written out by hand."""
    model = models.saved(dense(momentum=0.9), tmp_path)
    made = model.update(rows(), epochs=3, mini_batch_size=5)
    w1, b1, w2, b2 = (each.astype(float) for each in (W1, B1, W2, B2))
    speed, losses = [0.0] * 4, []
    for _ in range(3):
        total = 0.0
        for start in range(0, 12, 5):
            x, place = X[start : start + 5].astype(float), PLACES[start : start + 5]
            hidden = np.tanh(x @ w1.T + b1)
            chances = np.exp(hidden @ w2.T + b2)
            chances /= chances.sum(1, keepdims=True)
            total += -np.log(chances[range(len(x)), place]).sum()
            back = (chances - np.eye(3)[place]) / len(x)
            inner = back @ w2 * (1 - hidden**2)
            slopes = [inner.T @ x, inner.sum(0), back.T @ hidden, back.sum(0)]
            speed = [0.9 * v - 0.1 * slope for v, slope in zip(speed, slopes, strict=True)]
            w1, b1, w2, b2 = (w + v for w, v in zip((w1, b1, w2, b2), speed, strict=True))
        losses.append(total / 12)
    np.testing.assert_allclose(made.losses, losses, rtol=1e-5)
    layers = made.model.spec.neuralNetworkClassifier.layers
    np.testing.assert_allclose(layers[0].innerProduct.weights.floatValue, w1.ravel(), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(layers[2].innerProduct.bias.floatValue, b2, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", ["sgd", "adam"])
@pytest.mark.parametrize("loss", ["entropy", "error"])
def test_keras_trains_to_the_same_weights(tmp_path, kind, loss):
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras

    keras.utils.set_random_seed(0)
    reference = keras.Sequential([keras.Input((5,)), keras.layers.Dense(7, "tanh"), keras.layers.Dense(3)])
    if loss == "entropy":
        reference.add(keras.layers.Softmax())
    reference.set_weights([W1.T, B1, W2.T, B2])
    chosen = keras.optimizers.SGD(0.05, momentum=0.8) if kind == "sgd" else keras.optimizers.Adam(0.01, epsilon=1e-7)
    reference.compile(chosen, "sparse_categorical_crossentropy" if loss == "entropy" else "mse")
    history = reference.fit(
        X, PLACES if loss == "entropy" else X[:, :3], batch_size=4, epochs=4, shuffle=False, verbose=0
    )
    spec = dense(loss, kind=kind, rate=0.05 if kind == "sgd" else 0.01, momentum=0.8)
    made = models.saved(spec, tmp_path).update(rows(loss), epochs=4)
    np.testing.assert_allclose(made.losses, history.history["loss"], rtol=1e-4)
    found = made.model.predict({"x": X})
    values = [list(row.values()) for row in found["y"]] if loss == "entropy" else found["y"]
    np.testing.assert_allclose(values, np.asarray(reference(X)), atol=2e-4)


@pytest.mark.parametrize("name", ["convolution, ReLU, max", "dilation, pads, L2, stride"])
def test_a_network_over_images_learns(tmp_path, name):
    spec = NETWORKS[name]()
    inputs, places = data(spec)
    found = models.saved(spec, tmp_path).update({**inputs, "label": [NAMES[each] for each in places]}, epochs=40)
    assert found.losses[-1] < found.losses[0] / 2


def test_only_what_is_marked_changes(tmp_path):
    model = models.saved(dense(train=("second",)), tmp_path)
    before = model.spec.SerializeToString()
    made = model.update(rows(), path=tmp_path / "new.mlmodel")
    assert model.spec.SerializeToString() == before
    old, new = (each.spec.neuralNetworkClassifier.layers for each in (model, made.model))
    assert old[0] == new[0]
    assert old[2] != new[2]
    again = load(made.path).predict({"x": X})
    np.testing.assert_array_equal(again["label"], made.model.predict({"x": X})["label"])
    assert len(made.losses) == 2
    assert made.losses[1] < made.losses[0]


def test_shuffling_is_repeated_by_its_seed(tmp_path):
    model = models.saved(dense(), tmp_path)
    first, second, other = (model.update(rows(), shuffle=True, seed=seed).losses for seed in (1, 1, 2))
    assert first == second
    assert first != other


def test_settings_are_held_to_what_the_model_allows(tmp_path):
    spec = dense()
    learning = spec.neuralNetworkClassifier.updateParams.optimizer.sgdOptimizer.learningRate
    learning.range.minValue, learning.range.maxValue = 0.01, 0.5
    model = models.saved(spec, tmp_path)
    for wrong, words in (
        ({"learning_rate": 2.0}, "learning_rate is 2.0; the model allows 0.01 to 0.5"),
        ({"epochs": 0}, "epochs"),
        ({"epochs": 2.5}, "a whole number"),
        ({"mini_batch_size": 3.5}, "mini_batch_size is 3.5; expected a whole number"),
        ({"mini_batch_size": 0}, "mini_batch_size is 0; expected 1 or more"),
        ({"learning_rate": float("nan")}, "expected a number"),
        ({"beta1": 0.5}, r"it has no \['beta1'\], only \['learning_rate', 'mini_batch_size', 'momentum'\]"),
    ):
        with pytest.raises(BadInput, match=words):
            model.update(rows(), **wrong)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": X}, "by the names"),
        ({"x": X, "label": ["dog"] * 12}, "'dog' is none of the classes"),
        ({"x": X, "label": ["ant"]}, "different numbers of rows"),
        ({"x": X[:, :4], "label": ["ant"] * 12}, "has shape"),
        ({"x": np.where(X > 1, np.nan, X), "label": ["ant"] * 12}, "not a finite"),
    ],
)
def test_rows_that_do_not_fit_are_refused(tmp_path, change, words):
    with pytest.raises(BadInput, match=words):
        models.saved(dense(), tmp_path).update(change)


def test_a_loss_that_runs_away_saves_nothing(tmp_path):
    model = models.saved(dense("error", "RELU"), tmp_path)
    with pytest.raises(BadInput, match="smaller learning rate"):
        model.update(rows("error"), learning_rate=1e6, epochs=20, path=tmp_path / "new.mlmodel")
    assert not (tmp_path / "new.mlmodel").exists()


def test_a_layer_that_cannot_be_trained_through_is_named(tmp_path):
    spec = dense()
    spec.neuralNetworkClassifier.layers[1].activation.softplus.SetInParent()
    with pytest.raises(BadPackage, match=r"'activation' \(middle\) stands between .* not softplus"):
        models.saved(spec, tmp_path).update(rows())
    # with only the last layer to train, what stands before it need not be trained through
    spec = dense(train=("second",))
    spec.neuralNetworkClassifier.layers[1].activation.softplus.SetInParent()
    assert len(models.saved(spec, tmp_path).update(rows()).losses) == 2


def test_a_linear_activation_before_the_loss_is_to_go_into_the_layer_before_it(tmp_path):
    """Core ML's own validator lets none stand before a loss. Two steps of descent on the network without it, by hand."""

    def network(linear):
        made = models.builder({"x": (2,)}, {"y": (1,)})
        weights, bias = np.array([[1.0, -2.0]]), np.array([0.5])
        if not linear:
            weights, bias = 3 * weights, 3 * bias + 1
        made.add_inner_product("dense", weights, bias, 2, 1, True, "x", "a" if linear else "y")
        if linear:
            made.add_activation("last", "LINEAR", "a", "y", [3.0, 1.0])
        made.make_updatable(["dense"])
        made.set_mean_squared_error_loss("loss", ("y", datatypes.Array(1)))
        optimizer(made, "sgd", 0.1, 1)
        made.set_epochs(2)
        return models.saved(free(made), tmp_path)

    from coremltools.models import datatypes

    row = {"x": [[1.0, 0.5]], "y_true": [[0.0]]}
    before = network(linear=True)
    said = r"'activation' \(last\) .* not linear; leave it out, and multiply .* by 3 and add 1 to the bias"
    with pytest.raises(BadPackage, match=said):
        before.update(row)
    model = network(linear=False)
    assert before.predict({"x": row["x"]})["y"].tolist() == model.predict({"x": row["x"]})["y"].tolist() == [[2.5]]
    # y = 3 - 3 + 2.5; the slope 2 y is 5, so w = (3, -6) - 0.1 * 5 * (1, 0.5) and b = 2.5 - 0.5; then y = 1.375
    made = model.update(row)
    np.testing.assert_allclose(made.losses, [6.25, 1.375**2], rtol=1e-6)
    dense_layer = made.model.spec.neuralNetwork.layers[0].innerProduct
    np.testing.assert_allclose(dense_layer.weights.floatValue, [2.5 - 0.275, -6.25 - 0.1375], rtol=1e-6)
    np.testing.assert_allclose(dense_layer.bias.floatValue, [2.0 - 0.275], rtol=1e-6)


def test_the_last_model_of_a_pipeline_is_trained(tmp_path):
    spec = models.specification(4)
    spec.isUpdatable = True
    network = dense()
    scaler = models.specification(1)
    models.declare(scaler.description.input, "raw", "array", 5)
    models.declare(scaler.description.output, "x", "array", 5)
    scaler.scaler.scaleValue.append(0.5)
    models.declare(spec.description.input, "raw", "array", 5)
    spec.description.output.extend(network.description.output)
    spec.description.predictedFeatureName = "label"
    models.declare(spec.description.trainingInput, "raw", "array", 5)
    models.declare(spec.description.trainingInput, "label", "string")
    spec.pipelineClassifier.pipeline.models.extend([scaler, network])
    labels = rows()["label"]
    made = models.saved(spec, tmp_path).update({"raw": X * 2, "label": labels}, epochs=3)
    alone = models.saved(network, tmp_path).update({"x": X, "label": labels}, epochs=3)
    np.testing.assert_allclose(made.losses, alone.losses, rtol=1e-6)
    assert made.model.predict({"raw": X * 2})["label"].tolist() == alone.model.predict({"x": X})["label"].tolist()
