"""What the browser may ask: answers that keep to their schemas, refusals of a kind, and nothing beyond the root."""

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import jsonschema
import pytest

import beyondlabels as bl
from beyondlabels.course.exercises import all_exercises
from beyondlabels.course.progress import Progress
from beyondlabels.server import course, handlers, places
from server.conftest import HOSTILE

SCHEMAS = Path(bl.__file__).parent / "server" / "schemas"


def keeps(answer, name):
    jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text())).validate(answer)
    return answer


def refused(found, status, kind):
    assert found[0] == status
    assert keeps(found[1], "refusal")["kind"] == kind
    return found[1]["message"]


def test_the_course(server):
    status, answer = server.ask("course")
    assert status == 200
    keeps(answer, "course")
    lessons = [lesson for part in answer["parts"] for lesson in part["lessons"]]
    assert answer["folder"] == "beyondlabels-course"
    assert [lesson["id"] for lesson in lessons] == [lesson.id for lesson in bl.course.lessons()]
    told = {each["id"] for lesson in lessons for each in lesson["exercises"]}
    assert told == {each.id for each in all_exercises()}
    assert all(lesson["present"] for lesson in lessons)


def test_progress_is_that_of_the_exercises(server, root):
    """Several kernels write while the server reads."""
    file = root / "beyondlabels-course" / ".beyondlabels" / "progress.sqlite"
    code = (
        "import sys; from beyondlabels.course.progress import Progress; record = Progress(sys.argv[1])\n"
        "for _ in range(20): record.record_attempt('kmeans.how_many', 'not yet')\n"
        "record.record_attempt(sys.argv[2], 'right'); record.record_prediction('kmeans.groups', 3)\n"
        "assert record.kept"
    )
    ids = ["kmeans.scale_first", "kmeans.assign_step", "kmeans.empty_group"]
    kernels = [subprocess.Popen([sys.executable, "-c", code, str(file), id]) for id in ids]
    while any(kernel.poll() is None for kernel in kernels):
        assert server.ask("course")[0] == 200
    assert [kernel.returncode for kernel in kernels] == [0, 0, 0]
    answer = server.ask("course")[1]
    (lesson,) = [each for part in answer["parts"] for each in part["lessons"] if each["id"] == "kmeans"]
    states = {each["id"]: each["state"] for each in lesson["exercises"]}
    assert [states[id] for id in ids] == ["right"] * 3
    assert states["kmeans.how_many"] == "not yet"
    assert (lesson["done"], lesson["state"], lesson["predictions"]["made"]) == (3, "begun", 1)
    assert answer["next"] == {"lesson": "kmeans", "exercise": "kmeans.how_many", "title": "How many groups?"}
    assert sqlite3.connect(file).execute("SELECT count(*) FROM attempts").fetchone() == (63,)


def test_a_lesson_is_reset_and_the_old_one_kept(server, root):
    place = root / "beyondlabels-course" / "01_kmeans.ipynb"
    shipped = place.read_text()
    place.write_text(shipped.replace("groups without names", "my own words"))
    status, answer = server.ask("course/reset", {"lesson": "kmeans"})
    assert status == 200
    assert "kept as 01_kmeans.backup-" in " ".join(keeps(answer, "course")["events"])
    assert place.read_text() == shipped
    (backup,) = place.parent.glob("01_kmeans.backup-*.ipynb")
    assert "my own words" in backup.read_text()
    assert "no lesson 'none'" in refused(server.ask("course/reset", {"lesson": "none"}), 422, "failed")


def test_a_lesson_that_is_gone_comes_back(server, root):
    (root / "beyondlabels-course" / "00_welcome.ipynb").unlink()
    assert not server.ask("course")[1]["parts"][0]["lessons"][0]["present"]
    status, answer = server.ask("course", {})
    assert status == 200
    assert keeps(answer, "course")["parts"][0]["lessons"][0]["present"]


