"""Categories that are numbers, found in a package; and those that are text, refused with a table for the phone."""

import json
from dataclasses import replace

import numpy as np

from ....limits import get
from ....mil.blocks import builder
from ....mil.search import last_not_above, starts

_MOST_ENTRIES, _MOST_IN_PYTHON = 1_000, 50


def numbers(model):
    """The categories of each feature as float64, NaN last where a missing value is one."""
    return [np.asarray(each).astype(np.float64) for each in model.categories_]


def missing_is_one(model):
    """Whether a missing value is a category of some feature."""
    return any(np.isnan(each).any() for each in numbers(model) if len(each))


def refuse(model):
    """The limits for categories that no package can tell apart: text, objects, numbers that are not float32."""
    kinds = [np.asarray(each) for each in model.categories_]
    if any(_is_text(each) for each in kinds):
        return [text_limit(model)]
    if any(each.dtype == object for each in kinds):
        return [get("option-not-covered").because("categories kept as objects; fit on numbers, as in X.astype(float)")]
    for feature, each in enumerate(kinds):
        known = each.astype(np.float64)
        known = known[~np.isnan(known)]
        with np.errstate(over="ignore"):
            wrong = known[known.astype(np.float32).astype(np.float64) != known]
        if len(wrong):
            limit = get("float32-input").because(f"{_names(model)[feature]} has the category {wrong[0]!s}")
            otherwise = (
                "Number the categories 0, 1, 2, … before they reach the encoder, here and on the phone, and fit again."
            )
            return [replace(limit, instead=otherwise)]
    return []


def text_limit(model):
    """The limit on text, with a table that numbers the categories as the encoder does, in order from 0: in Swift, and in Python
    where it is short."""
    names = _names(model)
    tables, ours, count, left = [], [], 0, 0
    for name, each in zip(names, model.categories_, strict=True):
        if not _is_text(np.asarray(each)):
            continue
        texts = [(place, _text(value)) for place, value in enumerate(each) if isinstance(value, (str, bytes))]
        entries = ", ".join(f"{_literal(text)}: {place}" for place, text in texts[:_MOST_ENTRIES])
        count += len(texts)
        left += max(0, len(texts) - _MOST_ENTRIES)
        tables.append(f"    {_literal(name)}: [{entries}],")
        ours.append(f"    {_literal(name)}: {{{entries}}},")
    swift = "\n".join(["let codes: [String: [String: Float]] = [", *tables, "]"])
    more = f" // {left} more entries are left out here" if left else ""
    python = "\n".join(["", "table = {", *ours, "}"]) if count <= _MOST_IN_PYTHON else ""
    limit = get("text-categories")
    found = f"text in {', '.join(json.loads(table.split(': [')[0].strip()) for table in tables)}"
    return replace(limit.because(found), instead=f"{limit.instead}\n{swift}{more}{python}")


def looked_up(x, categories, values, unknown, missing):
    """For each value of ``x`` (rows, features) what belongs to its category.

    ``categories``: float64 for each feature, sorted but for a NaN; ``values``: an array of the same length for each;
    ``unknown`` and ``missing``: one value for each feature, for a number that is no category and for NaN. All of one type.
    """
    mb = builder()
    keys, found = [], []
    for each, its, otherwise in zip(categories, values, unknown, strict=True):
        order = [place for place in np.argsort(each, kind="stable") if not np.isnan(each[place])]
        # a feature that was always missing has no category: 0 stands in, and counts as unknown
        keys.append(each[order].astype(np.float32) if order else np.zeros(1, np.float32))
        found.append(np.asarray(its)[order] if order else np.array([otherwise]))
    begin = starts(keys)[None]
    place = mb.maximum(x=last_not_above(x, keys), y=begin)
    met = mb.equal(x=mb.gather(x=np.concatenate(keys), indices=place, axis=0), y=x)
    flat = np.concatenate(found).astype(np.asarray(unknown).dtype)
    value = mb.select(cond=met, a=mb.gather(x=flat, indices=place, axis=0), b=np.asarray(unknown)[None])
    if (np.asarray(missing) == np.asarray(unknown)).all():
        return value
    return mb.select(cond=mb.not_equal(x=x, y=x), a=np.asarray(missing)[None], b=value)


def _is_text(categories):
    return categories.dtype.kind in "US" or any(isinstance(each, (str, bytes)) for each in categories.ravel())


def _text(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _literal(text):
    """A string literal of Swift and of Python: JSON's, but for the way a code point is spelt."""
    return json.dumps(str(text), ensure_ascii=False)


def _names(model):
    own = getattr(model, "feature_names_in_", None)
    return [f"x{place}" for place in range(len(model.categories_))] if own is None else [str(name) for name in own]
