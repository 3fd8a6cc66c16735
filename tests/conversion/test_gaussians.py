"""Mixtures and covariances against outputs worked out by hand, on models whose attributes were set by hand."""

import numpy as np
import pytest
from sklearn.covariance import (
    EllipticEnvelope,
    EmpiricalCovariance,
    GraphicalLasso,
    LedoitWolf,
    MinCovDet,
)
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

import beyondlabels as bl

LN_2PI = np.log(2 * np.pi)
EULER = 0.5772156649015329


def having(model, **attributes):
    for name, value in attributes.items():
        setattr(model, name, np.array(value) if isinstance(value, list) else value)
    return model


# Two features. Gaussians at (0, 0) and (4, 0), both with standard deviations 1 and 2: the same in four ways of saying it
# needs the same deviation in both features, so spherical has 1 and 1.
SPREAD = {
    "full": ([[[1, 0], [0, 0.5]]] * 2, [[[1, 0], [0, 4]]] * 2),
    "tied": ([[1, 0], [0, 0.5]], [[1, 0], [0, 4]]),
    "diag": ([[1, 0.5]] * 2, [[1, 4]] * 2),
    "spherical": ([1.0, 1.0], [1.0, 1.0]),
}
ROWS = np.array([[0.0, 0.0], [4.0, 2.0], [1.0, 0.0]])


def mixture(kind, cls=GaussianMixture, **more):
    roots, covariances = (np.array(part, float) for part in SPREAD[kind])
    return having(
        cls(n_components=2, covariance_type=kind),
        weights_=[0.5, 0.5],
        means_=[[0.0, 0.0], [4.0, 0.0]],
        covariances_=covariances,
        precisions_cholesky_=roots,
        precisions_=roots,
        n_features_in_=2,
        converged_=True,
        **more,
    )


def run(model, rows, folder):
    result = bl.export(model, folder / "hand.mlpackage", sample=np.asarray(rows, float))
    assert bl.runtime.check(result.path).passed
    return bl.runtime.load(result.path).predict({"x": np.asarray(rows, float)})


@pytest.mark.parametrize("kind", SPREAD)
def test_a_mixture(kind, tmp_path):
    found = run(mixture(kind), ROWS, tmp_path)
    across = 1.0 if kind == "spherical" else 2.0
    # squared distances to the two means; the second row lies 2 across, which costs (2 / across)^2 for both
    squared = np.array([[0, 16], [16, 0], [1, 9]]) + np.array([[0], [(2 / across) ** 2], [0]])
    joint = np.log(0.5) - LN_2PI - np.log(across) - squared / 2
    density = np.exp(joint)
    np.testing.assert_array_equal(found["label"], [0, 1, 0])
    np.testing.assert_allclose(found["probabilities"], density / density.sum(axis=1, keepdims=True), atol=1e-6)
    np.testing.assert_allclose(found["score"], np.log(density.sum(axis=1)), rtol=1e-6)


def test_weights_count(tmp_path):
    model = having(mixture("diag"), weights_=[0.2, 0.8])
    found = run(model, [[2.0, 0.0], [1.9, 0.0]], tmp_path)  # the first row lies halfway: the weights alone decide
    np.testing.assert_allclose(found["probabilities"][0], [0.2, 0.8], atol=1e-6)


def test_a_bayesian_mixture_takes_expectations(tmp_path):
    """One feature, 2 degrees of freedom, a mean known to a precision of 2, concentrations 3 and 3.

    E ln weight = digamma(3) - digamma(6) = -47/60; E ln det = ln 2 + digamma(1) = ln 2 - Euler's constant, of which ln 2
    is the degrees of freedom, taken off again; the uncertain mean costs 1/2 * 1/2.
    """
    model = having(
        BayesianGaussianMixture(
            n_components=2, covariance_type="spherical", weight_concentration_prior_type="dirichlet_distribution"
        ),
        weights_=[0.5, 0.5],
        weight_concentration_=[3.0, 3.0],
        mean_precision_=[2.0, 2.0],
        mean_precision_prior_=1.0,
        degrees_of_freedom_=[2.0, 2.0],
        means_=[[0.0], [40.0]],
        covariances_=[1.0, 1.0],
        precisions_cholesky_=[1.0, 1.0],
        precisions_=[1.0, 1.0],
        n_features_in_=1,
        converged_=True,
    )
    found = run(model, [[0.0], [42.0]], tmp_path)
    at_mean = -47 / 60 - LN_2PI / 2 - EULER / 2 - 1 / 4
    np.testing.assert_allclose(found["score"], [at_mean, at_mean - 2], rtol=1e-6)
    np.testing.assert_array_equal(found["label"], [0, 1])


def test_stick_breaking_weights(tmp_path):
    """A Dirichlet process gives the first Gaussian digamma(2) - digamma(3) = -1/2, the second digamma(1) - digamma(3) =
    -3/2 and, of what is left of the stick, digamma(2) - digamma(3) = -1/2 more, for concentrations (2, 1) and (2, 1)."""
    model = mixture(
        "diag",
        BayesianGaussianMixture,
        weight_concentration_=(np.array([2.0, 2.0]), np.array([1.0, 1.0])),
        mean_precision_=np.array([1.0, 1.0]),
        mean_precision_prior_=1.0,
        degrees_of_freedom_=np.array([5.0, 5.0]),
    )
    found = run(model, [[2.0, 0.0], [2.1, 0.3]], tmp_path)  # halfway between the two
    share = 1 / (1 + np.exp(-1.5))
    np.testing.assert_allclose(found["probabilities"][0], [share, 1 - share], atol=1e-6)


