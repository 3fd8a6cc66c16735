"""What a learner did, kept in ``.beyondlabels/progress.sqlite`` of the course folder: attempts, aids seen, predictions.

A learner's work must not be lost and a lesson must never stop because of it. So: a damaged file is moved aside under a
clear name, a file that cannot be written (locked, read-only, full) makes this session keep its rows in memory and try
the file again with every new row, and ``trouble`` says so in a sentence that the widgets show.
"""

import json
import sqlite3
import threading
import warnings
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

VERSION = 1
WAIT = 2.0  # seconds to wait for another kernel that is writing
_SCHEMA = """
CREATE TABLE IF NOT EXISTS attempts (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, exercise TEXT NOT NULL, state TEXT NOT NULL, misconception TEXT);
CREATE TABLE IF NOT EXISTS aids (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, exercise TEXT NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS predictions (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, question TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS attempts_exercise ON attempts (exercise);
CREATE INDEX IF NOT EXISTS predictions_name ON predictions (name);
"""
_NO_FOLDER = "Kept only until the kernel stops: no course folder was found. `beyondlabels course` makes one."


class Progress:
    """The record of one course folder. ``path=None`` keeps it in memory, for work outside a course folder.

    ``kept`` is whether rows reach the file; ``trouble`` is the sentence for the learner when they do not, else "".
    """

    def __init__(self, path=None, wait=WAIT):
        self.path = Path(path) if path else None
        self.trouble = "" if path else _NO_FOLDER
        self._wait = wait
        self._lock = threading.RLock()
        self._owed = []  # rows that the file has not taken yet
        self._file = self._open() if path else None
        self._memory = None if self._file else _memory()

    @property
    def kept(self):
        """True when every row so far is in the file."""
        return self._file is not None and not self._owed

    def record_attempt(self, exercise, state, misconception=None):
        """Keep one press of Check: ``state`` is "not attempted", "not yet" or "right"."""
        self._write(
            "INSERT INTO attempts (at, exercise, state, misconception) VALUES (?, ?, ?, ?)",
            (_now(), exercise, state, misconception),
        )

    def record_aid(self, exercise, kind, number=1):
        """Keep that hint ``number`` (``kind="hint"``) or the solution (``kind="solution"``) was seen."""
        self._write(
            "INSERT INTO aids (at, exercise, kind, number) VALUES (?, ?, ?, ?)", (_now(), exercise, kind, number)
        )

    def record_prediction(self, name, value, question=""):
        """Keep a committed prediction; earlier ones of the same name stay."""
        self._write(
            "INSERT INTO predictions (at, name, value, question) VALUES (?, ?, ?, ?)",
            (_now(), name, json.dumps(value), question),
        )

    def attempts(self, exercise=None):
        """Every attempt, oldest first, as dicts with at, exercise, state and misconception."""
        rows = self._read("SELECT at, exercise, state, misconception FROM attempts ORDER BY id")
        return [row for row in rows if exercise in (None, row["exercise"])]

    def aids(self, exercise):
        """The hints and solutions seen of one exercise, oldest first, as dicts with at, kind and number."""
        return self._read("SELECT at, kind, number FROM aids WHERE exercise = ? ORDER BY id", (exercise,))

    def predictions(self, name):
        """Every prediction of that name, oldest first, as dicts with at, value and question."""
        rows = self._read("SELECT at, value, question FROM predictions WHERE name = ? ORDER BY id", (name,))
        return [{**row, "value": json.loads(row["value"])} for row in rows]

    def state(self, exercise):
        """The best state ever reached: "right" stays right."""
        states = {attempt["state"] for attempt in self.attempts(exercise)}
        return next((state for state in ("right", "not yet") if state in states), "not attempted")

    def right(self):
        """The ids of the exercises answered rightly at least once."""
        return {row["exercise"] for row in self._read("SELECT DISTINCT exercise FROM attempts WHERE state = 'right'")}

    def close(self):
        """Close the file; rows it has not taken are tried once more."""
        with self._lock:
            self._flush()
            for connection in (self._file, self._memory):
                if connection is not None:
                    connection.close()
            self._file = self._memory = None

    def _open(self):
        """A connection to the file, made or repaired if need be; None (and ``trouble``) without a way to write."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return _connect(self.path, self._wait)
        except sqlite3.OperationalError as error:
            self.trouble = _sentence(error)
        except sqlite3.DatabaseError as error:
            return self._repair(error)
        except OSError as error:
            self.trouble = _sentence(error)
        return None

    def _repair(self, error):
        aside = self.path.with_name(f"progress.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.sqlite")
        try:
            self.path.replace(aside)
            for extra in ("-wal", "-shm"):
                self.path.with_name(self.path.name + extra).unlink(missing_ok=True)
            connection = _connect(self.path, self._wait)
        except (OSError, sqlite3.Error) as second:
            self.trouble = _sentence(second)
            return None
        self.trouble = f"The progress file was damaged ({error}); it was moved to {aside.name} and a new one begun."
        warnings.warn(self.trouble, stacklevel=4)
        return connection

    def _write(self, sql, values):
        with self._lock:
            if self.path is not None:
                self._owed.append((sql, values))
                self._flush()
            if self._memory is not None:
                with self._memory:
                    self._memory.execute(sql, values)

    def _flush(self):
        """Give the file every row it is owed, in one transaction; on failure go on in memory."""
        if not self._owed:
            return
        if self._file is None:
            self._file = self._open()
        if self._file is None:
            return
        try:
            with self._file:
                for row in self._owed:
                    self._file.execute(*row)
            self._owed.clear()
            if self._memory is not None:
                self._memory.close()
                self._memory, self.trouble = None, ""
        except sqlite3.Error as error:
            self.trouble = _sentence(error)
            self._leave_file()

    def _leave_file(self):
        memory = self._memory or _memory()
        if self._memory is None:
            with suppress(sqlite3.Error):
                self._file.backup(memory)
            with memory:
                for row in self._owed[:-1]:  # the newest is added by _write
                    memory.execute(*row)
        self._memory = memory
        with suppress(sqlite3.Error):
            self._file.close()
        self._file = None

    def _read(self, sql, values=()):
        with self._lock:
            try:
                with closing((self._memory or self._file).execute(sql, values)) as cursor:
                    return [dict(row) for row in cursor]
            except sqlite3.Error as error:
                self.trouble = _sentence(error)
                return []


def _connect(path, wait):
    connection = sqlite3.connect(path, timeout=wait, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:
        with suppress(sqlite3.OperationalError):  # some network drives know no WAL; the plain journal is only slower
            connection.execute("PRAGMA journal_mode = WAL")
        damage = connection.execute("PRAGMA quick_check").fetchone()[0]
        if damage != "ok":
            raise sqlite3.DatabaseError(damage)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise sqlite3.OperationalError(f"made by a newer version (format {version}, this one knows {VERSION})")
        if version < VERSION:
            connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
        return connection
    except sqlite3.Error:
        connection.close()
        raise


def _memory():
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.executescript(_SCHEMA)
    return connection


def _sentence(error):
    return f"Kept only until the kernel stops: the progress file cannot be used ({error})."


def _now():
    return datetime.now(UTC).isoformat(timespec="seconds")


_stores = {}


def store():
    """The ``Progress`` of the course folder around the working directory; in memory where there is none."""
    path = _path()
    if path not in _stores:
        _stores[path] = Progress(path)
    return _stores[path]


def _path():
    try:
        from . import folder
    except ImportError:
        return None
    found = folder.find()
    return Path(found).resolve() / ".beyondlabels" / "progress.sqlite" if found else None


def summary():
    """Lesson id -> {"done", "total", "exercises": {id: state}}, for every lesson that has exercises."""
    from .exercises import all_exercises

    record, found = store(), {}
    for exercise in all_exercises():
        lesson = found.setdefault(exercise.lesson, {"done": 0, "total": 0, "exercises": {}})
        state = record.state(exercise.id)
        lesson["exercises"][exercise.id] = state
        lesson["total"] += 1
        lesson["done"] += state == "right"
    return found
