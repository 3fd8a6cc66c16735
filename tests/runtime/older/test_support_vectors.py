"""Support vector machines, against scikit-learn, whose libsvm is the origin of the format."""

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.svm import SVC, SVR

from beyondlabels.errors import BadPackage
from runtime.older import models

KERNELS = {
    "linear": {},
    "rbf": {"gamma": 0.4},
    "poly": {"gamma": 0.3, "degree": 2, "coef0": 1.5},
    "sigmoid": {"gamma": 0.02, "coef0": -0.1},
}


def set_kernel(kernel, name, known):
    if name == "linear":
        kernel.linearKernel.SetInParent()
        return
    message = getattr(kernel, f"{name}Kernel")
    message.gamma = known["gamma"]
    if name == "poly":
        message.degree = known["degree"]
    if name in ("poly", "sigmoid"):
        message.c = known["coef0"]


def machine(fitted, name):
    spec = models.specification(1)
    models.declare(spec.description.input, "x", "array", fitted.n_features_in_)
    models.classifier(spec, "int64")
    svm = spec.supportVectorClassifier
    set_kernel(svm.kernel, name, KERNELS[name])
    binary = len(fitted.classes_) == 2
    svm.rho.extend(fitted.intercept_ if binary else -fitted.intercept_)
    for row in fitted._dual_coef_:
        svm.coefficients.add().alpha.extend(row)
    for row in fitted.support_vectors_:
        svm.denseSupportVectors.vectors.add().values.extend(row)
    svm.numberOfSupportVectorsPerClass.extend(int(count) for count in fitted.n_support_)
    svm.int64ClassLabels.vector.extend(int(label) for label in fitted.classes_)
    return spec


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("classes", [2, 3])
def test_labels_are_those_of_scikit_learn(tmp_path, name, classes):
    X, y = load_iris(return_X_y=True)
    X, y = X[y < classes], y[y < classes]
    fitted = SVC(kernel=name, **KERNELS[name]).fit(X, y)
    found = models.saved(machine(fitted, name), tmp_path).predict({"x": X})
    assert found["label"].tolist() == fitted.predict(X).tolist()


def test_probabilities_of_three_classes_are_coupled_as_libsvm_couples_them(tmp_path):
    """The pairwise formula, minimised directly: p is the one with the least sum of (r_ji p_i - r_ij p_j)²."""
    X, y = load_iris(return_X_y=True)
    fitted = SVC(kernel="rbf", gamma=0.4).fit(X, y)
    spec = machine(fitted, "rbf")
    spec.supportVectorClassifier.probA.extend([-1.5, -2.0, -1.0])
    spec.supportVectorClassifier.probB.extend([0.1, -0.2, 0.05])
    found = models.saved(spec, tmp_path).predict({"x": X[::10]})
    fitted.decision_function_shape = "ovo"
    decided = fitted.decision_function(X[::10])
    r = np.clip(1 / (1 + np.exp(decided * [-1.5, -2.0, -1.0] + [0.1, -0.2, 0.05])), 1e-7, 1 - 1e-7)
    for row, chances in zip(r, found["chances"], strict=True):
        pairs = np.zeros((3, 3))
        pairs[np.triu_indices(3, 1)] = row
        pairs = pairs + np.tril(1 - pairs.T, -1)
        q = -pairs.T * pairs
        np.fill_diagonal(q, (pairs**2).sum(axis=0) - np.diag(pairs) ** 2)
        system = np.block([[q, np.ones((3, 1))], [np.ones((1, 3)), np.zeros((1, 1))]])
        exact = np.linalg.solve(system, [0, 0, 0, 1])[:3]
        np.testing.assert_allclose(list(chances.values()), exact, atol=0.005)  # libsvm stops at 0.005 / classes


def test_probabilities_of_two_classes_are_the_sigmoid(tmp_path):
    X, y = load_iris(return_X_y=True)
    X, y = X[y > 0], y[y > 0]
    fitted = SVC(kernel="linear").fit(X, y)
    spec = machine(fitted, "linear")
    spec.supportVectorClassifier.probA.append(-1.3)
    spec.supportVectorClassifier.probB.append(0.2)
    found = models.saved(spec, tmp_path).predict({"x": X})
    first = 1 / (1 + np.exp(-fitted.decision_function(X) * -1.3 + 0.2))
    np.testing.assert_allclose([row[1] for row in found["chances"]], first, rtol=1e-9)


@pytest.mark.parametrize("sparse", [False, True])
def test_regressor(tmp_path, sparse):
    X = load_iris().data
    fitted = SVR(gamma=0.4).fit(X[:, :3], X[:, 3])
    spec = models.specification(1)
    models.declare(spec.description.input, "x", "array", 3)
    models.declare(spec.description.output, "y", "double")
    spec.description.predictedFeatureName = "y"
    svm = spec.supportVectorRegressor
    svm.kernel.rbfKernel.gamma = 0.4
    svm.rho = -float(fitted.intercept_[0])
    svm.coefficients.alpha.extend(fitted.dual_coef_[0])
    for row in fitted.support_vectors_:
        if sparse:
            vector = svm.sparseSupportVectors.vectors.add()
            for place, value in enumerate(row):
                vector.nodes.add(index=place + 1, value=value)
        else:
            svm.denseSupportVectors.vectors.add().values.extend(row)
    found = models.saved(spec, tmp_path).predict({"x": X[:, :3]})["y"]
    np.testing.assert_allclose(found, fitted.predict(X[:, :3]), rtol=1e-10)


def test_what_does_not_fit_together_is_refused(tmp_path):
    X, y = load_iris(return_X_y=True)
    spec = machine(SVC(kernel="linear").fit(X, y), "linear")
    spec.supportVectorClassifier.numberOfSupportVectorsPerClass[0] += 1
    with pytest.raises(BadPackage, match="do not fit together"):
        models.saved(spec, tmp_path)
