"""The index of the lessons, read from the notebooks: ``metadata.beyondlabels`` and the file name's number."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from .. import resources
from ..errors import BeyondLabelsError
from ..typeset import escaped, verbatim
from .instructor import Notes, wrong

_NAME = re.compile(r"(\d\d)_([a-z][a-z0-9_]*)\.ipynb")
_WORD = re.compile(r"[a-z][a-z0-9_-]*")


class BadLesson(BeyondLabelsError, ValueError):
    """A lesson's metadata cannot be used; the message names the file, the entry and what is expected."""


@dataclass(frozen=True)
class Lesson:
    """One lesson. ``number`` and ``file`` come from the file name, the rest from its metadata."""

    number: int
    file: str
    id: str
    title: str
    minutes: int
    objectives: tuple
    prerequisites: tuple
    families: tuple
    instructor: Notes
    path: Path


class Lessons(list):
    """Lessons in the order of the course, shown as a table with links to the notebooks beside the current one."""

    def __repr__(self):
        return "\n".join(f"{one.number:02d}  {one.title:<32} {one.minutes:>3} min  {one.file}" for one in self)

    def _repr_html_(self):
        rows = "".join(
            f'<tr><td>{one.number:02d}</td><td style="text-align:left">'
            f'<a href="{verbatim(one.file)}">{escaped(one.title)}</a></td>'
            f'<td style="white-space:nowrap">{one.minutes} min</td>'
            f'<td style="text-align:left">{escaped("; ".join(one.objectives))}</td></tr>'
            for one in self
        )
        return (
            '<table><thead><tr><th>No.</th><th style="text-align:left">Lesson</th><th>Time</th>'
            f'<th style="text-align:left">You will be able to</th></tr></thead><tbody>{rows}</tbody></table>'
        )


def lessons(folder=None):
    """Every lesson of ``folder`` (the course's own when None) in order. Raises ``BadLesson`` for wrong metadata.

    Files whose names do not look like ``01_kmeans.ipynb``, such as a learner's copies, are left out.
    """
    folder = Path(folder) if folder is not None else resources.folder("lessons")
    found = Lessons(read(path) for path in sorted(folder.iterdir()) if _NAME.fullmatch(path.name))
    seen = {}
    for lesson in found:
        if lesson.id in seen:
            raise BadLesson(f"{lesson.file}: id {lesson.id!r} is also the id of {seen[lesson.id]}")
        missing = [id for id in lesson.prerequisites if id not in seen]
        if missing:
            raise BadLesson(
                f"{lesson.file}: prerequisites {missing} are not ids of earlier lessons ({', '.join(seen) or 'none'})"
            )
        seen[lesson.id] = lesson.file
    return found


def instructor_notes(id):
    """The notes for whoever teaches the lesson of that id. Raises ``BadLesson`` that names the lessons there are."""
    known = {one.id: one for one in lessons()}
    if id not in known:
        raise BadLesson(f"there is no lesson {id!r}; there are {', '.join(known)}")
    return known[id].instructor


def read(path):
    """The ``Lesson`` in one notebook file. Raises ``BadLesson``."""
    path = Path(path)
    named = _NAME.fullmatch(path.name)
    if not named:
        raise BadLesson(f"{path.name}: a lesson's file is named like 01_kmeans.ipynb")
    try:
        data = json.loads(path.read_text("utf-8"))["metadata"]["beyondlabels"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadLesson(f"{path.name}: its metadata has no readable entry 'beyondlabels' ({error!r})") from error
    if not isinstance(data, dict):
        raise BadLesson(f"{path.name}: metadata 'beyondlabels' must be a table of entries")
    rules = {
        "id": (_is_word, "a short lower-case word"),
        "title": (lambda value: isinstance(value, str) and value.strip() != "", "a text"),
        "minutes": (lambda value: type(value) is int and 5 <= value <= 90, "a whole number of minutes from 5 to 90"),
        "objectives": (lambda value: _texts(value) and 1 <= len(value) <= 5, "a list of 1 to 5 texts"),
        "prerequisites": (lambda value: _texts(value) and all(map(_is_word, value)), "a list of lesson ids"),
        "families": (lambda value: _texts(value) and all(map(_is_word, value)), "a list of lower-case words"),
    }
    for name, (holds, wanted) in rules.items():
        if name not in data or not holds(data[name]):
            raise BadLesson(f"{path.name}: {name!r} must be {wanted}; found {data.get(name)!r}")
    problem = wrong(data.get("instructor"))
    if problem:
        raise BadLesson(f"{path.name}: 'instructor' {problem}")
    unknown = sorted(set(data) - {*rules, "instructor"})
    if unknown:
        raise BadLesson(f"{path.name}: unknown entries {unknown}; there are {', '.join(rules)}, instructor")
    lists = {name: tuple(data[name]) for name in ("objectives", "prerequisites", "families")}
    notes = Notes.read(data["title"], data["instructor"])
    return Lesson(
        int(named[1]), path.name, data["id"], data["title"], data["minutes"], instructor=notes, path=path, **lists
    )


def _is_word(value):
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _texts(value):
    return isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)
