"""Trees: worked out by hand on trees that were set by hand, and fits that the general cases do not reach."""

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
    RandomTreesEmbedding,
)
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

import beyondlabels as bl
from beyondlabels.mil.trees import round_down
from conversion.by_hand import agrees

NAN = float("nan")


def tree(nodes, values, features=1):
    """A scikit-learn tree. A node is (below, above, feature, threshold, rows, missing goes below); a leaf starts with -1."""
    values = np.array(values, np.float64)
    values = values.reshape(len(nodes), 1, -1)
    fitted = DecisionTreeRegressor().fit(np.zeros((1, features)), [0.0]).tree_
    kinds = fitted.__getstate__()["nodes"].dtype
    made = np.zeros(len(nodes), kinds)
    for row, (below, above, feature, threshold, rows, missing_below) in zip(made, nodes, strict=True):
        row["left_child"], row["right_child"] = below, above
        row["feature"], row["threshold"] = (feature, threshold) if below >= 0 else (-2, -2.0)
        row["n_node_samples"], row["missing_go_to_left"] = rows, missing_below
    cls = type(fitted)
    own = cls(features, np.array([values.shape[2]], np.intp), 1)
    own.__setstate__({"max_depth": depth(nodes), "node_count": len(nodes), "nodes": made, "values": values})
    return own


def depth(nodes, node=0):
    below, above = nodes[node][:2]
    return 0 if below < 0 else 1 + max(depth(nodes, below), depth(nodes, above))


def leaf(rows=1):
    return -1, -1, 0, 0.0, rows, 0


# x0 <= 1: to x1 <= 5; else a leaf. Missing x0 goes above, missing x1 below.
FORK = [(1, 2, 0, 1.0, 4, 0), (3, 4, 1, 5.0, 3, 1), leaf(), leaf(2), leaf()]
STUMP = [(1, 2, 0, 0.0, 4, 1), leaf(1), leaf(3)]


def set_by_hand(model, **attributes):
    vars(model).update(attributes)
    return model


def classifying(nodes=FORK, shares=((0, 0), (0, 0), (0, 1), (1, 0), (0.25, 0.75)), classes=(3, 7)):
    return set_by_hand(
        DecisionTreeClassifier(),
        tree_=tree(nodes, shares, 2),
        n_features_in_=2,
        n_outputs_=1,
        n_classes_=np.int64(len(classes)),
        classes_=np.array(classes),
    )


def regressing(nodes=FORK, values=(0, 0, 10, 20, 30)):
    return set_by_hand(DecisionTreeRegressor(), tree_=tree(nodes, values, 2), n_features_in_=2, n_outputs_=1)


def forest(cls, estimators, **attributes):
    return set_by_hand(cls(len(estimators)), estimators_=estimators, n_features_in_=2, n_outputs_=1, **attributes)


def isolating(offset=-0.5, **options):
    """One tree of four rows: one alone at depth 1, three together."""
    lone = set_by_hand(DecisionTreeRegressor(), tree_=tree(STUMP, [0, 0, 0]), n_features_in_=1, n_outputs_=1)
    paths = np.array([1.0, 2.0, 2.0])
    c3 = average_path(3)
    return set_by_hand(
        IsolationForest(n_estimators=1, **options),
        estimators_=[lone],
        estimators_features_=[np.array([0])],
        _max_features=1,
        _max_samples=4,
        max_samples_=4,
        offset_=offset,
        n_features_in_=1,
        _decision_path_lengths=(paths,),
        _average_path_length_per_tree=(np.array([average_path(4), 0.0, c3]),),
    )


def average_path(n):
    return 2 * (np.log(n - 1) + np.euler_gamma) - 2 * (n - 1) / n


