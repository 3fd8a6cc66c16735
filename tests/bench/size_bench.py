"""How large a package is beside the numbers it has to hold, four bytes each.

The numbers are counted in the fitted model, by what its function needs, and not in the package: a recipe that stores one
of them twice shows. Aim: at most 1.05 times their bytes plus 8 kB for the program, the manifest and the proof.
"""

import statistics
import tempfile
import warnings
from pathlib import Path

import numpy as np
from report import table

AIM, FIXED = 1.05, 8_000


def _tree_numbers(trees, outputs):
    """A split has a feature, a threshold and the place of its branches; a leaf has its outputs."""
    return sum(
        3 * int((tree.children_left >= 0).sum()) + outputs * int((tree.children_left < 0).sum()) for tree in trees
    )


def _sizes(model, *names):
    return sum(np.size(part) for name in names for part in _parts(getattr(model, name)))


def _parts(value):
    return value if isinstance(value, list) else [value]


def cases():
    """(name, fitted model, rows, how many numbers its function needs)."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA, KernelPCA
    from sklearn.ensemble import IsolationForest, RandomForestClassifier
    from sklearn.mixture import GaussianMixture
    from sklearn.neighbors import KNeighborsClassifier, LocalOutlierFactor
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import OneClassSVM

    random = np.random.default_rng(0)
    narrow, wide = random.normal(size=(600, 8)), random.normal(size=(3_000, 100))
    labels = np.arange(len(wide)) % 4
    made = [
        (KMeans(8, n_init=1, random_state=0), narrow, lambda model: _sizes(model, "cluster_centers_")),
        (KMeans(200, n_init=1, max_iter=5, random_state=0), wide, lambda model: _sizes(model, "cluster_centers_")),
        (StandardScaler(), wide, lambda model: _sizes(model, "mean_", "scale_")),
        (PCA(8), narrow, lambda model: _sizes(model, "components_", "mean_") + 8 * 8),
        (PCA(60), wide, lambda model: _sizes(model, "components_", "mean_") + 100 * 100),
        (
            GaussianMixture(10, reg_covar=1e-3, max_iter=5, random_state=0),
            wide,
            lambda model: _sizes(model, "weights_", "means_", "precisions_cholesky_"),
        ),
        (KNeighborsClassifier(), wide, lambda model: model._fit_X.size + len(model._y)),
        (
            LocalOutlierFactor(novelty=True),
            wide,
            lambda model: model._fit_X.size + 2 * len(model._fit_X),  # density and distance of each stored row
        ),
        (OneClassSVM(), wide, lambda model: _sizes(model, "support_vectors_", "dual_coef_")),
        (
            KernelPCA(20, kernel="rbf"),
            wide[:1_000],
            lambda model: model.X_fit_.size + _sizes(model, "eigenvectors_") + len(model.X_fit_),
        ),
        (IsolationForest(n_estimators=100, random_state=0), wide, lambda model: _tree_numbers(_trees(model), 1)),
        (RandomForestClassifier(50, max_depth=10, random_state=0), wide, lambda model: _tree_numbers(_trees(model), 4)),
        (
            MLPClassifier((200, 100), max_iter=3, random_state=0),
            wide,
            lambda model: _sizes(model, "coefs_", "intercepts_"),
        ),
    ]
    for model, rows, numbers in made:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(rows, labels[: len(rows)])
        yield f"{type(model).__name__}, {rows.shape[1]} features", model, rows, numbers(model)


def _trees(model):
    return [each.tree_ for each in model.estimators_]


def measure():
    """The part of the report."""
    import beyondlabels as bl

    lines, ratios = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, model, rows, numbers in cases():
            result = bl.export(model, Path(folder) / "m.mlpackage", sample=rows[:200], overwrite=True)
            own, ratio = 4 * numbers, (result.size - FIXED) / (4 * numbers)
            ratios.append(ratio)
            fits = "yes" if ratio <= AIM else "no"
            lines.append([name, f"{numbers:,}", f"{own:,}", f"{result.size:,}", f"{max(ratio, 0):.2f}", fits])
    head = ["model", "numbers", "4 bytes each", "package, bytes", "(package − 8 kB) / bytes", f"at most {AIM}"]
    return (
        "## Package size\n\n"
        f"{table(head, lines)}\n\nMedian ratio {max(statistics.median(ratios), 0):.2f}; "
        f"{sum(ratio <= AIM for ratio in ratios)} of {len(ratios)} within the aim.\n"
    )
