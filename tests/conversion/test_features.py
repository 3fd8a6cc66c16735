"""Powers, quantiles, bins, products and splines, against outputs worked out by hand."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.cluster import MiniBatchKMeans
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    KBinsDiscretizer,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    SplineTransformer,
    StandardScaler,
)

import beyondlabels as bl
from conversion.by_hand import agrees


def given(model, **attributes):
    for name, value in attributes.items():
        setattr(model, name, np.array(value) if isinstance(value, list) else value)
    return model


def power(method, exponents, mean=None, scale=None):
    model = PowerTransformer(method, standardize=mean is not None)
    model = given(model, lambdas_=exponents, n_features_in_=len(exponents))
    if mean is not None:
        model._scaler = given(
            StandardScaler(), mean_=mean, scale_=scale, var_=np.square(scale), n_features_in_=len(mean)
        )
    return model


def quantiles(values, output="uniform"):
    return given(
        QuantileTransformer(output_distribution=output),
        quantiles_=np.array(values, float)[:, None],
        references_=np.linspace(0, 1, len(values)),
        n_features_in_=1,
    )


def column(*values):
    return [[value] for value in values]


def bins(encode):
    """Edges 0, 1, 2, 3 for one feature, and a constant feature."""
    edges = np.empty(2, object)
    edges[:] = [np.array([0.0, 1.0, 2.0, 3.0]), np.array([-np.inf, np.inf])]
    return given(KBinsDiscretizer(3, encode=encode), bin_edges_=edges, n_bins_=[3, 1], n_features_in_=2)


CASES = {
    # (2^2 - 1) / 2, ln 2, (2^-1 - 1) / -1
    "Box-Cox": (power("box-cox", [2.0, 0.0, -1.0]), [[2.0, 2.0, 2.0]], [[1.5, np.log(2), 0.5]]),
    # above 0: ((1 + 1)^2 - 1) / 2 and ln 2; below: -((1 + 1)^(2 - 2)), its limit -ln 2, and -((1 + 1)^2 - 1) / 2
    "Yeo-Johnson": (
        power("yeo-johnson", [2.0, 0.0]),
        [[1.0, 1.0], [-1.0, -1.0]],
        [[1.5, np.log(2)], [-np.log(2), -1.5]],
    ),
    "Yeo-Johnson, exponent 1 is the identity": (power("yeo-johnson", [1.0]), column(-3.0, 0.0, 5.0), column(-3, 0, 5)),
    "standardised": (
        power("yeo-johnson", [2.0], [1.0], [0.5]),
        column(1.0, -1.0, 0.0),
        column(1, -2 * np.log(2) - 2, -2),
    ),
    "standardised, the mean below 0": (power("yeo-johnson", [0.0], [-1.5], [2.0]), column(-1.0, 0.0), column(0, 0.75)),
    # ten standard deviations of 1e-9 around ln 1e6, in float32 numbers that are 1/16 apart
    "far from 0 nothing cancels": (
        power("box-cox", [0.0], [np.log(1e6)], [1e-6]),
        column(1e6, 1e6 + 1, 1e6 - 2),
        column(0, 1e6 * np.log1p(1e-6), 1e6 * np.log1p(-2e-6)),
    ),
    "quantiles": (
        quantiles([0, 1, 3]),
        column(-1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0),
        column(0, 0, 0.25, 0.5, 0.75, 1, 1),
    ),
    "the middle of equal quantiles": (
        quantiles([0, 1, 1, 1, 2, 4]),
        column(0.5, 1.0, 1.5, 3.0),
        column(0.1, 0.4, 0.7, 0.9),
    ),
    "equal quantiles at the ends": (quantiles([0, 0, 1, 2, 2]), column(0.0, 1.0, 2.0, 0.5), column(0, 0.5, 1, 0.375)),
    "a constant feature": (quantiles([2, 2, 2]), column(1.0, 2.0, 3.0), column(0, 0, 1)),
    "one quantile": (quantiles([2]), column(1.0, 2.0, 3.0), column(0, 0, 0)),
    "normal": (
        quantiles([0, 1, 2, 3, 4], "normal"),
        column(1.0, 2.0, 3.0, -9.0, 9.0, 3.5),
        column(norm.ppf(0.25), 0, norm.ppf(0.75), norm.ppf(1e-7), -norm.ppf(1e-7), norm.ppf(0.875)),
    ),
    "bins": (bins("ordinal"), [[-5.0, 1.0], [0.999, 1.0], [1.0, 1.0], [9.0, -8.0]], [[0, 0], [0, 0], [1, 0], [2, 0]]),
    "products": (
        PolynomialFeatures(2).fit([[0.0, 0.0]]),
        [[2.0, 3.0]],
        [[1, 2, 3, 4, 6, 9]],
    ),
    "products of three": (
        PolynomialFeatures((2, 3), interaction_only=True, include_bias=False).fit([[0.0, 0.0, 0.0]]),
        [[2.0, 3.0, 5.0]],
        [[6, 10, 15, 30]],
    ),
    # degree 1 on the knots 0, 1, 2: hats; beyond the knots the last value stays
    "hats": (
        SplineTransformer(3, degree=1).fit([[0.0], [2.0]]),
        column(0.0, 0.25, 1.0, 2.0, 5.0, -1.0),
        [[1, 0, 0], [0.75, 0.25, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1], [1, 0, 0]],
    ),
    "hats that go on in a line": (
        SplineTransformer(3, degree=1, extrapolation="linear").fit([[0.0], [2.0]]),
        column(-1.0, 3.0),
        [[2, -1, 0], [0, -1, 2]],
    ),
    "hats around a circle": (
        SplineTransformer(3, degree=1, extrapolation="periodic").fit([[0.0], [2.0]]),
        column(0.0, 1.5, 3.5, -0.5, 2.0),
        [[1, 0], [0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [1, 0]],
    ),
    # the quadratic B-spline has the values 1/2, 1/2 at a knot and 1/8, 6/8, 1/8 half-way
    "quadratic": (
        SplineTransformer(3, degree=2, include_bias=False).fit([[0.0], [2.0]]),
        column(0.0, 0.5, 1.0),
        [[0.5, 0.5, 0], [0.125, 0.75, 0.125], [0, 0.5, 0.5]],
    ),
}


@pytest.mark.parametrize(("model", "rows", "expected"), CASES.values(), ids=CASES)
def test_worked_out_by_hand(model, rows, expected, tmp_path):
    agrees(model, rows, {"transformed": expected}, tmp_path, rtol=2e-6, atol=1e-6)


def test_the_normal_quantile_to_seven_digits():
    """Wichura's approximation as it is written into a program, on both sides of its seam and out to 1e-7."""
    from beyondlabels.mil.functions import _MIDDLE, _TAIL

    p = np.concatenate([np.logspace(-7, -1.2, 500), np.linspace(0.07, 0.55, 500)])
    value = np.polynomial.polynomial.polyval
    q, depth = p - 0.5, np.sqrt(-np.log(p)) - 1.6
    middle = q * value(0.180625 - q**2, _MIDDLE[0]) / value(0.180625 - q**2, _MIDDLE[1])
    tail = -value(depth, _TAIL[0]) / value(depth, _TAIL[1])
    np.testing.assert_allclose(np.where(q > -0.425, middle, tail), norm.ppf(p), rtol=2e-7, atol=1e-9)


