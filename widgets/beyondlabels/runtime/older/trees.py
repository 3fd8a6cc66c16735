"""Tree ensembles: every tree adds the values of the leaf that a row reaches to the base values, then a transform.

After ``TreeEnsemble.proto`` and the rules of ``TreeEnsembleCommon.cpp`` (Core ML Model Format Specification,
apple/coremltools, 2026). Comparisons are in double precision, as thresholds are stored.
"""

import numpy as np

from ...errors import BadPackage
from ..program import Operation, Ref
from .interface import Stage, class_labels, classified, insist_numbers, matrix, regressed

_LEAF = 6
_COMPARE = (np.less_equal, np.less, np.greater_equal, np.greater, np.equal, np.not_equal)
_TRANSFORMS = (
    "NoTransform",
    "Classification_SoftMax",
    "Regression_Logistic",
    "Classification_SoftMaxWithZeroClassReference",
)
_ROWS = 4096  # evaluated at once


def read(spec, known):
    """The ``Stage`` of a treeEnsembleClassifier or treeEnsembleRegressor."""
    insist_numbers(known)
    kind = spec.WhichOneof("Type")
    model = getattr(spec, kind)
    forest = Forest(model.treeEnsemble)
    if not 0 <= model.postEvaluationTransform < len(_TRANSFORMS):
        raise BadPackage(f"the trees have an unknown transform, number {model.postEvaluationTransform}")
    transform = _TRANSFORMS[model.postEvaluationTransform]
    listed = {
        "features": [Ref(name) for name in known.inputs],
        "trees": np.array(len(forest.roots)),
        "nodes": np.array(forest.size),
    }
    listed |= {"transform": transform, "base_prediction_value": forest.base}
    operations = (Operation(kind, "", listed, tuple((name, each.dtype, ()) for name, each in known.outputs.items())),)
    constants = {"thresholds": forest.value, "leaves": forest.leaf_value}
    if kind == "treeEnsembleRegressor":

        def regress(columns):
            return regressed(known, _regression(forest.sums(matrix(known, columns)), transform))

        return Stage(regress, operations, nan=True, constants=constants)
    labels = class_labels(model, max(2, len(forest.base)))
    if len(labels) != max(2, len(forest.base)):
        raise BadPackage(f"the trees give {len(forest.base)} values for {len(labels)} classes")

    def classify(columns):
        chances = _chances(forest.sums(matrix(known, columns)), transform)
        # Of two classes, the second wins a tie: coremltools' own converter moves a leaf of exactly 0.5 for that reason.
        chosen = (chances[:, 1] >= chances[:, 0]).astype(int) if len(forest.base) == 1 else chances.argmax(1)
        return classified(known, labels, chances, chosen)

    return Stage(classify, operations, nan=True, constants=constants)


