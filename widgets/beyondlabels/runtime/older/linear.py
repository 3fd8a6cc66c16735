"""Generalised linear models: x w + offset for each output, through a link.

After ``GLMRegressor.proto`` and ``GLMClassifier.proto`` (Core ML Model Format Specification, apple/coremltools, 2026), in
double precision. One-vs-rest of more than two classes: each logistic value divided by their sum, which Apple's own tests
compare with scikit-learn's one-vs-rest probabilities. Reference class: softmax with 0 for the first class.
"""

import numpy as np

from ...errors import BadPackage
from ..program import Operation, Ref
from .interface import Stage, class_labels, classified, insist_numbers, matrix, regressed

_REGRESSION = ("NoTransform", "Logit", "Probit")


def read_regressor(spec, known):
    """The ``Stage`` of a glmRegressor."""
    model = spec.glmRegressor
    weights, offset = _weights(model, known)
    if not 0 <= model.postEvaluationTransform < 3:
        raise BadPackage(f"the linear model has an unknown transform, number {model.postEvaluationTransform}")
    transform = _REGRESSION[model.postEvaluationTransform]

    def regress(columns):
        values = matrix(known, columns, weights.shape[1]) @ weights.T + offset
        return regressed(known, _link(values, transform))

    return Stage(regress, _operations(spec, known, weights, offset, transform), constants={"weights": weights})


def read_classifier(spec, known):
    """The ``Stage`` of a glmClassifier."""
    model = spec.glmClassifier
    weights, offset = _weights(model, known)
    if model.postEvaluationTransform not in (0, 1) or model.classEncoding not in (0, 1):
        raise BadPackage("the linear classifier has an unknown transform or class encoding")
    transform = _REGRESSION[1 + model.postEvaluationTransform]
    reference = model.classEncoding == 0
    labels = class_labels(model, len(weights) + (1 if reference or len(weights) == 1 else 0))
    expected = len(labels) - 1 if reference or len(labels) == 2 else len(labels)
    if len(weights) != expected or (transform == "Probit" and len(labels) != 2):
        raise BadPackage(f"the linear classifier has {len(weights)} rows of weights for {len(labels)} classes")

    def classify(columns):
        values = matrix(known, columns, weights.shape[1]) @ weights.T + offset
        chances = _chances(values, transform, reference)
        return classified(known, labels, chances, chances.argmax(1))

    encoding = "ReferenceClass" if reference else "OneVsRest"
    listed = _operations(spec, known, weights, offset, transform, class_encoding=encoding)
    return Stage(classify, listed, constants={"weights": weights})


def _weights(model, known):
    insist_numbers(known)
    rows = [list(each.value) for each in model.weights]
    if not rows or not rows[0] or len({len(row) for row in rows}) > 1 or len(model.offset) != len(rows):
        raise BadPackage(
            f"the linear model has {len(rows)} rows of weights and {len(model.offset)} offsets; it is damaged"
        )
    return np.array(rows, np.float64), np.array(model.offset, np.float64)


def _operations(spec, known, weights, offset, transform, **more):
    inputs = {
        "features": [Ref(name) for name in known.inputs],
        "weights": weights,
        "offset": offset,
        "transform": transform,
        **more,
    }
    outputs = tuple((name, each.dtype, ()) for name, each in known.outputs.items())
    return (Operation(spec.WhichOneof("Type"), "", inputs, outputs),)


def _chances(values, transform, reference):
    if values.shape[1] == 1:
        second = _link(values, transform)
        return np.concatenate([1 - second, second], axis=1)
    if reference:
        values = np.concatenate([np.zeros((len(values), 1)), values], axis=1)
        made = np.exp(values - values.max(axis=1, keepdims=True))
    else:
        made = _link(values, transform)
    total = made.sum(axis=1, keepdims=True)
    return np.where(total > 0, made / np.where(total > 0, total, 1), 1 / made.shape[1])


def _link(values, transform):
    if transform == "Logit":
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-values))
    if transform == "Probit":
        from scipy.special import ndtr

        return ndtr(values)
    return values
