"""How often a substitute agrees with the model it stands in for, on rows the substitute has not seen."""

import numpy as np

from ...errors import BadInput
from ..verdict import Agreement


def matching_rows(model, X):
    """``X`` as the rows the model was fitted on. Raises ``BadInput`` when they cannot be: not numbers, or not as many rows
    as the model has labels, or not as many features as it was fitted on."""
    try:
        rows = np.asarray(X, np.float64)
    except (TypeError, ValueError) as error:
        raise BadInput(
            f"the rows are not a table of numbers ({error}); pass the rows the model was fitted on"
        ) from None
    if rows.ndim != 2 or rows.shape[1] != model.n_features_in_ or not np.isfinite(rows).all():
        raise BadInput(
            f"found values of shape {rows.shape}, or one that is not finite; expected (rows, {model.n_features_in_}): "
            "pass the rows the model was fitted on"
        )
    if len(rows) != len(model.labels_):
        raise BadInput(
            f"the model labelled {len(model.labels_)} rows, found {len(rows)}; pass the rows it was fitted on, in order"
        )
    return rows


def agreement(model, X, fit_part):
    """Hold out every fourth row of a seeded shuffle, fit the substitute on the others with the model's labels, and compare
    its labels of the held-out rows with those the model gave them when it saw all rows.

    ``fit_part(rows, keep)`` fits the substitute on the rows where the mask ``keep`` holds. Raises ``BadInput`` when there
    are fewer than four rows or when nothing is left to fit on.
    """
    rows = matching_rows(model, X)
    if len(rows) < 4:
        raise BadInput(f"agreement needs at least 4 rows to hold some out, found {len(rows)}")
    held = np.random.default_rng(0).permutation(len(rows))[::4]
    keep = np.ones(len(rows), bool)
    keep[held] = False
    labels = fit_part(rows, keep).predict(rows[held])
    equal = int(np.sum(labels == model.labels_[held]))
    how = f"fitted on {keep.sum()} rows with the model's labels, compared on the other {len(held)}; the export uses all rows"
    return Agreement(len(held), equal, how)
