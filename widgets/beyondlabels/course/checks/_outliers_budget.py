"""Exercises on the decision: how many to check, how good the list is, and whose list it is."""

import numpy as np

from ..exercises import Exercise, NotYet
from ._outliers_data import CHECKS, SETUP, forest_ranks, neighbour_lists, row_numbers, table, unwrapped
from ._tools import begun, numbers, returned, written


def _judge_budget(namespace):
    share, listed = begun(namespace, "contamination", "to_check")
    everybody = len(table()[0])
    if isinstance(share, str) and share == "auto":
        raise NotYet(
            "With 'auto' a default of scikit-learn draws the line, at a score of -0.5, and about 39 patients are flagged. "
            f"You may check {CHECKS}: say so.",
            "auto",
        )
    share = float(numbers(share, "contamination", ()))
    if 0.5 < share < 100:
        raise NotYet(
            f"`contamination` is a share between 0 and 0.5, and {share:g} looks like a percentage or a count. Divide.",
            "percent",
        )
    if abs(share * everybody - 10) <= 0.6:
        raise NotYet(
            f"{share:.3f} is the share of malignant patients. On the day nobody knows it, and it flags 10 where you may check "
            f"{CHECKS}. What you know is your budget.",
            "true_share",
        )
    if abs(share * everybody - CHECKS) > 1:
        raise NotYet(
            f"A share of {share:.3f} flags {share * everybody:.0f} of {everybody} patients, and {CHECKS} can be checked.",
            "other_share",
        )
    listed = row_numbers(listed, "to_check", CHECKS)
    ranks = forest_ranks()[listed]
    if (ranks < 2 * CHECKS).mean() < 0.85:
        raise NotYet(
            f"Only {(ranks < CHECKS).sum()} of these are among the {CHECKS} that isolation forests find oddest. The flagged are "
            "labelled -1; 1 means usual.",
            "the_usual",
        )
    found = int(table()[1][listed].sum())
    return (
        f"{len(listed)} patients, as many as you can check, and {found} of the ten malignant are among them. No data told "
        f"you {share:.3f}: it was your decision."
    )


_FOREST = "flags = IsolationForest(contamination={}, random_state=seed).fit_predict(X)\n"

BUDGET = Exercise(
    id="outliers.budget",
    title="Twenty patients",
    text=(
        "Somebody has time to look at 20 of the 367 patients again. Put the share that an `IsolationForest` should flag into "
        "`contamination`, fit one with it to `X`, and put the row numbers of those it labels -1 into `to_check`."
    ),
    setup=SETUP,
    starter="contamination = ...\nto_check = ...",
    solution="contamination = 20 / len(X)\n"
    "labels = IsolationForest(contamination=contamination, random_state=0).fit_predict(X)\n"
    "to_check = np.flatnonzero(labels == -1)",
    another="contamination = 0.0545\nforest = IsolationForest(random_state=seed).fit(X)\n"
    "to_check = list(forest.score_samples(X).argsort()[:20])",
    judge=_judge_budget,
    hints=(
        "The share is a number between 0 and 0.5: how many you can check, out of how many there are.",
        "`IsolationForest(contamination=contamination, random_state=0).fit_predict(X)` gives 1 or -1 for each patient, and "
        "`np.flatnonzero(... == -1)` the row numbers.",
    ),
    misconceptions={
        "auto": f"contamination = 'auto'\n{_FOREST.format('contamination')}to_check = np.flatnonzero(flags == -1)",
        "true_share": "contamination = is_malignant.mean()\n"
        f"{_FOREST.format('contamination')}to_check = np.flatnonzero(flags == -1)",
        "percent": f"contamination = 100 * 20 / 367\n{_FOREST.format('contamination / 100')}"
        "to_check = np.flatnonzero(flags == -1)",
        "mask": f"contamination = 20 / 367\n{_FOREST.format('contamination')}to_check = flags == -1",
        "labels": f"contamination = 20 / 367\n{_FOREST.format('contamination')}to_check = flags",
        "the_usual": f"contamination = 20 / 367\n{_FOREST.format('contamination')}to_check = np.flatnonzero(flags == 1)[:20]",
    },
)

