"""How often a substitute agrees with the model it stands in for, on rows the substitute has not seen."""

import numpy as np

from ...errors import BadInput
from ..verdict import Agreement, Substitute


def matching_rows(model, X, answers):
    """``X`` as the rows the model was fitted on. Raises ``BadInput`` when they cannot be: not numbers, or not as many rows
    as the model has ``answers`` (a label or a place for each), or not as many features as it was fitted on."""
    rows = _numbers(X)
    if rows.ndim != 2 or rows.shape[1] != model.n_features_in_ or not np.isfinite(rows).all():
        raise BadInput(
            f"found values of shape {rows.shape}, or one that is not finite; expected (rows, {model.n_features_in_}): "
            "pass the rows the model was fitted on"
        )
    if (np.abs(rows) > np.finfo(np.float32).max).any():
        raise BadInput("a value is larger than float32 can hold; rescale the rows and fit the model again")
    if len(rows) != len(answers):
        raise BadInput(
            f"the model labelled {len(answers)} rows, found {len(rows)}; pass the rows it was fitted on, in order"
        )
    return rows


def _numbers(X):
    """``X`` as float64; text is no number, though NumPy would read it as one."""
    try:
        given = np.asarray(X)
        if given.dtype.kind in "US" or (given.dtype.kind == "O" and any(isinstance(each, str) for each in given.flat)):
            raise ValueError("it holds text")
        return given.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise BadInput(
            f"the rows are not a table of numbers ({error}); pass the rows the model was fitted on"
        ) from None


def held_out(rows, least=4):
    """(held rows' numbers, mask of the others): every fourth of a seeded shuffle. Raises ``BadInput`` below ``least`` rows."""
    if len(rows) < least:
        raise BadInput(f"agreement needs at least {least} rows to hold some out, found {len(rows)}")
    held = np.random.default_rng(0).permutation(len(rows))[::4]
    keep = np.ones(len(rows), bool)
    keep[held] = False
    return held, keep


def agreement(model, X, fit_part, labels=None):
    """Hold out every fourth row of a seeded shuffle, fit the substitute on the others with the model's labels, and compare
    its labels of the held-out rows with those the model gave them when it saw all rows.

    ``fit_part(rows, keep)`` fits the substitute on the rows where the mask ``keep`` holds. ``labels`` are the model's own,
    by default ``labels_``. Raises ``BadInput`` when there are fewer than four rows or when nothing is left to fit on.
    """
    labels = model.labels_ if labels is None else labels
    rows = matching_rows(model, X, labels)
    held, keep = held_out(rows)
    equal = int(np.sum(fit_part(rows, keep).predict(rows[held]) == labels[held]))
    how = f"fitted on {keep.sum()} rows with the model's labels, compared on the other {len(held)}; the export uses all rows"
    return Agreement(len(held), equal, how)


def offer(name, summary, model, fit_part, labels=None):
    """A ``Substitute`` whose ``fit_part(model, rows, keep)`` fits it on the rows where the mask ``keep`` holds."""

    def fit(X):
        rows = matching_rows(model, X, model.labels_ if labels is None else labels)
        return fit_part(model, rows, np.ones(len(rows), bool))

    return Substitute(
        name, summary, fit, lambda X: agreement(model, X, lambda rows, keep: fit_part(model, rows, keep), labels)
    )
