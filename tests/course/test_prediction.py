"""Predictions are kept before anything is shown, and results are drawn against them."""

import numpy as np
import pytest

import beyondlabels as bl
from beyondlabels.course import prediction, progress


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch):
    monkeypatch.setattr(prediction, "_asked", {})


def number(**settings):
    return bl.course.predict("t.groups", "How many?", kind="number", low=1, high=10, unit="groups", **settings)


def test_commit_keeps_and_locks():
    card = number()
    assert card.committed == []
    assert card.commit(4) == "You predicted 4 groups."
    assert card.committed == [4]
    assert [row["value"] for row in progress.store().predictions("t.groups")] == [4]


def test_running_the_cell_again_shows_what_was_kept():
    number().commit(4)
    card = number()
    assert card.committed == [4]
    assert card.said == "You predicted 4 groups."
    card.commit(np.int64(5))
    assert card.said == "You predicted 5 groups. Before that: 4 groups."


@pytest.mark.parametrize("value", [0, 11, None, "4", float("nan"), float("inf"), True, [4]])
def test_impossible_numbers_are_refused_with_the_rule(value):
    card = number()
    with pytest.raises(bl.BadInput, match="Give a number from 1 to 10 groups"):
        card.commit(value)
    card._pressed(card, {"action": "commit", "value": value}, [])
    assert card.trouble == "Give a number from 1 to 10 groups."
    assert progress.store().predictions("t.groups") == []


def test_choices():
    card = bl.course.predict("t.choice", "Which?", kind="choice", choices=["red", "blue"])
    with pytest.raises(bl.BadInput, match="red, blue"):
        card.commit("green")
    card.commit("red")
    assert bl.course.reveal("t.choice", "red").said == "That is what you said."
    assert bl.course.reveal("t.choice", "blue").said == "You said: red. It is: blue."


@pytest.mark.parametrize(
    "settings", [{"kind": "guess"}, {"kind": "choice", "choices": ["one"]}, {"low": 3, "high": 3}, {"step": 0}]
)
def test_questions_without_an_answer_are_refused(settings):
    with pytest.raises(bl.BadInput):
        bl.course.predict("t.bad", "What?", **settings)


def test_reveal_says_how_far_away():
    number().commit(4)
    card = bl.course.reveal("t.groups", np.float64(2))
    assert card.said == "You predicted 4 groups; it is 2 groups: 2 less."
    assert (card.predicted, card.actual, card.low, card.high) == (4, 2.0, 1.0, 10.0)
    number().commit(2)
    assert bl.course.reveal("t.groups", 2).said == "You predicted 2 groups, and so it is."


def test_reveal_without_a_prediction_is_kind():
    card = bl.course.reveal("t.nothing", 3.14159, said="Because.")
    assert card.predicted is None
    assert card.said == "No prediction was kept for this one; that is fine. The result is 3.142."
    assert repr(card) == "Result: 3.142. Because."


def test_reveal_on_screen_follows_a_late_prediction():
    ask = number()
    card = bl.course.reveal("t.groups", 2)
    ask.commit(3)
    assert card.predicted == 3
    assert card.said.startswith("You predicted 3 groups; it is 2 groups")


def test_the_result_may_lie_outside_the_question():
    number().commit(4)
    assert bl.course.reveal("t.groups", 14).high == 14


def test_a_prediction_of_another_kind_is_left_out():
    progress.store().record_prediction("t.groups", "many", "")
    assert number().committed == []
    assert bl.course.reveal("t.groups", 2).predicted is None


def test_text_is_the_same_for_every_reader():
    card = number()
    before, result = repr(card), repr(bl.course.reveal("t.groups", 2))
    card.commit(4)
    assert repr(number()) == before
    assert repr(bl.course.reveal("t.groups", 2)) == result
    assert before == "Predict: How many? (1 to 10 groups) Answer in the card, or with .commit(value)."


def test_outside_a_course_folder_it_says_so(monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert "no course folder" in number().note


def test_markup_in_a_question_stays_text():
    card = bl.course.predict("t.markup", "<script>x</script>?")
    assert "<script>" not in card.picture()
