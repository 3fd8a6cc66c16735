"""The window on a long series: scores and verdicts by hand, what stays hidden until the commit, and what is refused."""

import json

import numpy as np
import pytest

import beyondlabels as bl
from beyondlabels.explore.watching import Watching, season

TABLE = bl.datasets.load("elnino")
SEA = TABLE["temperature_c"].to_numpy()
STRONG = {
    f"{year}–{(year + 1) % 100}": (12 * (year - 1950) + 6, 12 * (year - 1950) + 18) for year in (1972, 1982, 1997)
}


def sea(**options):
    return bl.explore.Windows(SEA, **{"events": STRONG, "label": "sea surface", "unit": "°C", **options})


def ask(explorable, **message):
    """As the browser asks."""
    explorable._receive(explorable, {"token": "t-1", **message}, [])
    return explorable.state


def flat(scores, events, length=12):
    """A series in which only the given scores speak."""
    months = np.zeros(len(scores) + length - 1)
    return Watching(months, (2000, 1), length, np.ones(len(months), bool), np.array(scores, dtype=float), events)


def test_the_score_is_the_distance_from_the_seasonal_mean():
    explorable = sea()
    usual = np.array([SEA[month::12].mean() for month in range(12)])
    for row in (0, 5, 570, 720):
        explorable.window = row
        away = SEA[row : row + 12] - np.resize(np.roll(usual, -(row % 12)), 12)
        assert explorable.state["score"] == pytest.approx(np.sqrt((away**2).mean()))
        np.testing.assert_allclose(explorable.state["values"], SEA[row : row + 12])
    assert explorable.state["span"] == "January 2010 to December 2010"


def test_the_season_may_come_from_normal_months_only():
    normal = np.arange(len(SEA)) < 300
    np.testing.assert_allclose(season(SEA, normal), SEA[:300].reshape(25, 12).mean(axis=0))
    later = season(SEA[6:], normal[6:], 7)
    np.testing.assert_allclose(later[6], SEA[6:300:12].mean())
    np.testing.assert_allclose(later[0], SEA[12:300:12].mean())


def test_months_are_named_from_any_start():
    watching = Watching(SEA[6:], (1950, 7), 12, np.ones(len(SEA) - 6, bool), None, None)
    assert watching.span(0) == "July 1950 to June 1951"
    assert watching.span(6) == "January 1951 to December 1951"
    assert watching.years(0) == pytest.approx(1950.5)


def test_stretches_by_hand():
    watching = flat([3, 1, 3, 3, 0, 3], {})
    assert watching.stretches(2) == [(0, 0), (2, 3), (5, 5)]
    assert watching.stretches(3) == []  # above, not at
    assert watching.stretches(-1) == [(0, 5)]


def test_verdicts_by_hand():
    scores = np.zeros(100)
    scores[[0, 34, 60]] = 1
    # a window of 12 from 34 has half of its months in 40 to 52, and none from 0 or 60
    watching = flat(scores, {"event": (40, 52), "other": (80, 90)})
    assert watching.judged(0.5) == (["event"], ["other"], [(0, 0), (60, 60)])
    scores[:] = 0
    scores[33] = 1  # five months of it: too few to catch, too many for a false alarm
    assert flat(scores, {"event": (40, 52)}).judged(0.5) == ([], ["event"], [])
    scores[28] = 1  # touches nothing
    assert flat(scores, {"event": (40, 52)}).judged(0.5) == ([], ["event"], [(28, 28)])


def test_false_alarms_are_counted_where_they_run_on_into_an_event():
    scores = np.ones(100)
    watching = flat(scores, {"event": (40, 52)})
    assert watching.stretches(0.5) == [(0, 99)]
    assert watching.judged(0.5) == (["event"], [], [(0, 28), (52, 99)])
    scores[[20, 60]] = 0
    assert flat(scores, {"event": (40, 52)}).judged(0.5)[2] == [(0, 19), (21, 28), (52, 59), (61, 99)]


def test_a_lower_threshold_never_has_fewer_windows_in_false_alarms():
    explorable = sea()
    explorable.commit()
    windows = []
    for threshold in np.linspace(0, 4, 30):
        explorable.threshold = threshold
        windows.append(sum(last - first + 1 for first, last in explorable.false_alarms))
    assert (np.diff(windows) <= 0).all()
    assert (windows[0], windows[-1]) == (721 - 3 * 23, 0)  # a year's event is touched by 23 windows


