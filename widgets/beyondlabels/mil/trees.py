"""Decision trees as gathers: all trees of an ensemble walk down one level at a time, for all rows at once."""

from dataclasses import dataclass

import numpy as np

from .blocks import builder, constant

_WORTH_LEAVING = 0.9  # trees that have ended leave the walk once they are a tenth of those that still walk


@dataclass(frozen=True)
class Forest:
    """Trees laid end to end. For every node: ``feature`` (0 at a leaf), ``threshold`` float64 (+inf at a leaf), ``below``
    and ``above`` (a leaf points to itself), and ``missing_below``: whether a missing value goes below, where one is a
    legal input. For every tree: ``roots``, its first node. ``depth``: levels of the deepest, or of every tree."""

    feature: np.ndarray
    threshold: np.ndarray
    below: np.ndarray
    above: np.ndarray
    roots: np.ndarray
    depth: int | np.ndarray
    missing_below: np.ndarray | None = None

    @property
    def leaf(self):
        return self.below == np.arange(len(self.below))


def gather_trees(trees, columns=None, missing=False):
    """A ``Forest`` from fitted ``sklearn.tree._tree.Tree`` objects; ``columns[i]`` are the features tree i was given;
    ``missing``: whether a missing value is a legal input."""
    parts = {"feature": [], "threshold": [], "below": [], "above": []}
    roots = np.cumsum([0, *(tree.node_count for tree in trees)])[:-1]
    for index, (tree, start) in enumerate(zip(trees, roots, strict=True)):
        leaf = tree.children_left < 0
        own = np.arange(tree.node_count)
        feature = np.where(leaf, 0, tree.feature)
        parts["feature"].append(feature if columns is None else np.asarray(columns[index])[feature])
        parts["threshold"].append(np.where(leaf, np.inf, tree.threshold))
        parts["below"].append(start + np.where(leaf, own, tree.children_left))
        parts["above"].append(start + np.where(leaf, own, tree.children_right))
    if missing:
        parts["missing_below"] = [tree.missing_go_to_left.astype(bool) for tree in trees]
    joined = {name: np.concatenate(part) for name, part in parts.items()}
    return Forest(**joined, roots=roots, depth=np.array([tree.max_depth for tree in trees]))


def round_down(threshold):
    """float64 thresholds as float32, rounded towards minus infinity: then ``x <= threshold`` is the same for every
    float32 x. The largest float32 stands in for infinity."""
    with np.errstate(over="ignore"):
        threshold = np.asarray(threshold, np.float64)  # a Python number would be compared as float32
        cast = threshold.astype(np.float32)
        low = np.where(cast > threshold, np.nextafter(cast, np.float32(-np.inf)), cast)
    return np.clip(low, np.finfo(np.float32).min, np.finfo(np.float32).max).astype(np.float32)


def leaves(x, forest):
    """The leaf, as a node number of the whole forest, that each row reaches in each tree: int32 (rows, trees)."""
    mb = builder()
    rank = np.cumsum(forest.leaf) - forest.leaf
    leaf, order = _reached(x, forest, rank, rank[forest.roots])
    node = mb.gather(x=np.flatnonzero(forest.leaf).astype(np.int32), indices=leaf, axis=0)
    back = np.argsort(order).astype(np.int32)
    node = mb.gather(x=node, indices=back, axis=0) if (back[:-1] > back[1:]).any() else node
    return mb.transpose(x=node, perm=[1, 0])


def leaf_sums(x, forest, values, groups=None):
    """What the leaves hold, summed over the trees: ``values`` (nodes,) or (nodes, k) give (rows,) or (rows, k).

    With ``groups``, a number for each tree, ``values`` (nodes,) are summed for each group apart: (rows, groups).
    """
    mb = builder()
    values = np.asarray(values)
    if values.ndim == 2:
        place, first, different = _different(forest, constant(np.where(forest.leaf[:, None], values, 0)))
        row, _ = _reached(x, forest, place, first)
        held = mb.gather(x=different, indices=row, axis=0)
        return mb.reduce_sum(x=held, axes=[0], keep_dims=False)
    held, order = _walk(x, forest, values)
    if groups is None:
        return mb.reduce_sum(x=held, axes=[0], keep_dims=False)
    members = np.arange(np.max(groups) + 1)[:, None] == np.asarray(groups)[order]
    return mb.transpose(x=mb.matmul(x=members.astype(np.float32), y=held), perm=[1, 0])


def _different(forest, values):
    """(place, first, rows): what the leaves hold, float32 ``values`` (nodes, k), every row once a tree, for many leaves hold
    the same. A leaf's row is ``rows[place]``; each tree's own begin at ``first``."""
    place, first, parts, begin = np.zeros(len(values), np.int64), [], [], 0
    for nodes in np.split(np.arange(len(values)), forest.roots[1:]):
        own = nodes[forest.leaf[nodes]]
        rows, inverse = np.unique(values[own], axis=0, return_inverse=True)
        place[own] = begin + inverse.reshape(-1)
        first.append(begin)
        parts.append(rows)
        begin += len(rows)
    return place, np.array(first), np.concatenate(parts)


