"""A dendrogram to take in hand: move the cut up and down the tree, and see on the map which groups it leaves."""

import numpy as np
import traitlets

from beyondlabels.errors import BadInput

from . import words
from .base import Explorable
from .map import is_number, pairs
from .merges import LINKAGES, Merges
from .stage import _COLOURS, Axis, across, frame, plane, up

MOST_ROWS = 2_000  # all distances are needed at once: 16 MB
SLIDER = 60  # groups; the handle on the tree goes on beyond
_REST = 255  # the front end's code of a plain point


class Tree(Explorable, stem="tree"):
    """Agglomerative clustering of two measurements of one unit, as a widget and as an object for code.

    X, x, y, names, units, lines, noun, question: as in ``explore.DBSCAN``; 2 to 2,000 rows. linkage: "single", "complete",
    "average" or "ward", what counts as the distance of two groups. k: how many groups the first cut leaves.

    ``cut`` is a height of the tree; ``labels`` are the groups of all merges up to it, numbered from 0, the largest first, and
    the same as those of ``scipy.cluster.hierarchy.fcluster(..., criterion="distance")``. A new linkage keeps the number of
    groups. Raises ``BadInput`` for data or settings that cannot be used.
    """

    branches = traitlets.Bytes().tag(sync=True)  # float32 (merges, 5): left, right, their heights, its own

    def __init__(
        self, X, x=None, y=None, linkage="single", k=6, names=None, units=None, lines=(), noun="points", question=None
    ):
        points, axes = plane(X, x, y, names, units)
        if axes[0].unit != axes[1].unit:
            raise BadInput(
                f"{axes[0].name} is in {axes[0].unit or 'no unit'} and {axes[1].name} in {axes[1].unit or 'no unit'}; a distance "
                "needs one unit both ways. Bring both into the same unit, or standardise them, first."
            )
        if not 2 <= len(points) <= MOST_ROWS:
            raise BadInput(f"X has {len(points):,} rows; a tree is grown of 2 to {MOST_ROWS:,}. Take a sample of them.")
        self._axes, self._points, self._noun = axes, points, noun
        lines = [pairs(line, "a line") for line in lines]
        self._grow(linkage)
        self._cut = self._merges.cut_for(self._checked_count(k))
        fractions = [np.column_stack([axis.fraction(line[:, i]) for i, axis in enumerate(axes)]) for line in lines]
        text = {
            "question": question or "Where would you cut?",
            "noun": noun,
            "one": words.one(noun),
            "lines": [line.ravel().round(4).tolist() for line in fractions],
            "linkages": [[name, told] for name, (told, _) in LINKAGES.items()],
            "most": min(SLIDER, len(points)),
        }
        super().__init__(axes, text)
        self.publish(self._found(), points=True)

    @property
    def cut(self):
        """The height of the cut; set it to change."""
        return self._cut

    @cut.setter
    def cut(self, value):
        self.act("cut", cut=value)

    @property
    def k(self):
        """How many groups the cut leaves; set it to cut for so many."""
        return len(self._merges.sizes(self._cut))

    @k.setter
    def k(self, value):
        self.act("k", k=value)

    @property
    def linkage(self):
        """What counts as the distance of two groups; set it to change."""
        return self._linkage

    @linkage.setter
    def linkage(self, value):
        self.act("linkage", linkage=value)

    @property
    def labels(self):
        """Group of each row, (n,) int64, from 0, the largest group first."""
        return self._merges.labels(self._cut)

    @property
    def tree(self):
        """The merges as SciPy writes them, (n - 1, 4)."""
        return self._merges.tree.copy()

    def describe(self):
        """One line: rows, measurements, linkage, and the groups at the cut."""
        axes = " and ".join(f"{axis.label} ({axis.unit})" if axis.unit else axis.label for axis in self._axes)
        return f"Tree of {words.count(len(self._points), self._noun)}: {axes}, {self._linkage} linkage. {self._found()}"

    def picture(self):
        """A still SVG of the tree with its cut, with a line of text."""
        told = self.describe()
        axes = (Axis("rows", f"{self._noun}, in the order of the tree", "", 1, len(self._points)), self._height)
        lower = self._merges.branches
        tall = lower[lower[:, 4] > 0.01 * self._merges.tree[-1, 2]]  # what is lower is thinner than its line
        drawn = {
            f"M{across(axes[0], a):.0f} {up(axes[1], c):.0f}V{up(axes[1], e):.0f}H{across(axes[0], b):.0f}V{up(axes[1], d):.0f}"
            for a, b, c, d, e in tall + np.array([1, 1, 0, 0, 0])
        }
        level = up(self._height, self._cut)
        body = (
            f'<path d="{"".join(sorted(drawn))}" fill="none" stroke="{_COLOURS[0]}"/>'
            f'<path d="M50 {level:.0f}H510" fill="none" stroke="{_COLOURS[1]}" stroke-width="2" stroke-dasharray="6 4"/>'
        )
        return self.image(frame(axes, body, told), told)

    def act(self, do, token=None, **what):
        """Do one thing and publish what came of it."""
        with self.lock:
            before = self.k
            match do:
                case "cut":
                    self._cut = self._checked_cut(what["cut"])
                case "k":
                    self._cut = self._merges.cut_for(self._checked_count(what["k"]))
                case "linkage":
                    self._grow(what["linkage"])
                    self._cut = self._merges.cut_for(before)
                case other:
                    raise BadInput(f"the widget was asked for {other!r}, which it does not know; reload the page.")
            self.publish(self._found(), token, tree=do == "linkage")

    def publish(self, said, token=None, points=False, tree=False):
        """Send what changed in one message; ``token`` tells a browser that its request was answered."""
        merges, sizes = self._merges, self._merges.sizes(self._cut)
        codes = merges.labels(self._cut)
        codes[codes >= len(_COLOURS)] = _REST
        with self.hold_sync():
            if points:
                self.positions = self.place(self._points)
            if points or tree:
                scale = [len(self._points) - 1] * 2 + [self._height.high] * 3
                self.branches = (merges.branches / scale).astype("<f4").tobytes()
            self.groups = codes.astype(np.uint8).tobytes()
            self.said = said
            self.state = {
                "height": self._height.state(), "cut": self._cut, "told": self._height.say(self._cut), "k": len(sizes),
                "linkage": self._linkage, "sizes": sizes[: len(_COLOURS)].tolist(), "alone": int((sizes == 1).sum()),
                "below": merges.below(self._cut, codes).astype(int).tolist(), "token": token,
            }  # fmt: skip
            self.frame += 1

    def _grow(self, linkage):
        if linkage not in LINKAGES:
            raise BadInput(f"linkage is {linkage!r}; it is one of {', '.join(map(repr, LINKAGES))}.")
        self._linkage, self._merges = linkage, Merges(self._points, linkage)
        top = float(self._merges.tree[-1, 2]) or 1.0
        unit = self._axes[0].unit if LINKAGES[linkage][1] else ""
        self._height = Axis("height", "height of the merge", unit, 0.0, top * 1.06)

    def _found(self):
        """The groups at the cut, in words."""
        sizes = self._merges.sizes(self._cut)
        cut = f"Cut at {self._height.say(self._cut)}: {words.count(len(sizes), 'groups')}"
        if len(sizes) == 1:
            return f"{cut} of all {len(self._points):,} {self._noun}."
        alone = int((sizes == 1).sum())
        if alone == len(sizes):
            return f"{cut}, every {words.one(self._noun)} alone."
        lonely = f", and {words.count(alone, self._noun)} {'is' if alone == 1 else 'are'} alone" if alone else ""
        return f"{cut}. The largest has {sizes[0]:,} of {len(self._points):,} {self._noun}{lonely}."

    def _checked_cut(self, cut):
        if not is_number(cut) or not 0 <= cut <= self._height.high * (1 + 1e-9):
            raise BadInput(f"cut is {cut!r}; here it is a height from 0 to {self._height.high:g}.")
        return float(cut)

    def _checked_count(self, k):
        if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or not 1 <= k <= len(self._points):
            raise BadInput(f"k is {k!r}; here it is a whole number from 1 to {len(self._points):,}.")
        return int(k)
