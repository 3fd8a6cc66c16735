"""A k-nearest-neighbours classifier: the labels of the nearest stored rows vote.

After ``NearestNeighbors.proto`` (Core ML Model Format Specification, apple/coremltools, 2026), in float32 as the rows are
stored. A kd-tree index and a linear one find the same neighbours, so both are searched row by row. The specification leaves
three things open, decided here: rows at the same distance come in stored order; a tie of votes goes to the class whose
nearest neighbour is nearest; and with inverse distances (1 / squared distance) neighbours at distance 0 decide alone.
Probabilities are shares of the votes. A model without rows answers its default label.
"""

import numpy as np

from ...errors import BadPackage
from ..program import Operation, Ref
from .interface import Stage, insist_numbers, matrix

_BLOCK = 2**22  # differences made at once


def read(spec, known):
    """The ``Stage`` of a kNearestNeighborsClassifier."""
    insist_numbers(known)
    model = spec.kNearestNeighborsClassifier
    stored, labels = rows(model), stored_labels(model)
    if len(stored) != len(labels):
        raise BadPackage(f"the classifier has {len(stored)} rows for {len(labels)} labels")
    index = model.nearestNeighborsIndex
    if index.WhichOneof("IndexType") is None or index.WhichOneof("DistanceFunction") != "squaredEuclideanDistance":
        raise BadPackage("the classifier names no index, or no squared Euclidean distance")
    inverse = model.WhichOneof("WeightingScheme") == "inverseDistanceWeighting"
    count = model.numberOfNeighbors.defaultValue
    default = default_label(model)
    if count < 1 or (not labels and default is None):
        raise BadPackage(f"the classifier asks {count} neighbours and has {len(labels)} rows")
    classes = list(dict.fromkeys(labels))
    codes = np.array(_codes(labels, classes), np.int64)

    def classify(columns):
        given = matrix(known, columns, index.numberOfDimensions).astype(np.float32)
        if not classes:
            return _answer(known, [default], np.zeros(len(given), int), np.zeros((len(given), 0)), [])
        votes, first = _votes(given, stored, codes, len(classes), count, inverse)
        best = votes == votes.max(axis=1, keepdims=True)
        chosen = np.where(best, first, np.inf).argmin(axis=1)
        return _answer(known, classes, chosen, votes / votes.sum(axis=1, keepdims=True), classes)

    listed = {"features": [Ref(name) for name in known.inputs], "rows": stored, "number_of_neighbors": np.array(count)}
    listed["weighting"] = "inverse_distance" if inverse else "uniform"
    listed["index"] = "kd_tree" if index.WhichOneof("IndexType") == "singleKdTreeIndex" else "linear"
    outputs = tuple((name, each.dtype, ()) for name, each in known.outputs.items())
    operations = (Operation("kNearestNeighborsClassifier", "", listed, outputs),)
    return Stage(classify, operations, constants={"rows": stored})


def rows(model):
    """The stored rows, float32 (rows, dimensions)."""
    width = model.nearestNeighborsIndex.numberOfDimensions
    found = [list(each.vector) for each in model.nearestNeighborsIndex.floatSamples]
    if width < 1 or {len(row) for row in found} - {width}:
        raise BadPackage(f"a stored row does not have the declared {width} values")
    return np.array(found, np.float32).reshape(len(found), width)


def stored_labels(model):
    """The label of each stored row, as a list."""
    kind = model.WhichOneof("ClassLabels")
    return list(getattr(model, kind).vector) if kind else []


def default_label(model):
    """What a model without rows answers, or ``None``."""
    kind = model.WhichOneof("DefaultClassLabel")
    return getattr(model, kind) if kind else None


def _codes(labels, classes):
    places = {label: place for place, label in enumerate(classes)}
    return [places[label] for label in labels]


def _votes(given, stored, codes, classes, count, inverse):
    """(votes, order of the nearest neighbour of each class), both (rows, classes)."""
    count = min(count, len(stored))
    votes, first = np.zeros((len(given), classes)), np.full((len(given), classes), np.inf)
    step = max(1, _BLOCK // stored.size)
    for start in range(0, len(given), step):
        part = given[start : start + step]
        apart = part[:, None, :] - stored
        distances = np.einsum("rsf,rsf->rs", apart, apart)
        near = np.argsort(distances, axis=1, kind="stable")[:, :count]
        distances = np.take_along_axis(distances, near, axis=1).astype(np.float64)
        weights = _inverse(distances) if inverse else np.ones_like(distances)
        where = np.arange(start, start + len(part))
        for place in range(count):
            label = codes[near[:, place]]
            votes[where, label] += weights[:, place]
            first[where, label] = np.minimum(first[where, label], place)
    return votes, first


def _inverse(distances):
    same = distances == 0
    with np.errstate(divide="ignore"):
        return np.where(same.any(axis=1, keepdims=True), same, 1 / np.where(same, 1, distances))


def _answer(known, classes, chosen, shares, named):
    kind = object if isinstance(classes[0], str) else np.int64
    made = {known.predicted: np.array(classes, kind)[chosen]}
    if known.chances:
        made[known.chances] = [dict(zip(named, row, strict=True)) for row in shares.tolist()]
    return made
