"""Exercises on scores: the seasonal baseline, the threshold on held-out normal windows, precision among the oddest years."""

import numpy as np

from ..exercises import Exercise, NotYet
from ._sensors_data import HELD, LEARNT, LENGTH, SETUP, made_up, sea
from ._tools import begun, numbers, returned, written

_DEPARTURE_STARTER = '''def departure(row, first, usual):
    """How far a window lies from its season, in °C: the root mean squared difference.

    row: its months. first: the calendar month of row[0], January is 0.
    usual: the mean of each calendar month, shape (12,), January first."""
    expected = ...
    return ...'''


def _judge_departure(namespace):
    departure = written(namespace, "departure", _DEPARTURE_STARTER)
    for seed, first, length in ((0, 0, 12), (1, 6, 12), (2, 10, 5), (3, 3, 20)):
        usual = made_up(seed + 20, 12)
        row = usual[(first + np.arange(length)) % 12] + np.random.default_rng(seed).normal(0.4, 1, length)
        found = returned(departure, row, np.int64(first), usual)
        found = numbers(found, "departure(row, first, usual)")
        if found.size != 1:
            raise NotYet(
                f"One number for the window was expected, and {found.size} came back: take the mean of the squares, "
                f"then the root.",
                "not_one",
            )
        found = found.reshape(())
        away = row - usual[(first + np.arange(length)) % 12]
        if not np.isclose(found, np.sqrt(np.mean(away**2))):
            _look_at_departure(found, row, first, usual, away)
    return "In degrees, and it needs nothing but twelve means and a calendar. Any network has to beat this."


def _look_at_departure(found, row, first, usual, away):
    """Raise what is to be said of a number that is not the departure."""
    if first == 0 and np.isclose(found, np.sqrt(np.mean((row - usual.mean()) ** 2))):
        raise NotYet(
            "You compared with the mean of the whole year. Then every March is odd, because it is warm. Each month "
            "has a usual value of its "
            "own.",
            "no_season",
        )
    if np.isclose(found, away.mean()) or np.isclose(found, abs(away.mean())):
        raise NotYet(
            "That is the mean difference: a window that is 2 °C too warm for half a year and 2 °C too cold for the other "
            "half gets 0. Square before you average.",
            "cancels",
        )
    if np.isclose(found, np.mean(away**2)) or np.isclose(found, np.sum(away**2)):
        raise NotYet("The squares are right; their unit is °C². Take the root of their mean.", "not_rooted")
    if np.isclose(found, np.sqrt(np.sum(away**2))):
        raise NotYet(
            "The root of the sum grows with the length of the window. Take the mean, so that it is degrees for a month.",
            "summed",
        )
    if len(row) == 12 and np.isclose(found, np.sqrt(np.mean((row - usual) ** 2))):
        raise NotYet(
            "Right for a window that begins in January. This one begins with calendar month "
            f"{first}, and you compared its first value with January: shift the season (`np.roll`, or indices modulo 12).",
            "january",
        )
    raise NotYet(
        f"{found:.3f} came back where {np.sqrt(np.mean(away**2)):.3f} was expected, for a window of {len(row)} months "
        f"that begins with "
        f"calendar month {first}. The month of row[i] is `(first + i) % 12`.",
        "other_number",
    )


def _departure(body):
    return f"import numpy as np\ndef departure(row, first, usual):\n    {body}"


_AWAY = "row - usual[(first + np.arange(len(row))) % 12]"
DEPARTURE = Exercise(
    id="sensors.departure",
    title="The honest baseline",
    text=(
        "Write `departure(row, first, usual)`: what the calendar expects for the months of a window, and the root mean squared "
        "difference from it. `first` is the calendar month of the window's first value, from 0 for January."
    ),
    setup=SETUP,
    starter=_DEPARTURE_STARTER,
    solution=_DEPARTURE_STARTER.replace(
        "expected = ...", "expected = usual[(first + np.arange(len(row))) % 12]"
    ).replace("return ...", "return np.sqrt(np.mean((row - expected) ** 2))"),
    another=_departure(
        "expected = np.resize(np.roll(usual, -first), len(row))\n    return np.linalg.norm(row - expected) / len(row) ** 0.5"
    ),
    judge=_judge_departure,
    hints=(
        "The calendar months of the window are `(first + np.arange(len(row))) % 12`; use them as indices into `usual`.",
        "Difference, square, mean, root, in this order.",
    ),
    misconceptions={
        "no_season": _departure("return np.sqrt(np.mean((row - usual.mean()) ** 2))"),
        "cancels": _departure(f"return np.mean({_AWAY})"),
        "not_rooted": _departure(f"return np.mean(({_AWAY}) ** 2)"),
        "summed": _departure(f"return np.linalg.norm({_AWAY})"),
        "january": _departure("return np.sqrt(np.mean((row - np.resize(usual, len(row))) ** 2))"),
        "not_one": _departure(f"return abs({_AWAY})"),
    },
)


