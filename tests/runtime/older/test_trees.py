"""Tree ensembles, against trees walked by hand and scikit-learn's own."""

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier

from beyondlabels.errors import BadInput, BadPackage
from runtime.older import models

MODES = {
    "BranchOnValueLessThanEqual": np.less_equal,
    "BranchOnValueLessThan": np.less,
    "BranchOnValueGreaterThanEqual": np.greater_equal,
    "BranchOnValueGreaterThan": np.greater,
    "BranchOnValueEqual": np.equal,
    "BranchOnValueNotEqual": np.not_equal,
}


def stump(made, tree=0, mode="BranchOnValueLessThanEqual", at=2.0, values=(10.0, 20.0), missing=False):
    made.add_branch_node(tree, 0, 0, at, mode, 1, 2, missing_value_tracks_true_child=missing)
    made.add_leaf_node(tree, 1, values[0])
    made.add_leaf_node(tree, 2, values[1])


def copied(made, tree, at, leaf):
    """Add a scikit-learn tree, its leaves made by ``leaf`` from the values they hold."""
    for node in range(tree.node_count):
        if tree.children_left[node] < 0:
            made.add_leaf_node(at, node, leaf(tree.value[node]))
        else:
            children = tree.children_left[node], tree.children_right[node]
            made.add_branch_node(
                at, node, tree.feature[node], tree.threshold[node], "BranchOnValueLessThanEqual", *children
            )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("missing", [False, True])
def test_every_branch_mode_and_where_missing_values_go(tmp_path, mode, missing):
    made = models.trees("regressor", ["a"])
    stump(made, mode=mode, missing=missing)
    x = np.array([1.0, 2.0, 3.0, np.nan])
    expected = np.where(np.isnan(x), missing, MODES[mode](x, 2.0))
    assert models.saved(made.spec, tmp_path).predict({"a": x})["y"].tolist() == np.where(expected, 10, 20).tolist()


def test_one_row_is_a_number_and_base_values_are_added(tmp_path):
    made = models.trees("regressor", ["a"])
    made.spec.treeEnsembleRegressor.treeEnsemble.basePredictionValue[0] = 100
    stump(made)
    stump(made, tree=1, at=0.0, values=(1.0, 2.0))
    assert models.saved(made.spec, tmp_path).predict({"a": -1.0})["y"] == 111.0


def test_thresholds_are_compared_in_double_precision(tmp_path):
    made = models.trees("regressor", ["a"])
    at = 0.1 + 1e-12
    stump(made, at=at)
    assert models.saved(made.spec, tmp_path).predict({"a": [0.1, at, 0.1 + 2e-12]})["y"].tolist() == [10, 10, 20]


@pytest.mark.parametrize(
    ("transform", "expected"),
    [
        ("NoTransform", [0.25, -1.0]),
        ("Regression_Logistic", [1 / (1 + np.exp(-0.25)), 1 / (1 + np.exp(1))]),
        ("Classification_SoftMax", [np.exp(1.25) / (np.exp(1.25) + 1), 1 / (np.exp(1.25) + 1)]),
    ],
)
def test_transforms_of_two_values(tmp_path, transform, expected):
    made = models.trees("regressor", ["a"], 2, transform)
    stump(made, values=([0.25, -1.0], [0.0, 0.0]))
    np.testing.assert_allclose(models.saved(made.spec, tmp_path).predict({"a": 1.0})["y"], expected, rtol=1e-14)


@pytest.mark.parametrize("transform", ["Regression_Logistic", "Classification_SoftMaxWithZeroClassReference"])
def test_one_value_of_a_classifier_belongs_to_the_second_class(tmp_path, transform):
    made = models.trees("classifier", ["a"], 1, transform)
    stump(made, values=(-2.0, 0.0))
    found = models.saved(made.spec, tmp_path).predict({"a": [1.0, 3.0]})
    assert found["label"].tolist() == ["no", "yes"]
    second = 1 / (1 + np.exp(2))
    np.testing.assert_allclose([row["yes"] for row in found["chances"]], [second, 0.5], rtol=1e-14)
    np.testing.assert_allclose([row["no"] for row in found["chances"]], [1 - second, 0.5], rtol=1e-14)


