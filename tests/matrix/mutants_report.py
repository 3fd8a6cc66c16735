"""``make mutants``: the mutants of every family's packages, and what became of them, into MUTANTS.md (some minutes)."""

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from beyondlabels.matrix import families
from matrix.fates import fates

RESULTS = Path(__file__).with_name("MUTANTS.md")
OUTCOMES = ("caught", "missed", "same")
HEAD = """\
# What the proof inside a package notices

Written by `make mutants`; do not edit. Into the saved package of every estimator of the matrix (default options) faults are
written: a weight turned, a number shifted, an index moved, an axis changed, two operands exchanged, an operation replaced; two
of each kind for each package where it has as many. Both recorded sha-256 are made to fit again, so that `check` has nothing to
go by but the proof rows. With the sha-256 that `export` records not one of these passes: tests/runtime/test_check.py.

A mutant that `check` lets pass is run on 10,000 rows like the sample and on 10,000 over three times its range. Where an output
changes by more than the proof allows, it was missed; where none does, it computes the same, and is counted apart.
"""


def family(name):
    """The ``Fate`` of every mutant of a family, in order."""
    return [found for row in families()[name] for found in fates(row)]


def counts(found):
    """How many were caught, missed and the same."""
    counted = Counter(each.outcome for each in found)
    return [counted[outcome] for outcome in OUTCOMES]


def line(name, found):
    """A family's line of the table."""
    estimators = len({each.estimator for each in found})
    return f"| {name} | {estimators} | {len(found)} | {' | '.join(map(str, counts(found)))} |"


def written(by_family):
    """MUTANTS.md for family name -> fates."""
    every = [each for found in by_family.values() for each in found]
    caught, missed, same = counts(every)
    lines = [
        HEAD,
        f"**{caught} of {caught + missed} mutants that change an output are caught "
        f"({caught / (caught + missed):.1%}); {same} more change none.**",
        "",
        "| family | estimators | mutants | caught | missed | same |",
        "|---|--:|--:|--:|--:|--:|",
        *(line(name, found) for name, found in by_family.items() if found),
        line("**all**", every),
        "",
        "## Missed, and why",
        "",
        *_listed(every, "missed", lambda each: f"{each.estimator}: {each.kind} in {each.place}: {each.why}"),
        "",
        "## The same",
        "",
        "Such as two operands of a difference that is squared, a bound that no row reaches, or one that only a row of zeros "
        "meets (Normalizer).",
        "",
        *_listed(every, "same", lambda each: f"{each.kind} in {each.place}"),
    ]
    return "\n".join(lines) + "\n"


def _listed(every, outcome, words):
    counted = Counter(words(each) for each in every if each.outcome == outcome)
    return [f"- {what}{f' (× {count})' if count > 1 else ''}" for what, count in counted.items()] or ["Nothing."]


def sentence(text):
    """The result in a sentence, from a MUTANTS.md."""
    return text.split("**")[1].removesuffix(".")


def main():
    with ProcessPoolExecutor(2) as workers:
        by_family = dict(zip(families(), workers.map(family, families()), strict=True))
    text = written(by_family)
    RESULTS.write_text(text, "utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