def _judge_threshold(namespace):
    threshold, promised, kept = begun(namespace, "threshold", "alarms_held", "alarms_later")
    errors = numbers(namespace.get("errors"), "errors", (len(sea()[1]),))
    normal, start = sea()[2], np.arange(len(sea()[1]))
    learn = normal & (start + LENGTH <= LEARNT)
    held = normal & (start >= LEARNT) & (start + LENGTH <= HELD)
    later = normal & (start >= HELD)
    threshold = float(numbers(threshold, "threshold", ()))
    wrong = {
        "learned_on": (
            learn,
            "That is the 95 % quantile of the windows that the model was fitted to. It has seen them; ask others.",
        ),
        "with_events": (
            start >= HELD,
            "That is a quantile of the later windows, events and all: it uses the very windows that it shall be judged on.",
        ),
        "everything": (
            start >= 0,
            "That is a quantile of all windows, the events among them. Use normal windows held out for this.",
        ),
    }
    for name, (mask, said) in wrong.items():
        by_chance = threshold in errors[held]  # the quantile of one set may be a member of the other
        if threshold == np.quantile(errors[mask], 0.95) != np.quantile(errors[held], 0.95) and not by_chance:
            raise NotYet(said, name)
    if not _between(threshold, errors[held]):
        if np.mean(errors[held] > threshold) > 0.9:
            raise NotYet(
                "95 % of the held-out windows lie above this, and each would be an alarm. Take the quantile 0.95.",
                "turned",
            )
        raise NotYet(
            f"{threshold:.3f} is not what 95 % of the errors of the windows `held` stay below; "
            f"{np.quantile(errors[held], 0.95):.3f} was "
            "expected.",
            "other_threshold",
        )
    for name, found, mask in (("alarms_held", promised, held), ("alarms_later", kept, later)):
        found, right = float(numbers(found, name, ())), np.mean(errors[mask] > threshold)
        if found > 1:
            raise NotYet(f"`{name}` is {found:g}: a count or per cent. A share from 0 to 1 was expected.", "no_share")
        if np.isclose(found, right, atol=2e-3):
            continue
        if name == "alarms_later" and np.isclose(found, np.mean(errors[start >= HELD] > threshold), atol=1e-3):
            raise NotYet(
                "`alarms_later` counts the events, too. The promise was about normal windows: `normal & later`.",
                "events_too",
            )
        raise NotYet(f"`{name}` is {found:.3f}; of those windows {right:.3f} are above your threshold.", "other_share")
    return (
        f"Promised {np.mean(errors[held] > threshold):.3f}, kept {np.mean(errors[later] > threshold):.3f} on later "
        f"normal windows. "
        "The windows held out are seven years, not 73 rows, and the sea did not stay as it was."
    )


def _between(threshold, errors):
    """Whether it lies where the ways to define a quantile put 0.95 of these errors."""
    ways = [np.quantile(errors, 0.95, method=way) for way in ("lower", "higher", "median_unbiased", "weibull")]
    return min(ways) * (1 - 1e-9) <= threshold <= max(ways) * (1 + 1e-9)


_THRESHOLD = """threshold = np.quantile(errors[{}], 0.95)
alarms_held = (errors[held] > threshold).mean()
alarms_later = (errors[normal & later] > threshold).mean()"""
THRESHOLD = Exercise(
    id="sensors.threshold",
    title="A promise, and whether it is kept",
    text=(
        "Put into `threshold` the error that 95 % of the held-out normal windows stay below, into `alarms_held` the "
        "share of those windows above it, "
        "and into `alarms_later` the share of the later normal windows above it. `errors`, `held`, `normal` and "
        "`later` stand above."
    ),
    setup=SETUP,
    starter="threshold = ...\nalarms_held = ...\nalarms_later = ...",
    solution=_THRESHOLD.format("held"),
    another=(
        "ordered = np.sort(errors[held])\nthreshold = float(np.percentile(ordered, 95))\n"
        "alarms_held = sum(ordered > threshold) / len(ordered)\nalarms_later = np.mean([error > threshold for error "
        "in errors[normal & later]])"
    ),
    judge=_judge_threshold,
    hints=(
        "`np.quantile(errors[held], 0.95)`; `held` is a mask, one entry for each window.",
        "A share is the mean of a comparison. Later normal windows: `errors[normal & later]`.",
    ),
    misconceptions={
        "learned_on": _THRESHOLD.format("learn"),
        "with_events": _THRESHOLD.format("later"),
        "everything": _THRESHOLD.format("start >= 0"),
        "turned": _THRESHOLD.format("held").replace("0.95", "0.05"),
        "events_too": _THRESHOLD.format("held").replace("normal & later", "later"),
        "no_share": _THRESHOLD.format("held").replace(
            "(errors[held] > threshold).mean()", "(errors[held] > threshold).sum()"
        ),
    },
)
