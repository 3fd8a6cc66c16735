"""Packages that take an image: the pixels a user has, what the model is given, and what cannot be one."""

import html

import numpy as np
import pytest

import beyondlabels as bl


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(0).integers(0, 256, (7, 8, 6, 3), np.uint8)


def encoder(keras, shape=(8, 6, 3)):
    L = keras.layers
    return keras.Sequential(
        [
            keras.Input(shape, name="picture"),
            L.Conv2D(4, 3, padding="same", activation="relu"),
            L.MaxPooling2D(),
            L.Flatten(),
            L.Dense(2, name="code"),
        ]
    )


def test_what_an_image_becomes_is_written_so_that_signs_can_be_read():
    image = bl.ImageInput("RGB", scale=1 / 255, bias=(-0.5, 0.4, -0.3))
    assert image.formula == "0.00392157 × pixel + (-0.5, 0.4, -0.3)"
    assert bl.ImageInput("RGB", scale=(1, 2, 3), bias=-1).formula == "(1, 2, 3) × pixel − 1"


def test_a_picture_in_red_green_and_blue(keras, pictures, path):
    model = encoder(keras)
    result = bl.export(model, path, sample=pictures, image_input=bl.ImageInput(scale=1 / 255))
    package = bl.runtime.load(path)
    (port,) = package.program.inputs.values()
    assert (port.name, port.shape, port.image) == ("picture", "(1, 3, 8, 6)", "RGB")
    for picture in pictures:
        wanted = np.asarray(model(picture[None] / np.float32(255)))
        np.testing.assert_allclose(package.predict({"picture": picture})["code"], wanted, rtol=1e-5, atol=1e-6)
    one = package.predict({"picture": pictures[0]})["code"]
    np.testing.assert_array_equal(package.predict({"picture": pictures[:1]})["code"], one)
    planes = np.moveaxis(pictures[0], -1, 0)[None]
    np.testing.assert_array_equal(package.predict({"picture": planes})["code"], one)
    assert bl.runtime.check(path).passed
    assert "6 × 8 pixels, RGB; the model is given 0.00392157 × pixel + 0" in str(result)
    assert html.escape(result.plain()["image"]) in result._repr_html_()
    assert "one-image-at-once" in [limit.id for limit in result.limits]
    for words in ("_ image: CGImage", "_ buffer: CVPixelBuffer", "width = 6, height = 8", "0.00392157 × pixel"):
        assert words in result.swift
    assert "(1, 3, 8, 6), an image in RGB" in bl.runtime.describe_text(bl.runtime.describe(package))
    kind = _declared(path)
    assert (kind.width, kind.height, kind.ColorSpace.Name(kind.colorSpace)) == (6, 8, "RGB")


def _declared(path):
    """What the saved file itself says of its only input."""
    from beyondlabels.quiet import protobufs

    model_pb2, _ = protobufs()
    spec = model_pb2.Model()
    spec.ParseFromString((path / "Data/com.apple.CoreML/model.mlmodel").read_bytes())
    (port,) = spec.description.input
    return port.type.imageType


def test_blue_first_and_a_scale_for_each_channel(keras, pictures, path):
    model = encoder(keras)
    scale, bias = (1 / 50, 1 / 60, 1 / 70), (-1.0, -2.0, 0.5)
    bl.export(model, path, sample=pictures, image_input=bl.ImageInput("BGR", scale, bias))
    given = pictures[:1, ..., ::-1].astype(np.float32) * np.float32(scale) + np.float32(bias)
    package = bl.runtime.load(path)
    assert package.program.inputs["picture"].image == "BGR"
    found = package.predict({"picture": pictures[0]})["code"]
    np.testing.assert_allclose(found, np.asarray(model(given)), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("shape", [(8, 6, 1), (8, 6)])
def test_shades_of_grey(keras, pictures, path, shape):
    L = keras.layers
    model = keras.Sequential([keras.Input(shape, name="picture"), L.Flatten(), L.Dense(2, name="code")])
    grey = pictures[..., 0]
    bl.export(model, path, sample=grey, image_input=bl.ImageInput("GRAYSCALE", scale=1 / 127.5, bias=-1))
    wanted = np.asarray(model(grey[:1].reshape(1, *shape) / np.float32(127.5) - 1))
    found = bl.runtime.load(path).predict({"picture": grey[0]})["code"]
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(bl.runtime.load(path).predict({"picture": grey[:1]})["code"], found)
    assert _declared(path).ColorSpace.Name(_declared(path).colorSpace) == "GRAYSCALE"


def test_an_image_of_pillow(keras, pictures, path):
    image = pytest.importorskip("PIL.Image")
    bl.export(encoder(keras), path, sample=pictures, image_input=bl.ImageInput(scale=1 / 255))
    package = bl.runtime.load(path)
    found = package.predict({"picture": image.fromarray(pictures[0])})["code"]
    np.testing.assert_array_equal(found, package.predict({"picture": pictures[0]})["code"])


def test_anomaly_scores_of_an_image(keras, pictures, path):
    L = keras.layers
    model = keras.Sequential([keras.Input((8, 6, 3), name="picture"), L.Conv2D(3, 3, padding="same", name="again")])
    detector = bl.ReconstructionError(model, threshold=0.5)
    bl.export(detector, path, sample=pictures, image_input=bl.ImageInput(scale=1 / 255))
    found = bl.runtime.load(path).predict({"picture": pictures[2]})
    np.testing.assert_allclose(found["score"], detector.errors(pictures[2:3] / 255), rtol=1e-4)
    np.testing.assert_array_equal(found["inlier"], detector.predict(pictures[2:3] / 255))


def test_half_precision(keras, pictures, path):
    options = {"image_input": bl.ImageInput(scale=1 / 255), "precision": "float16"}
    assert bl.export(encoder(keras), path, sample=pictures, **options).parity.passed


def test_more_pictures_than_are_compared(keras, path):
    many = np.random.default_rng(0).integers(0, 256, (520, 2, 2, 1), np.uint8)
    model = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten(), keras.layers.Dense(1, name="out")])
    result = bl.export(model, path, sample=many, image_input=bl.ImageInput("GRAYSCALE"))
    assert result.parity["out"].rows == 500


