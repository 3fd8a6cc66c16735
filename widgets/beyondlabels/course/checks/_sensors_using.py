"""Exercises on using a detector: how good the head of its list is, and one that keeps its promise as the sea warms."""

import numpy as np

from ..exercises import Exercise, NotYet
from ._sensors_data import HELD, SETUP, sea
from ._tools import begun, numbers

RECENT = 540  # January 1995
K = 5


def _judge_precision(namespace):
    oddest, precision = begun(namespace, "oddest", "precision")
    windows, event = len(sea()[1]), sea()[3]
    errors = numbers(namespace.get("errors"), "errors", (windows,))
    july = np.arange(6, windows, 12)
    july = july[july >= HELD - 6]
    oddest = numbers(oddest, "oddest", (K,)).astype(int)
    if (oddest < 0).any() or (oddest >= windows).any() or len(set(oddest.tolist())) < K:
        raise NotYet(f"`oddest` should hold {K} different windows, numbered from 0 to {windows - 1}.", "no_windows")
    right = july[np.argsort(-errors[july])[:K]]
    if set(oddest) != set(right):
        _look_at_oddest(oddest, errors, july)
    precision = float(numbers(precision, "precision", ()))
    found = event[oddest].mean()
    if not np.isclose(precision, found):
        if np.isclose(precision, event[oddest].sum() / event[july].sum()):
            raise NotYet(
                f"You divided by the {event[july].sum()} events that there are: that is how many of them were found, "
                f"the recall. Precision asks of "
                f"the {K} that you checked.",
                "recall",
            )
        if np.isclose(precision, np.mean(np.isin(july, oddest) == event[july])):
            raise NotYet(
                "That is accuracy: years rightly left alone count as successes, and there are many. Saying nothing at all "
                f"would score {1 - event[july].mean():.2f}.",
                "accuracy",
            )
        raise NotYet(
            f"The five years are right; {event[oddest].sum()} of them are events, and {precision:g} is another share.",
            "other_share",
        )
    return (
        f"{event[oddest].sum()} of {K}. The others are no noise: one begins as the great event ends, and the list is "
        f"of another part of the "
        "ocean. A detector of the unusual finds the unusual; the list decides what counts."
    )


def _look_at_oddest(oddest, errors, july):
    """Raise what is to be said of windows that are not the five July years with the largest errors."""
    order = np.argsort(-errors)
    if set(oddest) == set(order[:K]):
        raise NotYet(
            f"Those are {K} windows of one and the same event, a month apart each: counting it {K} times makes the "
            f"precision look perfect. Take one "
            "row for each year, `july`.",
            "one_event",
        )
    if set(oddest) == set(july[np.argsort(errors[july])[:K]]):
        raise NotYet(
            "Those are the five years with the smallest errors. `np.argsort` sorts upwards: take the other end.",
            "turned",
        )
    if set(oddest) == set(np.argsort(-errors[july])[:K]):
        raise NotYet(
            "Those are places in `july`, not windows: the third July is not the third window. `july[...]` translates.",
            "places",
        )
    raise NotYet(
        "These are not the five years with the largest errors. Sort `errors[july]`, the largest first, take five, and "
        "look up their windows "
        "in `july`.",
        "other_years",
    )


_PRECISION = "oddest = {}\nprecision = {}"
_RIGHT = "july[np.argsort(-errors[july])[:5]]"
PRECISION = Exercise(
    id="sensors.precision",
    title="The five oddest years",
    text=(
        "`july` holds the windows from July to June that end after 1981, one for each year. Put the five with the "
        "largest `errors` into `oddest`, and "
        "into `precision` the share of them that are events (`event` says it for each window)."
    ),
    setup=SETUP + "july = start[6::12]\njuly = july[july >= 378]\n",
    starter="oddest = ...\nprecision = ...",
    solution=_PRECISION.format(_RIGHT, "event[oddest].mean()"),
    another=_PRECISION.format(
        "sorted(july, key=lambda window: errors[window])[-5:]", "sum(event[window] for window in oddest) / 5"
    ),
    judge=_judge_precision,
    hints=(
        "`np.argsort(-errors[july])[:5]` gives places in `july`, the largest error first; `july[...]` makes windows of them.",
        "`event[oddest]` is True or False for each of the five; precision is the share that is True.",
    ),
    misconceptions={
        "one_event": _PRECISION.format("np.argsort(-errors)[:5]", "event[oddest].mean()"),
        "turned": _PRECISION.format("july[np.argsort(errors[july])[:5]]", "event[oddest].mean()"),
        "places": _PRECISION.format("np.argsort(-errors[july])[:5]", "event[oddest].mean()"),
        "recall": _PRECISION.format(_RIGHT, "event[oddest].sum() / event[july].sum()"),
        "accuracy": _PRECISION.format(_RIGHT, "(np.isin(july, oddest) == event[july]).mean()"),
    },
)


