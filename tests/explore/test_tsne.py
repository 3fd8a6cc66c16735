"""The t-SNE explorable: what a learner does to it, what it says, what it refuses, and that the misreadings are there."""

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

import beyondlabels as bl
from beyondlabels.explore.map_run import PERPLEXITIES, STARTS
from beyondlabels.explore.misreadings import MISREADINGS

ROWS = np.random.default_rng(0).normal(size=(60, 4))
KINDS = np.repeat(["<b>a</b>", "c"], 30)


def ask(explorable, **message):
    """As the browser asks."""
    explorable._receive(explorable, {"token": "t-1", **message}, [])
    return explorable.state


def test_before_the_run_nothing_is_computed_and_that_is_said():
    explorable = bl.explore.TSNE()
    assert (explorable.preset, explorable.perplexity, explorable.done) == ("gaps", 30, False)
    assert explorable.said.startswith("The map is not computed yet")
    assert explorable.state["iteration"] == 0
    assert explorable.told is None
    assert len(explorable.map) == 150 * 2 * 4


def test_the_browser_runs_it_picture_by_picture():
    explorable = bl.explore.TSNE()
    seen = [explorable.state["iteration"]]
    while not explorable.done:
        seen.append(ask(explorable, do="step")["iteration"])
    assert seen == sorted(set(seen))
    assert len(seen) > 15
    assert explorable.said.startswith("Perplexity 30: trustworthiness ")
    state = ask(explorable, do="run")
    assert 0 < state["iteration"] < 1000
    assert f"Iteration {state['iteration']} of 1,000." in explorable.said


@pytest.mark.parametrize("preset", MISREADINGS)
def test_the_same_settings_give_the_same_map_however_they_were_reached(preset):
    first, second = bl.explore.TSNE(preset=preset), bl.explore.TSNE()
    second.run()
    second.preset = preset
    second.perplexity, second.start = 5, 2
    second.run()
    second.perplexity, second.start = 30, 0
    np.testing.assert_array_equal(first.run(), second.run())


def test_a_finished_map_is_kept_and_a_moved_group_is_not():
    explorable = bl.explore.TSNE()
    places = explorable.run()
    explorable.perplexity = 5
    assert not explorable.done
    explorable.perplexity = 30
    assert explorable.done
    np.testing.assert_array_equal(explorable.places, places)
    explorable.move(2, 4, 8)
    assert not explorable.done
    explorable.run()
    explorable.preset = "gaps"
    assert explorable.done
    np.testing.assert_array_equal(explorable.places, places)


def test_numbers_are_scikit_learns():
    explorable = bl.explore.TSNE(preset="roll")
    places = explorable.run()
    assert explorable.trustworthiness == pytest.approx(trustworthiness(explorable.points, places, n_neighbors=10))
    assert explorable.continuity == pytest.approx(trustworthiness(places, explorable.points, n_neighbors=10))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("start", [0, 1])
def test_sizes_mean_little(seed, start):
    explorable = bl.explore.TSNE(preset="sizes", seed=seed)
    explorable.start = start
    explorable.run()
    _, data, shown = explorable.told
    assert data == pytest.approx(5)
    assert 0.5 < shown < 2.5
    assert explorable.trustworthiness > 0.97


@pytest.mark.parametrize("seed", range(3))
def test_gaps_mean_little(seed):
    explorable = bl.explore.TSNE(preset="gaps", seed=seed)
    explorable.run()
    _, data, shown = explorable.told
    assert data == pytest.approx(5)
    assert shown < 2.5
    explorable.perplexity = 100
    explorable.run()
    assert explorable.told[2] > 1.5 * shown  # another perplexity, another gap


@pytest.mark.parametrize("seed", range(3))
def test_noise_clumps_at_a_low_perplexity_and_trustworthiness_says_so(seed):
    explorable = bl.explore.TSNE(preset="noise", perplexity=2, seed=seed)
    explorable.run()
    _, data, shown = explorable.told
    assert data < 0.05
    assert shown > 0.35
    assert explorable.trustworthiness < 0.8


