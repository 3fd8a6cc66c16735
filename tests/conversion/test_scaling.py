"""Scalers, feature selection and functions of a number, against outputs worked out by hand."""

import numpy as np
import pytest
from sklearn.feature_selection import SelectFromModel, SelectKBest, VarianceThreshold
from sklearn.kernel_approximation import AdditiveChi2Sampler
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    RobustScaler,
    StandardScaler,
)

import beyondlabels as bl
from conversion.by_hand import agrees


def given(model, **attributes):
    for name, value in attributes.items():
        setattr(model, name, np.array(value) if isinstance(value, list) else value)
    return model


def robust(**options):
    return given(RobustScaler(**options), center_=[1.0, 10.0], scale_=[2.0, 5.0], n_features_in_=2)


ROWS = [[3.0, 0.0], [-4.0, 3.0], [0.0, 0.0]]
CASES = {
    "MaxAbsScaler": (
        given(MaxAbsScaler(), scale_=[4.0, 2.0], n_features_in_=2),
        ROWS,
        [[0.75, 0], [-1, 1.5], [0, 0]],
    ),
    "RobustScaler": (robust(), ROWS, [[1, -2], [-2.5, -1.4], [-0.5, -2]]),
    "RobustScaler, not centred": (robust(with_centering=False), ROWS, [[1.5, 0], [-2, 0.6], [0, 0]]),
    "RobustScaler, not scaled": (robust(with_scaling=False), ROWS, [[2, -10], [-5, -7], [-1, -10]]),
    "Normalizer": (given(Normalizer(), n_features_in_=2), ROWS, [[1, 0], [-0.8, 0.6], [0, 0]]),
    "Normalizer l1": (given(Normalizer("l1"), n_features_in_=2), ROWS, [[1, 0], [-4 / 7, 3 / 7], [0, 0]]),
    # the largest absolute value, not the largest value
    "Normalizer max": (given(Normalizer("max"), n_features_in_=2), ROWS, [[1, 0], [-1, 0.75], [0, 0]]),
    "Normalizer of numbers whose squares overflow": (
        given(Normalizer(), n_features_in_=2),
        [[3e30, -4e30], [3e-14, 4e-14]],
        [[0.6, -0.8], [0.6, 0.8]],
    ),
    "Binarizer": (given(Binarizer(threshold=3.0), n_features_in_=2), [[3.0, 3.0000002]], [[0, 1]]),
    # 0.1 lies between two float32; 0.1f is the upper one
    "Binarizer at no float32": (given(Binarizer(threshold=0.1), n_features_in_=2), [[0.1, 0.09999999]], [[1, 0]]),
    "VarianceThreshold": (given(VarianceThreshold(), variances_=[0.0, 1.0, 2.0]), [[1.0, 2.0, 3.0]], [[2, 3]]),
    "SelectKBest": (
        given(SelectKBest(k=2), scores_=[5.0, 1.0, 3.0], n_features_in_=3),
        [[1.0, 2.0, 3.0]],
        [[1, 3]],
    ),
    "SelectFromModel": (
        given(
            SelectFromModel(LinearRegression()), estimator_=given(LinearRegression(), coef_=[-5.0, 1], n_features_in_=2)
        ),
        [[7.0, 8.0]],
        [[7]],
    ),
    "log1p near 0": (
        given(FunctionTransformer(np.log1p), n_features_in_=3),
        [[1e-12, 1.0, -0.5]],
        [[1e-12, np.log(2), -np.log(2)]],
    ),
    "expm1 near 0": (
        given(FunctionTransformer(np.expm1), n_features_in_=4),
        [[1e-12, np.log(2), -200.0, 0.0]],
        [[1e-12, 1, -1, 0]],
    ),
    "logarithm of 0": (given(FunctionTransformer(np.log), n_features_in_=2), [[0.0, 1.0]], [[-np.inf, 0]]),
    "cube root": (given(FunctionTransformer(np.cbrt), n_features_in_=3), [[-8.0, 0.0, 27.0]], [[-2, 0, 3]]),
    "identity": (given(FunctionTransformer(), n_features_in_=2), [[1.0, 2.0]], [[1, 2]]),
}


@pytest.mark.parametrize(("model", "rows", "expected"), CASES.values(), ids=CASES)
def test_worked_out_by_hand(model, rows, expected, tmp_path):
    agrees(model, rows, {"transformed": expected}, tmp_path, atol=1e-18)


def test_a_selection_of_nothing_is_refused():
    model = given(VarianceThreshold(9.0), variances_=[0.0, 1.0], n_features_in_=2)
    assert bl.assess(model).refused[0].detail == "no feature was selected"


def test_a_selection_is_undone_with_zeros(tmp_path):
    from sklearn.decomposition import PCA
    from sklearn.pipeline import make_pipeline

    X = np.random.default_rng(0).normal(0, [1, 0.01, 2], (30, 3))
    model = make_pipeline(VarianceThreshold(0.1), PCA(2)).fit(X)
    result = bl.export(model, tmp_path / "undone.mlpackage", sample=X)
    found = bl.runtime.load(result.path).predict({"x": X})["reconstructed"]
    np.testing.assert_allclose(found, X * [1, 0, 1], atol=1e-5)


def test_a_function_that_is_not_covered_is_named():
    limits = bl.assess(FunctionTransformer(np.heaviside, kw_args={"x2": 1}).fit([[1.0]])).refused
    assert limits[0].detail.startswith("func=heaviside; covered are None and absolute, arccos")
    assert limits[1].detail == "kw_args={'x2': 1}"


@pytest.mark.parametrize("options", [{}, {"clip": True}, {"feature_range": (0, 5)}], ids=str)
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_root_behind_the_smallest_value(steps, options, tmp_path):
    """The root of what remains near 0 shows every digit that subtracting the smallest value has lost."""
    X = np.random.default_rng(0).normal(30, 1, (300, 4))
    model = make_pipeline(MinMaxScaler(**options), AdditiveChi2Sampler(sample_steps=steps)).fit(X)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=X)
    assert result.parity["transformed"].worst_relative < 2e-6
    assert bl.runtime.check(result.path).passed


def test_what_is_scaled_already_is_not_to_be_scaled_first(tmp_path):
    X = -1e3 + np.random.default_rng(0).exponential(size=(500, 3))
    model = make_pipeline(StandardScaler(), MinMaxScaler(), AdditiveChi2Sampler()).fit(X)
    with pytest.raises(bl.ParityFailed) as error:
        bl.export(model, tmp_path / "a.mlpackage", sample=X)
    assert "Step 'standardscaler' scales already" in str(error.value)
    assert "StandardScaler as the first step" not in str(error.value)
    model = make_pipeline(MinMaxScaler((0.01, 1)), AdditiveChi2Sampler()).fit(X)  # the way out that it names
    assert bl.export(model, tmp_path / "a.mlpackage", sample=X).parity.passed
