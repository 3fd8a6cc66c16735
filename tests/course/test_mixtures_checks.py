"""The proof of lesson 03's exercises: the same verdicts whatever the seed, and no judge that prefers one numbering."""

import numpy as np
import pytest

from beyondlabels.course.checks import _mixtures_data, mixtures
from beyondlabels.course.exercises import NOT_YET, RIGHT, find


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("one", mixtures.EXERCISES, ids=lambda one: one.id)
def test_verdicts_are_the_same_over_seeds(one, seed):
    for name, expected, got in one.proof(seed):
        assert got == expected, name


def test_responsibility_follows_the_names_in_the_notebook():
    one = find("mixtures.responsibility")
    names = one.run(one.solution)
    for name in ("weights", "densities", "joint", "shares"):
        names[name] = names[name][..., ::-1]  # components the other way round
    assert one.check(names).state == RIGHT
    names["shares"] = names["shares"][:, ::-1]
    assert one.check(names).state == NOT_YET


@pytest.mark.parametrize("joint", ["None", "densities", "weights * densities / 2", "'weights'", "shares", "joint.T"])
def test_right_shares_need_the_product_too(joint):
    one = find("mixtures.responsibility")
    outcome = one.check(one.run(f"{one.solution}\njoint = {joint}"))
    assert (outcome.state, outcome.misconception) in {(NOT_YET, "joint"), (NOT_YET, "shape"), (NOT_YET, "type")}
    assert "`joint`" in outcome.message
    waiting = one.check(one.run(f"{one.solution}\njoint = ..."))
    assert (waiting.state, waiting.misconception) == (NOT_YET, "unfinished")


@pytest.mark.parametrize(
    "best", ["{}", "[['full'], 2]", "set()", "('full', [2])", "('full', np.arange(2))", "bic", "None", "2"]
)
def test_a_best_that_can_be_no_key_is_told_what_one_looks_like(best):
    one = find("mixtures.choose")
    given = {key: values[0] for key, values in _mixtures_data.table().items()}
    outcome = one.check({"bic": given, "best": eval(best, {"np": np, "bic": given})})
    assert (outcome.state, outcome.misconception) == (NOT_YET, "best_shape")
    assert "`best` should be a shape and a number" in outcome.message


def test_the_m_step_is_judged_on_any_number_of_measurements():
    one = find("mixtures.m_step")
    plane_only = one.solution.replace("means = shares", "points = points[:, :2]\n    means = shares")
    outcome = one.check(one.run(plane_only))
    assert (outcome.state, outcome.misconception) == (NOT_YET, "shape")


def test_log_sum_exp_may_return_a_column():
    one = find("mixtures.log_sum_exp")
    column = one.solution.replace("largest[:, 0]", "largest").replace(".sum(axis=1))", ".sum(axis=1, keepdims=True))")
    assert one.check(one.run(column)).state == RIGHT


def test_a_column_added_to_a_row_is_no_answer():
    one = find("mixtures.log_sum_exp")
    table = one.solution.replace("largest[:, 0]", "largest")  # (20, 1) + (20,) is (20, 20)
    outcome = one.check(one.run(table))
    assert (outcome.state, outcome.misconception) == (NOT_YET, "shape")


@pytest.mark.parametrize(("place", "unusual"), [([4.3, 80.0], False), ([3.0, 45.0], True), ([9.0, 200.0], True)])
def test_new_eruption_follows_the_eruption_in_the_notebook(place, unusual):
    one = find("mixtures.new_eruption")
    for seed in range(4):
        names = one.run(one.solution.replace("[[2.0, 85.0]]", f"[{place}]"), seed)
        assert names["unusual"] is unusual
        assert one.check(names).state == RIGHT
        names["unusual"] = not unusual
        assert one.check(names).misconception == "sure_is_not_near"


@pytest.mark.parametrize("one_truth", ["{}", "{}[:, None]", "list({})", "np.array(({})[0])", "pd.DataFrame({})"])
def test_unusual_may_be_an_array_of_one(one_truth):
    one = find("mixtures.new_eruption")
    one_truth = one_truth.format("(model.score_samples(new_eruption) < threshold)")
    names = one.run(one.solution.rpartition("unusual = ")[0] + f"unusual = {one_truth}")
    assert one.check(names).state == RIGHT
    names["unusual"] = np.array([False])
    assert one.check(names).misconception == "sure_is_not_near"


@pytest.mark.parametrize(("given", "told"), [("np.ones(2, bool)", "an ndarray"), ("['yes']", "a str"), ("1", "an int")])
def test_unusual_is_a_truth(given, told):
    one = find("mixtures.new_eruption")
    outcome = one.check(one.run(f"{one.solution}\nunusual = {given}"))
    assert (outcome.state, outcome.misconception) == (NOT_YET, "not_a_truth")
    assert f"`unusual` is {told}; True or False was asked for." in outcome.message


def test_another_error_of_log_sum_exp_is_told_as_it_is():
    one = find("mixtures.log_sum_exp")
    outcome = one.check(one.run("def log_sum_exp(joint):\n    raise ValueError('too late')"))
    assert (outcome.state, outcome.misconception) == (NOT_YET, "error")
    assert "ValueError: too late" in outcome.message


def test_a_single_start_is_named_where_it_misses_the_best():
    one = find("mixtures.choose")
    seen = set()
    for seed in range(4):
        outcome = one.check(
            one.run(one.solution.replace("n_init=20, random_state=0", f"n_init=1, random_state={seed}"))
        )
        seen.add((outcome.state, outcome.misconception))
    assert seen <= {(RIGHT, None), (NOT_YET, "few_starts")}
    assert (NOT_YET, "few_starts") in seen


def test_every_shape_of_liar_is_measured():
    one = find("mixtures.liar")
    for shape in ("spherical", "tied", "diag", "full"):
        names = one.run(f"liar = GaussianMixture(4, covariance_type={shape!r}, random_state=0).fit(points)")
        assert one.check(names).misconception in ("too_few", "honest")


def test_a_check_does_not_change_what_the_learner_has():
    one = find("mixtures.new_eruption")
    names = one.run(one.solution)
    before = names["new_eruption"].to_numpy().copy(), names["model"].means_.copy()
    one.check(names)
    assert np.array_equal(before[0], names["new_eruption"].to_numpy())
    assert np.array_equal(before[1], names["model"].means_)