def test_gaussians_far_from_zero(tmp_path):
    """scikit-learn's own x^2 p - 2 x m p + m^2 p has no digit left here; the package has."""
    model = mixture("diag")
    model.means_ = model.means_ + 1e7
    found = run(model, ROWS + 1e7, tmp_path)
    np.testing.assert_allclose(found["score"], run(mixture("diag"), ROWS, tmp_path / "..")["score"], rtol=1e-5)


def covariance(cls=EmpiricalCovariance, precision=((2.0, 0.0), (0.0, 0.5)), **more):
    return having(
        cls(),
        location_=[1.0, 2.0],
        precision_=np.array(precision),
        covariance_=np.diag([0.5, 2.0]),
        n_features_in_=2,
        **more,
    )


@pytest.mark.parametrize("cls", [EmpiricalCovariance, MinCovDet, LedoitWolf, GraphicalLasso])
def test_squared_distances(cls, tmp_path):
    found = run(covariance(cls), [[1.0, 2.0], [2.0, 4.0], [0.0, 2.0]], tmp_path)
    np.testing.assert_allclose(found["distances"], [0, 2 + 2, 2], rtol=1e-6, atol=1e-9)


def test_a_precision_that_is_not_stored_is_inverted(tmp_path):
    model = having(covariance(), store_precision=False, precision_=None)
    found = run(model, [[1.0, 2.0], [2.0, 4.0]], tmp_path)
    np.testing.assert_allclose(found["distances"], [0, 2 + 2], rtol=1e-6, atol=1e-9)


def test_a_flat_direction_costs_nothing(tmp_path):
    """(1, -1) has no variance, so the pseudo-inverse leaves it out, and scikit-learn's square root of -1e-17 is NaN."""
    model = covariance(precision=((0.5, 0.5), (0.5, 0.5)))
    found = run(model, [[1.0, 2.0], [2.0, 3.0], [2.0, 1.0]], tmp_path)
    np.testing.assert_allclose(found["distances"], [0, 2, 0], atol=1e-6)


@pytest.mark.parametrize("low", [-1e-3, 1e-11])
def test_a_precision_made_of_roundings_is_refused(low):
    model = covariance(precision=((1.0, 1 - low), (1 - low, 1.0)))
    verdict = bl.assess(model)
    assert [limit.id for limit in verdict.refused] == ["collinear"]
    assert verdict.refused[0].detail == "1 of 2 directions"


def test_inside_and_outside_the_envelope(tmp_path):
    model = covariance(EllipticEnvelope, offset_=-4.0)
    found = run(model, [[1.0, 2.0], [2.0, 4.0], [2.0, 4.1], [3.0, 2.0]], tmp_path)
    np.testing.assert_array_equal(found["inlier"], [1, 1, -1, -1])  # on the envelope counts as inside
    np.testing.assert_allclose(found["score"], [4, 0, 4 - (2 + 0.5 * 2.1**2), -4], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found["distances"], 4 - found["score"], rtol=1e-6)


def test_a_covariance_given_beforehand(tmp_path):
    """GraphicalLasso takes a covariance matrix in place of rows; its centre is then 0."""
    model = GraphicalLasso(covariance="precomputed", alpha=0.01).fit(np.array([[2.0, 0.6], [0.6, 1.0]]))
    rows = np.random.default_rng(0).normal(size=(20, 2))
    np.testing.assert_allclose(run(model, rows, tmp_path)["distances"], model.mahalanobis(rows), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "model",
    [
        GaussianMixture(3, random_state=0),
        GaussianMixture(3, covariance_type="diag", random_state=0),
        EllipticEnvelope(random_state=0),
        EmpiricalCovariance(),
    ],
    ids=str,
)
def test_raw_measurements(model, penguins, tmp_path):
    """Millimetres beside grams."""
    result = bl.export(model.fit(penguins), tmp_path / "a.mlpackage", sample=penguins)
    assert result.parity.passed
    assert result.carries.kind == "statistics"


@pytest.mark.parametrize("kind", ["full", "diag", "spherical"])
def test_a_gaussian_of_one_row_carries_it(kind):
    lone = np.vstack([np.random.default_rng(0).normal(size=(60, 3)), [[1000.0, 2000.0, 3000.0]]])
    model = GaussianMixture(2, covariance_type=kind, random_state=0).fit(lone)
    assert (bl.carries(model).kind, bl.carries(model).rows) == ("rows", 1)
    assert bl.carries(model).summary.endswith("of one row, or of equal ones: 1 of your rows word for word.")
    assert [limit.id for limit in bl.assess(model).limits] == ["group-of-one"]
    others = GaussianMixture(2, covariance_type=kind, random_state=0).fit(lone[:-1])
    assert bl.carries(others).summary.endswith("None of your rows.")
    assert bl.assess(others).limits == ()


def test_what_other_mixtures_tell_of_a_lone_row():
    lone = np.vstack([np.random.default_rng(0).normal(size=(60, 3)), [[1000.0, 2000.0, 3000.0]]])
    tied = bl.carries(GaussianMixture(2, covariance_type="tied", random_state=0).fit(lone))
    assert tied.summary.endswith("A Gaussian of one row has that row as its mean.")
    drawn = bl.carries(BayesianGaussianMixture(n_components=2, random_state=0).fit(lone))
    assert drawn.summary.endswith("of about one row, and its mean lies between it and the mean of all.")
    others = bl.carries(BayesianGaussianMixture(n_components=2, random_state=0).fit(lone[:-1]))
    assert others.summary.endswith("None of your rows.")
