"""The course folder as the panel shows it. Progress is read from the same file that the exercises write."""

import threading
from pathlib import Path

from ..course import folder as work
from ..course import overview as course
from ..course.progress import Progress
from .places import Refused, named

FOLDER = "beyondlabels-course"  # made below the root where there is no course yet
_WELCOMED = "welcomed"
_records, _lock = {}, threading.Lock()


def state(root):
    """See ``schemas/course.json``: ``folder`` is ``None`` where the server's root holds no course."""
    place = _find(root)
    if place is None:
        return {"folder": None, "parts": [], "next": None, "trouble": "", "welcome": False}
    with _lock:
        told = course.overview(place, _record(place))
    welcome = not (place / work.HIDDEN / _WELCOMED).exists()
    return {"folder": named(root, place), **told, "welcome": welcome}


def start(root):
    """Make the course folder, or bring it up to date; returns the state with the ``events`` worth telling."""
    place = _find(root) or Path(root).expanduser().resolve() / FOLDER
    events = work.prepare(place)
    return {**state(root), "events": [event.line for event in events if event.line]}


def reset(root, lesson):
    """A fresh copy of a lesson, the old one kept beside it; returns the state with the ``events`` worth telling."""
    place = _find(root)
    if place is None:
        raise Refused(404, "no-course", "there is no course in the folder that Jupyter shows; start the course first")
    events = work.reset(place, lesson)
    return {**state(root), "events": [event.line for event in events if event.line]}


def welcomed(root):
    """Remember that the welcome was shown."""
    place = _find(root)
    if place is not None:
        (place / work.HIDDEN / _WELCOMED).touch()
    return {}


def _find(root):
    """The course folder at the root, around it or made below it, as long as the browser can open files in it."""
    root = Path(root).expanduser().resolve()
    below = root / FOLDER
    found = below if (below / work.HIDDEN).is_dir() else work.find(root)
    inside = found is not None and (found / work.HIDDEN).is_dir() and named(root, found) is not None
    return found if inside else None


def _record(place):
    """One open record for each course folder; anew for a file that was replaced, or that did not take the last rows."""
    path = place / work.HIDDEN / "progress.sqlite"
    record, file = _records.get(path, (None, None))
    if record is None or not record.kept or file != _file(path):
        if record is not None:
            record.close()
        record = Progress(path)
        _records[path] = record, _file(path)
    return record


def _file(path):
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
