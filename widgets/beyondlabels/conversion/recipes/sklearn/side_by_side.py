"""Transformers side by side: each makes its columns, and they are joined in order."""

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import FeatureUnion

from ....limits import get
from ....mil.blocks import builder, constant
from ...reasons import kind_of, reasons_against
from ...registry import find_recipe, recipe
from ...verdict import KINDS
from .parts import all_carries, all_limits, named, passes_on


def _parts(model):
    """(name, transformer or "passthrough", column numbers or ``None`` for all) of the parts that make columns."""
    if isinstance(model, FeatureUnion):
        return [(name, each, None) for name, each in model.transformer_list if each != "drop"]
    found = []
    for name, each, columns in getattr(model, "transformers_", model.transformers):
        chosen = getattr(model, "_transformer_to_input_indices", {}).get(name, columns)
        empty = np.size(chosen) == 0
        if each != "drop" and not empty:
            found.append((name, each, chosen))
    return found


def _models(model):
    """(name, fitted transformer, its recipe), those that only hand on left out."""
    return [(name, each, find_recipe(each)) for name, each, _ in _parts(model) if each != "passthrough"]


def _refuse(model):
    found = []
    for name, each, its in _models(model):
        reasons = reasons_against(each)
        if not reasons and passes_on(each, its) is None:
            reasons = [get("option-not-covered").because("it has no transform")]
        found += [limit.because(named(name, limit.detail)) for limit in reasons]
    if not _parts(model):
        found.append(get("option-not-covered").because("nothing is left to make a column"))
    return found


def _nan(model):
    """Whether a missing value is legal: in a union every part must take it; of columns, those that a part takes may hold
    it, and scikit-learn itself objects to one elsewhere."""
    takes = [its.nan(each) for _, each, its in _models(model)]
    return any(takes) if isinstance(model, ColumnTransformer) else bool(takes) and all(takes)


@recipe(
    FeatureUnion,
    ColumnTransformer,
    outputs={"transformed": "transform"},
    kind=lambda model: max((kind_of(each) for _, each, _ in _models(model)), key=list(KINDS).index, default="exact"),
    refuse=_refuse,
    limits=lambda model: all_limits(_models(model)),
    carries=lambda model: all_carries(_models(model)),
    nan=_nan,
    tolerance=lambda model: max((its.tolerance_for(each) for _, each, its in _models(model)), default=1e-5),
)
def side_by_side(model, x):
    mb = builder()
    weights = getattr(model, "transformer_weights", None) or {}
    made = []
    for name, each, columns in _parts(model):
        own = x if columns is None else mb.gather(x=x, indices=np.asarray(columns, np.int32), axis=1)
        if each != "passthrough":
            its = find_recipe(each)
            own = its.write(each, own)[passes_on(each, its)]
        made.append(mb.mul(x=own, y=constant(weights[name])) if name in weights else own)
    return {"transformed": made[0] if len(made) == 1 else mb.concat(values=made, axis=1)}