def test_a_feature_of_the_tails_keeps_its_digits(tmp_path):
    X = np.random.default_rng(0).normal(0, 1, (2000, 1))
    model = QuantileTransformer(output_distribution="normal", n_quantiles=2000).fit(X)
    parity = bl.export(model, tmp_path / "a.mlpackage", sample=X).parity
    assert parity["transformed"].worst_absolute < 1e-5


def test_lines_of_low_degree_for_several_features_are_refused():
    """scikit-learn 1.9 starts them at another knot from the second feature on."""
    model = SplineTransformer(degree=1, extrapolation="linear").fit(np.eye(3))
    assert "degree=1 with extrapolation='linear'" in bl.assess(model).refused[0].detail


def test_rows_on_the_outermost_knots_may_be_rounded(tmp_path):
    X = np.random.default_rng(0).normal(0, 1, (50, 3))
    model = SplineTransformer(extrapolation="error").fit(X)
    result = bl.export(model, tmp_path / "a.mlpackage", sample=X)
    assert "no-errors" in [limit.id for limit in result.limits]
    with pytest.raises(bl.BadInput, match="beyond the limits of the knots"):
        bl.export(model, tmp_path / "b.mlpackage", sample=2 * X)


def test_steps_that_come_again_tie_at_their_knots_alone(tmp_path):
    """The largest training value is a knot: what float32 makes of it lies at the end of a period or at the next one's start."""
    X = np.random.default_rng(0).normal(size=(150, 3))
    model = SplineTransformer(4, degree=0, extrapolation="periodic").fit(X)
    part = bl.export(model, tmp_path / "a.mlpackage", sample=X).parity["transformed"]
    at_a_knot = np.isin(X, np.stack([spline.t for spline in model.bsplines_], axis=1)).any(axis=1)
    assert part.ties <= at_a_knot.sum() < 15
    assert bl.runtime.check(tmp_path / "a.mlpackage").passed


def test_what_edges_of_bins_tell():
    X = np.random.default_rng(0).normal(size=(60, 2))
    said = "the edges of 6 bins: single values of yours, without their rows."
    assert bl.carries(KBinsDiscretizer(3, strategy="quantile").fit(X)).summary == said
    assert bl.carries(KBinsDiscretizer(3, strategy="uniform").fit(X)).summary.endswith("bins. None of your rows.")


def test_a_pipeline_says_none_of_your_rows_only_where_every_step_does():
    X = np.vstack([np.random.default_rng(0).normal(size=(60, 2)), [[1000.0, 2000.0]]])
    near = bl.carries(make_pipeline(StandardScaler(), MiniBatchKMeans(2, n_init=3, random_state=0)).fit(X)).summary
    assert near.endswith("One of them is of a group of one, and near that row.")