_PRECISION_STARTER = '''def precision_at_k(scores, is_odd, k):
    """The share of true anomalies among the k rows with the smallest scores."""
    ...'''


def _judge_precision(namespace):
    function = written(namespace, "precision_at_k", _PRECISION_STARTER)
    rng = np.random.default_rng(3)
    seen = []
    for count, odd, k in ((50, 12, 8), (50, 5, 20), (200, 30, 40), (30, 9, 1), (40, 4, 40)):
        is_odd = rng.permutation(count) < odd
        scores = rng.normal(size=count) - 1.2 * is_odd
        found = returned(function, scores, is_odd, np.int64(k))
        found = float(numbers(found, f"precision_at_k(scores, is_odd, {k})", ()))
        seen.append((found, *_readings(scores, is_odd, k)))
    found, right, *others = np.array(seen).T
    if np.allclose(found, right, atol=1e-6):
        return (
            "Precision at k asks what you will ask: of those I looked at, how many were worth it? Accuracy never does."
        )
    for reading, (name, said) in zip(others, _MISREAD, strict=True):
        if np.allclose(found, reading, atol=1e-6):
            raise NotYet(said, name)
    worst = int(np.argmax(abs(found - right)))
    raise NotYet(
        f"In a small test you have {found[worst]:.3f}, and {right[worst]:.3f} was expected. Sort the scores, take the k "
        "smallest, and ask which share of them is odd.",
        "other_value",
    )


def _readings(scores, is_odd, k):
    """The right value, and what each misreading would give."""
    order = np.argsort(scores)
    flagged = np.zeros(len(scores), bool)
    flagged[order[:k]] = True
    hits = is_odd[order[:k]].sum()
    return (
        hits / k,
        is_odd[order[-k:]].mean(),
        hits / is_odd.sum(),
        hits,
        (flagged == is_odd).mean(),
        is_odd[:k].mean(),
    )


_MISREAD = (
    (
        "largest",
        "You took the k largest scores. In scikit-learn the smallest are the oddest, for all four detectors; the largest "
        "belong to the most usual rows.",
    ),
    (
        "recall",
        "You divided by the number of anomalies: that is recall, the share of them that was found. Precision divides by k, "
        "the number you looked at.",
    ),
    ("count", "That is how many were found. A share of the k that were looked at is wanted: divide by k."),
    (
        "accuracy",
        "That is accuracy: it counts every usual row that was left alone as a success, and nearly all rows are usual.",
    ),
    ("unsorted", "You took the first k rows of the table. Sort by score first: `np.argsort(scores)[:k]`."),
)


def _precision(body):
    return f"import numpy as np\ndef precision_at_k(scores, is_odd, k):\n    {body}"


PRECISION = Exercise(
    id="outliers.precision_at_k",
    title="How good is a list?",
    text=(
        "Write `precision_at_k(scores, is_odd, k)`: of the k rows with the smallest scores (the oddest), the share that is "
        "truly odd. `scores` and `is_odd` are arrays with an entry for each row; `is_odd` holds True or False."
    ),
    starter=_PRECISION_STARTER,
    solution="def precision_at_k(scores, is_odd, k):\n"
    '    """The share of true anomalies among the k rows with the smallest scores."""\n'
    "    return is_odd[np.argsort(scores)[:k]].mean()",
    another=_precision("return sum(odd for _, odd in sorted(zip(scores, is_odd))[:k]) / k"),
    setup="import numpy as np\n",
    judge=_judge_precision,
    hints=(
        "`np.argsort(scores)` gives row numbers from the smallest score to the largest; `[:k]` keeps the first k.",
        "`is_odd[...]` with those row numbers gives k times True or False, and the mean of True and False is a share.",
    ),
    misconceptions={
        "largest": _precision("return is_odd[np.argsort(-scores)[:k]].mean()"),
        "recall": _precision("return is_odd[np.argsort(scores)[:k]].sum() / is_odd.sum()"),
        "count": _precision("return is_odd[np.argsort(scores)[:k]].sum()"),
        "accuracy": _precision("return ((scores <= np.sort(scores)[k - 1]) == is_odd).mean()"),
        "unsorted": _precision("return is_odd[:k].mean()"),
        "no_return": _precision("share = is_odd[np.argsort(scores)[:k]].mean()"),
    },
)


