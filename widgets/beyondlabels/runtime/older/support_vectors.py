"""Support vector machines: sums of kernels between a row and the support vectors.

After ``SVM.proto`` (Core ML Model Format Specification, apple/coremltools, 2026), which follows libsvm (Chang and Lin,
LIBSVM: a library for support vector machines, 2011), in double precision. Probabilities: Platt's sigmoid for each pair of
classes; of two classes as it is, of more coupled by the second method of Wu, Lin and Weng (Probability estimates for
multi-class classification by pairwise coupling, 2004). As in libsvm, the label is then that of the largest probability;
without probabilities, that of the most votes.
"""

import numpy as np

from ...errors import BadPackage
from ..program import Operation, Ref
from .interface import Stage, class_labels, classified, insist_numbers, matrix, regressed

_BLOCK = 2**22  # values of a kernel made at once


def read_regressor(spec, known):
    """The ``Stage`` of a supportVectorRegressor."""
    model = spec.supportVectorRegressor
    kernel = Kernel(model, known)
    alpha = np.array(model.coefficients.alpha, np.float64)
    if len(alpha) != len(kernel.vectors):
        raise BadPackage(f"{len(alpha)} coefficients stand for {len(kernel.vectors)} support vectors")

    def regress(columns):
        values = matrix(known, columns)
        return regressed(known, kernel.each(values, lambda made: (made @ alpha)[:, None]) - model.rho)

    return Stage(regress, _operations(spec, known, kernel, alpha), constants={"support_vectors": kernel.vectors})


def read_classifier(spec, known):
    """The ``Stage`` of a supportVectorClassifier."""
    model = spec.supportVectorClassifier
    kernel = Kernel(model, known)
    counts = list(model.numberOfSupportVectorsPerClass)
    labels = class_labels(model, len(counts))
    pairs = len(labels) * (len(labels) - 1) // 2
    alpha = [list(each.alpha) for each in model.coefficients]
    whole = len(labels) == len(counts) and len(labels) > 1 and min(counts) >= 0 and sum(counts) == len(kernel.vectors)
    whole = whole and len(alpha) == len(labels) - 1 and {len(row) for row in alpha} == {len(kernel.vectors)}
    rated = len(model.probA) > 0 or len(model.probB) > 0
    if not whole or len(model.rho) != pairs or (rated and {len(model.probA), len(model.probB)} != {pairs}):
        raise BadPackage("the support vectors, coefficients and classes do not fit together; the model is damaged")
    alpha = np.array(alpha)
    weights = _pair_weights(alpha, counts)
    rho, prob_a, prob_b = (np.array(each, np.float64) for each in (model.rho, model.probA, model.probB))

    def classify(columns):
        decided = kernel.each(matrix(known, columns), lambda made: made @ weights) - rho
        votes = _votes(decided, len(labels))
        if not rated:
            return classified(known, labels, votes / votes.sum(1, keepdims=True), votes.argmax(1))
        chances = _coupled(_sigmoid(decided, prob_a, prob_b), len(labels))
        return classified(known, labels, chances, chances.argmax(1))

    return Stage(classify, _operations(spec, known, kernel, alpha), constants={"support_vectors": kernel.vectors})


