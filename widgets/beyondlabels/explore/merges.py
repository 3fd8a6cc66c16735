"""The merges of agglomerative clustering: heights, a place for each on a drawing, and the groups below a cut."""

import numpy as np
from scipy.cluster.hierarchy import fcluster, leaves_list, linkage

# name: (its words, whether its heights are distances in the points' own unit)
LINKAGES = {
    "single": ("single: the two closest", True),
    "complete": ("complete: the two farthest", True),
    "average": ("average: all pairs", True),
    "ward": ("Ward: least added spread", False),
}


class Merges:
    """The tree of ``points`` (n, 2). ``tree``: as SciPy writes it, (n - 1, 4). ``branches``: float64 (n - 1, 5), for each merge
    where its two parts stand across (leaves are 0 to n - 1), how high they were merged themselves, and its own height."""

    def __init__(self, points, method):
        self.tree = linkage(points, method)
        self._kept = None
        rows = len(points)
        place, height = np.zeros(2 * rows - 1), np.zeros(2 * rows - 1)
        place[leaves_list(self.tree)] = np.arange(rows)
        self.branches = np.empty((rows - 1, 5))
        for number, (one, other, top, _) in enumerate(self.tree):
            parts = sorted((int(one), int(other)), key=place.__getitem__)
            self.branches[number] = [*place[parts], *height[parts], top]
            place[rows + number], height[rows + number] = place[parts].mean(), top

    def labels(self, cut):
        """The group of each row below ``cut``, (n,) int64: the largest group is 0; among equals the one with the first row."""
        return self._groups(cut)[0].copy()

    def sizes(self, cut):
        """The sizes of the groups below ``cut``, the largest first."""
        return self._groups(cut)[1]

    def cut_for(self, k):
        """A height that leaves ``k`` groups, halfway between two merges; where merges of one height skip ``k``, fewer."""
        heights = self.tree[:, 2]
        if k == 1:
            return float(heights[-1]) * 1.03 or 1.0
        done = len(heights) + 1 - k  # so many merges lie below
        while done < len(heights) and done and heights[done] == heights[done - 1]:
            done += 1
        if done == len(heights):
            return self.cut_for(1)
        low = float(heights[done - 1]) if done else 0.0
        return (low + float(heights[done])) / 2

    def below(self, cut, codes):
        """What each merge is drawn as, (n - 1,): the code of its rows where it lies below ``cut``, -1 above."""
        rows = len(self.tree) + 1
        first = np.arange(2 * rows - 1)
        for number, pair in enumerate(self.tree[:, 0].astype(int)):
            first[rows + number] = first[pair]
        return np.where(self.tree[:, 2] <= cut, codes[first[rows:]], -1)

    def _groups(self, cut):
        if self._kept is None or self._kept[0] != cut:
            numbers = fcluster(self.tree, cut, criterion="distance")
            _, first, group, sizes = np.unique(numbers, return_index=True, return_inverse=True, return_counts=True)
            order = np.lexsort([first, -sizes])
            rank = np.empty(len(order), np.int64)
            rank[order] = np.arange(len(order))
            self._kept = cut, rank[group], sizes[order]
        return self._kept[1:]
