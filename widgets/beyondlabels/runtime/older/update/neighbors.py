"""New labelled rows for a nearest-neighbours classifier: they are stored behind those it has."""

import numpy as np

from ....errors import BadInput
from ..features import feature


def train(spec, columns):
    """Append the rows and labels in ``columns`` to the classifier in ``spec``. There is no loss: an empty list."""
    model = spec.kNearestNeighborsClassifier
    index = model.nearestNeighborsIndex
    label_name = spec.description.predictedFeatureName
    inputs = list(map(feature, spec.description.input))
    parts = [np.asarray(columns[each.name]).reshape(len(columns[each.name]), -1) for each in inputs]
    rows = np.concatenate(parts, axis=1).astype(np.float32)
    if rows.shape[1] != index.numberOfDimensions or label_name not in columns:
        raise BadInput(f"the classifier learns from {index.numberOfDimensions} values and the label {label_name!r}")
    if not np.isfinite(rows).all():
        raise BadInput("a row holds a number that float32 cannot")
    labels = columns[label_name]
    stored = model.stringClassLabels if labels.dtype == object else model.int64ClassLabels
    for row in rows:
        index.floatSamples.add().vector.extend(row.tolist())
    stored.vector.extend(labels.tolist())
    return []
