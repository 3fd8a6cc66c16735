"""Reading a plane from a table, its words, and the still picture."""

import numpy as np
import pandas as pd
import pytest

from beyondlabels.errors import BadInput
from beyondlabels.explore import words
from beyondlabels.explore.stage import Axis, plane, still

TABLE = pd.DataFrame(
    {
        "species": ["a", "b", "c"],
        "bill_length_mm": [30.0, 40, 50],
        "body_mass_g": [3000, 4000, 5000],
        "gap": [1.0, None, 2.0],
    }
)


def test_names_and_units_are_understood():
    points, (x, y) = plane(TABLE, "bill_length_mm", "body_mass_g")
    assert points.tolist() == [[30, 3000], [40, 4000], [50, 5000]]
    assert (x.name, x.label, x.unit) == ("bill_length_mm", "bill length", "mm")
    assert (y.label, y.unit) == ("body mass", "g")
    assert x.low < 30 < 50 < x.high


def test_arrays_indices_given_names_and_units():
    points, (x, y) = plane(np.arange(12).reshape(3, 4), 3, 1, names=["a", "b", "c", "d"], units={"d": "km/h"})
    assert points.tolist() == [[3, 1], [7, 5], [11, 9]]
    assert (x.label, x.unit, y.label, y.unit) == ("d", "km/h", "b", "")
    assert plane([[1, 2], [3, 4]])[1][0].label == "feature 0"


@pytest.mark.parametrize(
    ("X", "options", "message"),
    [
        (np.ones(5), {}, "at least two columns"),
        (np.ones((5, 1)), {}, "at least two columns"),
        (np.ones((0, 2)), {}, "no rows"),
        (np.ones((3, 2, 2)), {}, "at least two columns"),
        ([[1, np.nan], [2, 3]], {}, "1 missing or infinite"),
        ([[1, np.inf], [2, 3]], {}, "1 missing or infinite"),
        (TABLE, {"x": "species", "y": "gap"}, "'species' holds text"),
        (TABLE, {"x": "gap", "y": "body_mass_g"}, "dropna"),
        (TABLE, {"x": "weight"}, "no column 'weight'"),
        (TABLE, {"x": 9}, "no column 9"),
        (TABLE, {"x": "body_mass_g", "y": 2}, "choose two different columns"),
        (np.ones((3, 2)), {"names": ["a"]}, "one name per column"),
        (np.ones((3, 2)), {"units": ["g", "mm"]}, "units is a list; give a mapping"),
        (np.broadcast_to(1.0, (1_000_001, 2)), {}, "Take a sample"),
    ],
)
def test_refusals_say_what_is_wrong(X, options, message):
    with pytest.raises(BadInput, match=message):
        plane(X, **options)


def test_a_constant_column_still_has_a_range():
    _, (x, y) = plane([[0, 7], [0, 7]])
    assert (x.low, x.high) == (-1, 1)
    assert y.low < 7 < y.high


@pytest.mark.parametrize(
    ("low", "high", "value", "said"),
    [(30, 60, 39.123, "39.1 mm"), (2700, 6300, 4207.4, "4,207 mm"), (0, 1, 0.5, "0.50 mm"), (-9, 9, -1, "−1.0 mm")],
)
def test_values_are_said_as_exactly_as_the_stage_shows_them(low, high, value, said):
    assert Axis("a_mm", "a", "mm", low, high).say(value) == said


@pytest.mark.parametrize(
    ("value", "told"),
    [(214.66, "214.7"), (2146.6, "2,147"), (0, "0.00"), (0.000125, "0.0001250"), (float("nan"), "–"), (5.5, "5.50")],
)
def test_figures(value, told):
    assert words.figure(value) == told


def test_words():
    assert words.count(0, "penguins") == "no penguin"
    assert words.count(1, "cities") == "one city"
    assert words.count(13, "glass") == "13 glass"
    assert words.change(252.7, 214.7) == "−38.0"
    assert words.change(float("nan"), 1) == ""
    assert words.change(5.0, 5.0) == "±0"
    axes = plane([[0, 0], [100, 1000]])[1]
    assert words.shift((50, 500), (38, 500), axes) == "12 left"
    assert words.shift((50, 500), (50, 500), axes) == ""
    assert words.inertia(252.7, 214.7) == "inertia fell from 252.7 to 214.7"
    assert words.inertia(214.7, 214.7) == "inertia stays at 214.7"


def test_the_still_picture_is_small_deterministic_and_described():
    points = np.random.default_rng(0).normal(size=(5000, 2))
    _, axes = plane(points, names=["a<b", "c"])
    labels = np.arange(5000) % 6
    pictures = {still(points, labels, points[:6], axes, "six <groups>") for _ in range(2)}
    (picture,) = pictures
    assert len(picture) < 40_000
    assert 'role="img" aria-label="six &lt;groups&gt;"' in picture
    assert "a&lt;b" in picture