def _reached(x, forest, place, first):
    """(``place`` of the leaf that each row reaches: int32 (trees, rows); the order of the trees). ``first``: the least
    ``place`` in each tree."""
    mb = builder()
    # Counted from the tree's own first, so that half precision keeps the number too, up to 2,048 places a tree.
    own, order = _walk(x, forest, place - np.repeat(first, np.diff([*forest.roots, len(place)])))
    return mb.add(x=mb.cast(x=own, dtype="int32"), y=first[order, None].astype(np.int32)), order


def _walk(x, forest, says):
    """(what the leaf that each row reaches ``says``: float32 (trees, rows); the order of the trees).

    The nodes are numbered anew, the two children of a node side by side: the way to the first child is one jump, to which
    the answer to the question (0 or 1) is added. A leaf jumps nowhere, and its question is never true, so that where its
    threshold would be there is room for what it says. The deepest trees come first, so that those which have ended can be
    left behind.
    """
    mb = builder()
    depths = np.broadcast_to(forest.depth, forest.roots.shape)
    order = np.argsort(-depths, kind="stable")
    origin, roots, jumps = _side_by_side(forest, order)
    x, features, numbers = _questions(x, forest, says)
    features, numbers = features[origin], numbers[origin]
    above = mb.greater(x=mb.gather(x=x, indices=features[roots], axis=0), y=numbers[roots, None])
    node = mb.add(x=mb.cast(x=above, dtype="int32"), y=(roots + jumps[roots])[:, None])
    feature, number, jump = (mb.const(val=each) for each in (features, numbers, jumps))
    first, whole = mb.const(val=np.int32(0)), mb.const(val="int32")  # once each: a level takes fewer bytes in the file
    ended = []
    for level in range(1, depths.max(initial=1)):
        walking, width = int((depths > level).sum()), node.shape[0]
        if walking < _WORTH_LEAVING * width:
            node, done = mb.split(x=node, split_sizes=[walking, width - walking], axis=0)
            ended.insert(0, done)
        value = mb.gather_along_axis(x=x, indices=mb.gather(x=feature, indices=node, axis=first), axis=first)
        above = mb.greater(x=value, y=mb.gather(x=number, indices=node, axis=first))
        step = mb.add(x=mb.gather(x=jump, indices=node, axis=first), y=mb.cast(x=above, dtype=whole))
        node = mb.add(x=node, y=step)
    node = mb.concat(values=[node, *ended], axis=0) if ended else node
    return mb.gather(x=number, indices=node, axis=0), order


def _side_by_side(forest, order):
    """(the forest's number of each node in the new order, the roots in new numbers, the jump to each first child), int32.

    Tree after tree, each level by level: so jumps are small, and small whole numbers take fewer bytes in the file.
    """
    leaf, pairs = forest.leaf, np.stack([forest.below, forest.above], axis=1)
    level, tree = forest.roots[order], np.arange(len(order))
    levels, trees = [], []
    while len(level):
        levels.append(level)
        trees.append(tree)
        level, tree = pairs[level[~leaf[level]]].reshape(-1), np.repeat(tree[~leaf[level]], 2)
    tree = np.concatenate(trees)
    origin = np.concatenate(levels)[np.argsort(tree, kind="stable")]
    new = np.zeros(len(leaf), np.int64)
    new[origin] = np.arange(len(origin))
    jumps = new[forest.below[origin]] - np.arange(len(origin))
    return origin, new[forest.roots[order]].astype(np.int32), jumps.astype(np.int32)


def _questions(x, forest, says):
    """Values (features, rows), and for each node the feature and the number, so that ``value > number`` is all there is.

    A leaf reads the first row, whose values lie below everything. Values beyond every threshold are held at an edge. A
    missing value lies beyond the edge, above in one copy of the features and below in another, and each node reads the
    copy it needs. No infinity takes part: half precision would count it as an overflow.
    """
    mb = builder()
    leaf, threshold, says = forest.leaf, round_down(forest.threshold), constant(np.where(forest.leaf, says, 0))
    largest = float(np.abs(threshold[np.isfinite(forest.threshold) & ~leaf]).max(initial=0.0))
    edge, beyond = constant(1.125 * largest + 1)[()], constant(1.25 * largest + 2)[()]
    lowest = np.full((1, 1), -max(beyond, np.abs(says).max(initial=0.0)), np.float32)
    held, feature = mb.clip(x=x, alpha=-edge, beta=edge), 1 + forest.feature
    copies = [held]
    if forest.missing_below is not None:
        missing = mb.not_equal(x=x, y=x)
        copies = [mb.select(cond=missing, a=end, b=held) for end in (-beyond, beyond)]
        feature = np.where(forest.missing_below, feature, feature + x.shape[1])
    some = mb.slice_by_index(x=copies[0], begin=[0, 0], end=[0, 1], begin_mask=[True, False], end_mask=[True, False])
    below_all = mb.minimum(x=some, y=lowest)
    feature = np.where(leaf, 0, feature)
    # A threshold of +inf parts the missing from all others; beneath one of -inf lies nothing but the missing.
    number = np.where(leaf, says, np.clip(threshold, np.float32(-1.01) * edge, edge)).astype(np.float32)
    values = mb.transpose(x=mb.concat(values=[below_all, *copies], axis=1), perm=[1, 0])
    return values, feature.astype(np.int32), number