class Kernel:
    """A kernel and the support vectors it is taken with, as float64 (vectors, features)."""

    def __init__(self, model, known):
        insist_numbers(known)
        self.kind = model.kernel.WhichOneof("kernel")
        if self.kind is None:
            raise BadPackage("the support vector machine names no kernel")
        self.known = getattr(model.kernel, self.kind)
        self.width = sum(_width(each) for each in known.inputs.values())
        if model.WhichOneof("supportVectors") == "sparseSupportVectors":
            self.vectors = self._dense(model.sparseSupportVectors.vectors)
        else:
            rows = [list(each.values) for each in model.denseSupportVectors.vectors]
            if {len(row) for row in rows} - {self.width}:
                raise BadPackage(f"a support vector does not have the {self.width} values of the inputs")
            self.vectors = np.array(rows, np.float64).reshape(-1, self.width)
        if not len(self.vectors):
            raise BadPackage("the support vector machine has no support vectors")

    def _dense(self, vectors):
        if len(vectors) * self.width > 2**27:
            raise BadPackage(
                f"{len(vectors)} support vectors of {self.width} values are more than this runtime unpacks"
            )
        made = np.zeros((len(vectors), self.width))
        for row, vector in enumerate(vectors):
            for node in vector.nodes:
                if not 1 <= node.index <= self.width:
                    raise BadPackage(
                        f"a support vector has a value at place {node.index}; the inputs hold {self.width}"
                    )
                made[row, node.index - 1] = node.value
        return made

    def each(self, rows, work):
        """``work`` on the kernel of ``rows`` with all vectors (rows, vectors), some rows at a time."""
        step = max(1, _BLOCK // self.vectors.size)
        return np.concatenate([work(self._made(rows[start : start + step])) for start in range(0, len(rows), step)])

    def _made(self, rows):
        if self.kind == "rbfKernel":
            apart = rows[:, None, :] - self.vectors
            return np.exp(-self.known.gamma * np.einsum("rvf,rvf->rv", apart, apart))
        product = rows @ self.vectors.T
        if self.kind == "polyKernel":
            return (self.known.gamma * product + self.known.c) ** self.known.degree
        if self.kind == "sigmoidKernel":
            return np.tanh(self.known.gamma * product + self.known.c)
        return product


def _width(feature):
    if feature.kind == "number":
        return 1
    if len(feature.shapes) != 1 or any(low != high for low, high in feature.shapes[0]):
        raise BadPackage(f"input {feature.name!r} has no fixed shape; a support vector machine needs one")
    return int(np.prod([low for low, _ in feature.shapes[0]], dtype=np.int64))


def _operations(spec, known, kernel, alpha):
    features = [Ref(name) for name in known.inputs]
    inputs = {"features": features, "kernel": kernel.kind, "support_vectors": kernel.vectors, "coefficients": alpha}
    outputs = tuple((name, each.dtype, ()) for name, each in known.outputs.items())
    return (Operation(spec.WhichOneof("Type"), "", inputs, outputs),)


def _pair_weights(alpha, counts):
    """(vectors, pairs): for classes i < j the coefficients of i's vectors against j, and of j's against i."""
    ends = np.cumsum([0, *counts])
    made = []
    for i in range(len(counts)):
        for j in range(i + 1, len(counts)):
            column = np.zeros(alpha.shape[1])
            column[ends[i] : ends[i + 1]] = alpha[j - 1, ends[i] : ends[i + 1]]
            column[ends[j] : ends[j + 1]] = alpha[i, ends[j] : ends[j + 1]]
            made.append(column)
    return np.stack(made, axis=1)


def _votes(decided, classes):
    votes = np.zeros((len(decided), classes))
    for pair, (i, j) in enumerate(zip(*np.triu_indices(classes, 1), strict=True)):
        votes[:, i] += decided[:, pair] > 0
        votes[:, j] += decided[:, pair] <= 0
    return votes


def _sigmoid(decided, prob_a, prob_b):
    with np.errstate(over="ignore"):
        return np.clip(1 / (1 + np.exp(decided * prob_a + prob_b)), 1e-7, 1 - 1e-7)


def _coupled(pairwise, classes):
    """Probabilities (rows, classes) from those of each pair, by Wu, Lin and Weng's second method as libsvm iterates it."""
    rows = len(pairwise)
    r = np.zeros((rows, classes, classes))
    first, second = np.triu_indices(classes, 1)
    r[:, first, second], r[:, second, first] = pairwise, 1 - pairwise
    if classes == 2:
        return r[:, [0, 1], [1, 0]]
    q = -r.transpose(0, 2, 1) * r
    q[:, range(classes), range(classes)] = (r**2).sum(axis=1)
    p = np.full((rows, classes), 1 / classes)
    going = np.ones(rows, bool)
    for _ in range(max(100, classes)):
        qp = np.einsum("nij,nj->ni", q, p)
        pqp = (p * qp).sum(axis=1)
        going &= np.abs(qp - pqp[:, None]).max(axis=1) >= 0.005 / classes
        if not going.any():
            break
        for t in range(classes):
            diff = np.where(going, (pqp - qp[:, t]) / q[:, t, t], 0.0)
            p[:, t] += diff
            scale = 1 + diff
            pqp = (pqp + diff * (diff * q[:, t, t] + 2 * qp[:, t])) / scale**2
            qp = (qp + diff[:, None] * q[:, t]) / scale[:, None]
            p /= scale[:, None]
    return p