def test_an_alarm_at_everything_is_no_success():
    explorable = sea(threshold=0)
    explorable.commit()
    assert len(explorable.alarms) == 1
    assert "four false alarms (652 windows)" in explorable.said


def test_nothing_of_the_events_is_sent_before_the_commit():
    explorable = sea(threshold=1.5)
    ask(explorable, do="window", window=570)
    assert explorable.caught is explorable.missed is explorable.false_alarms is None
    hidden = (
        json.dumps([explorable.state, explorable.text]) + explorable.said + explorable.describe() + explorable.picture()
    )
    assert not any(name in hidden or json.dumps(name)[1:-1] in hidden for name in STRONG)
    assert explorable.state["events"] == explorable.state["false"] == []
    state = ask(explorable, do="commit")
    assert [name for name, *_ in state["events"]] == list(STRONG)
    assert explorable.committed == 1.5
    assert sorted(explorable.caught + explorable.missed) == sorted(STRONG)
    assert "Three events caught (1972–73, 1982–83, 1997–98), no event missed" in explorable.said
    ask(explorable, do="threshold", threshold=3.3)
    assert explorable.caught == ["1997–98"]
    assert explorable.committed == 1.5
    assert ask(explorable, do="again")["events"] == []


def test_a_lower_threshold_never_misses_more():
    explorable = sea()
    explorable.commit()
    missed = []
    for threshold in np.linspace(0, 4, 30):
        explorable.threshold = threshold
        missed.append(len(explorable.missed))
    assert (np.diff(missed) >= 0).all()
    assert (missed[0], missed[-1]) == (0, 3)


def test_next_alarm_goes_round_the_peaks():
    explorable = sea(threshold=2.5)
    peaks = []
    for _ in range(len(explorable.alarms) + 1):
        explorable.next_alarm()
        peaks.append(explorable.window)
    assert peaks[0] == peaks[-1]
    assert len(set(peaks)) == len(explorable.alarms) == 2
    assert explorable.state["score"] > 2.5
    explorable.threshold = 99
    explorable.next_alarm()
    assert "there is no alarm to go to" in explorable.said


def test_other_scores_may_be_passed():
    scores = np.arange(721.0)
    explorable = sea(scores=scores, score_label="error", score_unit="", threshold=700)
    assert explorable.alarms == [(701, 720)]
    assert "error 0.00, not above" in explorable.said or "error 0, not above" in explorable.said
    sent = np.frombuffer(explorable.scores, "<f4")
    axis = explorable.score_axis
    np.testing.assert_allclose(axis["low"] + sent * (axis["high"] - axis["low"]), scores, atol=1e-3)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"scores": np.zeros(5)}, "scores has 5 entries and 732 months have 721 windows"),
        ({"length": 1}, "from 2 to 36"),
        ({"length": 12.0}, "from 2 to 36"),
        ({"first": (1950, 13)}, "the month from 1 to 12"),
        ({"events": {"late": (700, 800)}}, "from 0 to 732"),
        ({"events": {"turned": (20, 10)}}, "two positions"),
        ({"normal": np.ones(3, bool)}, "True or False for each of the 732"),
        ({"normal": np.arange(732) < 6}, "leaves no Jul, Aug"),
        ({"threshold": "high"}, "a number was expected"),
    ],
)
def test_settings_that_cannot_be_used(options, said):
    with pytest.raises(bl.BadInput, match=said):
        sea(**options)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["a"] * 30, "not a number"),
        (np.zeros((30, 2)), r"shape \(30, 2\)"),
        ([np.nan] * 30, "30 missing"),
        (np.zeros(12), "more than 12"),
    ],
)
def test_data_that_cannot_be_used(values, said):
    with pytest.raises(bl.BadInput, match=said):
        bl.explore.Windows(values)


@pytest.mark.parametrize("row", [-1, 721, 2.5, "3", True])
def test_what_is_no_window(row):
    explorable = sea()
    ask(explorable, do="window", window=row)
    assert "a whole number from 0 to 720 was expected" in explorable.said
    assert (explorable.window, explorable.state["token"]) == (0, "t-1")


def test_a_constant_series_still_has_a_stage():
    explorable = bl.explore.Windows(np.full(30, 4.0))
    assert explorable.alarms == []
    assert "nan" not in explorable.picture()


def test_words_are_escaped_and_the_still_is_the_same_twice():
    explorable = sea(label="<b>sea", score_label="<i>e")
    assert "<b>" not in explorable.picture()
    assert sea().picture() == sea().picture()
