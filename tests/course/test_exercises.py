"""The machinery of exercises: a fair judge never raises, and the card says the same as text and as traits."""

import re

import numpy as np
import pytest

import beyondlabels as bl
from beyondlabels.course import exercises, progress
from beyondlabels.course.exercises import NOT_ATTEMPTED, NOT_YET, RIGHT, Exercise, NotAttempted, NotYet, all_exercises

ALL = all_exercises()


def judge(namespace):
    answer = namespace.get("answer", ...)
    if answer is ...:
        raise NotAttempted("Begin.")
    if answer == 41:
        raise NotYet("You saw `41`.", "one_less")
    if answer != 42:
        raise ZeroDivisionError("from inside\nsecond line")
    return "Well seen."


TOY = Exercise(
    id="toy.answer",
    title="Toy",
    text="Put **42** into `answer`.",
    starter="answer = ...",
    solution="answer = 42",
    another="answer = 42.0",
    judge=judge,
    hints=("More than 41.", "Less than 43."),
    misconceptions={"one_less": "answer = 41"},
)


@pytest.fixture
def toy(monkeypatch):
    monkeypatch.setattr(exercises, "all_exercises", lambda lesson=None: [TOY])
    names = {}
    return bl.course.exercise("toy.answer", namespace=names), names


def test_ids_are_unique_and_belong_to_a_lesson():
    ids = [one.id for one in ALL]
    assert len(set(ids)) == len(ids)
    assert {one.lesson for one in ALL} <= {lesson.id for lesson in bl.course.lessons()}


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_each_has_hints_misconceptions_and_plain_words(one):
    assert len(one.hints) >= 2
    assert len(one.misconceptions) >= 2
    assert one.solution != one.another
    words = " ".join([one.text, *one.hints])
    assert "!" not in words.replace("!=", "")
    assert "incorrect" not in words.lower()
    drawn = re.sub(r"`[^`]*`|\*\*[^*]*\*\*", "", words)  # a card knows no other marks
    assert re.findall(r"\*\S[^*]*\*", drawn) == []


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_each_misconception_has_a_message_of_its_own(one):
    messages = [one.check(one.run(code)).message for code in one.misconceptions.values()]
    assert len(set(messages)) == len(messages)
    assert all(len(message) > 50 and not re.search(r"\bincorrect\b|\bwrong\b", message, re.I) for message in messages)


ODD = [
    None,
    3,
    float("nan"),
    "text",
    b"",
    [],
    {},
    [[1], [2, 3]],
    np.full((3, 3), np.nan),
    object(),
    len,
    np.zeros(0),
    True,
]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_no_odd_answer_makes_a_check_raise(one):
    names = re.findall(r"^(?:def )?(\w+)(?= =|\()", one.starter, re.M)
    solved = one.run(one.solution)
    for odd in [*ODD, lambda *_: 1 / 0, lambda *_: odd_shape()]:
        outcome = one.check({**solved, **dict.fromkeys(names, odd)})
        assert outcome.state == NOT_YET, (odd, outcome)
        assert len(outcome.message) > 20
    assert one.check({}).state == NOT_ATTEMPTED


def odd_shape():
    return np.zeros((1, 2, 3))


def test_an_error_inside_is_a_helpful_not_yet():
    outcome = TOY.check({"answer": 1})
    assert (outcome.state, outcome.misconception) == (NOT_YET, "error")
    assert "ZeroDivisionError: from inside`" in outcome.message


def test_proof_of_the_toy():
    assert [got for _, _, got in TOY.proof()] == [
        (NOT_ATTEMPTED, None),
        (RIGHT, None),
        (RIGHT, None),
        (NOT_YET, "one_less"),
    ]


def test_unknown_id_names_the_nearest():
    with pytest.raises(bl.BeyondLabelsError, match=r"did you mean .*kmeans\.scale_first"):
        bl.course.exercise("kmeans.scale_frist")


def test_check_as_text(toy, capsys):
    card, names = toy
    assert card.check() == "Not attempted yet. Begin."
    names["answer"] = 41
    assert card.check() == "Not yet. You saw `41`."
    assert card.misconception == "one_less"
    names["answer"] = 42
    assert card.check() == "Right. Well seen."
    assert capsys.readouterr().out.splitlines()[-1] == "Right. Well seen."
    assert card.done
    assert [row["state"] for row in progress.store().attempts("toy.answer")] == [NOT_ATTEMPTED, NOT_YET, RIGHT]


def test_hints_come_one_by_one(toy):
    card, _ = toy
    assert card.hint() == "Hint 1 of 2. More than 41."
    assert card.hint() == "Hint 2 of 2. Less than 43."
    assert "no more hints" in card.hint()
    assert card.hints_shown == list(TOY.hints)
    assert [row["number"] for row in progress.store().aids("toy.answer")] == [1, 2]


def test_solution_asks_once_before_the_first_right_answer(toy):
    card, _ = toy
    assert card.solution().startswith("See the solution?")
    assert card.solution_code == ""
    assert card.solution() == "answer = 42"
    assert card.solution_code == "answer = 42"
    again = bl.course.exercise("toy.answer", namespace={})
    assert again.solution() == "answer = 42"


def test_solution_after_a_right_answer_does_not_ask(toy):
    card, names = toy
    names["answer"] = 42
    card.check()
    assert bl.course.exercise("toy.answer", namespace={}).done
    assert card.solution() == "answer = 42"


def test_buttons_do_the_same_and_print_nothing(toy, capsys):
    card, names = toy
    names["answer"] = 41
    for action in ("check", "hint", "solution", "leave solution", "solution", "solution", "hide solution", "unknown"):
        card._pressed(card, {"action": action}, [])
    assert (card.state, card.word) == (NOT_YET, "Not yet.")
    assert card.said == TOY.solution
    assert card.solution_code == ""
    assert card.asking == ""
    assert capsys.readouterr().out == ""


def test_text_is_the_same_before_and_after(toy):
    card, names = toy
    before = repr(card)
    names["answer"] = 42
    card.check()
    assert repr(card) == before
    assert before.startswith("Exercise 1 of 1: Toy\nPut 42 into answer.")
    data, _ = card._repr_mimebundle_()
    assert "<b>42</b>" in data["text/html"]
    assert "<code>answer</code>" in data["text/html"]


def test_names_come_from_the_caller_without_ipython():
    namespace = {"bl": bl, "island_bird": "penguin"}
    exec("card = bl.course.exercise('welcome.first_check')", namespace)
    assert namespace["card"].check().startswith("Right.")


def test_outside_a_course_folder_the_card_says_so(toy, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    card, names = toy
    names["answer"] = 42
    card.check()
    assert "no course folder" in card.note
