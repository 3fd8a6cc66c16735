"""The real files that are damaged: packages and ``.mlmodel`` files of every sort the runtime reads, small ones.

Each is made by the package itself or by coremltools, once; ``make(folder)`` writes them all, with the rows that a caller
would hand in (``NAME.npz``), and gives their paths.
"""

import json
import logging
import os
from pathlib import Path

import numpy as np

from beyondlabels.quiet import coremltools

ROWS = np.random.default_rng(5).normal(size=(48, 4))
TARGET = (ROWS[:, 0] + ROWS[:, 1] > 0).astype(int)
IMAGES = np.random.default_rng(6).uniform(size=(3, 8, 8, 2)).astype(np.float32)


def make(folder):
    """Name -> path of every file in the zoo, made in ``folder`` where it is not there yet."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / "zoo.json"
    if not index.exists():
        logging.getLogger("coremltools").setLevel(logging.ERROR)
        paths = {}
        for maker in (_estimators, _networks, _shrunk, _programs, _older):
            for name, path, inputs in maker(folder):
                paths[name] = path.name
                np.savez(folder / f"{name}.npz", **inputs)
        index.write_text(json.dumps(paths))
    return {name: folder / path for name, path in json.loads(index.read_text()).items()}


def _estimators(folder):
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    import beyondlabels as bl

    models = {
        "kmeans": make_pipeline(StandardScaler(), KMeans(3, n_init=2, random_state=0)).fit(ROWS),
        "trees": GradientBoostingClassifier(n_estimators=4, max_depth=2, random_state=0).fit(ROWS, TARGET),
        "neighbours": KNeighborsClassifier(3, weights="distance").fit(ROWS[:24], TARGET[:24]),
        "half": make_pipeline(StandardScaler(), PCA(2)).fit(ROWS),
    }
    for name, model in models.items():
        options = {"precision": "float16"} if name == "half" else {}
        bl.export(model, folder / f"{name}.mlpackage", sample=ROWS, **options)
        yield name, folder / f"{name}.mlpackage", {"x": ROWS[:5]}


def _networks(folder):
    os.environ.setdefault("KERAS_BACKEND", "jax")  # `make hostile` runs without pytest, and so without its conftest
    import keras
    from keras import layers

    import beyondlabels as bl

    keras.utils.set_random_seed(0)
    convolution = keras.Sequential(
        [
            keras.Input((8, 8, 2)),
            layers.Conv2D(3, 3, strides=2, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.UpSampling2D(2),
            layers.Conv2DTranspose(2, 3, strides=2, padding="same"),
        ]
    )
    recurrent = keras.Sequential([keras.Input((6, 3)), layers.LSTM(4, return_sequences=True), layers.GRU(3)])
    steps = np.random.default_rng(7).normal(size=(3, 6, 3)).astype(np.float32)
    for name, model, rows in (("convolution", convolution, IMAGES), ("recurrent", recurrent, steps)):
        bl.export(model, folder / f"{name}.mlpackage", sample=rows)
        program = bl.runtime.load(folder / f"{name}.mlpackage").program
        yield name, folder / f"{name}.mlpackage", {next(iter(program.inputs)): rows}


def _shrunk(folder):
    from sklearn.neural_network import MLPRegressor

    import beyondlabels as bl

    wide = np.random.default_rng(8).normal(size=(60, 32))
    bl.export(
        MLPRegressor(hidden_layer_sizes=(16,), max_iter=2000, random_state=0).fit(wide, wide[:, :3]),
        folder / "wide.mlpackage",
        sample=wide,
    )
    inputs = {"x": wide[:5]}
    methods = {"int8": None, "palette4": None, "pruned-50": None, "int4": "iOS18", "pruned-50+palette4": "iOS18"}
    for method, target in methods.items():
        result = bl.shrink(
            folder / "wide.mlpackage", sample=wide, method=method, target=target, smallest_weight=64, overwrite=True
        )
        path = folder / f"wide.{method}.mlpackage"
        assert path.exists(), result
        yield f"shrunk {method}", path, inputs


def _programs(folder):
    ct = coremltools()
    from coremltools.converters.mil import Builder as mb
    from coremltools.converters.mil.mil import types

    @mb.program(input_specs=[mb.TensorSpec(shape=(1, 3))], opset_version=ct.target.iOS18)
    def flow(x):
        def body(value, count):
            value = mb.mul(x=value, y=np.float32(2))
            odd = mb.equal(x=mb.mod(x=count, y=2), y=1)
            value = mb.cond(pred=odd, _true_fn=lambda: mb.exp(x=value), _false_fn=lambda: mb.identity(x=value))
            return value, mb.add(x=count, y=1)

        small = lambda value, count: mb.less(x=mb.reduce_sum(x=value, axes=[0, 1]), y=np.float32(100))  # noqa: E731
        value, count = mb.while_loop(_cond=small, _body=body, loop_vars=(x, np.int32(0)))
        return mb.gather(x=value, indices=[0, 2], axis=1), count

    @mb.program(
        input_specs=[mb.TensorSpec(shape=(1, 3)), mb.StateTensorSpec((1, 3), dtype=types.fp16)],
        opset_version=ct.target.iOS18,
    )
    def states(x, total):
        more = mb.add(x=mb.read_state(input=total), y=mb.cast(x=x, dtype="fp16"))
        return mb.add(x=mb.coreml_update_state(state=total, value=more), y=np.float16(0))

    @mb.program(input_specs=[mb.TensorSpec(shape=(1, 2, 6, 6))], opset_version=ct.target.iOS17)
    def shapes(x):
        """The operations whose result is as large as their parameters say."""
        x = mb.pad(x=x, pad=[1, 1, 1, 1], mode="reflect")
        x = mb.tile(x=x, reps=[1, 1, 2, 1])
        x = mb.resize(x=x, shape=[4, 4], resized_dims=np.uint32(2))
        x = mb.crop_resize(x=x, boxes=np.float32([[0, 0, 2, 2]]), target_height=3, target_width=3)
        hot = mb.one_hot(indices=mb.cast(x=mb.reduce_argmax(x=x, axis=3), dtype="int32"), one_hot_vector_size=3)
        row = mb.range_1d(start=np.float32(0), end=np.float32(3), step=np.float32(1))
        noise = mb.random_uniform(shape=[3], low=0.0, high=1.0, seed=1)
        blank = mb.fill(shape=mb.slice_by_index(x=mb.shape(x=x), begin=[2], end=[4]), value=np.float32(2))
        made = mb.add(x=mb.add(x=x, y=row), y=mb.add(x=blank, y=noise))
        made = mb.upsample_bilinear(x=made, scale_factor_height=2.0, scale_factor_width=2.0)
        windows = mb.sliding_windows(x=mb.reshape(x=made, shape=[2, 36]), axis=1, size=4, stride=2)
        return mb.topk(x=windows, k=2, axis=2)[0], mb.concat(values=[hot, hot], axis=0)

    for name, program, target, precision, x in (
        ("flow", flow, ct.target.iOS18, ct.precision.FLOAT32, np.ones((1, 3))),
        ("states", states, ct.target.iOS18, ct.precision.FLOAT16, np.ones((1, 3))),
        ("shapes", shapes, ct.target.iOS17, ct.precision.FLOAT32, np.ones((1, 2, 6, 6))),
    ):
        path = folder / f"{name}.mlpackage"
        ct.convert(program, minimum_deployment_target=target, compute_precision=precision).save(str(path))
        yield name, path, {"x": x}


def _older(folder):
    from sklearn.datasets import load_iris
    from sklearn.svm import SVC

    from runtime.older import layers, models
    from runtime.older.test_features import pipeline
    from runtime.older.test_layers import network
    from runtime.older.test_linear import glm_classifier
    from runtime.older.test_neighbors import LABELS
    from runtime.older.test_neighbors import ROWS as NEAR
    from runtime.older.test_support_vectors import machine
    from runtime.older.test_trees import stump
    from runtime.older.test_update_network import dense, image, plain

    trees = models.trees("classifier", ["a"], 1, "Regression_Logistic")
    stump(trees, values=(-2.0, 1.0))
    iris = load_iris(return_X_y=True)
    specs = {
        "old trees": (trees.spec, {"a": np.float64([1, 2])}),
        "old neighbours": (models.neighbors(NEAR, LABELS), {"x": np.float64([[1, 2]])}),
        "old pipeline": (pipeline(), {"number": np.float64([1, 2]), "colour": np.array(["red", "green"])}),
        "old linear": (glm_classifier([[1, 2], [3, 4]], [0, 1], [0, 1, 2]), {"x": np.ones((2, 2))}),
        "old vectors": (machine(SVC(kernel="rbf", gamma=0.4).fit(*iris), "rbf"), {"x": iris[0][:2]}),
        "old network": (dense(), {"x": np.ones((3, 5), np.float32)}),
        "old regression": (dense(loss="mse", kind="adam"), {"x": np.ones((3, 5), np.float32)}),
        "old convolution": (image(plain), {"x": np.ones((2, 2, 7, 7), np.float32)}),
        "old loop": (network(layers._while, {"x": np.ones(1)}, exact=True), {"x": np.ones(1)}),
        "old lstm": _lstm(layers),
    }
    for name, (spec, inputs) in specs.items():
        path = folder / f"{name}.mlmodel"
        path.write_bytes(spec.SerializeToString(deterministic=True))
        yield name, path, inputs


def _lstm(layers):
    from runtime.older import models

    rng = np.random.default_rng(9)
    made = models.builder({"x": (3,)}, {"y": None})
    inner, outer = ([rng.normal(size=(2, size)).astype(np.float32) for _ in range(4)] for size in (3, 2))
    bias = [rng.normal(size=2).astype(np.float32) for _ in range(4)]
    made.add_unilstm("one", outer, inner, bias, 2, 3, ["x", "h", "c"], ["y", "ho", "co"])
    return made.spec, {"x": np.ones((2, 3), np.float32)}
