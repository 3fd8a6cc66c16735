"""What half precision does to masks, and rows on which an answer of whole numbers could fall either way."""

import numpy as np
import pytest

import beyondlabels as bl
from beyondlabels.conversion import diagnosis

ATTENTIONS = {
    "heads": lambda L, x: L.MultiHeadAttention(2, 4)(x, x),
    "heads, causal": lambda L, x: L.MultiHeadAttention(2, 4)(x, x, use_causal_mask=True),
    "dot": lambda L, x: L.Attention()([x, x]),
    "dot, causal": lambda L, x: L.Attention()([x, x], use_causal_mask=True),
    "additive": lambda L, x: L.AdditiveAttention()([x, x]),
}


@pytest.mark.parametrize("build", ATTENTIONS.values(), ids=ATTENTIONS)
@pytest.mark.parametrize("masked", [True, False])
def test_masks_in_half_precision(keras, path, build, masked):
    """-1e9, with which Keras masks, would be minus infinity, and a row of nothing but padding not a number."""
    L = keras.layers
    inputs = keras.Input((6,), dtype="int32", name="ids")
    model = keras.Model(inputs, build(L, L.Embedding(9, 8, mask_zero=masked)(inputs)))
    ids = np.random.default_rng(0).integers(0, 9, (20, 6))
    ids[0] = 0
    assert bl.export(model, path, sample=ids, precision="float16").parity.passed
    found = bl.runtime.load(path).predict({"ids": ids})
    (values,) = found.values()
    wanted = np.asarray(model(ids))
    assert np.abs(values - wanted).max() <= 5e-3 * np.abs(wanted).max()


def chooser(keras, last):
    """Two scores, x0 and x1, and what ``last`` makes of them."""
    inputs = keras.Input((2,), name="x")
    scores = keras.layers.Dense(2, name="scores", use_bias=False)
    model = keras.Model(inputs, last(keras.ops, scores(inputs)))
    scores.kernel.assign(np.eye(2, dtype=np.float32))
    return model


ROWS = np.array([[1, 2], [2, 1], [1, 1], [1, 1 + 1e-6], [3, -3], [-3, 3]], np.float64)
NEAR = np.array([False, False, True, True, False, False])


@pytest.mark.parametrize(
    ("last", "near"),
    [
        (lambda K, s: K.argmax(s, axis=-1), NEAR),
        (lambda K, s: K.argmin(s, axis=-1), NEAR),
        (lambda K, s: K.cast(K.argmax(s, axis=-1), "float32"), NEAR),
        (lambda K, s: K.cast(s[:, 0] > s[:, 1], "int32"), NEAR),
        (lambda K, s: K.cast(s[:, 0] > 2.0, "int32"), np.array([False, True, False, False, False, False])),
    ],
    ids=["argmax", "argmin", "argmax as floats", "a comparison", "a threshold"],
)
def test_ties(keras, path, last, near):
    from beyondlabels.conversion.registry import find_recipe

    model = chooser(keras, last)
    recipe = find_recipe(model)
    (name,) = recipe.available(model, {})
    np.testing.assert_array_equal(recipe.ties(model, name, ROWS, 1e-5), near)
    parity = bl.export(model, path, sample=ROWS).parity
    assert parity.passed
    assert bl.runtime.check(path).passed


def test_whole_numbers_of_whole_numbers_have_no_ties(keras):
    from beyondlabels.conversion.registry import find_recipe

    inputs = keras.Input((2,), dtype="int32", name="ids")
    model = keras.Model(inputs, inputs * 2)
    (name,) = find_recipe(model).available(model, {})
    assert not find_recipe(model).ties(model, name, np.ones((3, 2)), 1e-5).any()


def test_a_keras_model_is_told_of_a_layer_that_scales(keras):
    pictures = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(1)])
    assert "a Normalization layer as the first or Rescaling for pictures" in diagnosis.advice(pictures)
    assert "StandardScaler" not in diagnosis.advice(pictures)
