"""Feature selection: whatever chose them, the chosen columns are gathered."""

import numpy as np
from sklearn.feature_selection import (
    RFE,
    RFECV,
    GenericUnivariateSelect,
    SelectFdr,
    SelectFpr,
    SelectFromModel,
    SelectFwe,
    SelectKBest,
    SelectPercentile,
    SequentialFeatureSelector,
    VarianceThreshold,
)
from sklearn.utils import get_tags

from ....limits import get
from ....mil.blocks import builder
from ...registry import recipe
from .scaling import nothing_carried


def _chosen(model):
    """The chosen columns, in their old order."""
    return np.flatnonzero(model.get_support()).astype(np.int32)


def _refuse(model):
    return [] if len(_chosen(model)) else [get("option-not-covered").because("no feature was selected")]


def _invert(model, z):
    """The columns back in their places, zeros in the others, as scikit-learn does."""
    mb = builder()
    support = model.get_support()
    first = mb.slice_by_index(x=z, begin=[0, 0], end=[0, 1], end_mask=[True, False])
    padded = mb.concat(values=[z, mb.sub(x=first, y=first)], axis=1)
    place = np.where(support, np.cumsum(support) - 1, support.sum()).astype(np.int32)
    return mb.gather(x=padded, indices=place, axis=1)


@recipe(
    RFE,
    RFECV,
    GenericUnivariateSelect,
    SelectFdr,
    SelectFpr,
    SelectFromModel,
    SelectFwe,
    SelectKBest,
    SelectPercentile,
    SequentialFeatureSelector,
    VarianceThreshold,
    outputs={"transformed": "transform"},
    refuse=_refuse,
    invert=_invert,
    width=lambda model: len(model.get_support()),
    keeps_nan=lambda model: bool(get_tags(model).input_tags.allow_nan),
    carries=nothing_carried,
)
def selection(model, x):
    return {"transformed": builder().gather(x=x, indices=_chosen(model), axis=1)}
