"""The proof of lesson 05's exercises: the same verdicts whatever the seed, and whatever turns or mirrors a map."""

import numpy as np
import pytest

from beyondlabels.course.checks import manifolds
from beyondlabels.course.exercises import NOT_ATTEMPTED, NOT_YET, RIGHT, find


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("one", manifolds.EXERCISES, ids=lambda one: one.id)
def test_verdicts_are_the_same_over_seeds(one, seed):
    np.random.seed(seed)  # what an answer without a seed of its own draws from
    for name, expected, got in one.proof(seed):
        assert got == expected, name


@pytest.mark.parametrize("change", ["places[:, ::-1]", "-places", "places @ [[0.6, -0.8], [0.8, 0.6]]", "places + 7"])
def test_mds_may_turn_mirror_and_move_the_map(change):
    one = find("manifolds.classical_mds")
    code = one.solution.replace("return", "places =") + f"\n    return {change}"
    assert one.check(one.run(code)).state == RIGHT


def test_mds_without_a_return_is_told_so():
    one = find("manifolds.classical_mds")
    assert one.check(one.run(one.solution.replace("return ", ""))).misconception == "no_return"


@pytest.mark.parametrize(
    ("last_line", "misconception"),
    [
        ("return vectors[:, :2] * np.sqrt(values[:2])", "smallest"),
        ("return vectors[:, :2] * np.sqrt(abs(values[:2]))", "smallest"),
        ("return vectors[:, -2:] * np.sqrt(values[:2])", "smallest"),
        ("return vectors[:, -2:] * np.sqrt(-values[-2:])", "no_numbers"),
        ("return vectors[:, -2:] / (values[-2:] - values[-2:])", "no_numbers"),
        ("return 0 * vectors[:, -2:]", "other_distances"),
        ("return values[-2:], vectors[:, -2:]", "not_one_table"),
        ("return np.linalg.eigh(centred)", "not_one_table"),
    ],
)
def test_mds_names_what_it_sees(last_line, misconception):
    one = find("manifolds.classical_mds")
    outcome = one.check(one.run(one.starter.replace("...", last_line)))
    assert (outcome.state, outcome.misconception) == (NOT_YET, misconception), outcome.message


def test_mds_may_answer_with_lists():
    one = find("manifolds.classical_mds")
    assert one.check(one.run(one.solution.replace("return", "return list(") + ")")).state == RIGHT


@pytest.mark.parametrize("body", ["return len({*rows})", "return len(set(near) & set(shown)) / count"])
def test_kept_makes_no_sets_of_tables(body):
    one = find("manifolds.neighbours_kept")
    outcome = one.check(one.run(one.solution.replace("return np", f"{body}\n    return np")))
    assert (outcome.state, outcome.misconception) == (NOT_YET, "set_of_tables")


def test_kept_may_answer_with_an_array_of_one():
    one = find("manifolds.neighbours_kept")
    assert (
        one.check(
            one.run(
                one.solution.replace("np.mean(", "np.array(").replace("zip(near, shown)])", "zip(near, shown)]).mean()")
            )
        ).state
        == RIGHT
    )


def test_shortcuts_half_done():
    one = find("manifolds.shortcuts")
    names = one.run(one.solution)
    names["most_neighbours"] = ...
    assert one.check(names).misconception == "unfinished"
    names["jumps"] = dict.fromkeys(names["jumps"], ...)
    assert one.check(names).state == NOT_ATTEMPTED


def test_shortcuts_measure_the_roll_in_the_notebook():
    one = find("manifolds.shortcuts")
    names = one.run(one.solution)
    names["roll"] = names["roll"][::-1]  # rows and sheet no longer belong together
    assert one.check(names).state == NOT_YET


def test_the_stand_in_may_be_a_keras_network():
    keras = pytest.importorskip("keras")
    one = find("manifolds.stand_in")
    names = one.run("stand_in = ...")
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Rescaling(1 / 16), keras.layers.Dense(128, "relu"), keras.layers.Dense(128, "relu")]
    network = keras.Sequential([keras.Input((64,)), *layers, keras.layers.Dense(2)])
    network.compile("adam", "mse")
    names["stand_in"] = network
    untrained = one.check(names)
    assert untrained.misconception == "too_low"
    network.fit(names["pixels"], names["places"], epochs=60, verbose=0)
    outcome = one.check(names)
    assert outcome.state == RIGHT, outcome.message


def test_the_stand_in_must_place_in_a_plane():
    one = find("manifolds.stand_in")
    names = one.run("stand_in = PCA(3).fit(pixels)")
    assert one.check(names).misconception == "shape"