def _judge_watchman(namespace):
    from ... import assess

    watchman = begun(namespace, "watchman")
    if not hasattr(watchman, "predict"):
        raise NotYet(
            f"A {type(watchman).__name__} has no `predict`: it gives no alarm. Wrap it, "
            f"`bl.ReconstructionError(model).fit(rows)`, or take a detector "
            "of lesson 06.",
            "no_alarm",
        )
    _, rows, normal, event = sea()
    recent = np.arange(len(rows)) >= RECENT
    said = numbers(watchman.predict(rows[recent].copy()), "watchman.predict(rows)", (int(recent.sum()),))
    if not set(said.tolist()) <= {-1.0, 1.0}:
        raise NotYet(
            "`predict` should say 1 for a usual window and -1 for an alarm; yours says something else.", "no_verdicts"
        )
    caught, false = (said[mask[recent]] == -1 for mask in (event, normal))
    if caught.mean() < 0.8:
        raise NotYet(
            f"It sleeps through the greatest event on record: an alarm in {100 * caught.mean():.0f} % of the windows "
            f"of 1997–98, 80 % were "
            "asked for. The threshold is too high, or the event was among what it learnt.",
            "asleep",
        )
    if false.mean() > 0.05:
        raise NotYet(
            f"It cries wolf: {100 * false.mean():.0f} % of the normal windows since 1995 are alarms, at most 5 % were "
            f"asked for. To a model that learnt from "
            "colder years a usual year of today is warm. Learn from later years, and set the threshold on later ones still.",
            "wolf",
        )
    verdict = assess(watchman)
    if not verdict.exportable:
        raise NotYet("It watches well, and it cannot go to the phone. Look at `bl.assess(watchman)`.", "stays_here")
    return (
        f"An alarm in {100 * caught.mean():.0f} % of the windows of 1997–98 and in {100 * false.mean():.1f} % of the "
        f"normal ones. It will age as the old one "
        "did: write down when its threshold is to be looked at again."
    )


_WATCHMAN = """before = normal & (start >= {}) & (start + 12 <= {})
after = normal & (start >= {}) & (start + 12 <= {})
watchman = bl.ReconstructionError(PCA(2).fit(rows[before])).fit(rows[after], share={})"""
WATCHMAN = Exercise(
    id="sensors.watchman",
    title="A watchman for today",
    text=(
        "Open question: put into `watchman` any detector with `predict` (1 usual, -1 alarm) that is fitted to rows in "
        "°C, threshold included, using windows "
        "that end before 1995 only; gives an alarm in at least 80 % of the windows of 1997–98 and in at most 5 % of "
        "the normal windows since 1995; and can "
        "go to the phone."
    ),
    setup=SETUP,
    starter="watchman = ...",
    solution=_WATCHMAN.format(180, 480, 480, 540, 0.95),
    another=(
        "from sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler\n"
        "past = normal & (start >= 240) & (start + 12 <= 540)\n"
        "inside = make_pipeline(StandardScaler(), PCA(2)).fit(rows[past])\n"
        "watchman = bl.ReconstructionError(inside, threshold=1.4 * bl.ReconstructionError(inside).fit(rows[past]).threshold)"
    ),
    judge=_judge_watchman,
    hints=(
        "The lesson's model learnt from 1950 to 1974. Take later windows for learning, and the years after them for "
        "the threshold.",
        "For example: normal windows from 1965 to 1989 for `PCA(2)`, those from 1990 to 1994 for "
        "`bl.ReconstructionError(...).fit(...)`. Windows by their "
        "start: `(start >= 180) & (start + 12 <= 480)`.",
    ),
    misconceptions={
        "wolf": _WATCHMAN.format(0, 300, 300, 384, 0.95),
        "asleep": "watchman = bl.ReconstructionError(PCA(2).fit(rows), threshold=10.0)",
        "no_alarm": "watchman = PCA(2).fit(rows[normal & (start + 12 <= 540)])",
        "no_verdicts": (
            "from sklearn.cluster import KMeans\nwatchman = KMeans(3, n_init=1, random_state=seed).fit(rows[normal])"
        ),
        "stays_here": (
            "class Own:\n    def __init__(self, inside): self.inside = inside\n    def predict(self, X): return "
            "self.inside.predict(X)\n" + _WATCHMAN.format(180, 480, 480, 540, 0.95) + "\nwatchman = Own(watchman)"
        ),
    },
)