ROWS = [[1.0, 5.0], [1.0, 6.0], [2.0, 0.0], [1.0000001, 5.0]]
C4 = average_path(4)
ALONE, TOGETHER = 0.5 - 2 ** (-1 / C4), 0.5 - 2 ** (-(1 + average_path(3)) / C4)
CASES = {
    "a tree of classes": (
        classifying(),
        ROWS,
        {"label": [3, 7, 7, 7], "probabilities": [[1, 0], [0.25, 0.75], [0, 1], [0, 1]]},
    ),
    "equal shares go to the first class": (
        classifying([leaf(2)], [(0.5, 0.5)]),
        [[0.0, 0.0]],
        {"label": [3], "probabilities": [[0.5, 0.5]]},
    ),
    "missing values go where the node says": (
        regressing(),
        [[NAN, 0.0], [0.0, NAN], [NAN, NAN], [0.0, 0.0]],
        {"predicted": [10, 20, 10, 20]},
    ),
    "only missing values go above": (
        regressing([(1, 2, 0, np.inf, 2, 0), leaf(), leaf()], [0, 1, 2]),
        [[3e38, 0.0], [NAN, 0.0], [-3e38, 0.0]],
        {"predicted": [1, 2, 1]},
    ),
    "a single leaf": (regressing([leaf()], [4]), [[1.0, 2.0]], {"predicted": [4]}),
    "negative leaves": (regressing(values=(0, 0, -1e6, -20, -3)), ROWS, {"predicted": [-20, -3, -1e6, -1e6]}),
    "a forest averages": (
        forest(RandomForestRegressor, [regressing(), regressing([leaf()], [4]), regressing(STUMP, [0, 1, 2])]),
        [[0.0, 0.0], [1.0, 6.0], [NAN, 0.0]],
        # 20 + 4 + 1, 30 + 4 + 2, 10 + 4 + 1
        {"predicted": [25 / 3, 12, 5]},
    ),
    "a forest of classes": (
        forest(
            RandomForestClassifier,
            [classifying(), classifying(STUMP, [(0, 0), (0.5, 0.5), (1, 0)])],
            classes_=np.array([-2, 9]),
            n_classes_=2,
        ),
        [[0.0, 0.0], [1.0, 6.0]],
        {"label": [-2, -2], "probabilities": [[0.75, 0.25], [0.625, 0.375]]},
    ),
    "isolation": (isolating(), [[-1.0], [0.0], [1.0]], {"inlier": [-1, -1, 1], "score": [ALONE, ALONE, TOGETHER]}),
    "isolation, another offset": (
        isolating(-0.9),
        [[0.0], [1.0]],
        {"inlier": [1, 1], "score": [ALONE + 0.4, TOGETHER + 0.4]},
    ),
}


@pytest.mark.parametrize(("model", "rows", "expected"), CASES.values(), ids=CASES)
def test_worked_out_by_hand(model, rows, expected, tmp_path):
    agrees(model, rows, expected, tmp_path, atol=1e-7)


X = np.random.default_rng(0).normal(size=(200, 4)).astype(np.float32).astype(np.float64)
BINARY = (X[:, 0] + X[:, 1] * X[:, 2] > 0).astype(int)
POSITIVE = np.exp(X[:, 0] + 0.3 * X[:, 1])
MONTHS = np.random.default_rng(1).integers(0, 12, 200).astype(float)
DATED = np.column_stack([X[:, 0], MONTHS, X[:, 1], np.round(2 * X[:, 2]) / 2])
GAPS = np.where(np.random.default_rng(2).random(DATED.shape) < 0.15, NAN, DATED)
SEASON = np.sin(MONTHS) + (DATED[:, 3] > 0) + 0.1 * X[:, 0]

FITS = {
    "two classes, boosted": (GradientBoostingClassifier(n_estimators=8), X, BINARY),
    "two classes, exponential loss": (GradientBoostingClassifier(n_estimators=8, loss="exponential"), X, BINARY),
    "two classes, from zero": (GradientBoostingClassifier(n_estimators=3, init="zero"), X, BINARY),
    "a guess of the most frequent": (
        GradientBoostingClassifier(n_estimators=3, init=DummyClassifier(strategy="most_frequent")),
        X,
        BINARY,
    ),
    "a guess of 0": (
        GradientBoostingRegressor(n_estimators=3, init=DummyRegressor(strategy="constant", constant=0.0)),
        X,
        POSITIVE,
    ),
    "other labels": (GradientBoostingClassifier(n_estimators=3), X, 5 - 8 * BINARY),
    "two classes, binned": (HistGradientBoostingClassifier(max_iter=8), X, 2 * BINARY),
    "counts": (HistGradientBoostingRegressor(max_iter=8, loss="poisson"), X, np.round(POSITIVE)),
    "positive values": (HistGradientBoostingRegressor(max_iter=8, loss="gamma"), X, POSITIVE),
    "categories": (HistGradientBoostingRegressor(max_iter=9, categorical_features=[1, 3]), DATED, SEASON),
    "categories and gaps": (HistGradientBoostingRegressor(max_iter=9, categorical_features=[3, 1]), GAPS, SEASON),
    "categories of two classes": (
        HistGradientBoostingClassifier(max_iter=5, categorical_features=[1]),
        GAPS,
        (SEASON > 0.5).astype(int),
    ),
    "gaps": (HistGradientBoostingRegressor(max_iter=9), GAPS, SEASON),
    "gaps in a forest": (RandomForestClassifier(9, random_state=0), GAPS, BINARY),
    "gaps in random trees": (ExtraTreesClassifier(9, random_state=0), GAPS, BINARY),
    "gaps in isolation": (IsolationForest(n_estimators=9, random_state=0, contamination=0.2), GAPS, None),
    "one class": (RandomForestClassifier(3, random_state=0), X, np.full(200, 4)),
    "several targets": (RandomForestRegressor(5, random_state=0), X, X[:, :3] ** 2),
    "far targets": (RandomForestRegressor(5, random_state=0), X, 1e6 + X[:, 0]),
    "depths that differ": (RandomForestRegressor(40, max_leaf_nodes=9, random_state=0), X, X[:, 0]),
    "a chain": (DecisionTreeRegressor(), X[:, :1], np.exp(20 * X[:, 0])),
    "an embedding in a pipeline": (
        make_pipeline(StandardScaler(), RandomTreesEmbedding(4, max_depth=2, random_state=0)),
        X,
        None,
    ),
}


