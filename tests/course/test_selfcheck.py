"""``beyondlabels course --check`` finds what is broken, and says it in one line for each check."""

import json
import shutil
from types import SimpleNamespace

import pytest

from beyondlabels import datasets, resources
from beyondlabels.course import selfcheck
from beyondlabels.errors import BeyondLabelsError

LESSON = {
    "id": "one",
    "title": "One",
    "minutes": 20,
    "objectives": ["see"],
    "prerequisites": [],
    "families": [],
    "instructor": {"session": [[45, "see"]], "question": "Why?", "misconceptions": ["this", "that"]},
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A stand-in installation with one lesson and the penguins, to be broken by a test."""
    shutil.copytree(resources.folder("datasets"), tmp_path / "datasets")
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons/01_one.ipynb").write_text(json.dumps({"metadata": {"beyondlabels": LESSON}}))
    monkeypatch.setattr("beyondlabels.resources.folder", lambda name: tmp_path / name)
    return tmp_path


def test_a_sound_installation(place):
    assert selfcheck._lessons() == "1 found, 20 minutes in all"
    assert selfcheck._dataset("penguins") == "344 rows, 8 columns, as its card says"


def test_no_lesson(place):
    (place / "lessons/01_one.ipynb").unlink()
    with pytest.raises(BeyondLabelsError, match="no lesson is in this installation"):
        selfcheck._lessons()


def test_a_lesson_that_is_misnamed(place):
    shutil.copy(place / "lessons/01_one.ipynb", place / "lessons/one.ipynb")
    with pytest.raises(BeyondLabelsError, match=r"one\.ipynb: not named like a lesson"):
        selfcheck._lessons()


def test_a_data_set_that_was_changed(place):
    with (place / "datasets/penguins/penguins.csv").open("a") as file:
        file.write("Adelie,Dream,39,18,190,3700,male,2009\n")
    with pytest.raises(BeyondLabelsError, match="its card another"):
        selfcheck._dataset("penguins")


def test_a_card_that_counts_wrongly(place):
    card = datasets.path("penguins").parent / "README.md"
    card.write_text(card.read_text("utf-8").replace("344 rows", "343 rows"), "utf-8")
    with pytest.raises(BeyondLabelsError, match="344 rows, 8 columns; its card says otherwise"):
        selfcheck._dataset("penguins")


def test_an_exercise_that_judges_wrongly(monkeypatch):
    right, wrong = ("right", None), ("not yet", "labels")
    one = SimpleNamespace(id="kmeans.one", proof=lambda: [("solution", right, right), ("labels", wrong, right)])
    monkeypatch.setattr("beyondlabels.course.exercises.all_exercises", lambda: [one])
    with pytest.raises(BeyondLabelsError, match=r"kmeans\.one, labels: "):
        selfcheck._exercises()


def test_an_exercise_that_needs_more_than_the_base_install(monkeypatch):
    def proof():
        raise ModuleNotFoundError("No module named 'pandas'", name="pandas")

    monkeypatch.setattr(
        "beyondlabels.course.exercises.all_exercises", lambda: [SimpleNamespace(id="kmeans.one", proof=proof)]
    )
    with pytest.raises(selfcheck.Skipped, match=r"kmeans.one needs pandas; pip install .beyondlabels\[course\]"):
        selfcheck._exercises()


def test_one_failure_does_not_hide_the_others(monkeypatch, capsys):
    def bad():
        raise RuntimeError("broken")

    def absent():
        raise selfcheck.Skipped("not here")

    monkeypatch.setattr(selfcheck, "_checks", lambda: [("a", bad), ("b", lambda: "fine"), ("c", absent)])
    assert not selfcheck.check()
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("FAIL  a: RuntimeError: broken (")
    assert lines[2].startswith("ok    b: fine (")
    assert lines[3].startswith("skip  c: not here (")
    assert lines[4] == "1 of 3 checks failed"


def test_without_failures_it_says_so(monkeypatch, capsys):
    monkeypatch.setattr(selfcheck, "_checks", lambda: [("b", lambda: "fine")])
    assert selfcheck.check()
    assert capsys.readouterr().out.splitlines()[-1] == "everything holds"
