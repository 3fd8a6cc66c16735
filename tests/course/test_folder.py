"""The learner's work is sacred: whatever a release ships, a changed notebook stays byte for byte."""

import errno
import json
import os

import pytest

from beyondlabels.course import folder
from beyondlabels.errors import BadInput


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """A stand-in for lessons/: two notebooks in a folder that a test may change, as a new release would."""
    place = tmp_path / "lessons"
    place.mkdir()
    (place / "00_welcome.ipynb").write_text("welcome")
    (place / "01_kmeans.ipynb").write_text("kmeans")
    monkeypatch.setattr("beyondlabels.resources.folder", lambda name: place)
    return place


@pytest.fixture
def course(tmp_path, shipped):
    place = tmp_path / "course"
    folder.prepare(place)
    return place


def kinds(events):
    return {event.name: event.kind for event in events}


def lines(events):
    return [event.line for event in events if event.line]


def release(shipped, monkeypatch, version, text):
    monkeypatch.setattr(folder, "__version__", version)
    (shipped / "01_kmeans.ipynb").write_text(text)


def test_first_time_copies_everything_and_says_nothing(tmp_path, shipped):
    events = folder.prepare(tmp_path / "deep" / "course")
    assert kinds(events) == {"00_welcome.ipynb": "new", "01_kmeans.ipynb": "new"}
    assert lines(events) == []
    assert (tmp_path / "deep/course/01_kmeans.ipynb").read_text() == "kmeans"


def test_second_time_does_nothing(course):
    before = (course / "01_kmeans.ipynb").stat().st_mtime_ns
    assert set(kinds(folder.prepare(course)).values()) == {"same"}
    assert (course / "01_kmeans.ipynb").stat().st_mtime_ns == before


def test_no_lessons_is_tolerable(tmp_path, shipped):
    for file in shipped.iterdir():
        file.unlink()
    assert folder.prepare(tmp_path / "course") == []


def test_an_untouched_notebook_is_updated(course, shipped, monkeypatch):
    release(shipped, monkeypatch, "0.2.0", "kmeans, better")
    assert kinds(folder.prepare(course))["01_kmeans.ipynb"] == "updated"
    assert (course / "01_kmeans.ipynb").read_text() == "kmeans, better"
    assert kinds(folder.prepare(course))["01_kmeans.ipynb"] == "same"


def test_a_deleted_notebook_comes_back(course):
    (course / "01_kmeans.ipynb").unlink()
    assert kinds(folder.prepare(course))["01_kmeans.ipynb"] == "new"


def test_a_changed_notebook_stays_and_the_newer_one_arrives_beside_it_once(course, shipped, monkeypatch):
    (course / "01_kmeans.ipynb").write_text("mine")
    assert kinds(folder.prepare(course))["01_kmeans.ipynb"] == "yours"
    release(shipped, monkeypatch, "0.2.0", "kmeans, better")
    events = folder.prepare(course)
    assert lines(events) == [
        "01_kmeans.ipynb has your changes and stays as it is; the newer lesson is 01_kmeans.new-0.2.0.ipynb"
    ]
    assert (course / "01_kmeans.ipynb").read_text() == "mine"
    assert (course / "01_kmeans.new-0.2.0.ipynb").read_text() == "kmeans, better"
    (course / "01_kmeans.new-0.2.0.ipynb").unlink()
    assert lines(folder.prepare(course)) == []
    assert not (course / "01_kmeans.new-0.2.0.ipynb").exists()
    release(shipped, monkeypatch, "0.3.0", "kmeans, best")
    assert len(lines(folder.prepare(course))) == 1
    assert (course / "01_kmeans.new-0.3.0.ipynb").read_text() == "kmeans, best"


def test_the_name_beside_it_is_never_overwritten_either(course, shipped, monkeypatch):
    (course / "01_kmeans.ipynb").write_text("mine")
    release(shipped, monkeypatch, "0.2.0", "kmeans, better")
    folder.prepare(course)
    (course / "01_kmeans.new-0.2.0.ipynb").write_text("mine too")
    release(shipped, monkeypatch, "0.2.0", "kmeans, better, mended")
    folder.prepare(course)
    assert (course / "01_kmeans.new-0.2.0.ipynb").read_text() == "mine too"
    assert (course / "01_kmeans.new-0.2.0-2.ipynb").read_text() == "kmeans, better, mended"


def test_taking_the_newer_lesson_counts_as_untouched_again(course, shipped, monkeypatch):
    (course / "01_kmeans.ipynb").write_text("mine")
    release(shipped, monkeypatch, "0.2.0", "kmeans, better")
    folder.prepare(course)
    os.replace(course / "01_kmeans.new-0.2.0.ipynb", course / "01_kmeans.ipynb")
    assert kinds(folder.prepare(course))["01_kmeans.ipynb"] == "same"
    release(shipped, monkeypatch, "0.3.0", "kmeans, best")
    assert kinds(folder.prepare(course))["01_kmeans.ipynb"] == "updated"


def test_a_notebook_of_that_name_from_elsewhere_is_the_learners(tmp_path, shipped):
    place = tmp_path / "course"
    place.mkdir()
    (place / "01_kmeans.ipynb").write_text("not from the course")
    assert kinds(folder.prepare(place))["01_kmeans.ipynb"] == "beside"
    assert (place / "01_kmeans.ipynb").read_text() == "not from the course"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"copied": {"01_kmeans.ipynb": 3}, "offered": {}}', "\udcff"])
