"""Groups with a single training row: their centre is a mean of one, which is that row."""

import numpy as np
from sklearn.cluster import BisectingKMeans, KMeans

from ....limits import get
from ...verdict import Carries

_EXACT = (KMeans, BisectingKMeans)  # their centres are the means of their groups; elsewhere they only lie near


def alone(model):
    """Numbers of the groups that have one training row, (groups,)."""
    labels = np.asarray(getattr(model, "labels_", ()), int)
    return np.flatnonzero(np.bincount(labels[labels >= 0], minlength=len(model.cluster_centers_)) == 1)


def group_of_one(model):
    """The limit that such groups touch."""
    found = alone(model)
    return [get("group-of-one").because(f"group {', '.join(map(str, found))}")] if len(found) else []


def carries_centres(model, summary):
    """What centres carry: ``summary`` says how many there are, of how many means; then what they tell of single rows."""
    count = len(alone(model))
    if not count:
        return Carries("statistics", f"{summary} None of your rows.")
    which = "One of them is" if count == 1 else f"{count:,} of them are"
    if type(model) not in _EXACT:
        return Carries("statistics", f"{summary} {which} of a group of one, and near that row.")
    return Carries("rows", f"{summary} {which} of a group of one: {count:,} of your rows word for word.", count)
