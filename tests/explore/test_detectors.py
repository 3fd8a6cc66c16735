"""The explorable of four detectors: what a learner does to it, what it says, and what it refuses."""

import numpy as np
import pytest
from sklearn.covariance import EllipticEnvelope
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import LocalOutlierFactor
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM

import beyondlabels as bl
from beyondlabels.explore import contour
from beyondlabels.explore.oddness import NAMES

RNG = np.random.default_rng(0)
ROWS = np.concatenate([RNG.normal(size=(120, 2)) * [10, 0.1] + [50, 5], [[120, 5], [5, 5.6], [110, 5.5], [50, 4.2]]])
KNOWN = np.arange(124) >= 120
OPTIONS = {"known": KNOWN, "names": ["length_mm", "ratio"], "noun": "parts", "k": 8}


def detectors(**options):
    return bl.explore.Detectors(ROWS, **{**OPTIONS, **options})


def ask(explorable, **message):
    """As the browser asks."""
    explorable._receive(explorable, {"token": "t-1", **message}, [])
    return explorable.state


@pytest.fixture(scope="module")
def shared():
    return detectors()


@pytest.mark.parametrize("scale", [True, False])
def test_the_flagged_are_the_oddest_of_scikit_learns_own_scores(scale):
    explorable = detectors(scale=scale)
    rows = StandardScaler().fit_transform(ROWS) if scale else ROWS - ROWS.mean(axis=0)
    scores = {
        "isolation forest": IsolationForest(random_state=0).fit(rows).score_samples(rows),
        "local outlier factor": LocalOutlierFactor(20).fit(rows).negative_outlier_factor_,
        "one-class SVM": OneClassSVM(nu=0.05).fit(rows).score_samples(rows),
        "elliptic envelope": EllipticEnvelope(random_state=0).fit(rows).score_samples(rows),
    }
    for name, own in scores.items():
        assert set(np.flatnonzero(explorable.flagged[name])) == set(np.argsort(own, kind="stable")[:8]), name
        assert explorable.found[name] == (np.argsort(own, kind="stable")[:8] >= 120).sum()


def test_anomalies_are_hidden_until_they_are_shown():
    explorable = detectors()
    assert set(explorable.groups) == {0, 1}
    assert "Found" not in explorable.said
    assert "All four agree on" in explorable.said
    assert explorable.state["captions"] == ["8 flagged"] * 4
    explorable.revealed = True
    groups = np.frombuffer(explorable.groups, np.uint8).reshape(4, 124)
    for name, own in zip(NAMES, groups, strict=True):
        assert (own == 2).sum() == explorable.found[name]
        assert set(np.flatnonzero((own == 2) | (own == 3))) == set(range(120, 124))
        assert ((own == 1) | (own == 2)).tolist() == explorable.flagged[name].tolist()
    found = explorable.found["isolation forest"]
    assert explorable.state["captions"][0] == f"found {found} of 4 · precision {found / 8:.2f} · recall {found / 4:.2f}"
    assert f"isolation forest {found}" in explorable.said
    explorable.revealed = False
    assert set(explorable.groups) == {0, 1}


@pytest.mark.parametrize("index", range(4))
def test_a_line_pulled_through_a_place_goes_through_it_and_moves_the_others(index):
    explorable = detectors()
    place = [
        (part - axis["low"]) / (axis["high"] - axis["low"])
        for part, axis in zip((70, 5.1), explorable.axes, strict=True)
    ]
    explorable.through(NAMES[index], 70, 5.1)
    four = explorable._four
    assert four.levels[index] == contour.value(four.fields[index], place)
    assert explorable.k == (four.scores[index] < four.levels[index]).sum()
    assert explorable.k < 124
    assert {int(flags.sum()) for flags in explorable.flagged.values()} == {explorable.k}
    assert np.allclose(explorable.state["handles"][index], place)
    for other in range(4):
        away = (
            contour.nearest(four.lines[other], explorable.state["handles"][other]) - explorable.state["handles"][other]
        )
        assert np.abs(away).max() < (0.05 if other == index and index == 0 else 0.02)  # a forest's field has steps


def test_more_flagged_never_finds_fewer(shared):
    before = dict.fromkeys(NAMES, 0)
    for k in range(0, 125, 4):
        shared.k = k
        assert all(flags.sum() == k for flags in shared.flagged.values())
        assert all(shared.found[name] >= before[name] for name in NAMES)
        before = shared.found
    assert set(before.values()) == {4}


def test_nobody_and_everybody():
    explorable = detectors(k=0)
    explorable.revealed = True
    assert "precision –" in explorable.state["captions"][0]
    assert explorable.state["cuts"] == [0, 0, 0, 0]
    explorable.k = 124
    assert explorable.state["captions"][3] == "found 4 of 4 · precision 0.03 · recall 1.00"
    assert explorable.state["cuts"] == [1, 1, 1, 1]


