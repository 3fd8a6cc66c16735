"""The lesson index reads the notebooks, and says exactly what is wrong with one that it cannot use."""

import json

import pytest

import beyondlabels as bl
from beyondlabels.course.index import BadLesson

NOTES = {"session": [[20, "read"], [25, "do"]], "question": "Why?", "misconceptions": ["this", "that"]}
GOOD = {
    "id": "one",
    "title": "One",
    "minutes": 30,
    "objectives": ["do"],
    "prerequisites": [],
    "families": [],
    "instructor": NOTES,
}


def write(folder, name, **changes):
    data = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    (folder / name).write_text(json.dumps({"metadata": {"beyondlabels": data}, "cells": []}), "utf-8")


def test_the_course_is_in_order():
    lessons = bl.course.lessons()
    assert [one.number for one in lessons] == sorted(one.number for one in lessons)
    assert [one.id for one in lessons][:2] == ["welcome", "kmeans"]
    assert "01_kmeans.ipynb" in repr(lessons)
    assert 'href="01_kmeans.ipynb"' in lessons._repr_html_()


def test_every_lesson_has_notes_for_whoever_teaches_it():
    for one in bl.course.lessons():
        notes = bl.course.instructor_notes(one.id)
        assert "a session of 45 minutes" in repr(notes)
        assert all(text in notes._repr_html_() for text in ("To discuss", "To expect", "min</td>"))
    with pytest.raises(BadLesson, match="no lesson 'nope'; there are welcome, kmeans"):
        bl.course.instructor_notes("nope")


def test_copies_are_left_out(tmp_path):
    write(tmp_path, "01_one.ipynb")
    write(tmp_path, "01_one.new-0.2.0.ipynb")
    (tmp_path / "notes.txt").write_text("x")
    assert [one.file for one in bl.course.lessons(tmp_path)] == ["01_one.ipynb"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"minutes": "30"}, "'minutes' must be a whole number"),
        ({"minutes": True}, "'minutes'"),
        ({"minutes": 400}, "'minutes'"),
        ({"title": " "}, "'title' must be a text"),
        ({"title": None}, "'title' must be a text; found None"),
        ({"id": "One Two"}, "'id' must be a short lower-case word"),
        ({"objectives": []}, "'objectives' must be a list of 1 to 5 texts"),
        ({"objectives": "do"}, "'objectives'"),
        ({"families": ["Two Words"]}, "'families'"),
        ({"prerequisites": ["later"]}, "are not ids of earlier lessons"),
        ({"instructor": None}, "'instructor' must have the entries session, question and misconceptions"),
        ({"instructor": {**NOTES, "hint": "x"}}, "and no others"),
        ({"instructor": {**NOTES, "session": [["5", "read"]]}}, r"list of \[minutes, what to do\]"),
        ({"instructor": {**NOTES, "session": [[50, "read"]]}}, "45 minutes together; it takes 50"),
        ({"instructor": {**NOTES, "question": ""}}, "question must be a text"),
        ({"instructor": {**NOTES, "misconceptions": ["one"]}}, "misconceptions must be two texts"),
        ({"level": 3}, r"unknown entries \['level'\]"),
    ],
)
def test_wrong_metadata_is_named(tmp_path, changes, said):
    write(tmp_path, "01_one.ipynb", **changes)
    with pytest.raises(BadLesson, match=said):
        bl.course.lessons(tmp_path)


def test_two_lessons_of_one_id(tmp_path):
    write(tmp_path, "01_one.ipynb")
    write(tmp_path, "02_two.ipynb")
    with pytest.raises(BadLesson, match=r"02_two\.ipynb: id 'one' is also the id of 01_one"):
        bl.course.lessons(tmp_path)


@pytest.mark.parametrize("text", ["", "not json", "[]", "{}", '{"metadata": {"beyondlabels": []}}'])
def test_a_file_that_is_no_lesson(tmp_path, text):
    (tmp_path / "01_one.ipynb").write_text(text)
    with pytest.raises(BadLesson, match=r"01_one\.ipynb"):
        bl.course.lessons(tmp_path)
