"""The DBSCAN explorable: what a learner does to it, what it says, and what it refuses."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import DBSCAN

import beyondlabels as bl

TWO = np.array([[0.0, 0], [1, 0], [0, 1], [10, 10], [11, 10], [10, 11], [30, 0]])


def two(**options):
    return bl.explore.DBSCAN(TWO, **{"eps": 1.5, "min_samples": 3, "noun": "quakes", **options})


def ask(explorable, **message):
    """As the browser asks."""
    explorable._receive(explorable, {"token": "t-1", **message}, [])
    return explorable.state


def finish(explorable):
    while not explorable.done:
        explorable.step()


def test_before_the_first_step_nothing_has_a_cluster():
    explorable = two()
    assert set(explorable.labels) == {-1}
    assert set(explorable.groups) == {255}
    assert not explorable.done
    assert explorable.said.startswith("No quake has a cluster yet.")
    assert repr(explorable).endswith("eps 1.50, min_samples 3; no clusters yet.")


def test_the_circle_counts_what_is_in_it():
    explorable = two()
    explorable.move(0.2, 0.2)
    assert explorable.said == "Three quakes within 1.50 of here. At least 3, itself included, make a quake core."
    assert (explorable.state["inside"], explorable.state["dense"]) == (3, True)
    explorable.move(29.5, 0.5)
    assert explorable.said == "One quake within 1.50 of here. A core quake has at least 3, itself included."
    assert explorable.spot.tolist() == [29.5, 0.5]


def test_step_by_step_from_under_the_circle():
    explorable = two()
    explorable.move(10, 10)
    explorable.step()
    assert explorable.said == "Cluster 1 starts here: three quakes within 1.50 of this one make it core."
    assert explorable.labels.tolist() == [-1, -1, -1, 0, -1, -1, -1]
    assert explorable.state["front"] == [[10, 10]]
    explorable.step()
    assert (
        explorable.said
        == "Two quakes joined cluster 1, and nothing new lies within reach: 3 in one wave, all of them core."
    )
    finish(explorable)
    assert explorable.said == "Two clusters, the largest of three quakes; 1 (14 %) is noise."
    assert explorable.labels.tolist() == [1, 1, 1, 0, 0, 0, -1]
    explorable.step()
    assert explorable.said.startswith("Every point has been looked at.")


def test_codes_tell_core_border_and_noise_apart():
    explorable = bl.explore.DBSCAN(np.array([[0.0, 0], [1, 0], [2, 0], [3, 0], [9, 0.1]]), eps=1.0, min_samples=3)
    explorable.run()
    first, *middle, last, noise = explorable.groups
    assert middle == [first - 64] * 2
    assert last == first >= 64
    assert noise == 254


def test_run_is_scikit_learns_and_follows_the_settings():
    rows = np.random.default_rng(0).normal(size=(200, 2))
    explorable = bl.explore.DBSCAN(rows, eps=0.3)
    explorable.run()
    for eps, min_samples in [(0.3, 5), (0.2, 5), (0.2, 9), (0.5, 2)]:
        explorable.eps, explorable.min_samples = eps, min_samples
        model = DBSCAN(eps=eps, min_samples=min_samples).fit(rows)
        np.testing.assert_array_equal(explorable.labels, model.labels_)
        assert np.flatnonzero(explorable.core).tolist() == model.core_sample_indices_.tolist()
    assert "Before, there" in explorable.said


def test_a_change_in_the_middle_of_the_flood_starts_it_again():
    explorable = two()
    explorable.step()
    explorable.eps = 2
    assert explorable.said.startswith("The rule changed, so the flood starts again.")
    assert set(explorable.groups) == {255}
    explorable.min_samples = 2
    assert not explorable.said.startswith("The rule changed")


def test_places_to_follow():
    explorable = two(places={"West": (0, 0), "East": (10, 10), "Far": (30, 1)})
    assert explorable.state["places"] == [["West", "–"], ["East", "–"], ["Far", "–"]]
    explorable.run()
    assert explorable.state["places"] == [["West", "cluster 1, of 3"], ["East", "cluster 2, of 3"], ["Far", "noise"]]
    assert explorable.said.endswith("Far is noise.")
    pair = two(places={"West": (0, 0), "East": (10, 10)}, eps=14)
    pair.run()
    assert pair.said.endswith("West and East lie in the same cluster.")
    pair.eps = 1.5
    assert pair.said.endswith("West and East lie in different clusters.")


def test_no_core_point_at_all():
    explorable = two(min_samples=7)
    explorable.step()
    assert explorable.done
    assert explorable.said == "No clusters: no quake is core, so all 7 are noise."
    assert explorable.state["noise"] == "7"


def test_one_cluster_and_no_noise():
    explorable = two(eps=60)
    explorable.run()
    assert explorable.said == "One cluster of seven quakes; nothing is noise."


def test_a_little_noise_is_not_rounded_away():
    explorable = bl.explore.DBSCAN(np.append(np.zeros((300, 2)), [[9, 9]], axis=0), eps=1.0)
    explorable.run()
    assert explorable.said == "One cluster of 300 points; 1 (under 1 %) is noise."


def test_reset_is_the_beginning():
    explorable = two()
    explorable.run()
    explorable.reset()
    assert set(explorable.groups) == {255}
    assert explorable.state["clusters"] == "0"
    assert not explorable.done


def test_two_units_cannot_share_a_circle():
    table = pd.DataFrame({"east_km": [0.0, 1], "body_mass_g": [1.0, 2]})
    with pytest.raises(bl.BadInput, match="east_km is in km and body_mass_g in g; one circle needs one unit"):
        bl.explore.DBSCAN(table)


@pytest.mark.parametrize("eps", [0, -1, np.nan, np.inf, "3", True, 1e9])
def test_eps_out_of_range(eps):
    explorable = two()
    with pytest.raises(bl.BadInput, match="above 0 and up to"):
        explorable.eps = eps


@pytest.mark.parametrize("eps", [0, -1, np.nan, "3", True])
def test_eps_that_is_no_radius_from_the_start(eps):
    with pytest.raises(bl.BadInput, match="above 0 and up to"):
        two(eps=eps)


@pytest.mark.parametrize("value", [0, 8, 2.5, "3", True, None])
def test_min_samples_out_of_range(value):
    with pytest.raises(bl.BadInput, match="whole number from 1 to 7"):
        two(min_samples=value)


@pytest.mark.parametrize("place", [(900, 0), (np.nan, 0), ("a", 0)])
def test_the_circle_stays_on_the_map(place):
    explorable = two()
    before = explorable.state
    with pytest.raises(bl.BadInput, match="is off the map"):
        explorable.move(*place)
    assert explorable.state == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"places": {"noise": (0, 0)}}, "as a figure beside the map is"),
        ({"places": {"Here": (0, np.nan)}}, "the place 'Here' has the shape"),
        ({"places": {"Here": "there"}}, "two numbers for each"),
        ({"lines": [[[0, 0, 0]]]}, r"a line has the shape \(1, 3\)"),
    ],
)
def test_places_and_lines_that_are_none(options, message):
    with pytest.raises(bl.BadInput, match=message):
        two(**options)


def test_too_many_rows_are_refused():
    with pytest.raises(bl.BadInput, match="2,001 rows; at most 2,000"):
        bl.explore.DBSCAN(np.random.default_rng(0).normal(size=(2_001, 2)))


def test_points_that_are_all_the_same():
    explorable = bl.explore.DBSCAN(np.ones((10, 2)))
    explorable.run()
    assert explorable.labels.tolist() == [0] * 10


def test_every_message_is_answered():
    explorable = two()
    frame = explorable.frame
    for message in ({"do": "step"}, {"do": "eps", "eps": -1}, {"do": "spot", "x": 1, "y": 1}, {"do": "run"}):
        assert ask(explorable, **message)["token"] == "t-1"
        frame += 1
        assert explorable.frame == frame
    ask(explorable, do="dance")
    assert "'dance'" in explorable.said
    with pytest.raises(KeyError):
        ask(explorable, do="eps")
    assert explorable.frame == frame + 2


def test_names_are_escaped_in_the_still_picture():
    explorable = two(names=["<b>x</b>", "y & z"], noun="<i>quakes</i>", lines=[[[0, 0], [10, 10], [900, 900]]])
    picture = explorable.picture()
    assert "<b>x</b>" not in picture
    assert "<i>quakes</i>" not in picture
    assert picture == explorable.picture()
    assert '<img alt="DBSCAN on seven' in picture


def test_the_still_picture_shows_no_more_than_has_been_done():
    explorable = two()
    before = explorable.picture()
    explorable.run()
    assert explorable.picture() != before
    assert "two clusters, the largest of three quakes; 1 (14\u00a0%) is noise." in explorable.picture()
