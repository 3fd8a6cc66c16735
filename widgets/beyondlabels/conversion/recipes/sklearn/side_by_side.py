"""Transformers side by side: each makes its columns, and they are joined in order."""

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import FeatureUnion

from ....limits import get
from ....mil.blocks import builder, constant
from ....typeset import counted
from ... import structure
from ...reasons import kind_of, reasons_against
from ...registry import find_recipe, recipe
from ...verdict import KINDS
from .edges import any_edges, handed_on_ties
from .parts import all_carries, all_limits, named, passes_on


def _parts(model):
    """(name, transformer or "passthrough", column numbers or ``None`` for all) of the parts that make columns."""
    if isinstance(model, FeatureUnion):
        return [(name, each, None) for name, each in model.transformer_list if not _is_dropped(each)]
    found = []
    for name, each, columns in getattr(model, "transformers_", model.transformers):
        chosen = getattr(model, "_transformer_to_input_indices", {}).get(name, columns)
        empty = np.size(chosen) == 0
        if not empty and not _is_dropped(each):
            found.append((name, each, chosen))
    return found


def _models(model):
    """(name, fitted transformer, its recipe), those that only hand on left out."""
    return [(name, each, find_recipe(each)) for name, each, _ in _parts(model) if not _is_passed(each)]


def _is_dropped(each):
    return structure.is_word(each, "drop")


def _is_passed(each):
    return structure.is_word(each, "passthrough")


def _malformed(model, above):
    """A fitted ColumnTransformer is asked for the parts that fit has left in it."""
    fitted = structure.own(model, "transformers_")
    if isinstance(model, FeatureUnion):
        found, wrong = structure.entries(structure.own(model, "transformer_list"), "transformer_list", 2)
    elif "transformers_" in vars(model):
        found, wrong = structure.entries(fitted, "transformers_", 3)
    else:
        found, wrong = structure.entries(structure.own(model, "transformers"), "transformers", 3)
    parts = [said for name, each, *_ in found for said in structure.part(name, each, above, "passthrough", "drop")]
    return [*wrong, *parts, *structure.weights(structure.own(model, "transformer_weights"))]


def _misfits(model):
    """Parts that were fitted on another number of features than they are given, which they may be when they were fitted
    apart or changed afterwards."""
    given, found = {}, []
    for name, each, columns in _parts(model):
        its = None if _is_passed(each) else find_recipe(each)
        width = its.width(each) if its else None
        if columns is not None and not _are_places(columns, model.n_features_in_):
            found.append(named(name, f"columns {columns!r} are no numbers of the {model.n_features_in_} features"))
        elif columns is not None and width not in (None, len(columns)):
            found.append(named(name, f"it was fitted on {counted(width, 'feature')} and is given {len(columns)}"))
        elif columns is None and width is not None:
            given[name] = width
    if len(set(given.values())) > 1:
        found.append(f"its parts were fitted on different numbers of features: {given}")
    return [get("malformed").because(each) for each in found]


def _are_places(columns, features):
    places = np.asarray(columns)
    return places.dtype.kind in "iu" and places.ndim == 1 and ((-features <= places) & (places < features)).all()


def _fitted(model):
    """Of a union each part says so itself."""
    return isinstance(model, FeatureUnion) or hasattr(model, "transformers_")


def _refuse(model):
    found = []
    for name, each, its in _models(model):
        reasons = reasons_against(each)
        if not reasons and passes_on(each, its) is None:
            reasons = [get("option-not-covered").because("it has no transform")]
        found += [limit.because(named(name, limit.detail)) for limit in reasons]
    if not _parts(model):
        found.append(get("option-not-covered").because("nothing is left to make a column"))
    return found or _misfits(model)


def _width(model):
    """Of a union, what its first part that knows was fitted on: the union itself asks the first of all, which may be dropped."""
    if isinstance(model, ColumnTransformer):
        return model.n_features_in_
    return next((width for _, each, its in _models(model) if (width := its.width(each)) is not None), None)


def _nan(model):
    """Whether a missing value is legal: in a union every part must take it; of columns, those that a part takes may hold
    it, and scikit-learn itself objects to one elsewhere."""
    takes = [its.nan(each) for _, each, its in _models(model)]
    return any(takes) if isinstance(model, ColumnTransformer) else bool(takes) and all(takes)


def _given(X, columns):
    """The columns of X that a part is given, as an array."""
    rows = np.asarray(X, np.float64)
    return rows if columns is None else rows[:, np.asarray(columns, int)]


def _ties(model, name, X, near):
    """Those of every part, for its own columns."""
    ties = np.zeros(len(X), bool)
    for _, each, columns in _parts(model):
        if not _is_passed(each):
            ties |= handed_on_ties(each, find_recipe(each), _named_as_fitted(each, X, columns), near, rounded=False)
    return ties


def _named_as_fitted(each, X, columns):
    """What a part is given, in a DataFrame where it was fitted on one."""
    own = _given(X, columns)
    names = getattr(each, "feature_names_in_", None)
    return type(X)(own, columns=names) if names is not None and hasattr(X, "iloc") else own


def _jumps(model):
    """Its one output, where a part's jumps."""
    parts = [(each, its, passes_on(each, its)) for _, each, its in _models(model)]
    own = any(name in its.jumps(each) for each, its, name in parts)
    return ("transformed",) if own or any_edges(_models(model)) else ()


@recipe(
    FeatureUnion,
    ColumnTransformer,
    outputs={"transformed": "transform"},
    malformed=_malformed,
    fitted=_fitted,
    kind=lambda model: max((kind_of(each) for _, each, _ in _models(model)), key=list(KINDS).index, default="exact"),
    refuse=_refuse,
    limits=lambda model: all_limits(_models(model)),
    carries=lambda model: all_carries(_models(model)),
    width=_width,
    nan=_nan,
    ties=_ties,
    jumps=_jumps,
    edges=lambda model: any_edges(_models(model)),
    tolerance=lambda model: max((its.tolerance_for(each) for _, each, its in _models(model)), default=1e-5),
)
def side_by_side(model, x):
    mb = builder()
    weights = getattr(model, "transformer_weights", None) or {}
    made = []
    for name, each, columns in _parts(model):
        own = x if columns is None else mb.gather(x=x, indices=np.asarray(columns, np.int32), axis=1)
        if not _is_passed(each):
            its = find_recipe(each)
            own = its.write(each, own)[passes_on(each, its)]
        made.append(mb.mul(x=own, y=constant(weights[name])) if name in weights else own)
    return {"transformed": made[0] if len(made) == 1 else mb.concat(values=made, axis=1)}
