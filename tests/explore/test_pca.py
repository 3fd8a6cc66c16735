"""The axis that a learner turns: what it keeps and loses, what PCA answers and when, and what is refused."""

import json

import numpy as np
import pytest
from sklearn import decomposition

import beyondlabels as bl
from beyondlabels.explore.turning import between, lies, told_angle

PENGUINS = bl.datasets.load("penguins").dropna(subset=["bill_length_mm", "flipper_length_mm"])
CROSS = np.array([[3.0, 0], [-3, 0], [0, 1], [0, -1]])


def penguins(**options):
    return bl.explore.PCA(PENGUINS, **{"x": "flipper_length_mm", "y": "bill_length_mm", "noun": "penguins", **options})


def ask(explorable, **message):
    """As the browser asks."""
    explorable._receive(explorable, {"token": "t-1", **message}, [])
    return explorable.state


def test_shares_by_hand():
    explorable = bl.explore.PCA(CROSS, start=0)
    assert explorable.kept == pytest.approx(0.9)  # 18 of 20
    explorable.turn(90)
    assert explorable.kept == pytest.approx(0.1)
    explorable.turn(45)
    assert explorable.kept == pytest.approx(0.5)
    assert explorable.said.startswith("The axis rises at 45.0°. The variance kept along it rose from 10.0 % to 50.0 %")


@pytest.mark.parametrize("scale", [False, True])
@pytest.mark.parametrize("angle", [-80, -3.5, 0, 20, 90, 200])
def test_kept_and_lost_are_projection_and_drop(scale, angle):
    explorable = penguins(scale=scale)
    explorable.turn(angle)
    points = PENGUINS[["flipper_length_mm", "bill_length_mm"]].to_numpy()
    points = points - points.mean(axis=0)
    points = points / points.std(axis=0) if scale else points
    along = points @ explorable.axis
    drops = points - np.outer(along, explorable.axis)
    assert explorable.kept == pytest.approx((along**2).sum() / (points**2).sum())
    assert explorable.lost == pytest.approx((drops**2).sum() / (points**2).sum())
    assert explorable.kept + explorable.lost == pytest.approx(1)


@pytest.mark.parametrize("scale", [False, True])
def test_the_answer_is_scikit_learns_first_component(scale):
    explorable = penguins(scale=scale)
    points = PENGUINS[["flipper_length_mm", "bill_length_mm"]].to_numpy()
    model = decomposition.PCA().fit(points / points.std(axis=0) if scale else points)
    explorable.commit()
    component = model.components_[0]
    assert between(explorable.answer, np.degrees(np.arctan2(component[1], component[0]))) < 1e-6
    explorable.turn(explorable.answer)
    assert explorable.kept == pytest.approx(model.explained_variance_ratio_[0])
    assert all(explorable.kept >= share - 1e-4 for share in explorable._turning.tried.values())


def test_nothing_of_the_answer_is_sent_before_the_commit():
    explorable = penguins()
    ask(explorable, do="turn", angle=30, drag=None, done=True)
    assert explorable.answer is None
    assert explorable.state["answer"] is None
    assert "15.5" not in json.dumps(explorable.state) + explorable.said + explorable.describe() + explorable.picture()
    ask(explorable, do="commit")
    assert explorable.state["answer"]["angle"] == pytest.approx(15.48, abs=0.01)
    assert explorable.said.startswith("Your axis rises at 30.0°, PCA's rises at 15.5°: 14.5° apart.")
    ask(explorable, do="turn", angle=16, drag=None, done=True)
    assert explorable.said.endswith("PCA's axis is 0.5° away.")
    ask(explorable, do="again")
    assert explorable.answer is None
    assert explorable.angle == 60


def test_an_axis_has_no_direction():
    one, other = penguins(), penguins()
    one.turn(30)
    other.turn(210)
    assert one.angle == other.angle == pytest.approx(30)
    assert one.kept == pytest.approx(other.kept)
    assert [told_angle(each) for each in (180, -90, 90, 270, 361)] == [0, 90, 90, 90, 1]
    assert between(89, -89) == pytest.approx(2)
    assert [lies(each) for each in (0, 90, 12.34, -5)] == [
        "lies flat",
        "stands upright",
        "rises at 12.3°",
        "falls at 5.0°",
    ]


def test_one_drag_is_told_as_a_whole():
    explorable = penguins()
    start = explorable.kept
    for angle in (50, 40, 30):
        ask(explorable, do="turn", angle=angle, drag="d1", done=angle == 30)
    assert f"rose from {100 * start:.1f} %" in explorable.said
    assert [angle for angle, _ in explorable.state["tried"]] == [30, 40, 50, 60]


def test_two_standardised_columns_have_it_on_a_diagonal():
    explorable = penguins()
    explorable.turn(20)
    explorable.commit()
    explorable.scale = True
    assert explorable.answer is None
    assert explorable.axes[0]["unit"] == "standard deviations"
    assert explorable.state["centre"] == [0, 0]
    explorable.commit()
    assert explorable.answer == pytest.approx(45)
    assert explorable.said.endswith("Two standardised columns always have it on a diagonal.")
    explorable.scale = False
    assert explorable.axes[0]["unit"] == "mm"


def test_a_round_cloud_has_no_answer():
    explorable = bl.explore.PCA([[1, 0], [-1, 0], [0, 1], [0, -1]])
    explorable.commit()
    assert explorable.answer is None
    assert "every axis keeps half of the variance" in explorable.said


@pytest.mark.parametrize(
    ("X", "said"),
    [
        ([[1, 2]], "nothing to turn an axis in"),
        ([[1, 2], [1, 5]], "nothing to turn an axis in"),
        ([[1, np.nan], [2, 3]], "1 missing or infinite"),
        ([1, 2, 3], "at least two columns"),
    ],
)
def test_data_that_cannot_be_used(X, said):
    with pytest.raises(bl.BadInput, match=said):
        bl.explore.PCA(np.array(X, dtype=float))


@pytest.mark.parametrize("angle", [None, "30", float("nan"), True])
def test_what_is_no_angle(angle):
    explorable = penguins()
    with pytest.raises(bl.BadInput, match="a number of degrees was expected"):
        explorable.turn(angle)
    ask(explorable, do="turn", angle=angle, drag=None, done=True)
    assert explorable.state["token"] == "t-1"
    assert "a number of degrees was expected" in explorable.said
    assert explorable.angle == 60


def test_an_unknown_question_is_answered():
    explorable = penguins()
    ask(explorable, do="spin")
    assert "does not know" in explorable.said


def test_words_and_names_are_escaped():
    explorable = bl.explore.PCA(CROSS, names=["<b>a", "b&c"], question="<i>?")
    assert "<b>a" not in explorable.picture()
    assert explorable.describe().startswith(
        "An axis through four points: <b>a and b&c, in their own units; it rises at 60.0°"
    )
