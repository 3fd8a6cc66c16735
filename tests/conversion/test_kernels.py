"""Models of kernels: worked out by hand, and fits that the general cases do not reach."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.stats import norm
from sklearn.decomposition import KernelPCA
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import SGDOneClassSVM
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.neighbors import KernelDensity
from sklearn.preprocessing import KernelCenterer
from sklearn.svm import OneClassSVM

import beyondlabels as bl
from conversion.by_hand import agrees


def by_hand(model, features, **attributes):
    """The model with fitted attributes set by hand."""
    vars(model).update({"n_features_in_": features} | attributes)
    return model


def nystroem(kernel, basis, weights=None, **options):
    """Kernel values, or with ``weights`` their products with its transpose."""
    basis = np.array(basis, float)
    weights = np.eye(len(basis)) if weights is None else np.array(weights, float)
    return by_hand(Nystroem(kernel, **options), basis.shape[1], components_=basis, normalization_=weights)


def line(kernel="linear", **options):
    """Rows at -1 and 1: their kernel is [[1, -1], [-1, 1]], its one eigenvalue 2, and a row is its own component."""
    centerer = by_hand(KernelCenterer(), 2, K_fit_rows_=np.zeros(2), K_fit_all_=0.0)
    return by_hand(
        KernelPCA(1, kernel=kernel, **options),
        1,
        X_fit_=np.array([[-1.0], [1.0]]),
        gamma_=1.0,
        eigenvalues_=np.array([2.0]),
        eigenvectors_=np.array([[-1.0], [1.0]]) / np.sqrt(2),
        _centerer=centerer,
        X_transformed_fit_=np.array([[-1.0], [1.0]]),
        dual_coef_=np.array([[-0.5], [0.25]]),
    )


def density(kernel="gaussian", weights=None, **options):
    """Rows at 0 and 2, bandwidth 1."""
    return KernelDensity(kernel=kernel, **options).fit([[0.0], [2.0]], sample_weight=weights)


LN2 = np.log(2)
CASES = {
    "Nystroem, rbf": (
        nystroem("rbf", [[0], [2]], [[2, 0], [1, 1]], gamma=LN2),
        [[1], [0]],
        {"transformed": [[1, 1], [2, 1 + 1 / 16]]},
    ),
    "Nystroem, gamma left open": (nystroem("rbf", [[0, 0]]), [[1, 1]], {"transformed": [[np.exp(-1)]]}),
    "Nystroem, linear": (nystroem("linear", [[1, 2], [3, 4]]), [[1, 1]], {"transformed": [[3, 7]]}),
    "Nystroem, cosine": (nystroem("cosine", [[2, 0], [0, 0]]), [[3, 4], [0, 0]], {"transformed": [[0.6, 0], [0, 0]]}),
    "Nystroem, laplacian": (nystroem("laplacian", [[0, 0]], gamma=LN2), [[1, 2]], {"transformed": [[1 / 8]]}),
    "Nystroem, sigmoid": (nystroem("sigmoid", [[2.0]], gamma=0.5, coef0=-1), [[3]], {"transformed": [[np.tanh(2)]]}),
    # one row in three dimensions is stored; three rows on a line are more than a square has terms
    "Nystroem, poly": (
        nystroem("poly", [[1, 2, 2]], gamma=0.5, degree=3, coef0=1),
        [[2, 1, 0]],
        {"transformed": [[27]]},
    ),
    "Nystroem, explicit poly": (
        nystroem("poly", [[0], [1], [2]], gamma=1, degree=2, coef0=1),
        [[2], [-1]],
        {"transformed": [[1, 9, 25], [1, 0, 1]]},
    ),
    "Nystroem, poly of no constant": (
        nystroem("polynomial", [[0], [1], [2]], gamma=1, degree=2, coef0=0),
        [[2]],
        {"transformed": [[0, 4, 16]]},
    ),
    # (1 - 3)^2 / (1 + 3) is 1, and 0 / 0 is 0
    "Nystroem, chi2": (nystroem("chi2", [[3, 0]], gamma=LN2), [[1, 0]], {"transformed": [[0.5]]}),
    "Nystroem, chi2 without gamma": (nystroem("chi2", [[3, 0]]), [[1, 0]], {"transformed": [[np.exp(-1)]]}),
    "Nystroem, additive_chi2": (nystroem("additive_chi2", [[3, 0]]), [[1, 0]], {"transformed": [[-1]]}),
    "KernelPCA": (line(), [[0.5], [-3]], {"transformed": [[0.5], [-3]]}),
    # the way back: -0.5 * (-z) + 0.25 * z
    "KernelPCA and back": (
        line(fit_inverse_transform=True),
        [[0.5], [-4]],
        {"transformed": [[0.5], [-4]], "reconstructed": [[0.375], [-3]]},
    ),
    # less the columns' means (4, 6), and of that its mean, 5; the mean of all, 2, is that of the columns' means 1 and 3
    "KernelCenterer": (
        by_hand(KernelCenterer(), 2, K_fit_rows_=np.array([1.0, 3.0]), K_fit_all_=2.0),
        [[5, 9], [0, 0]],
        {"transformed": [[-1, 1], [1, -1]]},
    ),
    "SGDOneClassSVM": (
        by_hand(SGDOneClassSVM(), 2, coef_=np.array([1.0, -1.0]), offset_=np.array([2.0])),
        [[5, 1], [1, 0], [2, 0]],
        {"inlier": [1, -1, 1], "score": [2, -1, 0]},
    ),
    "gaussian": (density(), [[0], [1]], {"score": np.log([(norm.pdf(0) + norm.pdf(2)) / 2, norm.pdf(1)])}),
    "tophat": (density("tophat"), [[0.5], [1.5], [9]], {"score": [np.log(1 / 4)] * 2 + [-np.inf]}),
    "tophat, at the edge": (density("tophat"), [[1.0], [0.0]], {"score": [-np.inf, np.log(1 / 4)]}),
    "epanechnikov": (density("epanechnikov"), [[0], [0.5], [1]], {"score": [*np.log([3 / 8, 9 / 32]), -np.inf]}),
    "exponential": (density("exponential"), [[0], [1]], {"score": np.log([(1 + np.exp(-2)) / 4, np.exp(-1) / 2])}),
    "linear": (density("linear"), [[0.5], [4]], {"score": [np.log(1 / 4), -np.inf]}),
    # cos(pi/4) over the kernel's own area, 4 / pi
    "cosine": (density("cosine"), [[0.5], [4]], {"score": [np.log(np.sqrt(0.5) * np.pi / 4 / 2), -np.inf]}),
    "weights": (density("tophat", [3, 1]), [[0.5], [1.5]], {"score": np.log([3 / 8, 1 / 8])}),
    "a weight of 0": (density("tophat", [0, 1]), [[0.5], [1.5]], {"score": [-np.inf, np.log(1 / 2)]}),
}


@pytest.mark.parametrize(("model", "rows", "expected"), CASES.values(), ids=CASES)
def test_by_hand(model, rows, expected, tmp_path):
    agrees(model, rows, expected, tmp_path, rtol=1e-5, atol=1e-6)


def rows(count=90, features=3, seed=0):
    return np.random.default_rng(seed).normal(0, 1, (count, features))


def export(model, tmp_path, sample=None):
    return bl.export(model, tmp_path / "model.mlpackage", sample=rows() if sample is None else sample)


def test_a_one_class_svm_is_its_own_weighted_sum(tmp_path):
    model = OneClassSVM(gamma=0.7, nu=0.3).fit(rows())
    result = export(model, tmp_path, rows(seed=1))
    found = bl.runtime.load(result.path).predict({"x": rows(seed=1)})
    wanted = rbf_kernel(rows(seed=1), model.support_vectors_, gamma=0.7) @ model.dual_coef_[0] - model.offset_
    np.testing.assert_allclose(found["score"], wanted, atol=1e-5 * np.abs(wanted).max())
    assert (found["inlier"] == np.where(wanted > 0, 1, -1)).all()


REFUSED = {
    "a kernel of its own": (Nystroem(lambda x, y: x @ y, n_components=4), "a function of yours"),
    "precomputed, Nystroem": (Nystroem("precomputed", n_components=90), "precomputed"),
    "precomputed, KernelPCA": (KernelPCA(2, kernel="precomputed"), "precomputed"),
    "precomputed, OneClassSVM": (OneClassSVM(kernel="precomputed"), "precomputed"),
    "a metric": (KernelDensity(metric="braycurtis"), "braycurtis"),
    "weights in a metric": (KernelDensity(metric="minkowski", metric_params={"p": 3, "w": np.ones(90)}), "'w'"),
    "too many components": (KernelPCA(kernel="rbf"), "float32 holds the first"),
    "a factor that is no number": (KernelDensity(kernel="cosine"), "kernel='cosine' in 4 features"),
}


@pytest.mark.parametrize("degree", [2, 3])
def test_products_that_the_model_itself_rounds_away(degree, tmp_path):
    """1 + 1e-16 is 1 in float64: of rows of 1e-8 the model holds nothing but roundings."""
    with pytest.raises(
        bl.NotExportable, match=r"poly kernel, of which float32 holds none; .* scale them first"
    ) as refused:
        export(KernelPCA(2, kernel="poly", degree=degree).fit(1e-8 * rows()), tmp_path, 1e-8 * rows())
    assert [limit.id for limit in refused.value.verdict.refused] == ["float32-cancellation"]
    assert "a larger gamma where the kernel is rbf, laplacian or chi2" in str(refused.value)  # not of a poly one
    small = 1e-4 * rows()
    assert export(KernelPCA(2, kernel="poly", degree=degree).fit(small), tmp_path, small).parity.passed


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_what(name, tmp_path):
    model, said = REFUSED[name]
    X = rows(features=4) if "number" in name else rows()
    if "precomputed" in name or "weights" in name:
        X = X @ X.T
    with pytest.raises(bl.NotExportable) as refused:
        export(model.fit(X), tmp_path, X)
    assert said in str(refused.value)


CARRIES = {
    "linear": (KernelPCA(2), "statistics"),
    "cosine": (KernelPCA(2, kernel="cosine"), "statistics"),
    "few products": (KernelPCA(2, kernel="poly"), "statistics"),
    "more products than rows": (KernelPCA(2, kernel="poly", degree=8), "rows"),
    "rbf": (KernelPCA(2, kernel="rbf"), "rows"),
    "basis": (Nystroem(n_components=6, random_state=0), "rows"),
    "linear basis": (Nystroem("linear", n_components=6, random_state=0), "statistics"),
    "support": (OneClassSVM(), "rows"),
    "a half space": (OneClassSVM(kernel="linear"), "statistics"),
    "density": (KernelDensity(), "rows"),
}


@pytest.mark.parametrize("name", CARRIES)
def test_what_a_package_carries(name, tmp_path):
    model, kind = CARRIES[name]
    result = export(model.fit(rows()), tmp_path)
    assert result.carries.kind == kind
    assert (kind == "rows") == (result.carries.rows > 0) == any(limit.id == "carries-rows" for limit in result.limits)


def test_a_way_back_that_float32_does_not_hold_is_left_out(tmp_path):
    held = export(KernelPCA(2, kernel="rbf", fit_inverse_transform=True).fit(rows()), tmp_path)
    assert set(held.outputs) == {"transformed", "reconstructed"}
    (tmp_path / "more").mkdir()
    lost = export(KernelPCA(2, kernel="rbf", fit_inverse_transform=True, alpha=1e-9).fit(rows()), tmp_path / "more")
    assert set(lost.outputs) == {"transformed"}
    assert any("reconstructed is left out" in limit.detail for limit in lost.limits)


@pytest.mark.parametrize(("count", "features"), [(1_000, 3), (2_500, 2)])
def test_the_way_back_of_many_rows_keeps_its_digits(count, features, tmp_path):
    """The sum of thousands of terms of both signs is no larger on its way than at its end."""
    X = rows(count, features)
    model = KernelPCA(features, kernel="rbf", fit_inverse_transform=True).fit(X)
    assert export(model, tmp_path, X).parity["reconstructed"].worst_relative < 7e-6


@pytest.mark.parametrize("size", [1e-30, 1e-20, 1e-12, 1e18])
@pytest.mark.parametrize("make", [Nystroem, KernelPCA, OneClassSVM], ids=lambda cls: cls.__name__)
def test_distances_whose_squares_are_beyond_float32(make, size, tmp_path):
    """The size of the rows changes nothing where gamma goes with it."""
    options = {} if make is OneClassSVM else {"n_components": 3, "random_state": 0}
    model = make(kernel="rbf", gamma=0.3 / size / size, **options).fit(rows() * size)
    result = export(model, tmp_path, rows() * size)
    name, method = ("score", "decision_function") if make is OneClassSVM else ("transformed", "transform")
    seen = (rows() * size).astype(np.float32).astype(float)
    wanted = getattr(model, method)(seen)
    found = bl.runtime.load(result.path).predict({"x": seen})[name]
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5 * np.abs(wanted).max())


@pytest.mark.parametrize("size", [1, 1e-8])
@pytest.mark.parametrize("seed", range(4))
def test_few_support_vectors_whose_products_nearly_cancel(seed, size, tmp_path):
    """Without coef0 there are four products of degree 3 of two features: their weights are joined in float64."""
    X = size * rows(20, 2, seed)
    result = export(OneClassSVM(kernel="poly", nu=0.1).fit(X), tmp_path, X)
    assert result.parity["score"].worst_relative < 2e-6
    assert result.carries.kind == "statistics"


@pytest.mark.parametrize("make", [Nystroem, KernelPCA, OneClassSVM], ids=lambda cls: cls.__name__)
def test_a_sparse_fit(make, tmp_path):
    options = {"kernel": "rbf"} | ({} if make is OneClassSVM else {"n_components": 3, "random_state": 0})
    X = np.where(rows() > 0, rows(), 0)
    assert export(make(**options).fit(csr_matrix(X)), tmp_path, X).parity.passed


def test_a_basis_with_the_same_row_twice(tmp_path):
    X = np.repeat(rows(4), 10, axis=0)
    model = Nystroem(n_components=12, random_state=0).fit(X)
    result = export(model, tmp_path, rows())
    assert result.parity["transformed"].worst_relative < 5e-6
    assert result.carries.rows == 4


@pytest.mark.parametrize("kernel", ["gaussian", "tophat", "epanechnikov", "exponential", "linear"])
@pytest.mark.parametrize(("count", "features"), [(300, 2), (5_000, 14), (1_000, 70)], ids=["few", "many", "wide"])
def test_densities_near_and_far(kernel, count, features, tmp_path):
    """A tenth of a bandwidth from a row, amid the rows but far from each, and beyond them all."""
    X = rows(count, features)
    sample = np.concatenate([X[:20] + 0.01, 3 * rows(20, features, seed=1), 10 + X[:20]])
    model = KernelDensity(kernel=kernel, bandwidth=0.3 * np.sqrt(features)).fit(X)
    assert export(model, tmp_path, sample).parity["score"].worst_relative < 2e-6


def test_a_density_far_from_all_rows_is_not_scikit_learns_rounding(tmp_path):
    """At 9 from a row of 150 the log density is below -40; the tree's own sum stops at -37."""
    model = KernelDensity().fit(rows(150))
    sample = np.array([[9.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    result = export(model, tmp_path, sample)
    wanted = np.log(norm.pdf(sample[0] - rows(150)).prod(axis=1).mean())
    found = bl.runtime.load(result.path).predict({"x": sample})["score"]
    np.testing.assert_allclose(found[0], wanted, rtol=1e-6)
    np.testing.assert_allclose(found[1], model.score_samples(sample)[1], rtol=1e-6)