@pytest.mark.parametrize(("model", "rows", "target"), FITS.values(), ids=FITS)
def test_real_fits(model, rows, target, tmp_path):
    model.fit(rows, target)
    result = bl.export(model, tmp_path / "fit.mlpackage", sample=rows)
    assert all(part.labels_differ in (None, 0) for part in result.parity.values())
    assert bl.runtime.check(result.path).passed
    assert result.carries.kind == "statistics"


def test_categories_that_were_never_seen_are_as_good_as_missing(tmp_path):
    model = HistGradientBoostingRegressor(max_iter=9, categorical_features=[1]).fit(DATED, SEASON)
    rows = np.tile(DATED[:1], (6, 1))
    rows[:, 1] = [3, 3.5, 99, -1, 255.0, 1e30]
    bl.export(model, tmp_path / "fit.mlpackage", sample=rows)
    found = bl.runtime.load(tmp_path / "fit.mlpackage").predict({"x": rows})["predicted"]
    np.testing.assert_allclose(found, model.predict(rows), rtol=1e-6)


def test_categories_that_float32_changes_are_not_met(tmp_path):
    """0.1 in float32 is another number, which the model has never seen either."""
    rows = DATED.copy()
    rows[:, 1] = MONTHS / 10
    model = HistGradientBoostingRegressor(max_iter=9, categorical_features=[1]).fit(rows, SEASON)
    assert bl.export(model, tmp_path / "fit.mlpackage", sample=rows).parity.passed


@pytest.mark.parametrize(
    ("model", "rows", "target", "detail"),
    [
        (GradientBoostingRegressor(n_estimators=1, init=LinearRegression()), X, POSITIVE, "init=LinearRegression()"),
        (
            GradientBoostingClassifier(n_estimators=1, init=DummyClassifier(strategy="uniform")),
            X,
            BINARY,
            "init=DummyClassifier(strategy='uniform')",
        ),
        (RandomForestClassifier(1), X, np.stack([BINARY, BINARY], axis=1), "several target columns"),
    ],
)
def test_what_is_refused(model, rows, target, detail, tmp_path):
    with pytest.raises(bl.NotExportable) as error:
        bl.export(model.fit(rows, target), tmp_path / "a.mlpackage", sample=rows)
    assert [(limit.id, limit.detail) for limit in error.value.verdict.refused] == [("option-not-covered", detail)]


def test_categories_of_text_are_refused():
    frame = pd.DataFrame({"a": X[:, 0], "b": pd.Categorical(np.where(BINARY, "yes", "no"))})
    model = HistGradientBoostingRegressor(max_iter=1, categorical_features="from_dtype").fit(frame, POSITIVE)
    assert [limit.detail for limit in bl.assess(model).refused] == ["categories that are text"]


def test_a_threshold_decides_for_float32_as_for_float64(tmp_path):
    """Rows on both sides of thresholds that float32 cannot hold, and on them."""
    thresholds = np.float64([0.1, 0.3, 1 / 3, 1e-8, 16777217.5])
    near = round_down(thresholds)
    assert (near <= thresholds).all()
    assert (np.nextafter(near, np.float32(np.inf)) > thresholds).all()
    for threshold, low in zip(thresholds, near, strict=True):
        high = np.nextafter(low, np.float32(np.inf))
        model = regressing([(1, 2, 0, threshold, 2, 0), leaf(), leaf()], [0, 1, 2])
        rows = np.array([[low, 0], [high, 0]], np.float32)
        bl.export(model, tmp_path / "a.mlpackage", sample=rows, overwrite=True)
        assert bl.runtime.load(tmp_path / "a.mlpackage").predict({"x": rows})["predicted"].tolist() == [1, 2]