def test_moving_a_group_says_how_far_and_begins_again():
    explorable = bl.explore.TSNE()
    explorable.run()
    x, y = explorable.points[100:].mean(axis=0)
    sent = explorable.positions
    state = ask(explorable, do="move", group=2, x=x - 12, y=y)
    assert explorable.positions != sent
    assert explorable.said.startswith("Group 3 moved 12.0 left. Iteration 0")
    assert not state["done"]
    np.testing.assert_allclose(explorable.points[100:].mean(axis=0), [x - 12, y])
    explorable.run()
    assert explorable.said.startswith("Group 3 moved 12.0 left. Perplexity 30")


def test_a_handle_stands_above_its_group():
    explorable = bl.explore.TSNE(preset="sizes")
    for group, (x, y, top_x, top_y) in enumerate(explorable.state["handles"]):
        own = explorable.points[np.frombuffer(explorable.groups, np.uint8) == group]
        np.testing.assert_allclose([x, y, top_x], [*own.mean(axis=0), own[:, 0].mean()], atol=1e-9)
        assert top_y > own[:, 1].max()
    explorable.preset = "noise"
    assert explorable.state["handles"] == []


def test_the_knob_makes_the_points_again():
    explorable = bl.explore.TSNE(preset="sizes")
    assert explorable.knob == 5
    explorable.knob = 10
    explorable.run()
    assert explorable.told[1] == pytest.approx(10)
    explorable.preset = "noise"
    explorable.knob = 3
    assert explorable.points.shape == (200, 3)
    explorable.preset = "gaps"
    assert explorable.knob is None


def test_picking_a_point_shows_its_neighbours_on_both():
    explorable = bl.explore.TSNE(ROWS, noun="cities")
    explorable.run()
    data, near = explorable.pick(7)
    distances = np.linalg.norm(ROWS - ROWS[7], axis=1)
    distances[7] = np.inf
    assert data.tolist() == distances.argsort()[:10].tolist()
    picked = explorable.state["picked"]
    assert picked["row"] == 7
    assert sorted(picked["kept"] + picked["lost"]) == sorted(data.tolist())
    assert sorted(picked["kept"] + picked["strangers"]) == sorted(near.tolist())
    assert explorable.said.startswith(f"City 8: {len(picked['kept'])} of its 10 nearest in the data")
    explorable.perplexity = 5  # the pick stays while the map changes
    assert explorable.state["picked"]["row"] == 7
    assert explorable.pick(None) is None
    assert explorable.state["picked"] is None


def test_images_of_the_picked_row_and_its_neighbours():
    images = ROWS[:, :2, None].repeat(3, axis=2)
    explorable = bl.explore.TSNE(ROWS, images=images)
    data, near = explorable.pick(0)
    shown = explorable.state["picked"]["images"]
    assert list(shown["size"]) == [2, 3]
    assert len(shown["pixels"]) == 21
    scaled = np.round((images - images.min()) / np.ptp(images) * 255)
    np.testing.assert_array_equal(shown["pixels"], scaled[[0, *data, *near]].reshape(21, -1))
    explorable.preset = "gaps"
    explorable.pick(0)
    assert "images" not in explorable.state["picked"]


def test_rows_of_your_own():
    explorable = bl.explore.TSNE(ROWS, groups=KINDS, noun="cities", perplexity=12)
    assert repr(explorable) == "t-SNE of 60 cities of four numbers each (your cities), perplexity 12, PCA start."
    assert explorable.state["legend"] == [[0, "<b>a</b>: 30"], [1, "c: 30"]]
    assert [key for key, _ in explorable.text["presets"]] == ["own", *MISREADINGS]
    assert explorable.state["most"] == PERPLEXITIES.index(50)
    assert explorable.state["seen"] == "their first two principal components"
    assert explorable.run().shape == (60, 2)