def test_the_welcome_is_shown_once(server):
    assert server.ask("course")[1]["welcome"]
    assert server.ask("course/welcomed", {}) == (200, {})
    assert not server.ask("course")[1]["welcome"]


def test_without_a_course_there_is_an_invitation_and_starting_makes_one(tmp_path, monkeypatch):
    monkeypatch.delenv("BEYONDLABELS_COURSE", raising=False)
    assert keeps(course.state(tmp_path), "course")["folder"] is None
    told = keeps(course.start(tmp_path), "course")
    assert (told["folder"], told["welcome"]) == (course.FOLDER, True)
    assert told["next"]["lesson"] == "welcome"
    assert (tmp_path / course.FOLDER / "01_kmeans.ipynb").is_file()


def test_a_course_outside_the_root_is_none_of_the_browsers(tmp_path, monkeypatch):
    (tmp_path / "elsewhere" / ".beyondlabels").mkdir(parents=True)
    (tmp_path / "root").mkdir()
    monkeypatch.setenv("BEYONDLABELS_COURSE", str(tmp_path / "elsewhere"))
    assert course.state(tmp_path / "root")["folder"] is None


def test_a_progress_file_that_went_away_is_made_anew(tmp_path):
    course.start(tmp_path)
    file = tmp_path / course.FOLDER / ".beyondlabels" / "progress.sqlite"
    file.unlink()
    Progress(file).record_attempt("kmeans.how_many", "right")
    (lesson,) = [each for part in course.state(tmp_path)["parts"] for each in part["lessons"] if each["id"] == "kmeans"]
    assert lesson["done"] == 1


def test_a_model_of_ours(server):
    status, answer = server.ask("model", path="groups.mlpackage")
    assert status == 200
    keeps(answer, "model")
    assert (answer["title"], answer["verdict"], answer["precision"]) == ("KMeans", "exact", "float32")
    assert [port["method"] for port in answer["outputs"]] == ["predict", "transform"]
    assert answer["carries"]["kind"] == "statistics"
    assert [each["kind"] for each in answer["operations"]] == [
        step.kind for step in bl.runtime.load(server.root / "groups.mlpackage").program.operations
    ]
    assert "struct Groups" in answer["swift"]
    assert str(server.root) not in json.dumps(answer)


def test_rows_of_the_training_data_are_among_the_weights(server, numbers):
    answer = keeps(server.ask("model", path="rows.mlpackage")[1], "model")
    assert (answer["carries"]["kind"], answer["carries"]["rows"]) == ("rows", len(numbers))
    (stored,) = [weight for weight in answer["weights"] if weight["shape"] == [60, 4]]
    moved = numbers.astype("float32")[:5] - [[float(cell) for cell in row] for row in stored["rows"]]
    assert abs(moved - moved[0]).max() < 1e-3  # the rows themselves, moved by one row
    assert sum(stored["histogram"]) == 240


def test_hostile_names_are_text(server):
    answer = keeps(server.ask("model", path="hostile.mlpackage")[1], "model")
    assert answer["features"][0] == HOSTILE


def test_a_proof_is_replayed(server):
    status, answer = server.ask("model/check", {"path": "groups.mlpackage"})
    assert (status, keeps(answer, "check")["passed"]) == (200, True)
    assert answer["text"].startswith("groups.mlpackage: the proof holds")


def test_a_damaged_model(server):
    message = refused(server.ask("model", path="broken.mlmodel"), 422, "unreadable")
    assert message == "broken.mlmodel: the model file is damaged: it is not a Core ML specification; save it again"
    refused(server.ask("model", path="not-there.mlpackage"), 422, "unreadable")
    refused(server.ask("model/check", {"path": "broken.mlmodel"}), 422, "unreadable")


