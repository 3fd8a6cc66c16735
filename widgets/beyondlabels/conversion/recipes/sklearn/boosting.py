"""Boosted trees: each adds to the sum what the ones before it left over (Friedman, Greedy Function Approximation, 2001)."""

import numpy as np
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor

from ....limits import get
from ....mil.blocks import builder, constant
from ....mil.trees import gather_trees, leaf_sums
from ...registry import recipe
from .behind import of_forest, raw_forest
from .classes import best_class, close_race, refuse_classes, two_classes, two_probabilities
from .trees import carries


def summed(x, forest, values, start):
    """start + the sum of the leaves, (rows, k): the trees take turns, one for each of the k entries of ``start``."""
    groups = np.arange(len(forest.roots)) % len(start)
    return builder().add(x=leaf_sums(x, forest, values, groups), y=constant(start)[None])


def probabilities(raw, exponential=False):
    """Of the classes, (rows, classes): the logistic function of a single sum, the softmax of several; of twice the sum
    where the loss was the exponential one."""
    mb = builder()
    if raw.shape[1] > 1:
        return mb.softmax(x=raw, axis=1)
    return two_probabilities(mb.mul(x=raw, y=np.float32(2)) if exponential else raw)


def label(raw, classes, second):
    """The class with the largest sum; of two classes the second where ``second(x=sum, y=0)``."""
    if raw.shape[1] > 1:
        return best_class(raw, classes)
    alone = builder().squeeze(x=raw, axes=[1])
    return two_classes(second(x=alone, y=np.float32(0)), classes)


def _trees(model):
    return [each.tree_ for each in model.estimators_.ravel()]


def _refuse_start(model):
    """The first guess has to be a constant."""
    given = model.init_
    constant_guess = given == "zero" if isinstance(given, str) else type(given) is DummyRegressor
    constant_guess |= type(given) is DummyClassifier and given.strategy in ("prior", "most_frequent", "constant")
    return [] if constant_guess else [get("option-not-covered").because(f"init={given!r}")]


def _sum(model, x):
    forest = raw_forest(gather_trees(_trees(model)))
    values = model.learning_rate * np.concatenate([tree.value[:, 0, 0] for tree in _trees(model)])
    start = model._raw_predict_init(np.zeros((1, model.n_features_in_), np.float32))[0]
    return summed(x, forest, values, start)


@recipe(
    GradientBoostingClassifier,
    outputs={"label": "predict", "probabilities": "predict_proba"},
    refuse=lambda model: [*_refuse_start(model), *refuse_classes(model)],
    ties=close_race,
    edges=lambda model: True,
    questions=lambda model: lambda: of_forest(gather_trees(_trees(model))),
    carries=lambda model: carries(_trees(model)),
)
def classifier(model, x):
    raw = _sum(model, x)
    made = label(raw, model.classes_, builder().greater_equal)
    return {"label": made, "probabilities": probabilities(raw, model.loss == "exponential")}


@recipe(
    GradientBoostingRegressor,
    outputs={"predicted": "predict"},
    refuse=_refuse_start,
    edges=lambda model: True,
    questions=lambda model: lambda: of_forest(gather_trees(_trees(model))),
    carries=lambda model: carries(_trees(model)),
)
def regressor(model, x):
    return {"predicted": builder().squeeze(x=_sum(model, x), axes=[1])}
