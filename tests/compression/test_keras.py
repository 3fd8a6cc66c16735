"""Networks of Keras: an autoencoder whose reconstruction is measured, and a recurrent one with inputs of its own shape."""

import numpy as np
import pytest

import beyondlabels as bl


@pytest.fixture(scope="module")
def keras():
    import keras

    keras.utils.set_random_seed(0)
    return keras


def test_an_autoencoder(keras, digits, tmp_path):
    X = digits[0].astype("float32")
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((64,)),
            layers.Dense(96, activation="relu"),
            layers.Dense(24, activation="relu"),
            layers.Dense(96, activation="relu"),
            layers.Dense(64, activation="sigmoid"),
        ]
    )
    model.compile("adam", "mse")
    model.fit(X[:1200], X[:1200], epochs=5, verbose=0)
    bl.export(model, tmp_path / "a.mlpackage", sample=X[1200:])
    result = bl.shrink(tmp_path / "a.mlpackage", sample=X[1200:], method=["int8", "palette4", "palette2"])
    (output,) = result["int8"].losses
    whole = np.asarray(model(X[1200:]))
    for each in result.variants:
        found = bl.runtime.load(each.path).predict({"x": X[1200:]})[output]
        rms = np.sqrt(np.mean((found.astype(float) - whole) ** 2))
        assert each.losses[output].rms == pytest.approx(rms, rel=1e-3)
        assert bl.runtime.check(each.path).passed
    shares = [each.losses[output].share for each in result.variants]
    assert shares[0] < 0.05 < shares[2]
    assert shares == sorted(shares)


@pytest.mark.parametrize("flat", [False, True], ids=["its own shape", "a table"])
def test_a_recurrent_network(keras, digits, tmp_path, flat):
    X = digits[0][:200].reshape(-1, 8, 8).astype("float32")
    model = keras.Sequential([keras.Input((8, 8)), keras.layers.LSTM(48), keras.layers.Dense(10)])
    bl.export(model, tmp_path / "l.mlpackage", sample=X)
    sample = X.reshape(len(X), -1) if flat else X
    result = bl.shrink(tmp_path / "l.mlpackage", sample=sample, method=["float16", "int8"], target="iOS18")
    (output,) = result["int8"].losses
    assert result.rows == 200
    assert 0 < result["float16"].losses[output].share < 0.01
    assert 0 < result["int8"].losses[output].share < 0.05
    assert result["float16"].weights == (1, 1)
    assert all(bl.runtime.check(each.path).passed for each in result.variants)
    with pytest.raises(bl.BadInput, match="has shape"):
        bl.shrink(tmp_path / "l.mlpackage", sample=X[:, :5], method="palette8")


@pytest.fixture(scope="module")
def seeing(keras, tmp_path_factory):
    """(pictures, path) of a network that takes an image of 8 × 6 pixels in blue, green and red."""
    pictures = np.random.default_rng(0).integers(0, 256, (9, 8, 6, 3), np.uint8)
    model = keras.Sequential(
        [keras.Input((8, 6, 3), name="picture"), keras.layers.Flatten(), keras.layers.Dense(20, name="code")]
    )
    path = tmp_path_factory.mktemp("seeing") / "seeing.mlpackage"
    bl.export(model, path, sample=pictures, image_input=bl.ImageInput("BGR", scale=1 / 255))
    return pictures, path


PICTURES = {
    "pictures": lambda pictures: pictures,
    "pictures by name": lambda pictures: {"picture": pictures},
    "a list": list,
    "planes": lambda pictures: np.moveaxis(pictures[..., ::-1], -1, 1),
    "a table": lambda pictures: np.moveaxis(pictures[..., ::-1], -1, 1).reshape(9, -1),
}


@pytest.mark.parametrize("form", PICTURES.values(), ids=PICTURES)
def test_pictures_as_run_and_export_take_them(seeing, tmp_path, form):
    pictures, path = seeing
    result = bl.shrink(path, sample=form(pictures), method="palette2", smallest_weight=100, into=tmp_path)
    whole, small = (
        np.concatenate([bl.runtime.load(each).predict({"picture": one})["code"] for one in pictures])
        for each in (path, result["palette2"].path)
    )
    assert result.rows == 9
    assert result["palette2"].losses["code"].rms == pytest.approx(np.sqrt(np.mean((small - whole) ** 2)), rel=1e-3)


def test_images_of_pillow_as_a_sample(seeing, tmp_path):
    image = pytest.importorskip("PIL.Image")
    pictures, path = seeing
    for sample, rows in (([image.fromarray(one) for one in pictures], 9), (image.fromarray(pictures[0]), 1)):
        assert bl.shrink(path, sample=sample, method="float16", into=tmp_path, overwrite=True).rows == rows
    with pytest.raises(bl.BadInput, match="the package takes one picture in BGR, an array"):
        bl.shrink(path, sample=pictures[:, :5], method="float16", into=tmp_path, overwrite=True)