def test_unreadable_notes_make_everything_the_learners(course, shipped, monkeypatch, text):
    (course / ".beyondlabels/shipped.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    release(shipped, monkeypatch, "0.2.0", "kmeans, better")
    events = folder.prepare(course)
    assert events[0].kind == "warning"
    assert "none is replaced" in events[0].line
    assert (course / "01_kmeans.ipynb").read_text() == "kmeans"
    assert (course / "01_kmeans.new-0.2.0.ipynb").exists()
    json.loads((course / ".beyondlabels/shipped.json").read_text())


def test_a_killed_update_is_finished_next_time(course, shipped, monkeypatch):
    """Notebook replaced, notes not yet written: the next start takes it as the shipped one."""
    release(shipped, monkeypatch, "0.2.0", "kmeans, better")
    (course / "01_kmeans.ipynb").write_text("kmeans, better")
    assert kinds(folder.prepare(course))["01_kmeans.ipynb"] == "same"


def test_a_folder_in_the_notebooks_place_is_left_alone(tmp_path, shipped):
    place = tmp_path / "course"
    (place / "01_kmeans.ipynb").mkdir(parents=True)
    assert kinds(folder.prepare(place))["01_kmeans.ipynb"] == "beside"
    assert (place / "01_kmeans.ipynb").is_dir()


@pytest.mark.parametrize("word", ["01", "1", "kmeans", "01_kmeans", "01_kmeans.ipynb"])
def test_reset_keeps_the_old_one(course, word):
    (course / "01_kmeans.ipynb").write_text("mine")
    (event,) = folder.reset(course, word)
    (backup,) = course.glob("01_kmeans.backup-*.ipynb")
    assert backup.name in event.line
    assert backup.read_text() == "mine"
    assert (course / "01_kmeans.ipynb").read_text() == "kmeans"


def test_reset_never_overwrites_a_backup(course, monkeypatch):
    monkeypatch.setattr(folder.time, "strftime", lambda _: "20261122-080000")
    for text in ("first", "second", "third"):
        (course / "01_kmeans.ipynb").write_text(text)
        folder.reset(course, "01")
    assert sorted(file.read_text() for file in course.glob("*.backup-*")) == ["first", "second", "third"]


def test_reset_of_a_fresh_or_missing_notebook(course):
    assert "fresh already" in folder.reset(course, "01")[0].line
    (course / "01_kmeans.ipynb").unlink()
    assert "was not there" in folder.reset(course, "01")[0].line
    assert (course / "01_kmeans.ipynb").read_text() == "kmeans"
    assert not list(course.glob("*.backup-*"))


def test_reset_says_which_lessons_exist(course):
    with pytest.raises(BadInput, match="no lesson '07'; the lessons are: 00_welcome, 01_kmeans"):
        folder.reset(course, "07")


def test_reset_wants_a_course_folder(tmp_path, shipped):
    with pytest.raises(BadInput, match="is not a course folder"):
        folder.reset(tmp_path / "elsewhere", "01")
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_in_the_folders_place(tmp_path, shipped):
    (tmp_path / "course").write_text("a file")
    with pytest.raises(BadInput, match="it is a file"):
        folder.prepare(tmp_path / "course")


@pytest.mark.parametrize("code", [errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_a_folder_that_cannot_be_written(course, shipped, monkeypatch, code):
    """Simulated at the one place that writes, so that it holds for root too."""
    release(shipped, monkeypatch, "0.2.0", "kmeans, better")

    def refuse(fd):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(folder.os, "fsync", refuse)
    with pytest.raises(BadInput, match=os.strerror(code)):
        folder.prepare(course)
    assert (course / "01_kmeans.ipynb").read_text() == "kmeans"
    assert not [name for name in os.listdir(course) if name.endswith(".part")]


def test_find(course, tmp_path, monkeypatch):
    monkeypatch.delenv("BEYONDLABELS_COURSE", raising=False)
    inside = course / "notes" / "more"
    inside.mkdir(parents=True)
    assert folder.find(inside) == course.resolve()
    monkeypatch.chdir(inside)
    assert folder.find() == course.resolve()
    assert folder.find(tmp_path) is None
    monkeypatch.setenv("BEYONDLABELS_COURSE", str(course))
    assert folder.find(tmp_path) == course.resolve()


def test_what_jupyterlab_writes_by_itself_is_no_change_of_the_learners(tmp_path, monkeypatch):
    """Opening a notebook saves the kernel's name and version into it; only cells count as work."""
    folder.prepare(tmp_path)
    name = next(iter(folder.lessons()))
    notebook = json.loads((tmp_path / name).read_text("utf-8"))
    notebook["metadata"]["language_info"] = {"name": "python", "version": "3.99"}
    (tmp_path / name).write_text(json.dumps(notebook), "utf-8")
    newer = json.loads((tmp_path / name).read_text("utf-8"))
    newer["cells"][0]["source"] = "# A newer welcome"
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / name).write_text(json.dumps(newer), "utf-8")
    monkeypatch.setattr(folder, "lessons", lambda: {name: shipped / name})
    folder.prepare(tmp_path)
    assert json.loads((tmp_path / name).read_text("utf-8"))["cells"][0]["source"] == "# A newer welcome"
