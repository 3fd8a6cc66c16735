"""Boosted trees over binned features (Ke et al., LightGBM, 2017), with missing values and categories."""

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from ....limits import get
from ....mil.blocks import builder
from ....mil.trees import Forest
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries
from .behind import not_above_as_it_is, raw_forest
from .boosting import label, probabilities, summed
from .classes import close_race, refuse_classes


def _predictors(model):
    return [each for turn in model._predictors for each in turn]


def _categories(model):
    """Known categories of each categorical feature, in the order of their codes; none are missing ones."""
    if model.is_categorical_ is None:
        return []
    return [
        each[~np.isnan(each)] if each.dtype.kind == "f" else each
        for each in model._preprocessor.named_transformers_["encoder"].categories_
    ]


def _refuse(model):
    found = []
    if any(each.dtype.kind not in "fiub" for each in _categories(model)):
        found.append(get("option-not-covered").because("categories that are text"))
    if not isinstance(model.loss, str):
        found.append(get("option-not-covered").because(f"loss={model.loss!r}"))
    return found


def _carries(model):
    splits = sum(int((~each.nodes["is_leaf"]).sum()) for each in _predictors(model))
    forest = f"{counted(len(_predictors(model)), 'tree')} with {counted(splits, 'threshold')} between your rows' values"
    return Carries("statistics", f"{forest}, and what each leaf says. None of your rows.")


def _in_order(model, x):
    """The features as the trees number them: categorical ones first."""
    if model.is_categorical_ is None:
        return x
    first = np.flatnonzero(model.is_categorical_)
    return builder().gather(
        x=x, indices=np.append(first, np.flatnonzero(~model.is_categorical_)).astype(np.int32), axis=1
    )


def _forest(model, x):
    """(values to ask about, ``Forest``, what the nodes hold).

    A split by category becomes one more feature, 1 where the row goes above: what its category says, or where there is
    no such category what the node says of missing values.
    """
    mb = builder()
    predictors = _predictors(model)
    nodes = np.concatenate([each.nodes for each in predictors])
    sizes = [len(each.nodes) for each in predictors]
    roots = np.cumsum([0, *sizes])[:-1]
    start, own, leaf = np.repeat(roots, sizes), np.arange(len(nodes)), nodes["is_leaf"].astype(bool)
    feature, threshold = nodes["feature_idx"].astype(np.int64), nodes["num_threshold"].copy()
    x = _in_order(model, x)
    columns, count = [x], x.shape[1]
    for number, known in enumerate(_categories(model)):
        split = np.flatnonzero(nodes["is_categorical"].astype(bool) & ~leaf & (nodes["feature_idx"] == number))
        if not len(split):
            continue
        unknown = 1.0 - nodes["missing_go_to_left"][split]
        sets = [predictors[np.searchsorted(roots, node, "right") - 1].raw_left_cat_bitsets for node in split]
        below = np.stack([_members(each[nodes["bitset_idx"][node]]) for each, node in zip(sets, split, strict=True)])
        says = (1.0 - below[:, : len(known)] - unknown[:, None]).T
        hot = mb.cast(x=mb.equal(x=_column(x, number), y=_as_read(known)[None]), dtype="fp32")
        columns.append(mb.add(x=mb.matmul(x=hot, y=says.astype(np.float32)), y=unknown[None].astype(np.float32)))
        feature[split], threshold[split] = count + np.arange(len(split)), 0.5
        count += len(split)
    forest = Forest(
        feature=np.where(leaf, 0, feature),
        threshold=np.where(leaf, np.inf, threshold),
        below=np.where(leaf, own, start + nodes["left"]),
        above=np.where(leaf, own, start + nodes["right"]),
        roots=roots,
        depth=np.array([each.get_max_depth() for each in predictors]),
        missing_below=nodes["missing_go_to_left"].astype(bool),
    )
    forest = raw_forest(forest, not_above_as_it_is)
    return mb.concat(values=columns, axis=1) if len(columns) > 1 else x, forest, nodes["value"]


def _questions(model):
    nodes = np.concatenate([each.nodes for each in _predictors(model)])
    nodes = nodes[~nodes["is_leaf"].astype(bool)]
    return nodes["feature_idx"].astype(np.int64), nodes["num_threshold"], not_above_as_it_is


def _members(bitset):
    """256 truth values, as numbers, from eight words of 32 bits."""
    return (bitset[:, None] >> np.arange(32, dtype=bitset.dtype) & 1).reshape(-1).astype(np.float64)


def _column(x, number):
    return builder().slice_by_index(
        x=x, begin=[0, number], end=[0, number + 1], begin_mask=[True, False], end_mask=[True, False]
    )


def _as_read(known):
    """Categories as float32; one that float32 changes is never met by a float32 row, and NaN equals nothing."""
    cast = np.asarray(known, np.float64).astype(np.float32)
    return np.where(cast == np.asarray(known, np.float64), cast, np.float32(np.nan))


def _sum(model, x):
    x, forest, values = _forest(model, x)
    return summed(x, forest, values, np.ravel(model._baseline_prediction))


_SHARED = {
    "carries": _carries,
    "nan": lambda model: True,
    "edges": lambda model: True,
    "questions": lambda model: (lambda: _questions(model)) if model.is_categorical_ is None else None,
}


@recipe(
    HistGradientBoostingClassifier,
    outputs={"label": "predict", "probabilities": "predict_proba"},
    refuse=lambda model: [*_refuse(model), *refuse_classes(model)],
    ties=close_race,
    **_SHARED,
)
def classifier(model, x):
    raw = _sum(model, x)
    return {"label": label(raw, model.classes_, builder().greater), "probabilities": probabilities(raw)}


@recipe(HistGradientBoostingRegressor, outputs={"predicted": "predict"}, refuse=_refuse, **_SHARED)
def regressor(model, x):
    """The sum, or its exponential where the loss was that of counts or of positive values."""
    mb = builder()
    raw = mb.squeeze(x=_sum(model, x), axes=[1])
    return {"predicted": mb.exp(x=raw) if model.loss in ("poisson", "gamma") else raw}