def _judge_own_spread(namespace):
    listed = begun(namespace, "oddest")
    if hasattr(listed, "get_params"):
        raise NotYet(
            "`oddest` is the model. What it thinks of the rows it was fitted on stands in `.negative_outlier_factor_`.",
            "model",
        )
    raw, scaled = neighbour_lists()
    array = unwrapped(listed)
    if array.dtype.kind in "iu" and array.shape == (19,) and len(set(array.tolist()) & scaled[0]) >= 18:
        raise NotYet(
            "19 patients: that is whom the label -1 names, drawn at a factor of 1.5 by `contamination='auto'`. You may check "
            f"{CHECKS}: sort by the factor and take the first {CHECKS}.",
            "auto",
        )
    listed = set(row_numbers(listed, "oddest", CHECKS).tolist())
    agree = max(len(listed & own) for own in scaled)
    if agree >= CHECKS - 1:
        found = int(table()[1][list(listed)].sum())
        return (
            f"{found} of the ten malignant are on this list. It shares only {len(listed & raw)} patients with the list of the "
            "raw table: who is checked was decided by the units."
        )
    if len(listed & raw) >= CHECKS - 1:
        raise NotYet(
            "This is the list of the raw table, where area spans thousands and smoothness a tenth: the neighbours are "
            "neighbours in area. Scale every column first.",
            "raw",
        )
    if agree <= 2:
        raise NotYet(
            f"These {CHECKS} are not the odd ones: `negative_outlier_factor_` is negative, -1 is usual, and the oddest have the "
            "smallest values.",
            "largest",
        )
    raise NotYet(
        f"{agree} of your {CHECKS} are on the list that was expected. Scale every column, fit `LocalOutlierFactor` with 20 "
        "neighbours, and sort by `negative_outlier_factor_`.",
        "other_list",
    )


_FACTORS = "factors = LocalOutlierFactor(n_neighbors=20).fit({}).negative_outlier_factor_\n"
_SCALED = "StandardScaler().fit_transform(X)"

OWN_SPREAD = Exercise(
    id="outliers.own_spread",
    title="Neighbours in what?",
    text=(
        "Put every measurement on its own spread, fit `LocalOutlierFactor` with 20 neighbours to that table, and put the row "
        "numbers of its 20 oddest patients into `oddest`."
    ),
    setup=SETUP,
    starter="oddest = ...",
    solution="scaled = StandardScaler().fit_transform(X)\n"
    "model = LocalOutlierFactor(n_neighbors=20).fit(scaled)\n"
    "oddest = np.argsort(model.negative_outlier_factor_)[:20]",
    another=f"from sklearn.preprocessing import RobustScaler\n{_FACTORS.format('RobustScaler().fit_transform(X)')}"
    "oddest = pd.Series(factors).nsmallest(20).index",
    judge=_judge_own_spread,
    hints=(
        "`StandardScaler().fit_transform(X)` first; then `LocalOutlierFactor(n_neighbors=20).fit(...)`.",
        "After fitting, `.negative_outlier_factor_` holds one number for each patient, about -1 for the usual ones and smaller "
        "for odd ones. `np.argsort(...)[:20]`.",
    ),
    misconceptions={
        "raw": f"{_FACTORS.format('X')}oddest = np.argsort(factors)[:20]",
        "largest": f"{_FACTORS.format(_SCALED)}oddest = np.argsort(factors)[-20:]",
        "auto": f"oddest = np.flatnonzero(LocalOutlierFactor(n_neighbors=20).fit_predict({_SCALED}) == -1)",
        "scores": f"{_FACTORS.format(_SCALED)}oddest = np.sort(factors)[:20]",
        "model": f"oddest = LocalOutlierFactor(n_neighbors=20).fit({_SCALED})",
    },
)
