"""The proof of lesson 01's exercises: the same verdicts whatever the seed."""

import numpy as np
import pytest

from beyondlabels.course.checks import kmeans, welcome
from beyondlabels.course.exercises import NOT_YET, RIGHT, find


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("one", [*kmeans.EXERCISES, *welcome.EXERCISES], ids=lambda one: one.id)
def test_verdicts_are_the_same_over_seeds(one, seed):
    for name, expected, got in one.proof(seed):
        assert got == expected, name


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (7, 3, -5)])
def test_scale_first_does_not_care_how_groups_are_numbered(order):
    one = find("kmeans.scale_first")
    names = one.run(one.solution)
    names["groups"] = np.array(order)[names["groups"]]
    assert one.check(names).state == RIGHT


def test_scale_first_names_an_unlucky_start():
    one = find("kmeans.scale_first")
    names = one.run(one.solution)
    light = names["X"]["body_mass_g"].to_numpy() < 4200
    names["groups"] = np.where(light, 0, 1 + (names["X"]["bill_depth_mm"].to_numpy() > 15))
    outcome = one.check(names)
    assert outcome.state == NOT_YET
    assert outcome.misconception in ("one_start", "groups_from_raw")


def test_scale_first_with_a_table_of_missing_values():
    one = find("kmeans.scale_first")
    names = one.run(one.solution)
    names["scaled"] = np.where(names["scaled"] > 2, np.nan, names["scaled"])
    assert one.check(names).misconception == "nan"


def test_assign_ties_may_go_either_way():
    one = find("kmeans.assign_step")
    last = "import numpy as np\ndef assign(points, centres):\n    d = ((points[:, None] - centres) ** 2).sum(axis=2)\n"
    last += "    return d.shape[1] - 1 - d[:, ::-1].argmin(axis=1)"
    assert one.check(one.run(last)).state == RIGHT


def test_update_may_move_an_empty_centre_onto_a_point():
    one = find("kmeans.empty_group")
    code = one.solution.replace("    return moved", "        else:\n            moved[k] = points[0]\n    return moved")
    assert one.check(one.run(code)).state == RIGHT


def test_a_check_does_not_change_what_the_learner_has():
    one = find("kmeans.noise_has_groups")
    names = one.run(one.solution)
    before = names["shuffled"].copy()
    one.check(names)
    assert np.array_equal(names["shuffled"], before)


def test_how_many_accepts_one_start_each():
    one = find("kmeans.how_many")
    for seed in range(3):
        code = one.solution.replace("n_init=10, random_state=0", "random_state=seed")
        assert one.check(one.run(code, seed)).state == RIGHT


def test_new_penguin_follows_the_model_in_the_notebook():
    one = find("kmeans.new_penguin")
    for seed in range(4):
        names = one.run(one.solution, seed)
        names["model"].cluster_centers_ = names["model"].cluster_centers_[::-1].copy()
        names["new_group"] = 2 - int(names["new_group"])
        assert one.check(names).state == RIGHT
