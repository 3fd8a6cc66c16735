"""The proof of lesson 07's exercises: the same verdicts whatever the seed, on any detector's errors, and no leak is accepted."""

import numpy as np
import pytest

from beyondlabels.course.checks import sensors
from beyondlabels.course.checks._sensors_data import HELD, LEARNT, cut, sea
from beyondlabels.course.exercises import NOT_YET, RIGHT, find


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("one", sensors.EXERCISES, ids=lambda one: one.id)
def test_verdicts_are_the_same_over_seeds(one, seed):
    for name, expected, got in one.proof(seed):
        assert got == expected, name


def outcome(id, code="", **names):
    one = find(id)
    return one.check({**one.run(code or one.solution), **names})


def test_the_judges_windows_are_those_of_the_lesson():
    months, rows, normal, event = sea()
    assert (len(months), rows.shape) == (732, (721, 12))
    assert (normal.sum(), event.sum()) == (560, 91)
    np.testing.assert_array_equal(rows[570], months[570:582])
    assert not (normal & event).any()
    assert cut(months, 5).shape == (728, 5)


@pytest.mark.parametrize("made", ["np.array({})", "{}"])
@pytest.mark.parametrize("count", ["len(values)", "len(values) - length + 2"])
def test_windows_that_run_out_of_values_are_diagnosed(made, count):
    windows = made.format(f"[values[start:start + length] for start in range({count})]")
    found = outcome(
        "sensors.cut_windows", f"import numpy as np\ndef cut_windows(values, length):\n    return {windows}"
    )
    assert found.misconception == "ragged", found.message
    assert "runs out of values" in found.message


@pytest.mark.parametrize("gap", range(1, 12))
def test_every_window_across_the_cut_is_a_leak(gap):
    code = (
        "import numpy as np\ndef split_by_time(count, length, month):\n"
        f"    return np.arange(0, month - length + 1 + min({gap}, length - 1)), np.arange(month, count)"
    )
    found = outcome("sensors.split_by_time", code)
    assert (found.state, found.misconception) == (NOT_YET, "straddles")


def test_a_split_may_come_as_lists():
    code = (
        "def split_by_time(count, length, month):\n"
        "    return list(range(month - length + 1)), [one for one in range(count) if one >= month]"
    )
    assert outcome("sensors.split_by_time", code).state == RIGHT


@pytest.mark.parametrize("seed", range(10))
def test_the_threshold_is_judged_on_whatever_errors_the_learner_has(seed):
    _, rows, normal, _ = sea()
    start, errors = np.arange(len(rows)), np.random.default_rng(seed).gamma(2, 1, len(rows))
    held = normal & (start >= LEARNT) & (start + 12 <= HELD)
    learn, later = normal & (start + 12 <= LEARNT), normal & (start >= HELD)

    def judged(threshold):
        shares = {"alarms_held": np.mean(errors[held] > threshold), "alarms_later": np.mean(errors[later] > threshold)}
        return outcome("sensors.threshold", errors=errors, threshold=threshold, **shares)

    for method in ("linear", "lower", "higher", "median_unbiased"):
        assert judged(np.quantile(errors[held], 0.95, method=method)).state == RIGHT
    assert judged(np.quantile(errors[learn], 0.95)).misconception == "learned_on"
    assert judged(np.quantile(errors[held], 0.5)).misconception == "other_threshold"


def test_shares_are_compared_with_the_learners_own_threshold():
    names = find("sensors.threshold").run(find("sensors.threshold").solution)
    assert outcome("sensors.threshold", alarms_later=names["alarms_later"] + 0.01).misconception == "other_share"


@pytest.mark.parametrize("seed", range(5))
def test_precision_is_judged_on_whatever_errors_the_learner_has(seed):
    one = find("sensors.precision")
    names = one.run("")
    names["errors"] = np.random.default_rng(seed).gamma(2, 1, len(names["errors"]))
    exec(one.solution, names)
    assert one.check(names).state == RIGHT
    names["precision"] = float(names["precision"]) + 0.07
    assert one.check(names).misconception == "other_share"


@pytest.mark.parametrize(
    "code",
    [
        "from sklearn.ensemble import IsolationForest\n"
        "watchman = IsolationForest(contamination=0.005, random_state=seed).fit(past)",
        "from sklearn.neighbors import LocalOutlierFactor\n"
        "watchman = LocalOutlierFactor(30, novelty=True, contamination=0.005).fit(past)",
    ],
)
def test_detectors_of_lesson_06_pass(code):
    found = outcome("sensors.watchman", f"past = rows[normal & (start >= 240) & (start + 12 <= 540)]\n{code}")
    assert found.state == RIGHT, found.message


def test_an_alarm_at_everything_is_no_watchman():
    code = "watchman = bl.ReconstructionError(PCA(2).fit(rows[learn]), threshold=0.0)"
    assert outcome("sensors.watchman", code).misconception == "wolf"
