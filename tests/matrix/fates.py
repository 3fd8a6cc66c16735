"""What becomes of the mutants of a row's package, with nothing but the proof rows to notice them, and why one is missed."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import beyondlabels as bl
from beyondlabels import runtime
from beyondlabels.errors import BadPackage
from beyondlabels.matrix.data import DATA
from beyondlabels.runtime.parity import errors
from matrix import cases
from matrix.mutants import mutants, seeded
from runtime.surgery import noticed, proof, record_digests_again

EACH = 2  # mutants of each kind for each package
FAINT = 5  # times the tolerance; of labels, one in 500 rows
FAINTLY = "it changes hardly more than the tolerance allows"
BEYOND = "it matters only beyond the range of the sample"
STORED = "a stored row counts only for rows that come near it"
NODES = "a tree's node counts only for rows that reach it"


@dataclass(frozen=True)
class Fate:
    """Of one mutant: ``estimator``, what was done (``kind``) and where (``place``); ``outcome``: "caught" by the proof rows,
    "missed" by them though an output changes, with ``why`` ("" when nobody can say), or "same" where no output changes."""

    estimator: str
    kind: str
    place: str
    outcome: str
    why: str = ""


def fates(row):
    """The ``Fate`` of every mutant of the row's package; none when it has no package of its own."""
    model, X = cases.plain(row)
    if not bl.assess(model).exportable:
        return
    with tempfile.TemporaryDirectory() as folder:
        whole, copy = Path(folder, "whole.mlpackage"), Path(folder, "mutant.mlpackage")
        result = cases.quietly(bl.export, model, whole, sample=X)
        trees = any(word in row.name for word in ("Tree", "Forest", "Boosting"))
        known = STORED if result.carries.kind == "rows" else NODES if trees else ""
        judges = probes(row)
        for mutant in mutants(whole, seeded(cases.label(row)), EACH):
            yield Fate(cases.label(row), mutant.kind, mutant.place, *fate(mutant, whole, copy, judges, known))


def probes(row):
    """Rows to tell whether a mutant computes the same: 10,000 like the sample, and 10,000 over three times its range."""
    like = np.asarray(DATA[row.data](rows=10_000))
    random = np.random.default_rng(3)
    low, high = np.nanmin(like, axis=0), np.nanmax(like, axis=0)
    wide = random.uniform(2 * low - high, 2 * high - low, like.shape)
    if row.data in ("positive", "counts", "binary", "categories"):
        wide = np.abs(wide)
    if row.data in ("counts", "binary", "categories"):
        wide = np.floor(wide)
    return like, wide


def fate(mutant, whole, copy, probes, known=""):
    """(outcome, why) of ``mutant``, made in the folder ``copy`` with both recorded sha-256 made to fit again, so that only
    the proof rows can notice. ``known`` is why a mutant of this model may be missed."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(whole, copy)
    mutant.make(copy)
    try:
        record_digests_again(copy)
    except BadPackage:
        return ("caught",)
    return ("caught",) if noticed(copy) else _unnoticed(whole, copy, probes, known)


def _unnoticed(whole, copy, probes, known):
    rules, before, after = proof(whole), runtime.load(whole), runtime.load(copy)
    try:
        found = [_change(before.predict({"x": rows}), after.predict({"x": rows}), rules) for rows in probes]
    except BadPackage:  # it runs on the proof rows and not on others
        found = [np.inf]
    if not any(found):
        return ("same",)
    if max(found) <= FAINT or 0 < found[0] <= FAINT:
        return "missed", FAINTLY
    return "missed", known or ("" if found[0] else BEYOND)


def _change(before, after, rules):
    """By how many times more than allowed an output changes, 0 where none does. Of labels one row in 500 is as much as
    ``FAINT`` times the tolerance, and a single row more than none."""
    worst = 0.0
    for name, wanted in before.items():
        if wanted.dtype.kind in "iub":
            share = (wanted != after[name]).reshape(len(wanted), -1).any(axis=1).mean()
            worst = max(worst, 1.0 + FAINT * 500 * share if share else 0.0)
        else:
            _, relative = errors(wanted, after[name], rules["floor"], name in rules["one_unit"])
            worst = max(worst, relative.max() / rules["tolerance"])
    return worst if worst > 1 else 0.0
