"""The mixture explorable: what a learner does to it, what it says, what it refuses, and that it is scikit-learn's EM."""

import re
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

import beyondlabels as bl
from beyondlabels.explore import em

GEYSER = bl.datasets.load("old_faithful")
TWO = np.array([[-1.0, 0], [1, 0], [9, 0], [11, 0], [0, 1], [0, -1], [10, 1], [10, -1]])


def geyser(**options):
    return bl.explore.Mixture(GEYSER, **{"noun": "eruptions", "scale": False, **options})


def ask(explorable, **message):
    """As the browser asks."""
    explorable._receive(explorable, {"token": "t-1", **message}, [])
    return explorable.state


def library(explorable, rounds):
    """scikit-learn's mixture after so many rounds from the same start, and the rows as the explorable measures them."""
    rows, shape = GEYSER.to_numpy(), explorable.shape
    mean, deviation = (rows.mean(axis=0), rows.std(axis=0)) if explorable.scale else (0, np.ones(2))
    precisions = np.linalg.inv(explorable.covariances / np.outer(deviation, deviation))
    start = {
        "full": precisions,
        "tied": precisions[0],
        "diag": np.diagonal(precisions, axis1=1, axis2=2),
        "spherical": precisions[:, 0, 0],
    }[shape]
    settings = {"weights_init": explorable.weights, "precisions_init": start, "tol": 0, "max_iter": rounds}
    means = (explorable.means - mean) / deviation
    model = GaussianMixture(explorable.k, covariance_type=shape, means_init=means, **settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # tol=0: the rounds are counted, not the convergence
        return model.fit((rows - mean) / deviation), (rows - mean) / deviation


def test_before_the_first_step_nothing_is_shared():
    explorable = geyser()
    assert np.isnan(explorable.responsibilities).all()
    assert set(explorable.groups) == {255}
    assert explorable.shares == b""
    assert explorable.state["next"] == "E"
    assert explorable.said.startswith("No eruption has been shared out yet.")


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("shape", em.SHAPES)
def test_forty_rounds_are_scikit_learns_forty_rounds(shape, scale):
    explorable = geyser(k=3, shape=shape, scale=scale)
    model, rows = library(explorable, 40)
    for _ in range(80):
        explorable.step()
    assert explorable.log_likelihood == pytest.approx(model.score(rows) * len(rows), rel=1e-9)
    assert explorable.bic == pytest.approx(model.bic(rows), rel=1e-9)
    assert explorable.weights == pytest.approx(model.weights_, rel=1e-6)
    explorable.step()
    assert explorable.responsibilities == pytest.approx(model.predict_proba(rows), abs=1e-6)


def test_the_log_likelihood_never_falls_while_stepping():
    explorable = geyser(k=4, seed=3)
    seen = [explorable.log_likelihood]
    for _ in range(60):
        explorable.step()
        seen.append(explorable.log_likelihood)
    assert min(np.diff(seen)) > -1e-9
    assert seen[-1] > seen[0] + 100


def test_an_e_step_by_hand():
    explorable = bl.explore.Mixture(TWO, k=2, scale=False)
    for index, place in enumerate(([0, 0], [10, 0])):
        explorable.move(index, *place)
        explorable.stretch(index, np.eye(2))
    shares, score = explorable.score(5, 0)
    assert shares.tolist() == [0.5, 0.5]
    assert score == pytest.approx(-12.5 - np.log(2 * np.pi))
    assert explorable.score(6, 0)[0][1] == pytest.approx(1 / (1 + np.exp(-10)))  # (36 - 16) / 2
    explorable.step()
    assert explorable.state["next"] == "E"
    assert explorable.means == pytest.approx(np.array([[0, 0], [10, 0]]), abs=1e-9)
    assert explorable.covariances == pytest.approx(np.repeat([np.eye(2) / 2], 2, axis=0), abs=1e-5)
    assert explorable.weights == pytest.approx(0.5)


def test_two_ellipses_on_one_cloud_are_pulled_apart_unless_they_are_the_same():
    explorable = geyser()
    explorable.move(0, 4.3, 80)
    explorable.move(1, 4.2, 78)
    assert explorable.run()
    assert sorted(explorable.means[:, 0].round(1)) == [2.0, 4.3]
    explorable.reset("together")
    assert explorable.run()
    assert "Ellipses 1 and 2 are the same" in explorable.said
    assert explorable.responsibilities == pytest.approx(0.5)


def test_every_ellipse_that_is_the_same_is_named():
    explorable = geyser(k=3, start="together")
    assert explorable.run()
    assert "Ellipses 1, 2 and 3 are the same, so every share is split between them" in explorable.said
    assert explorable.responsibilities == pytest.approx(1 / 3)


def test_two_that_are_the_same_are_named_where_the_first_is_another():
    explorable = bl.explore.Mixture(TWO, k=3, scale=False)
    for index, place in enumerate(([0, 0], [10, 0], [10, 0])):
        explorable.move(index, *place)
        explorable.stretch(index, np.eye(2))
    assert explorable.run()
    assert "Ellipses 2 and 3 are the same" in explorable.said


@pytest.mark.parametrize(
    ("start", "alone", "three"),
    [
        ("apart", "One ellipse.", "Three ellipses, far apart."),
        ("chance", "One ellipse on a point drawn by chance.", "Three ellipses on points drawn by chance."),
        ("together", "One ellipse.", "Three ellipses, exactly on top of each other."),
        ("point", "One ellipse on a single point.", "Three ellipses, the last on a single point."),
    ],
)
def test_a_start_is_told_in_a_sentence(start, alone, three):
    for k, told in ((1, alone), (3, three)):
        explorable = geyser(k=k)
        explorable.reset(start)
        assert explorable.said == f"{told} No shares yet."
        explorable.reset()
        assert explorable.said == f"{told} No shares yet."


def test_an_ellipse_on_a_single_point_collapses_and_says_so():
    explorable = geyser(start="point")
    explorable.run()
    assert "Ellipse 2 has collapsed" in explorable.said
    assert np.linalg.eigvalsh(explorable.covariances[1])[0] == pytest.approx(1e-6, rel=1e-3)  # reg_covar alone


def test_a_smaller_reg_covar_pays_for_the_collapse():
    gained = []
    for reg_covar in (1e-4, 1e-6, 1e-8):
        explorable = geyser(start="point", reg_covar=reg_covar)
        explorable.run()
        gained.append(explorable.log_likelihood)
    assert np.diff(gained) == pytest.approx(np.log(100), abs=0.2)  # one point, a hundredth of the variance twice over


def test_shapes_are_what_they_say():
    explorable = geyser(k=3)
    explorable.run()
    explorable.shape = "tied"
    assert np.ptp(explorable.covariances, axis=0).max() == 0
    explorable.shape = "diag"
    assert not explorable.covariances[:, 0, 1].any()
    explorable.shape = "spherical"
    assert (explorable.covariances[:, 0, 0] == explorable.covariances[:, 1, 1]).all()
    assert explorable.said.startswith("Shape spherical: circles. Log-likelihood fell")
    explorable.stretch(0, [[4, 1], [1, 8]])
    assert explorable.covariances[0].tolist() == [[6, 0], [0, 6]]
    explorable.shape = "tied"
    explorable.stretch(2, [[4, 1], [1, 8]])
    assert explorable.covariances.tolist() == [[[4, 1], [1, 8]]] * 3


def test_scale_matters_for_circles_only():
    explorable = geyser()
    explorable.run()
    explorable.step()
    shares = explorable.responsibilities
    explorable.scale = True
    assert explorable.responsibilities == pytest.approx(shares, abs=1e-9)
    assert "on another scale than before" in explorable.said
    explorable.shape = "spherical"
    explorable.run()
    circles = explorable.log_likelihood - 272 * np.log(GEYSER.std(ddof=0)).sum()
    explorable.scale = False
    explorable.run()
    assert explorable.log_likelihood < circles - 100


def test_k_adds_and_takes_away():
    explorable = geyser()
    explorable.run()
    explorable.k = 4
    assert explorable.weights.sum() == pytest.approx(1)
    assert explorable.responsibilities.shape == (272, 4)
    kept = explorable.means[:3]
    explorable.k = 3
    assert (explorable.means == kept).all()
    assert len(explorable.state["ellipses"]) == 3


def test_an_ellipse_without_shares_stays_where_it_is():
    explorable = bl.explore.Mixture(TWO, k=2, scale=False)
    explorable.move(0, 5, 0)
    explorable.stretch(0, np.eye(2) * 30)
    explorable.move(1, 11.5, 1.1)
    explorable.stretch(1, np.eye(2) * 1e-6)
    explorable.run()
    assert explorable.means[1] == pytest.approx([11.5, 1.1])
    assert np.isfinite(explorable.log_likelihood)


def test_a_drag_is_told_against_its_beginning():
    explorable = geyser()
    covariance = explorable.covariances[0].tolist()
    for x, done in ((3.0, False), (3.4, False), (3.8, True)):
        state = ask(explorable, do="ellipse", index=0, mean=[x, 70], covariance=covariance, drag="d-1", done=done)
    assert state["token"] == "t-1"
    assert explorable.said.startswith("Ellipse 1 moved 0.47 min right")
    assert len(state["trails"][0]) == 1


def test_a_point_and_a_new_point_say_their_shares():
    explorable = geyser(probe=(3, 67))
    explorable.run()
    ask(explorable, do="point", index=243)
    told = re.search(
        r"^Eruption 244 \(duration 2.90 min, waiting 63.0 min\): ellipse 1 ([\d.]+) %, ellipse 2 ([\d.]+) %\.",
        explorable.said,
    )
    assert float(told[1]) + float(told[2]) == pytest.approx(100, abs=0.11)
    state = ask(explorable, do="probe", index=0, x=5.2, y=44, drag="d", done=True)
    assert max(state["shares"]) > 0.999
    assert "none of 272 eruptions lies in a thinner place" in explorable.said


def test_what_the_browser_gets():
    explorable = geyser(k=3)
    explorable.step()
    sent = np.frombuffer(explorable.shares, np.uint8).reshape(272, 3)
    assert abs(sent / 255 - explorable.responsibilities).max() <= 0.5 / 255 + 1e-12
    assert (np.frombuffer(explorable.groups, np.uint8) == explorable.responsibilities.argmax(axis=1)).all()
    many = bl.explore.Mixture(np.random.default_rng(0).normal(size=(5001, 2)))
    many.step()
    assert many.shares == b""
    assert len(many.groups) == 5001


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"k": 0}, "k is 0"),
        ({"k": 7}, "from 1 to 6"),
        ({"k": True}, "k is True"),
        ({"shape": "round"}, "shape is 'round'; use one of 'full', 'tied', 'diag', 'spherical'"),
        ({"start": "here"}, "start is 'here'"),
        ({"reg_covar": 0}, "above 0"),
        ({"probe": (99, 60)}, "off the stage"),
        ({"x": "length"}, "no column 'length'"),
    ],
)
def test_what_is_refused(options, said):
    with pytest.raises(bl.BadInput, match=re.escape(said)):
        geyser(**options)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"do": "dance"}, "'dance', which it does not know"),
        ({"do": "k", "k": 9}, "from 1 to 6"),
        ({"do": "ellipse", "index": 5, "mean": None, "covariance": None, "drag": None, "done": True}, "no ellipse 5"),
        (
            {"do": "ellipse", "index": 0, "mean": [3, 500], "covariance": None, "drag": None, "done": True},
            "off the stage",
        ),
        (
            {"do": "ellipse", "index": 0, "mean": None, "covariance": [[1, 2], [2, 1]], "drag": None, "done": True},
            "no width",
        ),
        ({"do": "ellipse", "index": 0, "mean": None, "covariance": [1], "drag": None, "done": True}, "2 by 2"),
        ({"do": "point", "index": 272}, "no row 272"),
        ({"do": "start", "start": "?"}, "start is '?'"),
    ],
)
def test_an_impossible_message_is_answered_in_words(message, said):
    explorable = geyser()
    means, frame = explorable.means, explorable.frame
    assert ask(explorable, **message)["token"] == "t-1"
    assert said in explorable.said
    assert explorable.frame == frame + 1
    assert (explorable.means == means).all()


def test_chance_draws_anew_at_each_reset_and_is_the_same_for_the_same_seed():
    first, second = geyser(start="chance", seed=1), geyser(start="chance", seed=1)
    assert (first.means == second.means).all()
    first.reset()
    assert (first.means != second.means).any()
    second.reset()
    assert (first.means == second.means).all()


def test_the_still_picture_and_the_words():
    table = pd.DataFrame({"<b>a</b>": GEYSER["duration_min"], "c": GEYSER["waiting_min"]})
    explorable = bl.explore.Mixture(table, noun="<i>rows</i>")
    picture = explorable.picture()
    assert "<b>" not in picture
    assert "<i>" not in picture
    assert picture == bl.explore.Mixture(table, noun="<i>rows</i>").picture()
    assert repr(geyser()).startswith(
        "Mixture of two Gaussians (full) on 272 eruptions: duration (min) and waiting (min), in their own units; "
    )


def test_constant_columns_and_one_point():
    flat = bl.explore.Mixture([[1, 5], [2, 5], [3, 5], [9, 5]], k=2)
    flat.run()
    assert np.isfinite(flat.log_likelihood)
    alone = bl.explore.Mixture([[1, 5]], k=1)
    alone.run()
    assert np.isfinite(alone.bic)
