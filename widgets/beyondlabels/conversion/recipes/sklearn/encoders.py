"""Encoders: a category becomes columns of 0 and 1, a whole number, or what its training rows had for a target."""

import numpy as np
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, TargetEncoder

from ....limits import get
from ....mil.blocks import builder, constant
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries
from . import categories

_UNKNOWN = -1


def _carries(model):
    categories = counted(sum(len(each) for each in model.categories_), "category", "categories")
    return Carries("statistics", f"the {categories} of {counted(model.n_features_in_, 'feature')}. None of your rows.")


def _limits(model):
    if getattr(model, "handle_unknown", "") != "error":
        return []
    what = "all zeros" if isinstance(model, OneHotEncoder) else str(_UNKNOWN)
    return [get("no-errors").because(f"handle_unknown='error'; for an unknown category the package gives {what}")]


def _takes_missing(model):
    """NaN is legal where it is a category, and where an unknown category is."""
    return model.handle_unknown != "error" or categories.missing_is_one(model)


def _grouped(model, feature):
    """For each category of a feature its number after the infrequent ones were put together, and how many there are."""
    count = len(model.categories_[feature])
    mappings = getattr(model, "_default_to_infrequent_mappings", None)
    mapping = mappings[feature] if mappings and getattr(model, "_infrequent_enabled", False) else None
    if mapping is None:
        return np.arange(count), count, None
    return np.asarray(mapping), int(np.max(mapping)) + 1, int(np.max(mapping))


@recipe(
    OneHotEncoder,
    outputs={"transformed": "transform"},
    refuse=lambda model: categories.refuse(model) or _nothing_left(model),
    limits=_limits,
    nan=_takes_missing,
    carries=_carries,
)
def one_hot(model, x):
    """A column for each category, infrequent ones together in the last, without the dropped one."""
    mb = builder()
    numbers = categories.numbers(model)
    groups = [_grouped(model, feature) for feature in range(len(numbers))]
    to_infrequent = model.handle_unknown in ("infrequent_if_exist", "warn")
    unknown = [last if to_infrequent and last is not None else _UNKNOWN for _, _, last in groups]
    missing = [
        group[-1] if len(each) and np.isnan(each[-1]) else otherwise
        for each, (group, _, _), otherwise in zip(numbers, groups, unknown, strict=True)
    ]
    codes = categories.looked_up(
        x, numbers, [group for group, _, _ in groups], np.array(unknown, np.int32), np.array(missing, np.int32)
    )
    kept = _kept(model, groups)
    column = np.repeat(np.arange(len(kept)), [len(each) for each in kept]).astype(np.int32)
    hot = mb.equal(x=mb.gather(x=codes, indices=column, axis=1), y=np.concatenate(kept).astype(np.int32)[None])
    return {"transformed": mb.cast(x=hot, dtype="fp32")}


def _kept(model, groups):
    """The groups of each feature that have a column."""
    dropped = model._drop_idx_after_grouping
    dropped = [None] * len(groups) if dropped is None else dropped
    return [
        np.delete(np.arange(count), [] if gone is None else [int(gone)])
        for (_, count, _), gone in zip(groups, dropped, strict=True)
    ]


def _nothing_left(model):
    groups = [_grouped(model, feature) for feature in range(len(model.categories_))]
    left = sum(len(each) for each in _kept(model, groups))
    return [] if left else [get("option-not-covered").because("no category is left to make a column of")]


@recipe(
    OrdinalEncoder,
    outputs={"transformed": "transform"},
    refuse=categories.refuse,
    limits=_limits,
    nan=_takes_missing,
    carries=_carries,
)
def ordinal(model, x):
    """The number of each category, counted from 0; infrequent ones share the last."""
    numbers = categories.numbers(model)
    indices = getattr(model, "_missing_indices", {})
    otherwise = model.unknown_value if model.handle_unknown == "use_encoded_value" else _UNKNOWN
    values = [_grouped(model, feature)[0] for feature in range(len(numbers))]
    values = [
        np.append(each, 0) if len(each) < len(its) else each for each, its in zip(values, numbers, strict=True)
    ]  # the mapping leaves out a missing value
    missing = [model.encoded_missing_value if feature in indices else otherwise for feature in range(len(numbers))]
    unknown = np.full(len(numbers), otherwise, np.float32)
    return {"transformed": categories.looked_up(x, numbers, values, unknown, np.array(missing, np.float32))}


@recipe(
    TargetEncoder,
    outputs={"transformed": "transform"},
    refuse=categories.refuse,
    nan=lambda model: True,
    carries=lambda model: Carries(
        "statistics",
        f"the categories of {counted(model.n_features_in_, 'feature')}, each with the mean target of its training rows.",
    ),
)
def target(model, x):
    """The mean target of each category, shrunk towards that of all (Micci-Barreca 2001), which stands for the unknown."""
    mb = builder()
    numbers = categories.numbers(model)
    classes = len(model.encodings_) // len(numbers)
    means = np.broadcast_to(np.asarray(model.target_mean_, np.float64), (classes,))
    tables = [
        np.stack(model.encodings_[feature * classes : (feature + 1) * classes], axis=1)
        for feature in range(len(numbers))
    ]
    first = np.cumsum([1, *(len(each) for each in numbers)])[:-1]
    places = [start + np.arange(len(each)) for start, each in zip(first, numbers, strict=True)]
    nan = [own[-1] if np.isnan(each[-1]) else 0 for own, each in zip(places, numbers, strict=True)]
    row = categories.looked_up(x, numbers, places, np.zeros(len(numbers), np.int32), np.array(nan, np.int32))
    made = mb.gather(x=constant(np.concatenate([means[None], *tables])), indices=row, axis=0)
    return {"transformed": mb.reshape(x=made, shape=[-1, classes * len(numbers)])}
