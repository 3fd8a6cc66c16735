"""Keras models, 256 rows a call: the saved package in our NumPy runtime against Keras itself on JAX's CPU.

The models are the kinds that the course makes. Keras is asked in the two ways people ask it, ``model(x)`` and
``predict_on_batch``, which compiles the whole graph (both warmed up first). Aim: at most 2 times ``model(x)``.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from report import table

ROWS = 256
_LEAST = 1.0  # seconds for each side of a comparison


def models():
    """(name, model, inputs of 256 rows by name)."""
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras

    keras.utils.set_random_seed(0)
    random = np.random.default_rng(0)
    images = random.random((ROWS, 28, 28, 1), np.float32)
    yield "dense autoencoder, 784 numbers", _dense(keras), {"x": images.reshape(ROWS, -1)}
    yield "convolutional autoencoder, 28 × 28", _convolutional(keras), {"x": images}
    yield "denoiser, 32 × 32 in colour", _denoiser(keras), {"x": random.random((ROWS, 32, 32, 3), np.float32)}
    yield "variational autoencoder at its mean, 28 × 28", _variational(keras), {"x": images}
    yield "LSTM over 40 steps", _sequence(keras), {"x": random.normal(size=(ROWS, 40, 8)).astype(np.float32)}
    yield (
        "GRU, Keras's default, over 40 steps",
        _gru(keras),
        {"x": random.normal(size=(ROWS, 40, 8)).astype(np.float32)},
    )
    words = {"user": random.integers(0, 2_000, (ROWS,)), "seen": random.integers(1, 5_000, (ROWS, 20))}
    yield "two towers", _towers(keras), {name: value.astype(np.int32) for name, value in words.items()}
    yield "DQN, 8 numbers", _dqn(keras), {"x": random.normal(size=(ROWS, 8)).astype(np.float32)}


def _dense(keras):
    L = keras.layers
    sizes = (256, 64, 16, 64, 256)
    return keras.Sequential(
        [keras.Input((784,), name="x"), *(L.Dense(size, "relu") for size in sizes), L.Dense(784, "sigmoid")]
    )


def _convolutional(keras):
    L = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1), name="x"),
            L.Conv2D(16, 3, activation="relu", padding="same"),
            L.MaxPooling2D(),
            L.Conv2D(8, 3, activation="relu", padding="same"),
            L.MaxPooling2D(),
            L.Conv2DTranspose(8, 3, strides=2, activation="relu", padding="same"),
            L.Conv2DTranspose(16, 3, strides=2, activation="relu", padding="same"),
            L.Conv2D(1, 3, activation="sigmoid", padding="same"),
        ]
    )


def _denoiser(keras):
    L = keras.layers
    x = inputs = keras.Input((32, 32, 3), name="x")
    for _ in range(3):
        x = L.ReLU()(L.BatchNormalization()(L.Conv2D(24, 3, padding="same", use_bias=False)(x)))
    return keras.Model(inputs, L.Subtract()([inputs, L.Conv2D(3, 3, padding="same")(x)]))


def _variational(keras):
    L = keras.layers
    inputs = keras.Input((28, 28, 1), name="x")
    x = L.Conv2D(32, 3, strides=2, padding="same", activation="relu")(inputs)
    x = L.Conv2D(64, 3, strides=2, padding="same", activation="relu")(x)
    mean = L.Dense(2)(L.Dense(16, "relu")(L.Flatten()(x)))
    x = L.Reshape((7, 7, 64))(L.Dense(7 * 7 * 64, "relu")(mean))
    x = L.Conv2DTranspose(64, 3, strides=2, padding="same", activation="relu")(x)
    x = L.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")(x)
    return keras.Model(inputs, L.Conv2DTranspose(1, 3, padding="same", activation="sigmoid")(x))


def _sequence(keras):
    L = keras.layers
    return keras.Sequential([keras.Input((40, 8), name="x"), L.LSTM(64, return_sequences=True), L.LSTM(32), L.Dense(8)])


def _gru(keras):
    L = keras.layers
    return keras.Sequential([keras.Input((40, 8), name="x"), L.GRU(64), L.Dense(8)])


def _towers(keras):
    L = keras.layers
    user, seen = keras.Input((), dtype="int32", name="user"), keras.Input((20,), dtype="int32", name="seen")
    one = L.Dense(32)(L.Embedding(2_000, 32)(user))
    other = L.Dense(32)(L.GlobalAveragePooling1D()(L.Embedding(5_000, 32, mask_zero=True)(seen)))
    return keras.Model({"user": user, "seen": seen}, L.Dot(axes=-1, normalize=True)([one, other]))


def _dqn(keras):
    L = keras.layers
    return keras.Sequential([keras.Input((8,), name="x"), L.Dense(128, "relu"), L.Dense(128, "relu"), L.Dense(4)])


def seconds(calls):
    """The median time of each call, the calls taking turns so that a busy moment meets them all."""
    for call in calls:
        call()
        call()
    found = [[] for _ in calls]
    until = time.perf_counter() + _LEAST * len(calls)
    while time.perf_counter() < until or len(found[0]) < 5:
        for call, each in zip(calls, found, strict=True):
            began = time.perf_counter()
            call()
            each.append(time.perf_counter() - began)
    return [statistics.median(each) for each in found]


def measure():
    """The part of the report."""
    import beyondlabels as bl

    lines, ratios = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, model, inputs in models():
            path = Path(folder) / "m.mlpackage"
            bl.export(model, path, sample={key: value[:16] for key, value in inputs.items()}, overwrite=True)
            package = bl.runtime.load(path)
            given = next(iter(inputs.values())) if len(inputs) == 1 else inputs
            ours, called, compiled = seconds(
                [
                    lambda: package.predict(inputs),  # noqa: B023
                    lambda: np.asarray(model(given, training=False)),  # noqa: B023
                    lambda: model.predict_on_batch(given),  # noqa: B023
                ]
            )
            ratios.append(ours / called)
            times = [f"{1e3 * each:.1f}" for each in (ours, called, compiled)]
            lines.append([name, *times, f"{ours / called:.2f}", f"{ours / compiled:.2f}"])
    head = [
        "model",
        "package in NumPy, ms",
        "model(x), ms",
        "predict_on_batch, ms",
        "to model(x)",
        "to predict_on_batch",
    ]
    threads = os.environ.get("OMP_NUM_THREADS", "as many as it likes")
    return (
        f"## Keras models, {ROWS} rows\n\n{table(head, lines)}\n\nMedian ratio to model(x) {statistics.median(ratios):.2f}, "
        f"largest {max(ratios):.2f}. Threads of NumPy's BLAS: {threads}; JAX uses what it finds.\n"
    )
