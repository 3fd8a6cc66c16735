"""Recurrent layers against the equations of the specification, step by step in double precision, and Keras's own LSTM."""

import os

import numpy as np
import pytest

from runtime.older import models

R = np.random.default_rng(3)
STEPS, ROWS, IN, OUT = 5, 2, 3, 4
X = R.normal(size=(STEPS, ROWS, IN)).astype(np.float32)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def arrays(*shape, count):
    return [R.normal(scale=0.7, size=shape).astype(np.float32) for _ in range(count)]


def network(add, outputs=1):
    names = ["y", "h", "c", "h2", "c2"][:outputs]
    made = models.builder({"x": (IN,)}, dict.fromkeys(names, (OUT,)))
    add(made, names)
    return made.spec


def lstm(x, w, r, b, peephole=None, coupled=False, forget=0.0, clip=50.0):
    """Every state of an LSTM with gates i, f, o, z as the builder takes them."""
    h, c, states = np.zeros((x.shape[1], OUT)), np.zeros((x.shape[1], OUT)), []
    p = np.zeros((3, OUT)) if peephole is None else np.array(peephole, float)
    for step in x.astype(float):
        i, f, o, z = (step @ w[k].T + h @ r[k].T + b[k] for k in range(4))
        i = sigmoid(i + p[0] * c)
        f = 1 - i if coupled else sigmoid(f + forget + p[1] * c)
        c = np.clip(c * f + i * np.tanh(z), -clip, clip)
        h = np.tanh(c) * sigmoid(o + p[2] * c)
        states.append(h)
    return np.stack(states), c


def run(tmp_path, spec, x=X):
    return models.saved(spec, tmp_path).predict({"x": x})


@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("options", [{}, {"coupled": True}, {"forget": 1.0}, {"clip": 0.3}], ids=str)
@pytest.mark.parametrize("look", [False, True])
def test_lstm(tmp_path, every, reverse, options, look):
    w, r, b, p = arrays(OUT, IN, count=4), arrays(OUT, OUT, count=4), arrays(OUT, count=4), arrays(OUT, count=3)

    def add(made, names):
        made.add_unilstm(
            "one", r, w, b, OUT, IN, ["x"], names, peep=p if look else None, output_all=every, reverse_input=reverse,
            forget_bias="forget" in options, coupled_input_forget_gate="coupled" in options,
            cell_clip_threshold=options.get("clip", 50.0),
        )  # fmt: skip

    states, c = lstm(X[::-1] if reverse else X, w, r, b, p if look else None, **options)
    found = run(tmp_path, network(add, 3))
    np.testing.assert_allclose(found["y"], states if every else states[-1:], atol=2e-6)
    np.testing.assert_allclose(found["h"][0], states[-1], atol=2e-6)
    np.testing.assert_allclose(found["c"][0], c, atol=2e-6)


@pytest.mark.parametrize("every", [False, True])
def test_bidirectional_lstm(tmp_path, every):
    one, two = ([arrays(OUT, IN, count=4), arrays(OUT, OUT, count=4), arrays(OUT, count=4)] for _ in range(2))

    def add(made, names):
        made.add_bidirlstm(
            "one", one[1], one[0], one[2], two[1], two[0], two[2], OUT, IN, ["x"], names, output_all=every
        )

    forward, _ = lstm(X, *one)
    backward, _ = lstm(X[::-1], *two)
    found = run(tmp_path, network(add, 5))
    expected = np.concatenate([forward, backward[::-1]], 2)
    if not every:
        expected = np.concatenate([forward[-1:], backward[-1:]], 2)
    np.testing.assert_allclose(found["y"], expected, atol=2e-6)
    np.testing.assert_allclose(found["h2"][0], backward[-1], atol=2e-6)


@pytest.mark.parametrize("every", [False, True])
def test_gru(tmp_path, every):
    w, r, b = arrays(OUT, IN, count=3), arrays(OUT, OUT, count=3), arrays(OUT, count=3)

    def add(made, names):
        made.add_gru("one", r, w, b, OUT, IN, ["x"], names, inner_activation="SIGMOID", output_all=every)

    h, states = np.zeros((ROWS, OUT)), []
    for step in X.astype(float):
        z, reset = (sigmoid(step @ w[k].T + h @ r[k].T + b[k]) for k in (0, 1))
        o = np.tanh(step @ w[2].T + (h * reset) @ r[2].T + b[2])
        h = (1 - z) * o + z * h
        states.append(h)
    found = run(tmp_path, network(add, 2))
    np.testing.assert_allclose(found["y"], states if every else states[-1:], atol=2e-6)
    np.testing.assert_allclose(found["h"][0], h, atol=2e-6)


@pytest.mark.parametrize("name", ["TANH", "RELU", "LINEAR", "SIGMOID", "SCALED_TANH", "SIGMOID_HARD"])
def test_simple_recurrent(tmp_path, name):
    (w,), (r,), (b,) = arrays(OUT, IN, count=1), arrays(OUT, OUT, count=1), arrays(OUT, count=1)
    function = {
        "TANH": np.tanh,
        "RELU": lambda x: np.maximum(x, 0),
        "LINEAR": lambda x: x,
        "SIGMOID": sigmoid,
        "SCALED_TANH": lambda x: 1.7159 * np.tanh(2 / 3 * x),
        "SIGMOID_HARD": lambda x: np.clip(0.2 * x + 0.5, 0, 1),
    }[name]
    h, states = np.zeros((ROWS, OUT)), []
    for step in X.astype(float):
        h = function(np.clip(step @ w.T + h @ r.T + b, -50, 50))
        states.append(h)
    spec = network(
        lambda made, names: made.add_simple_rnn("one", r, w, b, OUT, IN, name, ["x"], names, output_all=True), 2
    )
    np.testing.assert_allclose(run(tmp_path, spec)["y"], states, rtol=2e-5, atol=2e-6)


def test_a_state_is_handed_in_or_begins_at_zero(tmp_path):
    w, r, b = arrays(OUT, IN, count=3), arrays(OUT, OUT, count=3), arrays(OUT, count=3)
    made = models.builder({"x": (IN,), "h_in": (OUT,)}, {"y": (OUT,), "h": (OUT,)})
    made.add_gru("one", r, w, b, OUT, IN, ["x", "h_in"], ["y", "h"], output_all=True)
    made.spec.description.input[1].type.isOptional = True
    model = models.saved(made.spec, tmp_path)
    whole = model.predict({"x": X})
    half = model.predict({"x": X[:3]})
    rest = model.predict({"x": X[3:], "h_in": half["h"]})
    np.testing.assert_allclose(np.concatenate([half["y"], rest["y"]]), whole["y"], atol=1e-6)


def test_keras_lstm(tmp_path):
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras

    model = keras.Sequential([keras.Input((STEPS, IN)), keras.layers.LSTM(OUT, return_sequences=True)])
    kernel, recurrent, bias = (np.asarray(each) for each in model.layers[0].get_weights())
    order = (0, 1, 3, 2)  # Keras: i, f, c, o; the builder: i, f, o, z
    w, r, b = ([np.split(each, 4, -1)[k].T for k in order] for each in (kernel, recurrent, bias))
    spec = network(lambda made, names: made.add_unilstm("one", r, w, b, OUT, IN, ["x"], names, output_all=True), 3)
    expected = np.asarray(model(X.transpose(1, 0, 2))).transpose(1, 0, 2)
    np.testing.assert_allclose(run(tmp_path, spec)["y"], expected, atol=2e-6)
