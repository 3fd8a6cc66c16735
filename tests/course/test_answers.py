"""What is said of answers that no lesson foresaw: half-filled starters, None, classes, models that were never fitted, words."""

import re

import pytest

from beyondlabels.course.exercises import NOT_YET, RIGHT, all_exercises, find

FUNCTIONS = [one for one in all_exercises() if one.starter.count("...") > 1 and one.starter.startswith("def ")]
LATER = [one for lesson in ("pca", "manifolds", "outliers", "sensors") for one in all_exercises(lesson)]
VALUES = [(one, name) for one in LATER for name in re.findall(r"^(\w+) = \.\.\.$", one.starter, re.M)]


def judged(one, code):
    return one.check(one.run(code))


@pytest.mark.parametrize("one", FUNCTIONS, ids=lambda one: one.id)
@pytest.mark.parametrize("gap", [0, -1], ids=["first gap", "last gap"])
def test_a_starter_with_one_gap_filled_is_half_done(one, gap):
    lines, done = one.starter.splitlines(), one.solution.splitlines()
    filled = [number for number, line in enumerate(lines) if "..." in line]
    lines[filled[gap]] = done[filled[gap]]
    outcome = judged(one, "import numpy as np\n" + "\n".join(lines))
    assert (outcome.state, outcome.misconception) == (NOT_YET, "unfinished"), outcome.message


@pytest.mark.parametrize(("one", "name"), VALUES, ids=lambda each: getattr(each, "id", each))
@pytest.mark.parametrize("value", ["None", "'three'", "[]", "{}", "len"])
def test_a_value_of_another_kind_is_named_and_nothing_is_divided_by_zero(one, name, value):
    outcome = judged(one, f"{one.solution}\n{name} = {value}")
    assert outcome.state == NOT_YET
    assert outcome.misconception != "error", outcome.message
    assert "divided by zero" not in outcome.message


@pytest.mark.parametrize("id", ["pca.compressor", "sensors.watchman", "manifolds.stand_in", "outliers.discreet"])
def test_a_class_and_a_model_that_was_never_fitted(id):
    one = find(id)
    (name,) = re.findall(r"^(\w+) = \.\.\.", one.starter, re.M)
    model = {"outliers.discreet": "IsolationForest", "sensors.watchman": "IsolationForest"}.get(id, "PCA")
    imported = f"from sklearn.{'decomposition' if model == 'PCA' else 'ensemble'} import {model}\n"
    assert judged(one, f"{imported}{name} = {model}").misconception == "class"
    assert judged(one, f"{imported}{name} = {model}()").misconception == "not_fitted"


@pytest.mark.parametrize("value", ["'three'", "[1, 2]", "{}"])
@pytest.mark.parametrize("id", ["manifolds.perplexity", "manifolds.neighbours_kept", "pca.largest_angle"])
def test_a_function_that_returns_something_else_hears_what(id, value):
    one = find(id)
    head = re.match(r"def .*:", one.starter)[0]
    outcome = judged(one, f"{head}\n    return {value}")
    assert (outcome.state, outcome.misconception in ("type", "shape", "many")) == (NOT_YET, True), outcome.message


@pytest.mark.parametrize("kind", ["np.asarray({}).tolist()", "np.float32({})", "pd.DataFrame({})"])
@pytest.mark.parametrize(
    "id", ["pca.reconstruct", "pca.white", "manifolds.classical_mds", "sensors.cut_windows", "outliers.one_cut"]
)
def test_lists_half_the_digits_and_tables_are_as_right(id, kind):
    one = find(id)
    if found := re.match(r"def (\w+)\((.*)\):", one.starter):
        name, arguments = found.groups()
        code = f"own = {name}\ndef {name}({arguments}):\n    return {kind.format(f'own({arguments})')}"
    else:
        code = f"white = {kind.format('white')}"
    outcome = judged(one, f"import numpy as np\nimport pandas as pd\n{one.solution}\n{code}")
    assert outcome.state == RIGHT, outcome.message


def test_an_error_that_ends_with_a_full_stop_is_quoted_without_it():
    outcome = judged(
        find("sensors.cut_windows"), "def cut_windows(values, length):\n    raise ValueError('So it ends.')"
    )
    assert "`ValueError: So it ends`. Run the cell" in outcome.message
