"""Trees grown at random, without a target: how soon a row is alone (Liu, Ting and Zhou, Isolation Forest, 2008), and
which leaves it reaches (Moosmann, Triggs and Jurie, Fast Discriminative Visual Codebooks, 2006)."""

import warnings

import numpy as np
from sklearn.ensemble import IsolationForest, RandomTreesEmbedding

from ....limits import get
from ....mil.blocks import builder, constant
from ....mil.trees import gather_trees, leaf_sums, leaves
from ....typeset import counted
from ...registry import recipe
from .behind import of_forest, raw_forest
from .trees import allows_missing, carries


def _trees(model):
    return [each.tree_ for each in model.estimators_]


def _average_path(count):
    """c(n), the mean path of an unsuccessful search in a binary search tree of n: 2 H(n - 1) - 2 (n - 1) / n with
    H(i) = ln i + 0.5772… (Liu, Ting and Zhou 2008, equation 1); 1 for two rows, 0 for one."""
    count = np.asarray(count, np.float64)
    several = np.maximum(count, 3)
    long = 2 * (np.log(several - 1) + np.euler_gamma) - 2 * (several - 1) / several
    return np.where(count > 2, long, np.where(count == 2, 1.0, 0.0))


def _isolating(model):
    chosen = model.estimators_features_
    columns = None if len(chosen[0]) == model.n_features_in_ else chosen  # all of them are not put in another order
    return gather_trees(_trees(model), columns, missing=allows_missing(model))


def _excess(model, trees):
    """ln 2 (h(x) / c(n) - e) where the offset is -2^-e: of each node, its tree's part. h(x) / c(n) is 1 where c(n) is 0.

    Where no tree splits, the score is one number near 0 and the label its sign, so it is the model's own, roundings and all.
    """
    if _never_splits(model):
        return np.full(len(trees), -np.log1p(_only_score(model) / model.offset_) / len(trees))
    at_offset = -float(np.log2(-model.offset_))
    usual = float(_average_path(model.max_samples_))
    paths = np.concatenate([tree.compute_node_depths() - 1 + _average_path(tree.n_node_samples) for tree in trees])
    beyond = (paths - at_offset * usual) / usual if usual else np.full(len(paths), 1 - at_offset)
    return np.log(2) * beyond / len(trees)


def _never_splits(model):
    return all(tree.node_count == 1 for tree in _trees(model))


def _only_score(model):
    """The score that a forest which never splits gives to every row."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a model fitted with names of columns is given none
        return float(model.decision_function(np.zeros((1, model.n_features_in_)))[0])


def _limits(model):
    return (
        [get("no-split").because(f"{counted(len(_trees(model)), 'tree')} of one leaf")] if _never_splits(model) else []
    )


def _ties(model, name, X, near):
    """Rows whose score is as good as 0."""
    return np.abs(model.decision_function(X)) <= near


@recipe(
    IsolationForest,
    outputs={"inlier": "predict", "score": "decision_function"},
    edges=lambda model: True,
    questions=lambda model: lambda: of_forest(_isolating(model)),
    ties=_ties,
    nan=allows_missing,
    limits=_limits,
    carries=lambda model: carries(_trees(model)),
)
def isolation_forest(model, x):
    """-2^(-h(x) / c(n)) - offset, which is 2^-e (1 - 2^(e - h(x) / c(n))) with offset = -2^-e: e is taken off leaf by leaf
    before anything is summed, so that a score near 0 keeps its digits."""
    mb = builder()
    trees = _trees(model)
    forest = raw_forest(_isolating(model))
    # 1 - exp(-u) = 2 t / (1 + t) with t = tanh(u / 2)
    t = mb.tanh(x=leaf_sums(x, forest, _excess(model, trees) / 2))
    score = mb.real_div(x=mb.mul(x=t, y=constant(-2 * model.offset_)), y=mb.add(x=t, y=np.float32(1)))
    inside = mb.cast(x=mb.greater_equal(x=score, y=np.float32(0)), dtype="int32")
    return {"inlier": mb.sub(x=mb.mul(x=inside, y=np.int32(2)), y=np.int32(1)), "score": score}


@recipe(
    RandomTreesEmbedding,
    outputs={"transformed": "transform"},
    edges=lambda model: True,
    questions=lambda model: lambda: of_forest(gather_trees(_trees(model))),
    nan=allows_missing,
    carries=lambda model: carries(_trees(model)),
)
def embedding(model, x):
    """A column for each leaf of each tree, 1 where the row reaches it. Dense, whatever ``sparse_output`` says."""
    mb = builder()
    forest = raw_forest(gather_trees(_trees(model), missing=allows_missing(model)))
    reached = leaves(x, forest)
    found = model.one_hot_encoder_.categories_
    tree = np.repeat(np.arange(len(found)), [len(each) for each in found]).astype(np.int32)
    own = np.concatenate([each + root for each, root in zip(found, forest.roots, strict=True)]).astype(np.int32)
    hot = mb.equal(x=mb.gather(x=reached, indices=tree, axis=1), y=own[None])
    return {"transformed": mb.cast(x=hot, dtype="fp32")}
