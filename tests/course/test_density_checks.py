"""The proof of lesson 02's exercises: the same verdicts whatever the seed; and what its prose says is so."""

import numpy as np
import pytest
from sklearn.cluster import DBSCAN, AgglomerativeClustering

import beyondlabels as bl
from beyondlabels.course.checks import density
from beyondlabels.course.checks._density_data import distances, kilometres
from beyondlabels.course.exercises import NOT_YET, RIGHT, find


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("one", density.EXERCISES, ids=lambda one: one.id)
def test_verdicts_are_the_same_over_seeds(one, seed):
    for name, expected, got in one.proof(seed):
        assert got == expected, name


def answered(id, code, seed=0):
    one = find(id)
    return one.check(one.run(code, seed))


@pytest.mark.parametrize(
    "code", ["core = DBSCAN(eps=20, min_samples=8).fit(X).core_sample_indices_.tolist()", "core = 3"]
)
def test_core_quakes_that_are_no_mask(code):
    assert answered("density.core_quakes", code).state == NOT_YET


def test_core_quakes_as_noughts_and_ones():
    code = find("density.core_quakes").solution + "\ncore = core.astype(int)"
    assert answered("density.core_quakes", code).state == RIGHT


def test_k_distance_may_be_a_series_or_run_downwards():
    solution = find("density.k_distance").solution
    for tail in (
        "k_distance = pd.Series(k_distance)",
        "k_distance = k_distance[::-1]",
        "k_distance = list(k_distance)",
    ):
        assert answered("density.k_distance", f"{solution}\n{tail}").state == RIGHT


@pytest.mark.parametrize("radius", [6371.0088, 6378.137])
def test_haversine_does_not_care_for_the_exact_earth_nor_for_numbers_of_clusters(radius):
    code = find("density.haversine").solution.replace("6371", str(radius))
    code += "\nsphere_labels = np.where(sphere_labels < 0, -1, 40 - sphere_labels)"
    assert answered("density.haversine", code).state == RIGHT


def test_projected_labels_are_right_as_well():
    assert answered("density.haversine", "sphere_labels = DBSCAN(eps=20, min_samples=8).fit_predict(X)").state == RIGHT


def test_noise_that_was_replaced_is_noticed():
    outcome = answered("density.on_noise", "noise = X[::-1]\nnoise_eps = 10")
    assert outcome.misconception == "quakes"


@pytest.mark.parametrize("eps", ["np.float64(38)", "38.5", "np.array(40)"])
def test_any_number_will_do_for_a_radius(eps):
    assert answered("density.on_noise", f"noise_eps = {eps}").state == RIGHT


def test_the_tree_may_be_cut_by_scikit_learn():
    labels = AgglomerativeClustering(None, distance_threshold=20 + 1e-9, linkage="single").fit_predict(kilometres())
    one = find("density.cut_the_tree")
    names = one.run(one.starter) | {"tree_groups": labels}
    assert one.check(names).state == RIGHT


def test_a_rule_that_fails_is_told_what_python_said():
    outcome = answered("density.new_quake", "def place_new(new, core_points, core_labels, eps):\n    return 1 / 0")
    assert (outcome.state, outcome.misconception) == (NOT_YET, "error")
    assert "division by zero" in outcome.message


def test_the_judges_project_as_the_lesson_does():
    names = find("density.core_quakes").run("core = None")
    np.testing.assert_allclose(names["X"], kilometres(), atol=1e-9)


# ---- figures that stand in the lesson's prose


def test_three_of_44_border_quakes_are_reached_by_two_clusters():
    model = DBSCAN(eps=20, min_samples=8).fit(kilometres())
    core = np.isin(np.arange(996), model.core_sample_indices_)
    border = np.flatnonzero((model.labels_ >= 0) & ~core)
    reached = [set(model.labels_[(distances()[row] <= 20) & core].tolist()) for row in border]
    assert (len(border), sum(len(each) > 1 for each in reached)) == (44, 3)
    assert core.sum() == 771


def test_the_two_places_are_370_km_apart():
    assert round(np.hypot(-338 - 9, 200 - 70), -1) == 370


def test_what_the_card_and_the_lesson_say_of_the_quakes():
    quakes = bl.datasets.load("earthquakes")
    assert round(100 * (quakes["depth_km"] < 15).mean()) == 95
    assert round(quakes["magnitude"].median(), 1) == 0.8
    assert quakes["hours"].is_monotonic_increasing
    assert (round(111.195 * np.cos(np.radians(37))), round(111.195)) == (89, 111)


def test_state_lines_have_no_loose_corner():
    assert bl.datasets.load("state_lines").groupby("line").size().min() >= 2
