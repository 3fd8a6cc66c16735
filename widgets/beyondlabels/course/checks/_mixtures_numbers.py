"""Exercises on ln density: a sum that does not vanish, and what a mixture says of a new point."""

import numpy as np

from ..exercises import Exercise, NotYet
from ..prose import kind
from ._mixtures_data import SETUP, SETUP_MODEL, eruptions, named
from ._tools import begun, close, numbers, returned, written

_LOG_STARTER = '''def log_sum_exp(joint):
    """ln(sum of exp) of every row of joint, (rows, k): one number for each row."""
    ...'''


def _judge_log_sum_exp(namespace):
    log_sum_exp = written(namespace, "log_sum_exp", _LOG_STARTER)
    near = np.log(np.random.default_rng(2).uniform(0.1, 2, (20, 3)))
    right = np.log(np.exp(near).sum(axis=1))
    with np.errstate(all="ignore"):
        found = np.asarray(_of_a_table(log_sum_exp, near), float)
        if found.shape == (3,):
            raise NotYet(
                "For 20 rows of 3 `log_sum_exp` returned 3 numbers: one for each column. Sum along `axis=1`.", "columns"
            )
        found = numbers(found.reshape(-1) if found.shape == (20, 1) else found, "log_sum_exp(joint)", (20,))
        if np.allclose(found, near.max(axis=1)):
            raise NotYet(
                "You returned the largest of each row. The others count as well: add what they contribute.", "only_top"
            )
        if np.allclose(found, np.exp(right)):
            raise NotYet("That is the sum itself; its logarithm was asked for: `np.log` around it.", "no_log")
        if np.allclose(found, right - near.max(axis=1)) or np.allclose(found, right - near.max()):
            raise NotYet(
                "You took the largest off before `exp`, rightly, and never gave it back. Add it again after the logarithm.",
                "not_given_back",
            )
        if not np.allclose(found, right):
            raise NotYet(
                f"For the row {near[0].round(2).tolist()} you have {found[0]:.3f}, and {right[0]:.3f} was expected: "
                "the logarithm of the sum of the exponentials.",
                "other",
            )
        far = np.asarray(returned(log_sum_exp, near - 2000), float).reshape(-1)
        mixed = np.asarray(returned(log_sum_exp, np.vstack([near - 2000, near])), float).reshape(-1)
    if not np.allclose(far, right - 2000):
        raise NotYet(
            f"Right for points nearby. For rows around -2000 you have {far[0]:.4g}: `exp(-2000)` is 0, and what is added "
            "and divided afterwards is nothing. Take the largest of the row off first.",
            "underflow",
        )
    if not np.allclose(mixed, np.concatenate([right - 2000, right])):
        raise NotYet(
            "Right as long as all rows are alike. With a far row and a near one together the far one vanishes: you took off "
            "the largest of the whole table. Each row has its own largest: `joint.max(axis=1, keepdims=True)`.",
            "one_top",
        )
    return "As exact at -2000 as at 0: the largest term becomes exp(0) = 1, so a sum can never vanish."


def _of_a_table(log_sum_exp, joint):
    """What ``log_sum_exp`` returns. Raises ``NotYet`` where numbers of the rows lie across the columns."""
    try:
        return returned(log_sum_exp, joint)
    except ValueError as error:
        if "broadcast" not in str(error):
            raise
    raise NotYet(
        "NumPy cannot lay 20 numbers along the rows of a table of 20 by 3: `joint.max(axis=1)` is a flat list, and meets "
        "the columns. With `keepdims=True` it stands upright, 20 by 1, and each row gives up its own.",
        "no_keepdims",
    )


def _lse(body):
    return f"import numpy as np\ndef log_sum_exp(joint):\n    {body}"


LOG_SUM_EXP = Exercise(
    id="mixtures.log_sum_exp",
    title="A sum that does not vanish",
    text=(
        "Write `log_sum_exp(joint)`: for each row the logarithm of the sum of `exp`, right even where every `exp` is too small "
        "for a float. Take the row's largest value off first, and give it back at the end. NumPy only."
    ),
    setup=SETUP,
    starter=_LOG_STARTER,
    solution="def log_sum_exp(joint):\n"
    '    """ln(sum of exp) of every row of joint, (rows, k): one number for each row."""\n'
    "    largest = joint.max(axis=1, keepdims=True)\n"
    "    return largest[:, 0] + np.log(np.exp(joint - largest).sum(axis=1))",
    another=_lse("return np.logaddexp.reduce(joint, axis=1)"),
    judge=_judge_log_sum_exp,
    hints=(
        "exp(a) + exp(b) = exp(m) · (exp(a − m) + exp(b − m)), for any m. With m the larger of the two, one term is exp(0) = 1.",
        "`largest = joint.max(axis=1, keepdims=True)`; `np.exp(joint - largest)` is safe; the logarithm of its sum plus "
        "`largest[:, 0]` is the answer.",
    ),
    misconceptions={
        "underflow": _lse("return np.log(np.exp(joint).sum(axis=1))"),
        "one_top": _lse("return joint.max() + np.log(np.exp(joint - joint.max()).sum(axis=1))"),
        "not_given_back": _lse("return np.log(np.exp(joint - joint.max(axis=1, keepdims=True)).sum(axis=1))"),
        "no_keepdims": _lse(
            "largest = joint.max(axis=1)\n    return largest + np.log(np.exp(joint - largest).sum(axis=1))"
        ),
        "only_top": _lse("return joint.max(axis=1)"),
        "columns": _lse("return np.logaddexp.reduce(joint, axis=0)"),
        "no_log": _lse("return np.exp(joint).sum(axis=1)"),
    },
)


