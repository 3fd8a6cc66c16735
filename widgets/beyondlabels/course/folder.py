"""The learner's work folder: lessons are copied into it, and what the learner changed is never overwritten.

``FOLDER/.beyondlabels/shipped.json`` notes what was copied, so that a later release can tell an untouched notebook
(replace it) from a changed one (leave it, and put the new lesson beside it). When in doubt, it is the learner's.
"""

import hashlib
import json
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .. import __version__, resources
from ..errors import BadInput

HIDDEN = ".beyondlabels"
WELCOME = "00_welcome.ipynb"


@dataclass(frozen=True)
class Event:
    """What happened to one notebook. ``kind``: new, updated, same, yours, beside, reset or warning.

    ``line`` is a sentence to print, or empty where there is nothing to say.
    """

    kind: str
    name: str
    line: str = ""


def lessons():
    """The shipped notebooks: file name -> path, in course order. Empty when none is shipped."""
    return {file.name: file for file in sorted(resources.folder("lessons").glob("*.ipynb"))}


def prepare(folder):
    """Bring ``folder`` up to date with the shipped lessons and return a list of ``Event``.

    Creates the folder. Raises ``BadInput`` when it cannot be written, with the reason.
    """
    folder = Path(folder)
    with _explained(folder):
        (folder / HIDDEN).mkdir(parents=True, exist_ok=True)
        notes, events = _read_notes(folder)
        for name, source in lessons().items():
            events.append(_bring(folder, name, source.read_bytes(), notes))
        _write_notes(folder, notes)
    return events


def reset(folder, lesson):
    """Put a fresh copy of ``lesson`` into ``folder``, keeping the old one as a backup. Returns a list of ``Event``.

    ``lesson`` may be its number (``"01"``), its word (``"kmeans"``) or both (``"01_kmeans"``). Raises ``BadInput`` when
    there is no such lesson, ``folder`` is not a course folder, or it cannot be written.
    """
    folder = Path(folder)
    name = file_name(lesson)
    if not (folder / HIDDEN).is_dir():
        raise BadInput(f"{folder} is not a course folder; `beyondlabels course {folder}` makes it one")
    with _explained(folder):
        notes, events = _read_notes(folder)
        target, fresh = folder / name, lessons()[name].read_bytes()
        old = _digest(target)
        if old == _sha(fresh):
            line = f"{name} is fresh already; nothing was changed"
        elif os.path.lexists(target):
            backup = _unused(folder, f"{target.stem}.backup-{time.strftime('%Y%m%d-%H%M%S')}")
            if target.is_file():
                _write(backup, target.read_bytes())
            else:  # a folder or a broken link of that name
                target.rename(backup)
            line = f"{name} is fresh again; the notebook it replaces is kept as {backup.name}"
        else:
            line = f"{name} was not there; a fresh copy is"
        _write(target, fresh)
        notes["copied"][name] = _sha(fresh)
        _write_notes(folder, notes)
    return [*events, Event("reset", name, line)]


def file_name(lesson):
    """The notebook meant by ``"01"``, ``"kmeans"`` or ``"01_kmeans"``. Raises ``BadInput`` naming those that exist."""
    word = str(lesson).removesuffix(".ipynb")
    for name in lessons():
        stem = Path(name).stem
        number, _, title = stem.partition("_")
        if word in (stem, number, title) or (word.isdigit() and number.isdigit() and int(word) == int(number)):
            return name
    known = ", ".join(Path(name).stem for name in lessons()) or "none"
    raise BadInput(f"there is no lesson {lesson!r}; the lessons are: {known}")


def find(start=None):
    """The course folder that holds ``start`` (default: the current folder), else ``BEYONDLABELS_COURSE``, else None."""
    start = Path(start or Path.cwd()).resolve()
    for place in (start, *start.parents):
        if (place / HIDDEN).is_dir():
            return place
    named = os.environ.get("BEYONDLABELS_COURSE")
    return Path(named).resolve() if named else None


def _bring(folder, name, fresh, notes):
    target, shipped = folder / name, _sha(fresh)
    copied, mine = notes["copied"].get(name), _digest(target)
    if not os.path.lexists(target):
        _write(target, fresh)
        event = Event("new", name)
    elif mine == shipped:
        event = Event("same", name)
    elif mine is not None and mine == copied:
        _write(target, fresh)
        event = Event("updated", name, f"{name} was updated to version {__version__}; you had not changed it")
    else:
        return _offer(folder, name, fresh, notes)
    notes["copied"][name] = shipped
    return event


def _offer(folder, name, fresh, notes):
    """The learner changed this notebook: leave it, and put a newer lesson beside it, once for each new version."""
    shipped = _sha(fresh)
    if shipped in (notes["copied"].get(name), notes["offered"].get(name)):
        return Event("yours", name)
    beside = folder / f"{Path(name).stem}.new-{__version__}.ipynb"
    if _digest(beside) != shipped:
        beside = _unused(folder, beside.stem)
        _write(beside, fresh)
    notes["offered"][name] = shipped
    return Event("beside", name, f"{name} has your changes and stays as it is; the newer lesson is {beside.name}")


def _read_notes(folder):
    file = folder / HIDDEN / "shipped.json"
    empty = {"copied": {}, "offered": {}}
    try:
        notes = json.loads(file.read_text("utf-8"))
        for part in empty:
            if not all(isinstance(item, str) for pair in notes[part].items() for item in pair):
                raise ValueError(part)
    except FileNotFoundError:
        return empty, []
    except (ValueError, KeyError, TypeError, AttributeError):
        line = f"{HIDDEN}/{file.name} could not be read; every notebook is taken as changed by you and none is replaced"
        return empty, [Event("warning", file.name, line)]
    return {part: notes[part] for part in empty}, []


def _write_notes(folder, notes):
    text = json.dumps({"version": __version__, **notes}, indent=1, sort_keys=True) + "\n"
    _write(folder / HIDDEN / "shipped.json", text.encode())


def _sha(data):
    """sha-256 of a notebook's cells: their kinds, sources and outputs. What JupyterLab writes on its own when a notebook is
    opened (the kernel's name and version, identifiers) is not the learner's work and does not count."""
    try:
        cells = [
            [cell[part] for part in ("cell_type", "source")] + [cell.get("outputs")]
            for cell in json.loads(data)["cells"]
        ]
    except (ValueError, KeyError, TypeError):
        return hashlib.sha256(data).hexdigest()  # no notebook any more: every byte counts
    plain = json.dumps([[kind, "".join(source), outputs] for kind, source, outputs in cells], sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def _digest(file):
    """The SHA-256 of a file, or None for what is not a readable file: never equal to anything we copied."""
    return _sha(file.read_bytes()) if file.is_file() else None


def _unused(folder, stem):
    """``stem.ipynb`` in ``folder``, or ``stem-2.ipynb`` and on: a name that nothing has."""
    names = (f"{stem}{'' if n == 1 else f'-{n}'}.ipynb" for n in range(1, 10_000))
    return next(folder / name for name in names if not os.path.lexists(folder / name))


def _write(target, data):
    """Write whole or not at all: a process killed here leaves the old file or the new one."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _explained(folder):
    try:
        yield
    except OSError as error:
        if folder.exists() and not folder.is_dir():
            why = "it is a file, and a folder is needed; name another folder"
        else:
            why = f"{error.strerror or error}; free some space, change its permissions, or name another folder"
        raise BadInput(f"the course folder {folder} cannot be used: {why}. No notebook was lost") from error
