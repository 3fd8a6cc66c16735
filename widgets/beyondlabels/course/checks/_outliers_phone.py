"""Exercises on what comes later: a line for new patients, and a package that tells nobody's measurements."""

import numpy as np

from ..exercises import UNFITTED, Exercise, NotYet
from ._outliers_data import CHECKS, SETUP, table
from ._tools import begun, numbers

_SETUP_NOVELTY = f"""{SETUP}
order = np.random.default_rng(0).permutation(len(benign))
learned, held_out = benign.iloc[order[:250]][measurements], benign.iloc[order[250:]][measurements]
detector = make_pipeline(StandardScaler(), OneClassSVM(nu=0.05)).fit(learned)
"""


def _judge_line(namespace):
    threshold = float(numbers(begun(namespace, "threshold"), "threshold", ()))
    detector, learned, held_out = (namespace[name] for name in ("detector", "learned", "held_out"))
    calm, known = detector.score_samples(held_out), detector.score_samples(learned)
    share = float((calm < threshold).mean())
    if 0.025 <= share <= 0.075:
        own = 100 * (detector.predict(held_out) == -1).mean()
        return (
            f"{100 * share:.0f} in 100 benign patients whom the detector has never seen lie below {threshold:.3f}. The "
            f"detector's own line, that of `predict`, would flag {own:.0f} in 100 of them."
        )
    if 0.025 <= (detector.decision_function(held_out) < threshold).mean() <= 0.075:
        raise NotYet(
            f"5 in 100 of the held-out lie below {threshold:.3f} by `decision_function`, which puts the detector's own line at "
            f"0. By `score_samples`, which was asked for, {100 * share:.0f} in 100 do. A line belongs to its score.",
            "decision",
        )
    if share >= 0.9:
        top = "0 is the line of `decision_function`; `score_samples` lies elsewhere" if threshold == 0 else ""
        raise NotYet(
            f"{100 * share:.0f} in 100 benign patients lie below {threshold:.3f}. {top or 'You took the other end'}: odd is "
            "small, so the line belongs at the small end, with 5 in 100 below it.",
            "other_end",
        )
    if abs(float((known < threshold).mean()) - 0.05) < 0.01:
        raise NotYet(
            f"5 in 100 of the patients the detector learned from lie below {threshold:.3f}, but {100 * share:.0f} in 100 of "
            "those it has never seen. It knows its own; take the quantile of the held-out scores.",
            "own_rows",
        )
    if share <= 0.01:
        raise NotYet(
            f"{calm.size * share:.0f} of the held-out lie below {threshold:.3f}. 5 in 100 is 0.05 for `np.quantile` and 5 for "
            "`np.percentile`; and malignant patients do not belong among the rows that set the line.",
            "nobody",
        )
    raise NotYet(
        f"{100 * share:.1f} in 100 of the held-out benign patients lie below {threshold:.3f}; 5 in 100 were wanted.",
        "other_share",
    )


_SCORES = "scores = detector.score_samples({})\n"

NEW_LINE = Exercise(
    id="outliers.new_line",
    title="A line for new patients",
    text=(
        "`detector` learned from the 250 benign patients in `learned`; the 107 in `held_out` are benign too, and it has never "
        "seen them. Put into `threshold` the value of `detector.score_samples` below which 5 in 100 of the held-out lie."
    ),
    setup=_SETUP_NOVELTY,
    starter="threshold = ...",
    solution="threshold = np.quantile(detector.score_samples(held_out), 0.05)",
    another="threshold = sorted(detector.score_samples(held_out))[5]",
    judge=_judge_line,
    hints=(
        "`detector.score_samples(held_out)` is one score for each of 107 patients. Small is odd.",
        "`np.quantile(scores, 0.05)` is the value that 5 in 100 of the scores lie below.",
    ),
    misconceptions={
        "own_rows": f"{_SCORES.format('learned')}threshold = np.quantile(scores, 0.05)",
        "decision": "threshold = np.quantile(detector.decision_function(held_out), 0.05)",
        "other_end": f"{_SCORES.format('held_out')}threshold = np.quantile(scores, 0.95)",
        "nobody": f"{_SCORES.format('held_out')}threshold = np.percentile(scores, 0.05)",
        "other_share": f"{_SCORES.format('held_out')}threshold = scores.mean() - scores.std()",
    },
)

_LEAST = 7


def _judge_discreet(namespace):
    from ... import NotExportable, carries

    model = begun(namespace, "discreet")
    if not hasattr(model, "get_params"):
        raise NotYet(f"`discreet` is a {type(model).__name__}; a fitted model or pipeline was expected.", "no_model")
    try:
        carried = carries(model)
    except NotExportable as error:
        limit = error.verdict.refused[0].id if error.verdict.refused else error.verdict.kind
        if limit == "not-fitted":
            raise NotYet(UNFITTED, "not_fitted") from None
        raise NotYet(
            f"There is no package of this model ({limit}). A detector for the phone needs a rule for a row it has not seen; "
            "with the local outlier factor that is `novelty=True`.",
            "no_package",
        ) from None
    if carried.kind == "rows":
        raise NotYet(
            f"Its package would carry {carried.rows} patients word for word: whoever has the app can read their measurements. "
            "Which of the four detectors keeps only summaries?",
            "rows",
        )
    rows, is_malignant = table()
    named = namespace["X"] if hasattr(model, "feature_names_in_") else rows
    score = getattr(model, "score_samples", None) or getattr(model, "decision_function", None)
    if score is None:
        raise NotYet(
            "This model gives no score, so nobody can be put in order. All four detectors have `score_samples`.",
            "no_score",
        )
    scores = numbers(score(named), "the scores of `discreet`", (len(rows),))
    found = int(is_malignant[np.argsort(scores)[:CHECKS]].sum())
    if found < _LEAST:
        raise NotYet(
            f"No patient is carried, and the {CHECKS} oddest include {found} of the ten malignant; at least {_LEAST} were asked "
            "for. A straight line cannot enclose anybody: try a detector with a boundary all around.",
            "too_few",
        )
    return f"{found} of the ten with {CHECKS} checks, and the package gives away: {carried.summary}"


DISCREET = Exercise(
    id="outliers.discreet",
    title="A discreet detector",
    text=(
        "Open question: fit a detector to `X` whose package carries no patient, and whose 20 oddest patients still include at "
        "least 7 of the ten malignant. Put the fitted model or pipeline into `discreet`. `bl.carries(discreet)` says what "
        "a package would hold."
    ),
    setup=SETUP,
    starter="discreet = ...",
    solution="discreet = make_pipeline(StandardScaler(), EllipticEnvelope(random_state=0)).fit(X)",
    another="discreet = IsolationForest(n_estimators=200, random_state=seed).fit(X)",
    judge=_judge_discreet,
    hints=(
        "Two of the four detectors compare a new patient with stored ones. Two do not.",
        "An isolation forest keeps thresholds, an elliptic envelope a mean and a covariance.",
    ),
    misconceptions={
        "rows": "discreet = make_pipeline(StandardScaler(), LocalOutlierFactor(novelty=True)).fit(X)",
        "no_package": "discreet = make_pipeline(StandardScaler(), LocalOutlierFactor()).fit(X)",
        "too_few": "discreet = make_pipeline(StandardScaler(), OneClassSVM(kernel='linear', nu=0.05)).fit(X)",
        "no_score": "from sklearn.cluster import KMeans\ndiscreet = KMeans(3, random_state=seed).fit(X)",
        "no_model": "discreet = X",
    },
)
