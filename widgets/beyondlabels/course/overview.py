"""The course as a learner stands in it: what a panel shows of every lesson, and what comes next. Plain data for JSON."""

import json
import re

from . import folder as work
from .exercises import RIGHT, all_exercises
from .index import BadLesson, lessons
from .parts import part_of
from .progress import Progress

_PREDICTION = re.compile(r"""\bpredict\(\s*["']([\w.-]+)["']""")
_PACKAGE = re.compile(r"""["']([\w.-]+\.mlpackage)["']""")


def overview(place, record=None):
    """Parts, lessons and progress of the course folder ``place``: see ``server/schemas/course.json``.

    ``record`` is the folder's ``Progress`` (opened here when None). A lesson's predictions and packages are those that its
    shipped notebook names. Raises ``BadLesson`` when a shipped lesson's metadata cannot be read.
    """
    own = record is None
    record = Progress(place / work.HIDDEN / "progress.sqlite") if own else record
    try:
        found = [_lesson(place, lesson, record) for lesson in lessons()]
    finally:
        if own:
            record.close()
    return {"parts": _parts(found), "next": _next(found), "trouble": record.trouble}


def _lesson(place, lesson, record):
    exercises = [
        {"id": each.id, "title": each.title, "state": record.state(each.id)} for each in all_exercises(lesson.id)
    ]
    code = _code(lesson.path)
    asked = list(dict.fromkeys(_PREDICTION.findall(code)))
    packages = list(dict.fromkeys(_PACKAGE.findall(code)))
    told = {
        "number": lesson.number,
        "id": lesson.id,
        "title": lesson.title,
        "file": lesson.file,
        "minutes": lesson.minutes,
        "present": (place / lesson.file).is_file(),
        "exercises": exercises,
        "done": sum(each["state"] == RIGHT for each in exercises),
        "predictions": {"asked": len(asked), "made": sum(bool(record.predictions(name)) for name in asked)},
        "exported": [name for name in packages if (place / name).is_dir()],
        "instructor": {
            "question": lesson.instructor.question,
            "misconceptions": list(lesson.instructor.misconceptions),
            "session": [list(each) for each in lesson.instructor.session],
        },
    }
    return told | {"state": _state(told)}


def _code(path):
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadLesson(f"{path.name}: its cells cannot be read ({error!r})") from error


def _state(lesson):
    """The furthest that a learner has come in it."""
    if lesson["exercises"] and lesson["done"] == len(lesson["exercises"]):
        return "done"
    if lesson["done"] or lesson["exported"] or any(each["state"] != "not attempted" for each in lesson["exercises"]):
        return "begun"
    return "predicted" if lesson["predictions"]["made"] else "not started"


def _parts(found):
    parts = {}
    for lesson in found:
        parts.setdefault(part_of(lesson["number"]), []).append(lesson)
    return [{"title": title, "lessons": each} for title, each in parts.items()]


def _next(found):
    """Where to go on: the first exercise not yet right of the lesson last begun, else the first lesson not done."""
    begun = [lesson for lesson in found if lesson["state"] in ("begun", "predicted")]
    for lesson in begun[-1:] or [lesson for lesson in found if lesson["state"] == "not started"][:1]:
        waiting = next((each for each in lesson["exercises"] if each["state"] != RIGHT), None)
        return {"lesson": lesson["id"], "exercise": waiting and waiting["id"], "title": (waiting or lesson)["title"]}
    return None