def test_a_score_near_the_offset_keeps_its_digits(tmp_path):
    """Rows that are all the same: every tree is a leaf, and each score is 0 but for float64's own roundings."""
    model = IsolationForest(n_estimators=20, random_state=0).fit(np.ones((300, 3)))
    bl.export(model, tmp_path / "a.mlpackage", sample=np.ones((2, 3)))
    found = bl.runtime.load(tmp_path / "a.mlpackage").predict({"x": np.ones((2, 3))})
    assert (np.abs(found["score"]) < 1e-15).all()
    assert found["inlier"].tolist() == model.predict(np.ones((2, 3))).tolist()


@pytest.mark.parametrize("contamination", ["auto", 0.1])
@pytest.mark.parametrize("count", [20, 150, 300, 1000])
@pytest.mark.parametrize("size", [0, 1e-9])
def test_a_forest_that_never_splits(count, contamination, size, tmp_path):
    """Rows within 1e-7 of each other are all the same to scikit-learn 1.9 (1.6 and 1.7 split them), and the label is the sign
    of its own rounding."""
    tiny = np.random.default_rng(count).normal(0, size, (count, 3))
    model = IsolationForest(contamination=contamination, random_state=0).fit(tiny)
    splits = any(each.tree_.node_count > 1 for each in model.estimators_)
    assert not (size == 0 and splits)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=tiny)
    assert ("no-split" in [limit.id for limit in result.limits]) is not splits
    found = bl.runtime.load(result.path).predict({"x": tiny})
    np.testing.assert_array_equal(found["inlier"], model.predict(tiny))
    near = 1e-6 if splits else 0.0  # the one score of a forest without splits is near 0, and is the model's own
    np.testing.assert_allclose(found["score"], model.decision_function(tiny), rtol=1e-6, atol=near)
    assert bl.runtime.check(result.path).passed


@pytest.mark.parametrize("precision", ["float32", "float16"])
def test_half_precision(precision, tmp_path):
    """Rows of whole numbers and halves, which float16 can hold; nothing in a tree overflows by itself."""
    rows = np.round(X * 4) / 2
    model = RandomForestClassifier(5, max_depth=4, random_state=0).fit(rows, BINARY)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=rows, precision=precision)
    assert result.parity["label"].labels_differ <= result.parity["label"].ties


@pytest.mark.parametrize("target", ["iOS15", "iOS16", "iOS17", "iOS18"])
def test_every_system(target, tmp_path):
    model = ExtraTreesClassifier(12, max_leaf_nodes=20, random_state=0).fit(GAPS, BINARY)
    assert bl.export(model, tmp_path / "a.mlpackage", sample=GAPS, target=target).parity.passed


def test_a_forest_takes_no_more_room_than_its_numbers(tmp_path):
    """A split has a feature, a threshold and the place of its branches, a leaf its value: four bytes each, and 8 kB."""
    model = IsolationForest(random_state=0).fit(X)
    splits = sum(each.tree_.node_count - each.tree_.n_leaves for each in model.estimators_)
    leaves = sum(each.tree_.n_leaves for each in model.estimators_)
    size = bl.export(model, tmp_path / "a.mlpackage", sample=X).size
    assert size <= 1.05 * 4 * (3 * splits + leaves) + 8_000 + 8_000  # the rows and names of the proof, and the program


@pytest.mark.parametrize("boosted", [False, True])
def test_many_thresholds_are_counted_in_thousands(boosted):
    model = HistGradientBoostingRegressor(max_iter=150) if boosted else RandomForestRegressor(12, random_state=0)
    model.fit(X, X[:, 0])
    if boosted:
        splits = sum(int((~tree.nodes["is_leaf"]).sum()) for (tree,) in model._predictors)
    else:
        splits = sum(each.tree_.node_count // 2 for each in model.estimators_)
    assert splits > 1000
    assert f" trees with {splits // 1000},{splits % 1000:03d} thresholds between" in bl.carries(model).summary


def test_one_hot_columns_are_those_of_the_encoder(tmp_path):
    model = RandomTreesEmbedding(3, max_depth=2, random_state=0).fit(X)
    assert isinstance(model.one_hot_encoder_, OneHotEncoder)
    bl.export(model, tmp_path / "a.mlpackage", sample=X)
    found = bl.runtime.load(tmp_path / "a.mlpackage").predict({"x": X})["transformed"]
    np.testing.assert_array_equal(found, model.transform(X).toarray())