def test_own_units_change_neighbours_and_not_the_envelope():
    explorable = detectors()
    before = explorable.flagged
    explorable.scale = False
    after = explorable.flagged
    assert explorable.said.startswith("Distances are measured in the columns' own units.")
    assert (before["local outlier factor"] != after["local outlier factor"]).any()
    assert (before["elliptic envelope"] == after["elliptic envelope"]).all()
    assert (before["isolation forest"] == after["isolation forest"]).all()
    explorable.scale = True
    assert all((explorable.flagged[name] == before[name]).all() for name in NAMES)


def test_learning_from_usual_rows_scores_only_the_others():
    explorable = detectors()
    explorable.k = 100
    explorable.learn = "usual"
    groups = np.frombuffer(explorable.groups, np.uint8).reshape(4, 124)
    assert (groups == 255).sum(axis=1).tolist() == [60] * 4
    assert not (groups[:, KNOWN] == 255).any()
    assert explorable.k == explorable.state["scored"] == 64
    assert "learned from 60 usual parts" in repr(explorable)
    explorable.k = 4
    assert all(flags.sum() == 4 for flags in explorable.flagged.values())
    assert np.isnan(np.frombuffer(explorable.strips, "<f4")).sum() == 240
    explorable.learn = "all"
    assert explorable.state["scored"] == 124


def test_without_known_anomalies_there_is_nothing_to_reveal():
    explorable = detectors(known=None)
    assert not explorable.text["known"]
    for act in (
        lambda: explorable.found,
        lambda: setattr(explorable, "revealed", True),
        lambda: setattr(explorable, "learn", "usual"),
    ):
        with pytest.raises(bl.BadInput, match="known"):
            act()


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda explorable: setattr(explorable, "k", 125), "0 to 124"),
        (lambda explorable: setattr(explorable, "k", True), "k is True"),
        (lambda explorable: setattr(explorable, "k", 2.5), "k is 2.5"),
        (lambda explorable: setattr(explorable, "learn", "half"), "use one of all, usual"),
        (lambda explorable: explorable.through("autoencoder", 60, 5), "isolation forest, local outlier factor"),
        (lambda explorable: explorable.through("one-class SVM", 900, 5), "off the stage"),
        (lambda explorable: explorable.through("one-class SVM", float("nan"), 5), "off the stage"),
    ],
)
def test_refusals_change_nothing(act, message, shared):
    before = shared.state
    with pytest.raises(bl.BadInput, match=message):
        act(shared)
    assert shared.state == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"known": KNOWN[:-1]}, "one True or False for each of the 124 rows"),
        ({"known": ["malignant"] * 124}, "one True or False"),
        ({"known": np.zeros(124, bool)}, "names 0 of 124"),
        ({"known": np.ones(124, bool)}, "at least 10 others"),
        ({"k": 200}, "0 to 124"),
        ({"nu": 0}, "more than 0"),
        ({"nu": "few"}, "more than 0"),
        ({"learn": "novelty"}, "use one of"),
        ({"x": "ratio", "y": "ratio"}, "two different columns"),
    ],
)
def test_settings_that_cannot_be_used(options, message):
    with pytest.raises(bl.BadInput, match=message):
        detectors(**options)


@pytest.mark.parametrize("count", [9, 5_001])
def test_too_few_and_too_many_rows(count):
    with pytest.raises(bl.BadInput, match="10 to 5,000"):
        bl.explore.Detectors(np.random.default_rng(0).normal(size=(count, 2)))


def test_every_message_is_answered(shared):
    frame = shared.frame
    for message in ({"do": "k", "k": 999}, {"do": "through", "index": 7, "x": 50, "y": 5}, {"do": "dance"}):
        frame += 1
        assert (ask(shared, **message)["token"], shared.frame) == ("t-1", frame)
    assert "'dance'" in shared.said
    with pytest.raises(KeyError):
        ask(shared, do="k")
    assert shared.frame == frame + 1


@pytest.mark.filterwarnings("ignore:The covariance matrix")
def test_equal_rows_and_a_constant_column():
    explorable = bl.explore.Detectors(np.column_stack([np.repeat([1.0, 2, 9], 20), np.full(60, 5.0)]), k=3)
    assert all(flags.sum() == 3 for flags in explorable.flagged.values())
    assert np.isfinite(explorable.state["cuts"]).all()


def test_in_plain_text_and_as_a_still_picture():
    explorable = detectors(names=["a<b_mm", "ratio"])
    assert repr(explorable).startswith(
        "Four detectors on 124 parts: a<b (mm) and ratio, standardised. Each detector flags 8 of 124 parts."
    )
    picture = explorable.picture()
    assert picture == detectors(names=["a<b_mm", "ratio"]).picture()
    assert len(picture) < 60_000
    assert '<img alt="Four detectors on 124 parts: a&lt;b (mm)' in picture
