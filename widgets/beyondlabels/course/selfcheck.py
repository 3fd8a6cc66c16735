"""``beyondlabels course --check``: does what was installed hold together? One line for each check.

It runs where the package is installed, without the repository and without JupyterLab, and leaves nothing behind.
"""

import hashlib
import importlib.util
import re
import tempfile
import time
from pathlib import Path

from .. import __version__, datasets
from ..errors import BeyondLabelsError
from . import folder, index


class Skipped(Exception):
    """A check that cannot run here for a reason that is no fault; the message says which."""


def check():
    """Run every check, print a line for each, and return True when none failed."""
    print(f"Beyond Labels {__version__}: checking the course", flush=True)
    passed = [_report(name, work) for name, work in _checks()]
    bad = passed.count(False)
    print("everything holds" if not bad else f"{bad} of {len(passed)} checks failed", flush=True)
    return not bad


def _report(name, work):
    begun = time.perf_counter()
    try:
        word, said = "ok", work()
    except Skipped as reason:
        word, said = "skip", str(reason)
    except Exception as error:  # each check speaks for itself; the others still run
        word = "FAIL"
        said = str(error) if isinstance(error, BeyondLabelsError) else f"{type(error).__name__}: {error}"
    print(f"{word:4}  {name}: {said} ({time.perf_counter() - begun:.1f} s)", flush=True)
    return word != "FAIL"


def _checks():
    yield "lessons", _lessons
    yield from ((f"data set {name}", lambda name=name: _dataset(name)) for name in datasets.names())
    yield "exercises", _exercises
    yield "k-means to Core ML", _export
    yield "JupyterLab", _jupyterlab


def _lessons():
    found = index.lessons()
    if not found:
        raise BeyondLabelsError("no lesson is in this installation; expected at least one notebook; reinstall it")
    left_out = sorted(set(folder.lessons()) - {lesson.file for lesson in found})
    if left_out:
        raise BeyondLabelsError(f"{', '.join(left_out)}: not named like a lesson; expected a name like 01_kmeans.ipynb")
    return f"{len(found)} found, {sum(lesson.minutes for lesson in found)} minutes in all"


def _dataset(name):
    data, text = datasets.load(name), str(datasets.card(name))
    digest = hashlib.sha256(datasets.path(name).read_bytes()).hexdigest()
    if digest not in text:
        raise BeyondLabelsError(f"the file has SHA-256 {digest}, its card another; reinstall it")
    stated = re.search(r"(\d+) rows, (\d+) columns", text)
    columns = len(data.dtype.names if hasattr(data, "dtype") else data.columns)
    if stated is None or tuple(map(int, stated.groups())) != (len(data), columns):
        raise BeyondLabelsError(f"the file has {len(data)} rows, {columns} columns; its card says otherwise")
    return f"{len(data)} rows, {columns} columns, as its card says"


def _exercises():
    from .exercises import all_exercises

    wrong, answers, exercises = [], 0, all_exercises()
    for exercise in exercises:
        try:
            proof = exercise.proof()
        except ModuleNotFoundError as error:
            raise Skipped(f'{exercise.id} needs {error.name}; pip install "beyondlabels[course]"') from error
        answers += len(proof)
        wrong += [f"{exercise.id}, {name}: {got}, not {want}" for name, want, got in proof if want != got]
    if wrong:
        raise BeyondLabelsError("; ".join(wrong))
    return f"{len(exercises)} judged {answers} prepared answers rightly"


def _export():
    import numpy as np
    from sklearn.cluster import KMeans

    import beyondlabels as bl

    X = np.random.default_rng(0).normal(size=(60, 4)) + np.repeat([[0.0], [6.0], [12.0]], 20, axis=0)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "check.mlpackage"
        bl.export(KMeans(3, n_init=3, random_state=0).fit(X), path, sample=X)
        if not bl.runtime.check(path).passed:
            raise BeyondLabelsError("the package just saved does not replay its proof; please report this")
    return "exported, read back from disk, and its proof replayed"


def _jupyterlab():
    if importlib.util.find_spec("jupyterlab") is None:
        raise Skipped('not installed, needed only to take the course; pip install "beyondlabels[course]"')
    from importlib.metadata import version

    return version("jupyterlab")
