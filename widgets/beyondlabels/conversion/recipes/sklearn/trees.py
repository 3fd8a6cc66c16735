"""Trees, and forests that average them (Breiman, Random Forests, 2001; Geurts, Ernst and Wehenkel, Extremely Randomized
Trees, 2006): the leaf that a row reaches holds the answer."""

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor
from sklearn.utils import get_tags

from ....mil.blocks import builder
from ....mil.trees import gather_trees, leaf_sums
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries
from .behind import of_forest, raw_forest
from .classes import best_class, close_race, refuse_classes


def carries(trees):
    """What a package with these ``sklearn.tree._tree.Tree`` carries."""
    splits = sum(tree.node_count - tree.n_leaves for tree in trees)
    count = "one tree" if len(trees) == 1 else f"{len(trees):,} trees"
    forest = f"{count} with {counted(splits, 'threshold')} between your rows' values"
    return Carries("statistics", f"{forest}, and what each leaf says. None of your rows.")


def allows_missing(model):
    """Whether scikit-learn takes NaN; from version 1.6 it says so itself."""
    return bool(get_tags(model).input_tags.allow_nan)


def _trees(model):
    return [each.tree_ for each in getattr(model, "estimators_", [model])]


def _forest(model):
    return gather_trees(_trees(model), missing=allows_missing(model))


def _mean_of_leaves(model, x, values):
    """``values(tree)`` of the leaves, (nodes,) or (nodes, k) for each tree, averaged over the trees."""
    trees = _trees(model)
    total = leaf_sums(x, raw_forest(_forest(model)), np.concatenate([values(tree) for tree in trees]))
    return builder().real_div(x=total, y=np.float32(len(trees))) if len(trees) > 1 else total


_SHARED = {
    "carries": lambda model: carries(_trees(model)),
    "nan": allows_missing,
    "edges": lambda model: True,
    "questions": lambda model: lambda: of_forest(_forest(model)),
}


@recipe(
    DecisionTreeClassifier,
    ExtraTreeClassifier,
    RandomForestClassifier,
    ExtraTreesClassifier,
    outputs={"label": "predict", "probabilities": "predict_proba"},
    refuse=refuse_classes,
    ties=close_race,
    **_SHARED,
)
def classifier(model, x):
    """The shares of the classes in the leaf, averaged over the trees; the class with the largest."""
    shares = _mean_of_leaves(model, x, lambda tree: tree.value[:, 0, :])
    return {"label": best_class(shares, model.classes_), "probabilities": shares}


@recipe(
    DecisionTreeRegressor,
    ExtraTreeRegressor,
    RandomForestRegressor,
    ExtraTreesRegressor,
    outputs={"predicted": "predict"},
    **_SHARED,
)
def regressor(model, x):
    """The value of the leaf, averaged over the trees: (rows,) or (rows, targets)."""
    several = model.n_outputs_ > 1
    return {
        "predicted": _mean_of_leaves(model, x, lambda tree: tree.value[:, :, 0] if several else tree.value[:, 0, 0])
    }
