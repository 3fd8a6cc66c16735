"""Features merged into groups, each replaced by one number (Ward 1963, on the columns instead of the rows)."""

import numpy as np
from sklearn.cluster import FeatureAgglomeration

from ....limits import get
from ....mil.blocks import builder, constant
from ...registry import recipe
from ...verdict import Carries

_POOLING = (np.mean, np.max, np.min)


def _refuse(model):
    if any(model.pooling_func == each for each in _POOLING):
        return []
    name = getattr(model.pooling_func, "__name__", repr(model.pooling_func))
    return [get("option-not-covered").because(f"pooling_func={name}")]


def _groups(labels):
    """The features of each group, (groups, most), the first of a group repeated where it has fewer."""
    members = [np.flatnonzero(labels == each) for each in np.unique(labels)]
    most = max(map(len, members))
    return np.array([np.concatenate([each, np.full(most - len(each), each[0])]) for each in members], np.int32)


@recipe(
    FeatureAgglomeration,
    outputs={"transformed": "transform"},
    refuse=_refuse,
    carries=lambda model: Carries("none", "Which features belong together. None of your rows."),
)
def pooled(model, x):
    """The mean, largest or smallest feature of each group."""
    mb = builder()
    labels = np.asarray(model.labels_)
    if model.pooling_func == np.mean:
        member = labels[:, None] == np.arange(labels.max() + 1)
        return {"transformed": mb.matmul(x=x, y=constant(member / member.sum(axis=0)))}
    together = mb.gather(x=x, indices=_groups(labels), axis=1)
    pool = mb.reduce_max if model.pooling_func == np.max else mb.reduce_min
    return {"transformed": pool(x=together, axes=[2], keep_dims=False)}