def test_a_forest_gives_what_scikit_learn_gives(tmp_path):
    X, y = load_iris(return_X_y=True)
    forest = RandomForestClassifier(20, random_state=0).fit(X, y)
    names = ["a", "b", "c", "d"]
    made = models.trees("classifier", names, 3, labels=[0, 1, 2])
    for at, tree in enumerate(forest.estimators_):
        copied(made, tree.tree_, at, lambda value: (value[0] / value[0].sum() / 20).tolist())
    rows = X.astype(np.float32).astype(float)  # scikit-learn compares in float32
    found = models.saved(made.spec, tmp_path).predict(dict(zip(names, rows.T, strict=True)))
    np.testing.assert_allclose([list(row.values()) for row in found["chances"]], forest.predict_proba(rows), atol=1e-12)
    assert found["label"].tolist() == forest.predict(rows).tolist()


def test_boosted_trees_give_what_scikit_learn_gives(tmp_path):
    X, y = load_iris(return_X_y=True)
    X, y = X[:, :3], X[:, 3]
    boosted = GradientBoostingRegressor(n_estimators=30, random_state=0).fit(X, y)
    made = models.trees("regressor", ["a", "b", "c"])
    made.spec.treeEnsembleRegressor.treeEnsemble.basePredictionValue[0] = boosted.init_.constant_[0, 0]
    for at, tree in enumerate(boosted.estimators_[:, 0]):
        copied(made, tree.tree_, at, lambda value: float(value[0, 0]) * boosted.learning_rate)
    rows = X.astype(np.float32).astype(float)
    found = models.saved(made.spec, tmp_path).predict(dict(zip("abc", rows.T, strict=True)))["y"]
    np.testing.assert_allclose(found, boosted.predict(rows), rtol=1e-12)


def damaged(change):
    made = models.trees("regressor", ["a"])
    stump(made)
    change(made.spec.treeEnsembleRegressor.treeEnsemble)
    return made.spec


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: setattr(t.nodes[0], "trueChildNodeId", 9), "leads to 9, which does not exist"),
        (lambda t: setattr(t.nodes[0], "trueChildNodeId", 2), "do not hang together"),
        (lambda t: setattr(t.nodes[0], "trueChildNodeId", 0), "runs in a circle"),
        (lambda t: setattr(t.nodes[1], "nodeId", 2), "the same number"),
        (lambda t: setattr(t.nodes[1].evaluationInfo[0], "evaluationIndex", 2**63), "a leaf gives value"),
        (lambda t: setattr(t, "numPredictionDimensions", 2**62), "declared to give"),
        (lambda t: t.basePredictionValue.append(1), "have 2 base values"),
    ],
)
def test_a_damaged_tree_is_refused(tmp_path, change, words):
    with pytest.raises(BadPackage, match=words):
        models.saved(damaged(change), tmp_path)


def test_a_circle_beside_the_root_is_refused(tmp_path):
    made = models.trees("regressor", ["a"])
    stump(made)
    nodes = made.spec.treeEnsembleRegressor.treeEnsemble.nodes
    for node, child in ((7, 8), (8, 7)):
        nodes.add(treeId=0, nodeId=node, trueChildNodeId=child, falseChildNodeId=node + 20)
        nodes.add(treeId=0, nodeId=node + 20, nodeBehavior=6).evaluationInfo.add(evaluationValue=1)
    with pytest.raises(BadPackage, match="circle"):
        models.saved(made.spec, tmp_path)


def test_a_feature_that_is_not_there_is_an_error_of_ours(tmp_path):
    spec = damaged(lambda t: setattr(t.nodes[0], "branchFeatureIndex", 5))
    with pytest.raises(BadPackage, match="look at feature 5"):
        models.saved(spec, tmp_path).predict({"a": 1.0})


@pytest.mark.parametrize(
    ("value", "words"),
    [("text", "expected numbers"), (np.inf, "not a finite"), ([[1.0, 2.0]], "has shape"), ([], "has shape")],
)
def test_bad_input_says_what_is_wrong(tmp_path, value, words):
    model = models.saved(damaged(lambda t: None), tmp_path)
    with pytest.raises(BadInput, match=words):
        model.predict({"a": value})
