"""K-means by halving (Steinbach, Karypis and Kumar, A Comparison of Document Clustering Techniques, 2000)."""

from copy import copy

import numpy as np
from sklearn.cluster import BisectingKMeans

from ....mil.blocks import builder, constant
from ....mil.distances import centred, squared_distances
from ....mil.trees import Forest, leaves
from ....typeset import counted
from ...registry import recipe
from .singles import carries_centres, group_of_one
from .stored_rows import close


def _nodes(model):
    """The nodes of the tree of centres, parents first, each as (node, number of its left child; the right one follows)."""
    nodes, found = [model._bisecting_tree], []
    for node in nodes:  # grows while it is walked
        found.append((node, len(nodes) if node.left is not None else -1))
        nodes += [] if node.left is None else [node.left, node.right]
    return found


def _offset(model):
    """What the tree's centres lack: they are those of centred rows, unless the rows were sparse."""
    return np.asarray(getattr(model, "_X_mean", 0.0), np.float64)


def _moved(model, X):
    """Model and rows moved together to the mean of the centres; the tree's centres in float64."""
    mean = np.asarray(model.cluster_centers_, np.float64).mean(axis=0)
    twin = copy(model)
    twin.cluster_centers_ = np.asarray(model.cluster_centers_, np.float64) - mean
    twins = [copy(node) for node, _ in _nodes(model)]
    for node, (_, left) in zip(twins, _nodes(model), strict=True):
        node.center = np.asarray(node.center, np.float64) + _offset(model) - mean
        node.left, node.right = (twins[left], twins[left + 1]) if left > 0 else (None, None)
    twin._bisecting_tree = twins[0]
    vars(twin).pop("_X_mean", None)
    return twin, np.asarray(X, np.float64) - mean


def _expected(model, method, X):
    twin, rows = _moved(model, X)
    return getattr(twin, method)(rows)


def _ties(model, name, X, near):
    """Rows that are equally far from both halves somewhere on their way down."""
    twin, rows = _moved(model, X)
    nodes, ties = _nodes(twin), np.zeros(len(rows), bool)
    here, size = {0: np.arange(len(rows))}, np.linalg.norm(rows, axis=1)
    for number, (node, left) in enumerate(nodes if name == "label" else ()):
        which = here.get(number, np.zeros(0, int))
        if left < 0 or not len(which):
            continue
        two = [np.linalg.norm(rows[which] - half.center, axis=1) for half in (node.left, node.right)]
        ties[which] |= close(np.abs(two[0] - two[1]), two[0] + two[1], size[which], near)
        here[left], here[left + 1] = which[two[0] <= two[1]], which[two[0] > two[1]]
    return ties


def _carries(model):
    groups, features = model.cluster_centers_.shape
    halvings = counted(max(groups - 1, 0), "halving")
    summary = f"{counted(groups, 'centre')}, and the {halvings} between them, of {counted(features, 'mean')} each."
    return carries_centres(model, summary)


@recipe(
    BisectingKMeans,
    outputs={"label": "predict", "distances": "transform"},
    reference=_expected,
    ties=_ties,
    carries=_carries,
    limits=group_of_one,
)
def bisecting(model, x):
    """Down the tree of centres, at each fork to the nearer half: not always the nearest centre of all.

    |x - l|^2 > |x - r|^2 where (x - (l + r) / 2) . (r - l) > 0: one matrix product makes a column for each fork, and a
    decision tree with thresholds 0 walks over those.
    """
    mb = builder()
    made = {"distances": mb.sqrt(x=squared_distances(x, model.cluster_centers_))}
    nodes = _nodes(model)
    labels = np.array([node.label if left < 0 else 0 for node, left in nodes], np.int32)
    left = np.array([each for _, each in nodes])
    forks = np.flatnonzero(left > 0)
    if not len(forks):
        distance = mb.reduce_argmin(x=made["distances"], axis=1, keep_dims=False)
        return made | {"label": mb.mul(x=distance, y=np.int32(0))}
    centres = np.array([node.center for node, _ in nodes[1:]], np.float64) + _offset(model)
    moved, centres = centred(x, centres)
    low, high = centres[left[forks] - 1], centres[left[forks]]
    across = mb.matmul(x=moved, y=constant((high - low).T))
    side = mb.sub(x=across, y=constant(((high + low) / 2 * (high - low)).sum(axis=1))[None])
    own = np.arange(len(nodes))
    feature = np.zeros(len(nodes), int)
    feature[forks] = np.arange(len(forks))
    forest = Forest(
        feature=feature,
        threshold=np.where(left > 0, 0.0, np.inf),
        below=np.where(left > 0, left, own),
        above=np.where(left > 0, left + 1, own),
        roots=np.array([0]),
        depth=_depth(left),
    )
    leaf = mb.squeeze(x=leaves(side, forest), axes=[1])
    return made | {"label": mb.gather(x=labels, indices=leaf, axis=0)}


def _depth(left):
    """The levels of the deepest leaf; children have higher numbers than their parents."""
    level = np.zeros(len(left), int)
    for number, first in enumerate(left):
        if first > 0:
            level[first : first + 2] = level[number] + 1
    return int(level.max())