class Forest:
    """All nodes of all trees in arrays. Raises ``BadPackage`` for a tree without one root, with a cycle or a missing child."""

    def __init__(self, parameters):
        nodes = parameters.nodes
        self.size = len(nodes)
        places = {(node.treeId, node.nodeId): place for place, node in enumerate(nodes)}
        if len(places) != self.size:
            raise BadPackage("two nodes of a tree have the same number; the model is damaged")
        dimensions = parameters.numPredictionDimensions
        most = max(1, len(parameters.basePredictionValue), *(len(node.evaluationInfo) for node in nodes), 10_000)
        if not 0 < dimensions <= most:
            raise BadPackage(f"the trees are declared to give {dimensions} values, which no leaf does")
        base = list(parameters.basePredictionValue) or [0.0] * dimensions
        if len(base) != dimensions:
            raise BadPackage(f"the trees give {dimensions} values, but have {len(base)} base values")
        self.base = np.array(base, np.float64)
        self.mode = np.array([node.nodeBehavior for node in nodes], np.int64)
        self.feature = np.array([min(node.branchFeatureIndex, 2**40) for node in nodes], np.int64)
        self.value = np.array([node.branchFeatureValue for node in nodes], np.float64)
        self.missing = np.array([node.missingValueTracksTrueChild for node in nodes], bool)
        self.children = self._children(nodes, places)
        self.roots = self._roots(nodes)
        self._leaves(nodes)

    def _children(self, nodes, places):
        children = np.full((2, len(nodes)), -1, np.int64)
        for place, node in enumerate(nodes):
            if node.nodeBehavior == _LEAF:
                continue
            if not 0 <= node.nodeBehavior < _LEAF:
                raise BadPackage(f"node {node.nodeId} of tree {node.treeId} branches in an unknown way")
            for side, child in enumerate((node.falseChildNodeId, node.trueChildNodeId)):
                if (node.treeId, child) not in places:
                    raise BadPackage(f"node {node.nodeId} of tree {node.treeId} leads to {child}, which does not exist")
                children[side, place] = places[node.treeId, child]
        return children

    def _roots(self, nodes):
        parents = np.bincount(self.children[self.children >= 0], minlength=len(nodes))
        roots = np.flatnonzero(parents == 0)
        trees = {nodes[int(place)].treeId for place in roots}
        if (parents > 1).any() or len(trees) != len(roots) or trees != {node.treeId for node in nodes}:
            raise BadPackage(
                "the nodes of a tree do not hang together: expected one root, and one parent for each other node"
            )
        seen, level = 0, roots
        while len(level):
            seen += len(level)
            below = self.children[:, level].ravel()
            level = below[below >= 0]
        if seen != len(nodes):
            raise BadPackage("a tree runs in a circle; the model is damaged")
        return roots

    def _leaves(self, nodes):
        counts = [len(node.evaluationInfo) for node in nodes]
        given = [each for node in nodes for each in node.evaluationInfo]
        self.count = np.where(self.mode == _LEAF, counts, 0)
        self.start = np.cumsum([0, *counts[:-1]]) if nodes else np.zeros(0, np.int64)
        self.leaf_index = np.array([min(each.evaluationIndex, 2**40) for each in given], np.int64)
        self.leaf_value = np.array([each.evaluationValue for each in given], np.float64)
        if len(given) and self.leaf_index.max() >= len(self.base):
            raise BadPackage(f"a leaf gives value {self.leaf_index.max()}; there are {len(self.base)}")

    def sums(self, rows):
        """(rows, dimensions) for rows (rows, features) in float64; NaN is a missing value."""
        needed = self.feature[self.mode != _LEAF].max(initial=-1) + 1
        if rows.shape[1] < needed:
            raise BadPackage(f"the trees look at feature {needed - 1}; the inputs hold {rows.shape[1]}")
        return np.concatenate([self._part(rows[start : start + _ROWS]) for start in range(0, len(rows), _ROWS)])

    def _part(self, rows):
        made = np.tile(self.base, (len(rows), 1))
        every = np.arange(len(rows))
        for root in self.roots:
            at = np.full(len(rows), root)
            while (walking := every[self.mode[at] != _LEAF]).size:
                here = at[walking]
                at[walking] = self.children[self._holds(rows[walking, self.feature[here]], here).astype(np.int64), here]
            for place in range(self.count[at].max(initial=0)):
                row = every[self.count[at] > place]
                where = self.start[at[row]] + place
                made[row, self.leaf_index[where]] += self.leaf_value[where]
        return made

    def _holds(self, values, nodes):
        mode, bound = self.mode[nodes], self.value[nodes]
        holds = np.zeros(len(nodes), bool)
        for number in np.unique(mode):
            part = mode == number
            holds[part] = _COMPARE[number](values[part], bound[part])
        return np.where(np.isnan(values), self.missing[nodes], holds)


def _regression(sums, transform):
    if transform == "Regression_Logistic":
        return _logistic(sums)
    if transform == "Classification_SoftMax":
        return _softmax(sums)
    if transform == "Classification_SoftMaxWithZeroClassReference":
        return _softmax(np.concatenate([np.zeros((len(sums), 1)), sums], axis=1))[:, 1:]
    return sums


def _chances(sums, transform):
    """Probabilities (rows, classes); one value alone is that of the second of two classes, the first being its rest."""
    if sums.shape[1] == 1 and transform.startswith("Classification"):
        return _softmax(np.concatenate([np.zeros((len(sums), 1)), sums], axis=1))
    if transform.startswith("Classification"):
        return _softmax(sums)
    values = _logistic(sums) if transform == "Regression_Logistic" else sums
    return np.concatenate([1 - values, values], axis=1) if sums.shape[1] == 1 else values


def _logistic(values):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-values))


def _softmax(values):
    made = np.exp(values - values.max(axis=1, keepdims=True))
    return made / made.sum(axis=1, keepdims=True)
