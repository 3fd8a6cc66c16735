"""What a model says of its inputs and outputs, and the helpers that all kinds share."""

from dataclasses import dataclass, field

import numpy as np

from ...errors import BadInput, BadPackage
from .features import feature


@dataclass(frozen=True)
class Interface:
    """Features by name, in order; ``predicted`` and ``chances`` name the outputs of a classifier or regressor."""

    inputs: dict
    outputs: dict
    predicted: str = ""
    chances: str = ""

    @property
    def one_input(self):
        """The only input. Raises ``BadPackage`` where there are none or several."""
        return self._only(self.inputs, "input")

    @property
    def one_output(self):
        """The only output."""
        return self._only(self.outputs, "output")

    @staticmethod
    def _only(features, word):
        if len(features) != 1:
            raise BadPackage(f"expected one {word}, found {sorted(features)}")
        return next(iter(features.values()))


@dataclass(frozen=True)
class Stage:
    """A model that has been read. ``evaluate`` takes columns by name and gives columns by name; ``operations`` is what
    ``inspect`` lists; with ``nan`` a missing value is something it can deal with; ``values`` gives what lies between."""

    evaluate: object
    operations: tuple
    nan: bool = False
    values: object = None
    constants: dict = field(default_factory=dict)


NETWORKS = ("neuralNetwork", "neuralNetworkClassifier", "neuralNetworkRegressor")
PIPELINES = ("pipeline", "pipelineClassifier", "pipelineRegressor")


def interface(spec):
    """The ``Interface`` of a ``Model``."""
    kind, description = spec.WhichOneof("Type"), spec.description
    sequence = kind in NETWORKS and getattr(spec, kind).arrayInputShapeMapping == 0
    return Interface(
        {each.name: feature(each, sequence) for each in description.input},
        {each.name: feature(each) for each in description.output},
        description.predictedFeatureName,
        description.predictedProbabilitiesName,
    )


def matrix(known, columns, width=None):
    """Inputs side by side as float64 (rows, features): numbers take one column, arrays as many as they hold.

    Raises ``BadInput`` where that is not ``width`` columns.
    """
    parts = [np.asarray(columns[name], np.float64).reshape(len(columns[name]), -1) for name in known.inputs]
    made = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
    if width is not None and made.shape[1] != width:
        raise BadInput(f"the inputs {list(known.inputs)} hold {made.shape[1]} values a row; the model takes {width}")
    return made


def insist_numbers(known):
    """Raise ``BadPackage`` when an input is neither a number nor an array."""
    for each in known.inputs.values():
        if each.kind not in ("number", "array"):
            raise BadPackage(f"input {each.name!r} is declared as {each.dtype}; this kind of model takes numbers")
    if not known.inputs:
        raise BadPackage("the model has no inputs")


def class_labels(model, count=None):
    """The labels of a classifier as a list, ``0, 1, …`` (of ``count``) when it has none."""
    kind = model.WhichOneof("ClassLabels")
    labels = list(getattr(model, kind).vector) if kind else list(range(count or 0))
    if not labels:
        raise BadPackage("the classifier has no class labels")
    return labels


def classified(known, labels, chances, chosen):
    """Columns of a classifier: the chosen labels, and dicts from label to probability; ``chances`` (rows, classes)."""
    made = {known.predicted: label_column(labels, chosen)}
    if known.chances:
        made[known.chances] = [dict(zip(labels, row, strict=True)) for row in np.asarray(chances, float).tolist()]
    return made


def label_column(labels, chosen):
    """The labels at these places, as text or int64."""
    kind = object if isinstance(labels[0], str) else np.int64
    return np.array(labels, kind)[np.asarray(chosen, np.int64)]


def regressed(known, values):
    """Columns of a regressor: its prediction (rows, dimensions)."""
    name = known.predicted or next(iter(known.outputs), "")
    return {name: values}
