"""What the proof rows alone notice: hundreds of faults written into saved packages of every family, both recorded sha-256
made to fit again, so that ``check`` has nothing to go by but the replay.

A mutant counts when it changes an output on 2,000 rows like those the model was fitted on; the others compute the same
and are only counted. At least 95 % of those that count are caught. What is missed, and why:

- a stored row counts only for the rows that come near it, and a proof of some dozen made-up rows does not come near all
  of a package's neighbours (models that carry rows);
- a tree's node counts only for the rows that reach it, and a threshold only for the rows that pass close to it; a forest
  has thousands of nodes (models made of trees);
- a number may matter hardly more than the tolerance allows: up to five times it, or one label in 500 rows;
- a bound or an exception matters only where it is met: the proof rows lie between the 5 % and the 95 % point of the
  sample (``EDGES``).

With the sha-256 recorded by ``export`` not one mutant passes: tests/runtime/test_check.py.
"""

from collections import Counter

import numpy as np
import pytest

import beyondlabels as bl
from beyondlabels.matrix import all_rows
from beyondlabels.matrix.data import DATA
from matrix import cases
from matrix.mutants import fate, mutants, seeded

EACH = 2  # mutants of each kind for each package
LEAST = 0.95
STORED = "a stored row counts only for rows that come near it"
NODES = "a tree's node counts only for rows that reach it"
FAINTLY = "it changes hardly more than the tolerance allows"
BOUNDS = "it matters only beyond the range of the proof rows"
EDGES = set()


def reason(row, result, mutant, became):
    """Why a mutant was missed, ``None`` when nobody has said."""
    if became == "faintly":
        return FAINTLY
    if result.carries.kind == "rows":
        return STORED
    if any(word in row.name for word in ("Tree", "Forest", "Boosting")):
        return NODES
    return BOUNDS if (row.name, mutant.place) in EDGES else None


def tried(row, folder):
    """(kind, place, fate, why) of every mutant of the row's package; none when it has no package of its own."""
    model, X = cases.plain(row)
    if not bl.assess(model).exportable:
        return
    result = cases.quietly(bl.export, model, folder / "whole.mlpackage", sample=X)
    rows = np.asarray(DATA[row.data](rows=2_000))
    for mutant in mutants(folder / "whole.mlpackage", seeded(cases.label(row)), EACH):
        became = fate(mutant, folder / "whole.mlpackage", folder / "mutant.mlpackage", rows)
        why = reason(row, result, mutant, became) if became in ("missed", "faintly") else ""
        yield mutant.kind, mutant.place, "missed" if why or why is None else became, why


def test_the_proof_rows_alone_catch_95_of_100_mutants(tmp_path_factory, record_property):
    counted, missed = Counter(), Counter()
    for row in all_rows():
        for kind, place, became, why in tried(row, tmp_path_factory.mktemp("mutants")):
            counted[became] += 1
            if became == "missed":
                missed[f"{cases.label(row)}: {kind} in {place}: {why}"] += 1
    total = counted["caught"] + counted["missed"]
    share = counted["caught"] / total
    said = f"{counted['caught']} of {total} mutants caught ({share:.1%}); {counted['same']} more compute the same"
    record_property("mutants", "\n".join([said, *(f"  missed {count} × {what}" for what, count in missed.items())]))
    assert total >= 200
    assert share >= LEAST, said
    assert [what for what in missed if what.endswith("None")] == []


def test_a_whole_package_is_no_mutant(tmp_path):
    """The tool itself: a copy with the same sha-256 recorded again passes, and a turned weight does not."""
    row = next(row for row in all_rows() if row.name == "KMeans")
    model, X = cases.plain(row)
    bl.export(model, tmp_path / "a.mlpackage", sample=X)
    found = mutants(tmp_path / "a.mlpackage", seeded("a"))
    assert {each.kind for each in found} == {"weight turned", "number shifted", "axis", "operands", "operation"}
    assert fate(found[0], tmp_path / "a.mlpackage", tmp_path / "b.mlpackage", X) == "caught"
    nothing = type(found[0])("nothing", "nowhere", lambda package: None)
    assert fate(nothing, tmp_path / "a.mlpackage", tmp_path / "b.mlpackage", X) == "same"


@pytest.mark.parametrize("name", ["a", "KMeans", "длина"])
def test_the_choice_is_the_same_in_every_run(name):
    assert seeded(name).integers(1_000_000) == seeded(name).integers(1_000_000)
