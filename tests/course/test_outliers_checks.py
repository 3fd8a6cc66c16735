"""The proof of lesson 06's exercises: the same verdicts whatever the seed."""

import numpy as np
import pytest

from beyondlabels.course.checks import outliers
from beyondlabels.course.exercises import RIGHT, find


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("one", outliers.EXERCISES, ids=lambda one: one.id)
def test_verdicts_are_the_same_over_seeds(one, seed):
    for name, expected, got in one.proof(seed):
        assert got == expected, name


def test_a_list_may_come_in_any_order_and_as_any_sequence():
    one = find("outliers.budget")
    names = one.run(one.solution)
    for changed in (list, tuple, np.flip, lambda rows: rows.astype(float)):
        assert one.check({**names, "to_check": changed(names["to_check"])}).state == RIGHT


@pytest.mark.parametrize(("id", "name"), [("outliers.budget", "to_check"), ("outliers.own_spread", "oddest")])
def test_row_numbers_as_numpys_where_gives_them(id, name):
    one = find(id)
    names = one.run(one.solution)
    marked = np.isin(np.arange(367), names[name])
    assert one.check({**names, name: np.where(marked)}).state == RIGHT


@pytest.mark.parametrize(("id", "name"), [("outliers.budget", "to_check"), ("outliers.own_spread", "oddest")])
@pytest.mark.parametrize(
    ("code", "misconception", "said"),
    [
        ("5", "shape", "is a single number"),
        ("X.iloc[:20]", "shape", "is a table of 20 by 10"),
        ("np.arange(20.0).reshape(4, 5)", "shape", "is a table of 4 by 5"),
        ("np.append(np.arange(19.0), np.nan)", "nan", "holds NaN"),
        ("np.linspace(-2, -1, 20)", "scores", "no row numbers. Scores say"),
    ],
)
def test_what_is_no_list_of_row_numbers_hears_what_it_is(id, name, code, misconception, said):
    one = find(id)
    outcome = one.check(one.run(f"{one.solution}\n{name} = {code}"))
    assert outcome.misconception == misconception, outcome.message
    assert said in outcome.message


@pytest.mark.parametrize("model", ["OneClassSVM(nu=0.05)", "IsolationForest(random_state=3)", "EllipticEnvelope()"])
def test_the_line_of_another_score_is_recognised_for_any_detector(model):
    one = find("outliers.new_line")
    own = f"detector = make_pipeline(StandardScaler(), {model}).fit(learned)\n"
    outcome = one.check(one.run(f"{own}threshold = np.quantile(detector.decision_function(held_out), 0.05)"))
    assert outcome.misconception == "decision", outcome.message
    assert "`score_samples`, which was asked for" in outcome.message


def test_two_labels_for_one_patient_are_seen():
    one = find("outliers.budget")
    names = one.run(one.solution)
    names["to_check"] = np.repeat(names["to_check"][:10], 2)
    assert one.check(names).misconception == "range"


def test_precision_may_come_as_any_kind_of_number():
    one = find("outliers.precision_at_k")
    for kind in ("float", "np.float32", "np.array"):
        code = one.solution.replace(
            "return is_odd[np.argsort(scores)[:k]].mean()", f"return {kind}(is_odd[scores.argsort()[:k]].mean())"
        )
        assert one.check(one.run(code)).state == RIGHT, kind


def test_one_cut_may_put_equal_values_on_either_side():
    one = find("outliers.one_cut")
    for sign in ("<", "<=", ">", ">="):
        assert one.check(one.run(one.solution.replace("<", sign))).state == RIGHT, sign


def test_one_cut_says_when_the_table_was_changed():
    one = find("outliers.one_cut")
    code = one.solution.replace("return rows[", "return (rows / 2)[")
    assert one.check(one.run(code)).misconception == "changed"


def test_own_spread_accepts_other_scalers():
    one = find("outliers.own_spread")
    for scaler in ("MinMaxScaler", "RobustScaler"):
        code = f"from sklearn.preprocessing import {scaler}\n" + one.solution.replace("StandardScaler", scaler)
        assert one.check(one.run(code)).state == RIGHT, scaler


def test_the_line_follows_the_detector_in_the_notebook():
    one = find("outliers.new_line")
    forest = "detector = make_pipeline(StandardScaler(), IsolationForest(random_state=3)).fit(learned)\n"
    outcome = one.check(one.run(forest + one.solution))
    assert outcome.state == RIGHT
    assert outcome.message.startswith("6 in 100")


def test_a_detector_fitted_on_an_array_is_judged_too():
    one = find("outliers.discreet")
    code = one.solution.replace(".fit(X)", ".fit(X.to_numpy())")
    outcome = one.check(one.run(code))
    assert outcome.state == RIGHT
    assert "None of your rows" in outcome.message


def test_a_check_does_not_change_what_the_learner_has():
    one = find("outliers.own_spread")
    names = one.run(one.solution)
    before = np.array(names["oddest"])
    one.check(names)
    assert np.array_equal(names["oddest"], before)
