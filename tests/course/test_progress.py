"""Progress survives what happens to files: locks, damage, read-only folders, two kernels at once."""

import sqlite3
import subprocess
import sys
import threading

import pytest

from beyondlabels.course import progress
from beyondlabels.course.progress import Progress


@pytest.fixture
def path(tmp_path):
    return tmp_path / "course" / ".beyondlabels" / "progress.sqlite"


def fill(record):
    record.record_attempt("kmeans.scale_first", "not yet", "still_raw")
    record.record_attempt("kmeans.scale_first", "right")
    record.record_aid("kmeans.scale_first", "hint", 1)
    record.record_prediction("kmeans.groups", 4, "How many?")


def check_filled(record):
    assert record.state("kmeans.scale_first") == "right"
    assert [row["misconception"] for row in record.attempts("kmeans.scale_first")] == ["still_raw", None]
    assert [(row["kind"], row["number"]) for row in record.aids("kmeans.scale_first")] == [("hint", 1)]
    assert [row["value"] for row in record.predictions("kmeans.groups")] == [4]


def test_rows_are_found_again_by_the_next_kernel(path):
    first = Progress(path)
    fill(first)
    assert first.kept
    assert first.trouble == ""
    first.close()
    check_filled(Progress(path))


def test_without_a_folder_it_is_kept_in_memory_and_said():
    record = Progress()
    fill(record)
    check_filled(record)
    assert not record.kept
    assert "no course folder" in record.trouble


def test_right_stays_right_and_unknown_is_not_attempted(path):
    record = Progress(path)
    record.record_attempt("a.b", "right")
    record.record_attempt("a.b", "not yet", "x")
    assert record.state("a.b") == "right"
    assert record.state("a.c") == "not attempted"
    assert record.right() == {"a.b"}


@pytest.mark.parametrize("damage", [b"this is no database", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_moved_aside(path, damage):
    path.parent.mkdir(parents=True)
    path.write_bytes(damage)
    with pytest.warns(UserWarning, match=r"moved to progress\.damaged-"):
        record = Progress(path)
    fill(record)
    check_filled(record)
    assert record.kept
    aside = list(path.parent.glob("progress.damaged-*.sqlite"))
    assert [file.read_bytes() for file in aside] == [damage]


def test_a_lock_delays_nothing_for_long_and_loses_nothing(path):
    fill(Progress(path))
    record = Progress(path, wait=0.1)
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    record.record_prediction("kmeans.groups", 5)
    assert not record.kept
    assert "cannot be used" in record.trouble
    assert [row["value"] for row in record.predictions("kmeans.groups")] == [4, 5]
    other.rollback()
    record.record_prediction("kmeans.groups", 6)
    assert record.kept
    assert record.trouble == ""
    assert [row["value"] for row in Progress(path).predictions("kmeans.groups")] == [4, 5, 6]


def test_locked_from_the_start(path):
    first = Progress(path)
    fill(first)
    first.close()
    other = sqlite3.connect(path)
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("BEGIN EXCLUSIVE")
    record = Progress(path, wait=0.1)
    assert not record.kept
    record.record_prediction("late", 1)
    assert [row["value"] for row in record.predictions("late")] == [1]
    other.rollback()
    other.close()
    record.record_prediction("late", 2)
    check_filled(record)
    assert [row["value"] for row in record.predictions("late")] == [1, 2]


def test_a_file_that_turns_read_only_keeps_the_session_going(path):
    record = Progress(path)
    fill(record)
    record._file.execute("PRAGMA query_only = ON")
    record.record_attempt("kmeans.how_many", "right")
    check_filled(record)
    assert record.state("kmeans.how_many") == "right"
    assert "readonly" in record.trouble.replace("-", "").replace(" ", "")


def test_a_place_that_cannot_be_a_file(path):
    path.mkdir(parents=True)
    record = Progress(path)
    fill(record)
    check_filled(record)
    assert not record.kept


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "course").write_text("a file, no folder")
    record = Progress(tmp_path / "course" / ".beyondlabels" / "progress.sqlite")
    fill(record)
    check_filled(record)
    assert "cannot be used" in record.trouble


def test_a_newer_format_is_left_alone(path):
    Progress(path).close()
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    record = Progress(path)
    fill(record)
    check_filled(record)
    assert "newer version" in record.trouble
    assert not list(path.parent.glob("*damaged*"))


def test_two_kernels_at_once(path):
    code = (
        "import sys; from beyondlabels.course.progress import Progress; record = Progress(sys.argv[1], wait=20)\n"
        "for i in range(150): record.record_prediction('both', i)\n"
        "assert record.kept, record.trouble"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, str(path)]) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    assert len(Progress(path).predictions("both")) == 300


def test_threads_of_one_kernel(path):
    record = Progress(path)
    threads = [
        threading.Thread(target=lambda: [record.record_attempt("a.b", "right") for _ in range(50)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(record.attempts()) == 200


def test_the_store_follows_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.delenv("BEYONDLABELS_COURSE", raising=False)
    for name in ("one", "two"):
        (tmp_path / name / ".beyondlabels").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "one")
    progress.store().record_prediction("here", 1)
    monkeypatch.chdir(tmp_path / "two")
    assert progress.store().predictions("here") == []
    monkeypatch.chdir(tmp_path / "one")
    assert [row["value"] for row in progress.store().predictions("here")] == [1]
    assert (tmp_path / "one" / ".beyondlabels" / "progress.sqlite").is_file()


def test_summary_counts_each_lesson(tmp_path, monkeypatch):
    (tmp_path / ".beyondlabels").mkdir()
    monkeypatch.chdir(tmp_path)
    progress.store().record_attempt("kmeans.scale_first", "right")
    summary = progress.summary()
    assert summary["kmeans"]["done"] == 1
    assert summary["kmeans"]["total"] >= 5
    assert summary["kmeans"]["exercises"]["kmeans.scale_first"] == "right"
    assert summary["welcome"]["done"] == 0
