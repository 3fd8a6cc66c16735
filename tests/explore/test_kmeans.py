"""The k-means explorable: what a learner does to it, what it says, and what it refuses."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans as SklearnKMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.preprocessing import StandardScaler

import beyondlabels as bl
from beyondlabels.resources import folder

SQUARE = np.array([[0.0, 0], [0, 2], [10, 0], [10, 2]])
PENGUINS = pd.read_csv(folder("datasets") / "penguins" / "penguins.csv").dropna(
    subset=["bill_length_mm", "body_mass_g"]
)


def penguins(**options):
    settings = {"x": "bill_length_mm", "y": "flipper_length_mm", "noun": "penguins", **options}
    return bl.explore.KMeans(PENGUINS, **settings)


def square(**options):
    explorable = bl.explore.KMeans(SQUARE, **{"k": 2, "scale": False, **options})
    explorable.move(0, 0, 1)
    explorable.move(1, 10, 0)
    return explorable


def ask(explorable, **message):
    """As the browser asks."""
    explorable._receive(explorable, {"token": "t-1", **message}, [])
    return explorable.state


def test_before_the_first_step_nothing_is_assigned():
    explorable = penguins()
    assert set(explorable.labels) == {-1}
    assert np.isnan(explorable.inertia)
    assert np.isnan(explorable.silhouette)
    assert explorable.state["next"] == "assign"
    assert set(explorable.groups) == {255}
    assert explorable.said.startswith("No penguin has a group yet.")


def test_half_steps_by_hand():
    explorable = square()
    assert explorable.labels.tolist() == [0, 0, 1, 1]
    assert explorable.inertia == 6  # 1 + 1 + 0 + 4
    explorable.step()
    assert explorable.centres.tolist() == [[0, 1], [10, 1]]
    assert explorable.inertia == 4
    assert explorable.said.endswith("Inertia fell from 6.00 to 4.00.")
    assert explorable.state["changed"] is None
    explorable.step()
    assert explorable.converged
    assert explorable.said == "No point changed group: k-means has converged."
    explorable.step()
    assert "No centre moved" in explorable.said


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("seed", range(10))
def test_run_ends_where_scikit_learn_ends(scale, seed):
    explorable = penguins(scale=scale, seed=seed, y="body_mass_g")
    start = explorable.centres
    assert explorable.run()
    scaler = StandardScaler(with_mean=scale, with_std=scale).fit(explorable.points)
    space = scaler.transform(explorable.points)
    model = SklearnKMeans(3, init=scaler.transform(start), n_init=1, tol=0, max_iter=500).fit(space)
    assert adjusted_rand_score(model.labels_, explorable.labels) == 1
    assert explorable.inertia == pytest.approx(model.inertia_, rel=1e-9)
    assert explorable.silhouette == pytest.approx(silhouette_score(space, explorable.labels), abs=1e-5)


def test_inertia_never_rises_while_stepping():
    explorable = penguins(k=5)
    explorable.step()
    seen = [explorable.inertia]
    while not explorable.converged:
        explorable.step()
        seen.append(explorable.inertia)
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(seen))


def test_moving_a_centre_assigns_at_once_and_says_so():
    explorable = penguins()
    explorable.step()
    x, y = explorable.centres[0]
    before = explorable.labels
    explorable.move(0, x - 6, y)
    changed = int((explorable.labels != before).sum())
    assert explorable.said.startswith("Centre 1 moved 6.0 mm left. ")
    assert f"{changed} penguins changed group; inertia rose from" in explorable.said
    assert explorable.state["changed"] == changed
    assert explorable.state["trails"][0] == [[x, y]]


def test_one_drag_is_told_as_a_whole():
    explorable = penguins()
    explorable.step()
    (x, y), before = explorable.centres[0], explorable.inertia
    for part in range(1, 6):
        ask(explorable, do="centre", index=0, x=x + part, y=y, drag="d1", done=part == 5)
    assert explorable.said.startswith("Centre 1 moved 5.0 mm right.")
    assert f"from {before:.1f} to" in explorable.said
    assert explorable.state["trails"][0] == [[x, y]]
    ask(explorable, do="centre", index=0, x=x, y=y, drag="d2", done=True)
    assert explorable.said.startswith("Centre 1 moved 5.0 mm left.")


def test_moving_a_point():
    explorable = square()
    sent = explorable.positions
    ask(explorable, do="point", index=1, x=10, y=1, drag="d", done=False)
    assert explorable.positions == sent  # the browser has it under its hand
    ask(explorable, do="point", index=1, x=9, y=1, drag="d", done=True)
    assert explorable.positions != sent
    assert explorable.said.startswith("Point 2 moved 9.0 right and 1.0")
    assert "joined group 2" in explorable.said
    assert explorable.labels.tolist() == [0, 1, 1, 1]
    assert explorable.points[1].tolist() == [9, 1]
    explorable.reset()
    assert explorable.points.tolist() == SQUARE.tolist()
    assert explorable.positions == sent


def test_changing_k_keeps_the_centres_there_are():
    explorable = penguins()
    explorable.run()
    before = explorable.centres
    explorable.k = 5
    assert explorable.k == 5
    np.testing.assert_array_equal(explorable.centres[:3], before)
    assert explorable.said.startswith("Centres 4 and 5 were added. ")
    explorable.k = 2
    assert explorable.said.startswith("Centres 3 to 5 were taken away. ")
    assert set(explorable.labels) == {0, 1}
    again = penguins()
    again.run()
    again.k = 5
    assert again.centres.shape == (5, 2)


def test_one_group_has_no_silhouette_and_says_so():
    explorable = penguins(k=1)
    explorable.run()
    assert np.isnan(explorable.silhouette)
    assert "undefined for one group" in explorable.state["note"]
    assert "The centre went to the mean of all penguins" not in explorable.said  # it has converged by now
    np.testing.assert_allclose(explorable.centres[0], explorable.points.mean(axis=0))


def test_scale_changes_distances_and_not_the_picture():
    explorable = penguins(y="body_mass_g")
    explorable.run()
    axes, positions, before = explorable.axes, explorable.positions, explorable.labels
    explorable.scale = False
    changed = int((explorable.labels != before).sum())
    assert changed > 0
    assert f"{changed} penguins changed group" in explorable.said
    assert "on another scale than before" in explorable.said
    assert explorable.state["change"] == ""
    assert "in mm² plus g²" in explorable.state["note"]
    assert (explorable.axes, explorable.positions) == (axes, positions)


def test_a_centre_without_points_stays_and_that_is_said():
    explorable = bl.explore.KMeans([[0, 0], [0, 2], [10, 0], [10, 2]], k=3, scale=False)
    explorable.move(0, 0, 1)
    explorable.move(1, 10, 1)
    explorable.move(2, 5, 2.1)
    assert explorable.said.endswith("Centre 3 has no points, so it stays where it is.")
    explorable.step()
    assert explorable.centres[2].tolist() == [5, 2.1]
    assert "Centre 3 has no points" in explorable.said


def test_duplicates_and_a_constant_column():
    explorable = bl.explore.KMeans([[1, 5]] * 4 + [[2, 5]] * 4, k=4)
    assert explorable.run()
    assert np.isfinite(explorable.inertia)
    assert np.isfinite(explorable.centres).all()


def test_reset_is_the_beginning():
    explorable = penguins()
    start = explorable.centres
    explorable.run()
    explorable.reset()
    np.testing.assert_array_equal(explorable.centres, start)
    assert set(explorable.labels) == {-1}
    assert explorable.state["trails"] == [[], [], []]
    np.testing.assert_array_equal(penguins().centres, start)


def test_many_points():
    points = np.random.default_rng(0).normal(size=(100_000, 2))
    explorable = bl.explore.KMeans(points, k=6)
    explorable.step()
    assert len(explorable.groups) == 100_000
    assert len(explorable.positions) == 800_000
    assert "on a sample of 1,000" in explorable.state["note"]
    assert len(explorable.picture()) < 40_000


@pytest.mark.parametrize("k", [0, 7, -1, 2.5, "3", True, 255])
def test_k_out_of_range(k):
    with pytest.raises(bl.BadInput, match="from 1 to 6"):
        penguins(k=k)


def test_k_is_at_most_the_number_of_rows():
    with pytest.raises(bl.BadInput, match="with two points it is a whole number from 1 to 2"):
        bl.explore.KMeans([[0, 0], [1, 1]], k=3)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda explorable: explorable.move(3, 40, 200), "no centre 3"),
        (lambda explorable: explorable.move(0, 4000, 200), "off the stage"),
        (lambda explorable: explorable.move(0, float("nan"), 200), "off the stage"),
        (lambda explorable: explorable.move_point(-1, 40, 200), "no row -1"),
        (lambda explorable: setattr(explorable, "k", 9), "from 1 to 6"),
    ],
)
def test_refusals_change_nothing(act, message):
    explorable = penguins()
    explorable.step()
    before = explorable.state
    with pytest.raises(bl.BadInput, match=message):
        act(explorable)
    assert explorable.state == before


def test_missing_values_are_refused():
    table = PENGUINS.copy()
    table.loc[table.index[0], "bill_length_mm"] = np.nan
    with pytest.raises(bl.BadInput, match="missing"):
        bl.explore.KMeans(table, "bill_length_mm", "body_mass_g")


def test_every_message_is_answered():
    explorable = penguins()
    frame = explorable.frame
    for message in (
        {"do": "step"},
        {"do": "k", "k": 99},
        {"do": "centre", "index": 8, "x": 1, "y": 1, "drag": "d", "done": True},
    ):
        state = ask(explorable, **message)
        frame += 1
        assert (state["token"], explorable.frame) == ("t-1", frame)
    assert "no centre 8" in explorable.said
    ask(explorable, do="dance")
    assert "'dance'" in explorable.said
    with pytest.raises(TypeError):
        ask(explorable, do="centre")
    assert explorable.frame == frame + 2


def test_in_plain_text_and_as_a_still_picture():
    explorable = penguins()
    assert repr(explorable) == (
        "K-means on 342 penguins: bill length (mm) and flipper length (mm), standardised, k = 3; no groups yet."
    )
    explorable.run()
    assert repr(explorable).endswith("; inertia 157.8, silhouette 0.52.")
    picture = explorable.picture()
    assert picture == explorable.picture()
    assert len(picture) < 40_000
    assert '<img alt="K-means on 342 penguins' in picture