@pytest.mark.parametrize("path", ["../outside.mlmodel", "link.mlmodel", "beyondlabels-course/../../outside.mlmodel"])
def test_nothing_beyond_the_root(server, path):
    assert "leaves the folder" in refused(server.ask("model", path=path), 403, "outside")
    refused(server.ask("model/check", {"path": path}), 403, "outside")


def test_an_absolute_path_is_one_below_the_root(server):
    outside = str(server.root.parent / "outside.mlmodel")
    assert outside[1:] in refused(server.ask("model", path=outside), 422, "unreadable")
    assert server.ask("model", path="/groups.mlpackage")[1]["path"] == "groups.mlpackage"


def test_encoded_steps_upwards(server):
    refused(server.ask("model?path=%2e%2e%2foutside.mlmodel"), 403, "outside")
    refused(server.ask("model?path=%252e%252e%252foutside.mlmodel"), 422, "unreadable")  # a name with per cent signs


def test_a_package_that_is_a_way_out(server, root):
    """A link inside a package, and a folder that is one, lead nowhere."""
    (root / "way").symlink_to(root.parent)
    refused(server.ask("model", path="way/outside.mlmodel"), 403, "outside")
    package = shutil.copytree(root / "groups.mlpackage", root / "linked.mlpackage")
    (weights,) = package.rglob("weight.bin")
    away = shutil.copy(weights, root.parent / "weights-elsewhere.bin")
    weights.unlink()
    weights.symlink_to(away)
    refused(server.ask("model", path="linked.mlpackage"), 422, "unreadable")


def test_a_pipe_keeps_nobody_waiting(server, root):
    os.mkfifo(root / "pipe.mlmodel")
    refused(server.ask("model", path="pipe.mlmodel"), 422, "unreadable")


def test_work_is_done_beside_the_event_loop():
    """An answer that waits for something which only the loop can bring about arrives all the same."""

    class Held(handlers._Handler):
        def __init__(self):
            self.said = None

        def finish(self, text):
            self.said = json.loads(text)

    async def ask():
        held, gate = Held(), threading.Event()
        answer = asyncio.ensure_future(held.give(gate.wait, 20))
        await asyncio.sleep(0)
        gate.set()
        await answer
        return held.said

    assert asyncio.run(ask()) is True


@pytest.mark.parametrize("path", [".hidden.mlmodel", "beyondlabels-course/.beyondlabels/progress.sqlite"])
def test_nothing_hidden(server, path):
    refused(server.ask("model", path=path), 403, "hidden")


def test_requests_that_are_none(server):
    refused(server.ask("model"), 400, "bad-request")
    refused(server.ask("model/check", {"path": "a\0b"}), 400, "bad-request")
    refused(server.ask("model/check", {}), 400, "bad-request")
    refused(server.ask("model/check", {"path": 3}), 400, "bad-request")
    refused(server.ask("course/reset", []), 400, "bad-request")
    refused(server.ask("course/reset", b"no json"), 400, "bad-request")


EVERY = [
    *(("course", None), ("course", {}), ("course/reset", {"lesson": "kmeans"}), ("course/welcomed", {})),
    *(("model?path=groups.mlpackage", None), ("model/check", {"path": "groups.mlpackage"})),
]


def test_every_address_is_among_them():
    ours = {address.partition("/beyondlabels/")[2] for address, _ in handlers.handlers("/")}
    assert {name.partition("?")[0] for name, _ in EVERY} == ours


@pytest.mark.parametrize(("name", "body"), EVERY)
@pytest.mark.parametrize("token", ["wrong", ""])
def test_nobody_without_the_token(server, name, body, token):
    assert server.ask(name, body, token=token)[0] in (401, 403)


def test_paths(tmp_path):
    assert places.within(tmp_path, "/a/./b") == tmp_path.resolve() / "a" / "b"
    assert places.within(tmp_path, ".a", hidden=True) == tmp_path.resolve() / ".a"
    assert places.named(tmp_path, tmp_path / "a" / "b") == "a/b"
    assert places.named(tmp_path, tmp_path.parent) is None
