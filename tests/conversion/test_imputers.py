"""Imputers against outputs worked out by hand."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingClassifier, IsolationForest, RandomForestClassifier
from sklearn.feature_selection import SelectFromModel, VarianceThreshold
from sklearn.impute import KNNImputer, MissingIndicator, SimpleImputer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    OrdinalEncoder,
    PolynomialFeatures,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

import beyondlabels as bl
from beyondlabels.conversion.recipes.sklearn.functions import FUNCTIONS
from conversion.by_hand import agrees

NAN = np.nan
FIT = np.array([[1.0, 10.0, NAN], [3.0, NAN, NAN], [8.0, 10.0, NAN], [8.0, 40.0, NAN]])
ROWS = np.array([[NAN, 5.0, 1.0], [2.0, NAN, NAN]])
# 0, 4 and 10 with the values 100, 200 and none; the last row lacks the first feature
NEAR = np.array([[0.0, 100.0], [4.0, 200.0], [10.0, NAN], [NAN, 600.0]])


def simple(**options):
    return SimpleImputer(**options).fit(FIT)


def nearest(count, weights="uniform", **options):
    return KNNImputer(n_neighbors=count, weights=weights, **options).fit(NEAR)


CASES = {
    "mean, a feature without values left out": (simple(), ROWS, [[5, 5], [2, 20]]),
    "median": (simple(strategy="median"), ROWS, [[5.5, 5], [2, 10]]),
    "most frequent": (simple(strategy="most_frequent"), ROWS, [[8, 5], [2, 10]]),
    "a constant": (
        simple(strategy="constant", fill_value=-1.5, keep_empty_features=True),
        ROWS,
        [[-1.5, 5, 1], [2, -1.5, -1.5]],
    ),
    "zeros where there was nothing": (simple(keep_empty_features=True), ROWS, [[5, 5, 1], [2, 20, 0]]),
    "with the indicator": (simple(add_indicator=True), ROWS, [[5, 5, 0, 0], [2, 20, 1, 1]]),
    "another mark": (
        SimpleImputer(missing_values=-1).fit([[2.0, -1.0], [4.0, 8.0]]),
        [[-1.0, -1.0], [5.0, -2.0]],
        [[3, 8], [5, -2]],
    ),
    "indicator": (MissingIndicator(error_on_new=False).fit(FIT), ROWS, [[0, 0], [1, 1]]),
    "indicator of all": (MissingIndicator(features="all").fit(FIT), ROWS, [[1, 0, 0], [0, 1, 1]]),
    "indicator of a mark": (MissingIndicator(missing_values=0).fit([[0.0, 1.0]]), [[0.0, 0.5], [3.0, 1.0]], [[1], [0]]),
    # from 1 the rows 0 and 4 are 1 and 3 away; the row at 10 has no value to give
    "one neighbour": (nearest(1), [[1.0, NAN], [3.0, NAN]], [[1, 100], [3, 200]]),
    "two neighbours": (nearest(2), [[1.0, NAN]], [[1, 150]]),
    "two neighbours by distance": (nearest(2, "distance"), [[1.0, NAN], [4.0, NAN]], [[1, 125], [4, 200]]),
    "no distance to the last": (nearest(9), [[1.0, NAN]], [[1, 150]]),
    "nothing known: the mean": (nearest(1), [[NAN, NAN]], [[14 / 3, 300]]),
    "neighbours with the indicator": (nearest(1, add_indicator=True), [[1.0, NAN]], [[1, 100, 0, 1]]),
    "nothing missing": (nearest(1), [[7.0, 8.0]], [[7, 8]]),
}


@pytest.mark.filterwarnings("ignore:Skipping features")
@pytest.mark.parametrize(("model", "rows", "expected"), CASES.values(), ids=CASES)
def test_worked_out_by_hand(model, rows, expected, tmp_path):
    agrees(model, rows, {"transformed": expected}, tmp_path)


@pytest.fixture(scope="module")
def holes():
    random = np.random.default_rng(0)
    values = random.normal(0, 1, (200, 3))
    values[random.random(values.shape) < 0.2] = NAN
    return values


def test_missing_values_are_legal_in_a_pipeline_and_a_union(holes, tmp_path):
    model = make_pipeline(make_union(SimpleImputer(), KNNImputer(), MissingIndicator()), PolynomialFeatures(2))
    result = bl.export(model.fit(holes), tmp_path / "a.mlpackage", sample=holes)
    assert result.carries.rows == 200
    assert np.isfinite(bl.runtime.load(result.path).predict({"x": holes})["transformed"]).all()


def test_a_mark_that_is_no_nan_leaves_nan_illegal(tmp_path):
    model = SimpleImputer(missing_values=-1).fit([[-1.0], [2.0]])
    with pytest.raises(bl.BadInput):
        bl.export(model, tmp_path / "a.mlpackage", sample=[[NAN]])
    result = bl.export(model, tmp_path / "a.mlpackage", sample=[[-1.0]])
    with pytest.raises(bl.BadInput):
        bl.runtime.load(result.path).predict({"x": [[NAN]]})


def test_neighbours_among_more_rows_than_are_compared_at_once(tmp_path):
    random = np.random.default_rng(0)
    rows = random.normal(1e4, 1, (30_000, 3))
    rows[random.random(rows.shape) < 0.1] = NAN
    model = KNNImputer().fit(rows)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=rows[:60])
    assert bl.runtime.check(result.path).passed
    assert result.carries.rows == 30_000
    assert "carries-rows" in [limit.id for limit in result.limits]


@pytest.mark.parametrize(
    ("model", "limit"),
    [
        (SimpleImputer(missing_values=-999.9).fit([[1.0]]), "float32-input"),
        (SimpleImputer(strategy="most_frequent").fit(np.array([["a"], ["b"]], object)), "option-not-covered"),
        (MissingIndicator().fit([[1.0]]), "option-not-covered"),
        (KNNImputer(metric=lambda x, y, missing_values=NAN: 1.0).fit([[1.0]]), "option-not-covered"),
    ],
)
def test_what_is_refused(model, limit):
    assert [found.id for found in bl.assess(model).refused] == [limit]


# ---- half precision: what was missing all along overflows nothing ------------------------------------------------------

CLASSES = np.arange(200) % 3
TAKE_MISSING = {
    "imputer": SimpleImputer(add_indicator=True),
    "indicator": MissingIndicator(),
    "neighbours": KNNImputer(),
    "neighbours by distance": KNNImputer(weights="distance"),
    "imputed and scaled": make_pipeline(SimpleImputer(), StandardScaler()),
    "union": make_union(SimpleImputer(), MissingIndicator()),
    "forest": RandomForestClassifier(5, random_state=0),
    "boosting": HistGradientBoostingClassifier(max_iter=5),
    "isolation": IsolationForest(n_estimators=5, random_state=0),
    "mean target": TargetEncoder(random_state=0),
    "unknown stays missing": OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=NAN),
}


def rounded(holes):
    """Few enough different values to be categories."""
    return np.round(2 * holes)


@pytest.mark.parametrize("name", TAKE_MISSING)
def test_half_precision_takes_missing_values(name, holes, tmp_path):
    sample = rounded(holes)
    model = TAKE_MISSING[name].fit(sample, CLASSES)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=sample, precision="float16")
    assert result.precision == "float16"
    assert result.parity.passed
    assert {part.rows for part in result.parity.values()} == {200}
    assert bl.runtime.check(result.path).passed


@pytest.mark.parametrize(("name", "size"), [("imputer", 1e5), ("neighbours", 1e3), ("boosting", 1e5)])
def test_half_precision_still_overflows_beside_missing_values(name, size, holes, tmp_path):
    """A value beyond 65,504, and the square of a difference that is."""
    sample = size * rounded(holes)
    model = TAKE_MISSING[name].fit(sample, CLASSES)
    with pytest.raises(bl.NotExportable, match=r"the result of (cast|square) overflows, first on row \d+"):
        bl.export(model, tmp_path / "a.mlpackage", sample=sample, precision="float16")
    assert not list(tmp_path.iterdir())


def test_half_precision_has_no_distance_to_a_row_that_shares_nothing(tmp_path):
    """The stand-in for that distance is the largest float16, not 1e30, which would be infinite."""
    model = KNNImputer(n_neighbors=9).fit(NEAR)
    sample = np.array([[1.0, NAN], [NAN, NAN]])
    result = bl.export(model, tmp_path / "a.mlpackage", sample=sample, precision="float16")
    found = bl.runtime.load(result.path).predict({"x": sample})["transformed"]
    np.testing.assert_allclose(found, [[1, 150], [14 / 3, 300]], rtol=2e-3)


@pytest.mark.parametrize("imputer", [KNNImputer(), SimpleImputer(add_indicator=True)])
@pytest.mark.parametrize("scaler", [StandardScaler(), MinMaxScaler(clip=True), MaxAbsScaler(), RobustScaler()])
def test_scaled_before_what_is_missing_is_filled_in(scaler, imputer, holes, tmp_path):
    """A scaler hands a missing value on, so it is legal where the next step takes it."""
    model = make_pipeline(clone(scaler), clone(imputer)).fit(holes)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=holes)
    assert bl.runtime.check(result.path).passed
    found = bl.runtime.load(result.path).predict({"x": holes})["transformed"]
    np.testing.assert_allclose(found, model.transform(holes.astype(np.float32).astype(float)), atol=1e-5)


HANDED_ON = {
    "uniform quantiles": QuantileTransformer(n_quantiles=20),
    "normal quantiles": QuantileTransformer(n_quantiles=20, output_distribution="normal"),
    "by variance": VarianceThreshold(),
    "by trees": SelectFromModel(RandomForestClassifier(5, random_state=0), max_features=2, threshold=-np.inf),
    "as it is": FunctionTransformer(),
    **{
        each.__name__: FunctionTransformer(each)
        for each in FUNCTIONS
        if each not in (None, np.sign, np.arccos, np.arcsin, np.arctanh)
    },
}


@pytest.mark.parametrize("name", HANDED_ON)
def test_other_steps_hand_a_missing_value_on_too(name, holes, tmp_path):
    near_one = 1 + np.abs(holes) / np.nanmax(np.abs(holes))
    model = make_pipeline(clone(HANDED_ON[name]), SimpleImputer(add_indicator=True))
    model.fit(near_one, np.arange(len(holes)) % 2)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=near_one)
    assert result.parity.passed
    found = bl.runtime.load(result.path).predict({"x": near_one})["transformed"]
    np.testing.assert_allclose(found, model.transform(near_one.astype(np.float32).astype(float)), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "model",
    [
        FunctionTransformer(np.abs, validate=True),
        StandardScaler(),
        make_pipeline(StandardScaler(), MinMaxScaler()),
        make_pipeline(StandardScaler(), PCA(1)),
    ],
)
def test_a_missing_value_that_nobody_takes_is_refused(model, holes, tmp_path):
    full = np.nan_to_num(holes)
    with pytest.raises(bl.BadInput, match="is not a finite number; fill or drop it"):
        bl.export(model.fit(full), tmp_path / "a.mlpackage", sample=holes)
