"""Pictures rebuilt from components: the numbers are PCA's, the original stays hidden until it was read, bad input is named."""

import json

import numpy as np
import pytest
from sklearn import decomposition

import beyondlabels as bl

TABLE = bl.datasets.load("digits")
PIXELS, DIGIT = TABLE.filter(like="pixel").to_numpy(), TABLE["digit"].to_numpy()


def digits(**options):
    return bl.explore.Components(PIXELS, (8, 8), **{"labels": DIGIT, "noun": "digits", **options})


def ask(explorable, **message):
    """As the browser asks."""
    explorable._receive(explorable, {"token": "t-1", **message}, [])
    return explorable.state


@pytest.mark.parametrize("k", [1, 9, 61])
def test_it_rebuilds_as_scikit_learn_does(k):
    explorable = digits(k=k, row=12)
    model = decomposition.PCA(k).fit(PIXELS)
    np.testing.assert_allclose(explorable.rebuilt, model.inverse_transform(model.transform(PIXELS[[12]]))[0], atol=1e-9)
    assert explorable.share == pytest.approx(model.explained_variance_ratio_.sum())
    assert explorable.error == pytest.approx(np.sqrt(((explorable.rebuilt - PIXELS[12]) ** 2).mean()))


def test_from_no_component_it_is_the_mean():
    explorable = digits(k=0)
    np.testing.assert_allclose(explorable.rebuilt, PIXELS.mean(axis=0))
    assert explorable.share == 0
    assert set(explorable.state["component"]) == {0}


def test_more_components_never_lose():
    explorable = digits(row=3)
    errors = []
    for k in range(65):
        explorable.k = k
        errors.append(explorable.error)
    assert (np.diff(errors) <= 1e-9).all()
    assert errors[-1] == pytest.approx(0, abs=1e-9)


def test_the_original_is_hidden_until_it_was_read():
    explorable = digits(row=6, k=9)
    assert explorable.state["original"] is None
    assert explorable.state["label"] is None
    assert not explorable.revealed
    state = ask(explorable, do="read", label="0")
    assert state["label"] == "6"
    assert np.array(state["original"]) * 16 == pytest.approx(PIXELS[6], abs=0.01)
    assert explorable.said.startswith("You read 0 from 9 of 64 numbers, which keep 70.7 % of the variance; it is 6.")


def test_the_first_reading_counts_and_another_picture_hides_again():
    explorable = digits(row=6, k=9)
    explorable.read("0")
    explorable.read(6)
    assert explorable.readings == [(6, 9, "0", "6")]
    assert explorable.state["read"] == [1, 0]
    explorable.next()
    assert explorable.k == 1
    assert explorable.state["original"] is None
    explorable.read(DIGIT[explorable.row])
    assert explorable.state["read"] == [2, 1]


def test_every_picture_comes_once_in_a_round():
    explorable = bl.explore.Components(PIXELS[:9], (8, 8), labels=DIGIT[:9])
    seen = []
    for _ in range(9):
        seen.append(explorable.row)
        explorable.next()
    assert sorted(seen) == list(range(9))
    assert explorable.row == seen[0]


def test_without_labels_the_original_is_shown():
    explorable = bl.explore.Components(PIXELS, (8, 8))
    assert explorable.state["original"] is not None
    with pytest.raises(bl.BadInput, match="made without labels"):
        explorable.read("3")


def test_the_still_does_not_tell_what_is_asked():
    explorable = digits()
    assert explorable.row == explorable._order[0]
    assert f"digit {explorable._order[-1] + 1}" in explorable.picture().lower()
    assert explorable.picture() == digits().picture()
    assert "k = 64" not in explorable.describe()


@pytest.mark.parametrize(
    ("X", "shape", "labels", "said"),
    [
        (PIXELS, (8, 9), None, "needs 72 columns"),
        (PIXELS[:1], (8, 8), None, "only one"),
        (PIXELS * np.nan, (8, 8), None, "missing or infinite"),
        (np.eye(3, 2000), (40, 50), None, "at most 1,024"),
        ([["a", "b"]], (1, 2), None, "not a number"),
        (PIXELS, (8, 8), [1, 2], "give one for each"),
        (PIXELS, (8, 8), range(1797), "at most 30"),
    ],
)
def test_data_that_cannot_be_used(X, shape, labels, said):
    with pytest.raises(bl.BadInput, match=said):
        bl.explore.Components(X, shape, labels=labels)


@pytest.mark.parametrize("value", [-1, 65, 2.5, "3", True])
def test_what_is_no_number_of_components(value):
    explorable = digits(k=5)
    ask(explorable, do="k", k=value)
    assert "a whole number from 0 to 64 was expected" in explorable.said
    assert explorable.k == 5


def test_labels_are_text_and_escaped():
    explorable = bl.explore.Components(PIXELS[:4], (8, 8), labels=["<b>", "x", "y", "z"], row=0, noun="<i>s")
    assert explorable.text["labels"] == ["<b>", "x", "y", "z"]
    assert "<i>" not in explorable.picture()
    ask(explorable, do="read", label="nope")
    assert "none of the labels" in explorable.said
    assert json.dumps(explorable.state)
