"""Decision trees as gathers: all trees of an ensemble walk down one level at a time, for all rows at once."""

from dataclasses import dataclass

import numpy as np

from .blocks import builder


@dataclass(frozen=True)
class Forest:
    """Trees laid end to end. For every node: ``feature`` (0 at a leaf), ``threshold`` float64 (+inf at a leaf), ``below``
    and ``above`` (a leaf points to itself). ``roots``: first node of each tree; ``depth``: levels of the deepest."""

    feature: np.ndarray
    threshold: np.ndarray
    below: np.ndarray
    above: np.ndarray
    roots: np.ndarray
    depth: int


def gather_trees(trees, columns=None):
    """A ``Forest`` from fitted ``sklearn.tree._tree.Tree`` objects; ``columns[i]`` are the features tree i was given."""
    parts = {"feature": [], "threshold": [], "below": [], "above": []}
    roots, start = [], 0
    for index, tree in enumerate(trees):
        leaf = tree.children_left < 0
        own = np.arange(tree.node_count)
        feature = np.where(leaf, 0, tree.feature)
        if columns is not None:
            feature = np.asarray(columns[index])[feature]
        parts["feature"].append(feature)
        parts["threshold"].append(np.where(leaf, np.inf, tree.threshold))
        parts["below"].append(start + np.where(leaf, own, tree.children_left))
        parts["above"].append(start + np.where(leaf, own, tree.children_right))
        roots.append(start)
        start += tree.node_count
    joined = {name: np.concatenate(part) for name, part in parts.items()}
    return Forest(**joined, roots=np.array(roots), depth=max(tree.max_depth for tree in trees))


def round_down(threshold):
    """float64 thresholds as float32, rounded towards minus infinity: then ``x <= threshold`` is the same for every
    float32 x. Infinite at a leaf, where both ways lead back to it; the largest float32 stands in for it."""
    with np.errstate(over="ignore"):
        cast = np.asarray(threshold, np.float64).astype(np.float32)
        low = np.where(cast > threshold, np.nextafter(cast, np.float32(-np.inf)), cast)
    return np.clip(low, np.finfo(np.float32).min, np.finfo(np.float32).max).astype(np.float32)


def leaves(x, forest):
    """The leaf, as a node number of the whole forest, that each row reaches in each tree: int32 (rows, trees)."""
    mb = builder()
    children = np.stack([forest.below, forest.above], axis=1).reshape(-1).astype(np.int32)
    feature, threshold = forest.feature.astype(np.int32), round_down(forest.threshold)
    node = _start(x, forest.roots.astype(np.int32))
    for _ in range(forest.depth):
        value = mb.gather_along_axis(x=x, indices=mb.gather(x=feature, indices=node, axis=0), axis=1)
        above = mb.cast(x=mb.greater(x=value, y=mb.gather(x=threshold, indices=node, axis=0)), dtype="int32")
        node = mb.gather(x=children, indices=mb.add(x=mb.mul(x=node, y=np.int32(2)), y=above), axis=0)
    return node


def _start(x, roots):
    """The roots for every row: int32 (rows, trees)."""
    mb = builder()
    first = mb.slice_by_index(x=x, begin=[0, 0], end=[0, 1], end_mask=[True, False])
    zero = mb.cast(x=mb.less(x=first, y=first), dtype="int32")
    return mb.add(x=zero, y=roots[None])


def leaf_values(node, values):
    """What the leaves hold: ``values`` (nodes, …) taken at ``node`` (rows, trees)."""
    mb = builder()
    return mb.gather(x=values.astype(np.float32), indices=node, axis=0)