OPTIONS = {
    "color": ({"color": "CMYK"}, "color is 'CMYK'; expected 'RGB', 'BGR' or 'GRAYSCALE'"),
    "scale": ({"scale": (1, 2)}, r"scale is \(1, 2\); expected a number, or 3 of them for RGB"),
    "bias": ({"bias": np.nan}, "bias is nan"),
    "text": ({"scale": "small"}, "scale is 'small'"),
}


@pytest.mark.parametrize(("options", "message"), OPTIONS.values(), ids=OPTIONS)
def test_options_that_make_no_sense(options, message):
    with pytest.raises(bl.BadInput, match=message):
        bl.ImageInput(**options)


def test_models_without_an_image(keras, pictures, penguins, path):
    from sklearn.preprocessing import StandardScaler

    L = keras.layers
    flat = keras.Sequential([keras.Input((5,), name="x"), L.Dense(2)])
    first = keras.Sequential([keras.Input((3, 8, 6), name="x"), L.Flatten(), L.Dense(2)])
    a, b = keras.Input((8, 6, 3), name="a"), keras.Input((2,), name="b")
    two = keras.Model([a, b], L.Concatenate()([L.Flatten()(a), b]))
    for model, message in (
        (flat, r"input 'x' of the model has shape \(5,\); an image in RGB is \(height, width, 3\), channels last"),
        (first, r"has shape \(3, 8, 6\)"),
        (two, "wants a model with one input, an image; this one takes 2 inputs"),
        (StandardScaler().fit(penguins), "this one takes a table of features"),
    ):
        with pytest.raises(bl.BadInput, match=message):
            bl.export(model, path, sample=pictures, image_input=bl.ImageInput())
    with pytest.raises(bl.BadInput, match=r"image_input is 'RGB'; expected beyondlabels\.ImageInput"):
        bl.export(encoder(keras), path, sample=pictures, image_input="RGB")
    assert not path.exists()


SAMPLES = {
    "scaled already": (lambda p: p / 255, "pixels: whole numbers from 0 to 255"),
    "another size": (lambda p: p[:, :4], r"shape \(7, 4, 6, 3\); expected pictures \(rows, 8, 6, 3\)"),
    "none": (lambda p: p[:0], "no rows"),
    "text": (lambda p: p.astype(str), "expected pixels"),
    "NaN": (lambda p: np.full(p.shape, np.nan), "whole numbers from 0 to 255"),
    "below 0": (lambda p: p.astype(int) - 1000, "whole numbers from 0 to 255"),
}


@pytest.mark.parametrize(("change", "message"), SAMPLES.values(), ids=SAMPLES)
def test_samples_that_are_no_pictures(keras, pictures, path, change, message):
    with pytest.raises(bl.BadInput, match=message):
        bl.export(encoder(keras), path, sample=change(pictures), image_input=bl.ImageInput())
    assert not path.exists()


def test_pictures_that_a_package_cannot_take(keras, pictures, path):
    bl.export(encoder(keras), path, sample=pictures, image_input=bl.ImageInput(scale=1 / 255))
    package = bl.runtime.load(path)
    for value, message in (
        (pictures[:2], r"shape \(2, 8, 6, 3\); the package takes one picture in RGB"),
        (pictures[0, ..., 0], r"an array \(8, 6, 3\)"),
        (pictures[0] / 255, "pixels are whole numbers from 0 to 255"),
        (pictures[0].astype(int) + 300, "pixels are whole numbers"),
        (pictures[0].astype(str), "is of type <U"),
    ):
        with pytest.raises(bl.BadInput, match=message):
            package.predict({"picture": value})
