"""What the proof rows alone notice: hundreds of faults in saved packages of every family, and MUTANTS.md that tells of them.

At least 95 % of the mutants that change an output are caught; why each of the others is not is said there.
"""

import re

import numpy as np
import pytest

import beyondlabels as bl
from beyondlabels.matrix import all_rows, families
from matrix import cases
from matrix.fates import Fate, fate, probes
from matrix.mutants import mutants, seeded
from matrix.mutants_report import RESULTS, counts, family, line, sentence, written

TOLD = RESULTS.read_text("utf-8")
LEAST = 0.95


def told(name):
    """(caught, missed, same) that MUTANTS.md tells of a family, noughts where it tells nothing."""
    found = re.search(rf"^\| {re.escape(name)} \|.*\| (\d+) \| (\d+) \| (\d+) \|$", TOLD, re.M)
    return [int(number) for number in found.groups()] if found else [0, 0, 0]


@pytest.mark.parametrize("name", families())
def test_what_is_told_of_a_family_is_true(name):
    """Other roundings may tip one mutant in fifty, or two of a small family."""
    found = family(name)
    assert sum(counts(found)) == sum(told(name)), "run `make mutants`"
    assert np.abs(np.subtract(counts(found), told(name))).max() <= max(2, len(found) / 50), "run `make mutants`"
    assert [each for each in found if each.outcome == "missed" and not each.why] == []


def test_95_of_100_are_caught_by_the_proof_rows_alone():
    every = np.array([told(name) for name in families()])
    caught, missed, _ = every.sum(axis=0)
    assert [caught, missed] == told("**all**")[:2]
    assert caught + missed >= 200
    assert caught / (caught + missed) >= LEAST
    assert f"{caught} of {caught + missed} mutants" in sentence(TOLD)


def test_the_report_lists_what_is_missed():
    row = next(row for row in all_rows() if row.name == "KMeans")
    found = [*_fates(row, "caught", "caught", "same"), *_fates(row, "missed", "missed", why="because")]
    text = written({"clusters": found, "none": []})
    assert sentence(text) == "2 of 4 mutants that change an output are caught (50.0%); 1 more change none"
    assert line("clusters", found) == "| clusters | 1 | 5 | 2 | 2 | 1 |"
    assert line("clusters", found) in text
    assert "- KMeans: axis in sub.y: because (× 2)" in text
    assert "| none |" not in text


def _fates(row, *outcomes, why=""):
    return [Fate(row.name, "axis", "sub.y", outcome, why) for outcome in outcomes]


def test_a_whole_package_is_no_mutant(tmp_path):
    """The tool itself: a copy with the same sha-256 recorded again is the same, and a turned weight is caught."""
    row = next(row for row in all_rows() if row.name == "KMeans")
    model, X = cases.plain(row)
    whole, copy = tmp_path / "a.mlpackage", tmp_path / "b.mlpackage"
    bl.export(model, whole, sample=X)
    found = mutants(whole, seeded("a"))
    assert {each.kind for each in found} == {"weight turned", "number shifted", "axis", "operands", "operation"}
    assert fate(found[0], whole, copy, probes(row)) == ("caught",)
    nothing = type(found[0])("nothing", "nowhere", lambda package: None)
    assert fate(nothing, whole, copy, probes(row)) == ("same",)


@pytest.mark.parametrize("name", ["a", "KMeans", "длина"])
def test_the_choice_is_the_same_in_every_run(name):
    assert seeded(name).integers(1_000_000) == seeded(name).integers(1_000_000)