def _judge_new_eruption(namespace):
    sure, threshold, unusual = begun(namespace, "sure", "threshold", "unusual")
    model, rows = namespace["model"], eruptions()
    new = numbers(namespace["new_eruption"], "new_eruption").reshape(1, -1)
    shares, score = model.predict_proba(named(model, new))[0], float(model.score_samples(named(model, new))[0])
    sure = float(numbers(np.ravel(sure)[0] if np.size(sure) == 1 else sure, "sure", ()))
    if close(sure, float(np.argmax(shares)), 1e-12) and not close(sure, shares.max(), 1e-6):
        raise NotYet(
            f"`sure` is {sure:g}, the number of the component. How large is its share? `predict_proba`.", "label"
        )
    if close(sure, shares.min(), 1e-6) and not close(sure, shares.max(), 1e-6):
        raise NotYet(
            f"{sure:.3g} is the smaller of the two shares. The largest says how sure the mixture is.", "smaller"
        )
    if close(sure, score, 1e-6) or close(sure, np.exp(score), 1e-9):
        raise NotYet(
            "That is the density, or its logarithm. A share says which component, a density how usual.", "density"
        )
    if not close(sure, shares.max(), 1e-3):
        raise NotYet(
            f"`sure` is {sure:.3g}; the largest share `model` gives `new_eruption` is {shares.max():.4f}.", "other"
        )
    known = np.sort(model.score_samples(named(model, rows)))
    threshold = float(numbers(threshold, "threshold", ()))
    if 0 <= threshold <= 1:
        raise NotYet(
            f"`threshold` is {threshold:.3g}, which looks like a share or a probability. It should be a ln density: the "
            "value of `model.score_samples(X)` that one eruption in a hundred falls below.",
            "share_threshold",
        )
    if threshold > np.quantile(known, 0.9):
        raise NotYet(
            f"99 of a hundred eruptions fall below {threshold:.2f}, so nearly all would be unusual. You took the upper end: "
            "`np.quantile(..., 0.01)`.",
            "upper_end",
        )
    if not known[0] - 1e-9 <= threshold <= np.quantile(known, 0.03):
        below = (known < threshold).mean()
        raise NotYet(
            f"{100 * below:.0f} % of the known eruptions score below {threshold:.2f}; one in a hundred was asked for.",
            "level",
        )
    if np.size(unusual) == 1 and not np.isscalar(unusual):
        unusual = np.ravel(unusual).item()
    if not isinstance(unusual, (bool, np.bool_)):
        raise NotYet(f"`unusual` is {kind(unusual)}; True or False was asked for.", "not_a_truth")
    if bool(unusual) != (score < threshold):
        raise NotYet(
            f"It is the mixture's {100 * shares.max():.1f} % that looks trustworthy. But ln density is {score:.1f} there, and "
            f"{known[0]:.1f} at the thinnest of 272 known eruptions. Compare the score with your threshold.",
            "sure_is_not_near",
        )
    return (
        f"{100 * shares.max():.1f} % sure, at ln density {score:.1f}, far below {threshold:.1f}: shares only compare the "
        "components with each other. Which is likelier is one question, whether either is likely another."
    )


_SURE = "sure = model.predict_proba(new_eruption).max()\n"
_LEVEL = "threshold = np.quantile(model.score_samples(X), 0.01)\n"
_UNUSUAL = "unusual = bool(model.score_samples(new_eruption)[0] < threshold)"
_NEW = 'new_eruption = pd.DataFrame([[2.0, 85.0]], columns=["duration_min", "waiting_min"])\n'

NEW_ERUPTION = Exercise(
    id="mixtures.new_eruption",
    title="Sure, but of what?",
    text=(
        "Somebody reports `new_eruption`: two minutes long, and then a wait of 85. Put the largest share that `model` gives "
        "it in `sure`. Put the ln density that one in a hundred of the known eruptions falls below in `threshold`. Is the new "
        "one `unusual` (True or False), measured by that threshold?"
    ),
    setup=SETUP_MODEL,
    starter=f"{_NEW}sure = ...\nthreshold = ...\nunusual = ...",
    solution=f"{_NEW}{_SURE}{_LEVEL}{_UNUSUAL}",
    another=f"{_NEW}sure = [max(model.predict_proba(new_eruption)[0])]\nknown = np.sort(model.score_samples(X))\n"
    "threshold = known[2]\nunusual = (model.score_samples(new_eruption) < threshold).all()",
    judge=_judge_new_eruption,
    hints=(
        "Two methods answer two questions: `predict_proba` gives the shares, `score_samples` the ln density.",
        "`np.quantile(model.score_samples(X), 0.01)` is the threshold; the new eruption is unusual if its own "
        "`score_samples` is below it.",
    ),
    misconceptions={
        "sure_is_not_near": f"{_NEW}{_SURE}{_LEVEL}unusual = bool(sure < 0.95)",
        "upper_end": f"{_NEW}{_SURE}threshold = np.quantile(model.score_samples(X), 0.99)\n{_UNUSUAL}",
        "share_threshold": f"{_NEW}{_SURE}threshold = np.quantile(model.predict_proba(X).max(axis=1), 0.01)\nunusual = False",
        "level": f"{_NEW}{_SURE}threshold = model.score_samples(X).mean()\n{_UNUSUAL}",
        "density": f"{_NEW}sure = np.exp(model.score_samples(new_eruption))\n{_LEVEL}{_UNUSUAL}",
        "smaller": f"{_NEW}sure = model.predict_proba(new_eruption).min()\n{_LEVEL}{_UNUSUAL}",
    },
)