def test_a_perplexity_too_large_for_another_point_set_becomes_one_that_fits():
    explorable = bl.explore.TSNE(preset="roll", perplexity=200)
    explorable.preset = "gaps"
    assert explorable.perplexity == 100


@pytest.mark.parametrize("perplexity", [150, 151, 1, 0, -3, "30", True, None, float("nan"), float("inf")])
def test_perplexity_must_lie_below_the_number_of_points(perplexity):
    with pytest.raises(bl.BadInput, match="must be above 1 and below 150"):
        bl.explore.TSNE(perplexity=perplexity)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"X": ROWS[:24]}, "25 to 500 rows"),
        ({"X": np.zeros((501, 2))}, "25 to 500 rows"),
        ({"X": ROWS[:, :1]}, "at least two columns"),
        ({"X": ROWS[0]}, "at least two columns"),
        ({"X": [["a", "b"]] * 30}, "holds text"),
        ({"X": np.where(ROWS > 2, np.nan, ROWS)}, "missing or infinite"),
        ({"X": np.ones((30, 2))}, "all rows of X are the same"),
        ({"X": ROWS, "groups": KINDS[:59]}, "one for each of the 60 rows"),
        ({"X": ROWS, "groups": np.arange(60)}, "at most six"),
        ({"X": ROWS, "images": np.ones((59, 2, 2))}, "one image"),
        ({"images": np.ones((60, 2, 2))}, "one image"),
        ({"preset": "own"}, "no point set 'own'"),
        ({"preset": "nosie"}, "there are sizes, gaps, noise, roll"),
    ],
)
def test_refusals_say_what_is_wrong(options, message):
    with pytest.raises(bl.BadInput, match=message):
        bl.explore.TSNE(**options)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda explorable: explorable.move(3, 1, 1), "no group 3"),
        (lambda explorable: explorable.move(0, 1e9, 1), "off the stage"),
        (lambda explorable: explorable.move(0, float("nan"), 1), "off the stage"),
        (lambda explorable: explorable.pick(150), "no point 150"),
        (lambda explorable: explorable.pick(True), "no point True"),
        (lambda explorable: setattr(explorable, "preset", "own"), "no point set"),
        (lambda explorable: setattr(explorable, "knob", 3), "no number to change"),
        (lambda explorable: setattr(explorable, "start", len(STARTS)), "0 is the PCA start"),
        (lambda explorable: setattr(explorable, "perplexity", 150), "below 150"),
    ],
)
def test_refusals_change_nothing(act, message):
    explorable = bl.explore.TSNE()
    explorable.run()
    before = explorable.state
    with pytest.raises(bl.BadInput, match=message):
        act(explorable)
    assert explorable.state == before


def test_only_the_knobs_own_values_are_taken():
    explorable = bl.explore.TSNE(preset="sizes")
    for value in (0, 13, 2.5, True, "3"):
        with pytest.raises(bl.BadInput, match=r"width of group 2 is .* from 1 to 12"):
            explorable.knob = value
    explorable.preset = "noise"
    with pytest.raises(bl.BadInput, match="cannot be moved"):
        explorable.move(0, 0, 0)


def test_every_message_is_answered():
    explorable = bl.explore.TSNE()
    frame = explorable.frame
    for message in ({"do": "step"}, {"do": "perplexity", "perplexity": 999}, {"do": "pick", "row": -1}):
        state = ask(explorable, **message)
        frame += 1
        assert (state["token"], explorable.frame) == ("t-1", frame)
    assert "no point -1" in explorable.said
    ask(explorable, do="dance")
    assert "'dance'" in explorable.said
    with pytest.raises(KeyError):
        ask(explorable, do="pick")
    assert explorable.frame == frame + 2


def test_still_picture_and_words_are_the_same_before_and_after_a_run():
    explorable = bl.explore.TSNE(ROWS, groups=KINDS, noun="<i>cities</i>")
    before = explorable.picture()
    explorable.run()
    assert explorable.picture() == before
    assert len(before) < 40_000
    assert "&lt;i&gt;cities" in before
    assert "<i>" not in before
