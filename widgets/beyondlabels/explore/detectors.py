"""Four detectors to take in hand: pull a boundary through the plane, and see whom each flags and whom it misses."""

import numpy as np
import traitlets

from beyondlabels.errors import BadInput

from . import words
from .base import Explorable
from .oddness import FEWEST, MOST, NAMES, Four
from .panels import still
from .stage import plane

LEFT, FLAGGED, FOUND, MISSED, LEARNED = 0, 1, 2, 3, 255  # groups: shape and colour of a row


class Detectors(Explorable, stem="detectors"):
    """Isolation forest, local outlier factor, one-class SVM and elliptic envelope on two measurements, side by side.

    X: DataFrame or array of shape (rows, features), features >= 2, finite, 10 to 5,000 rows. known: (rows,) bool, True for
    anomalies that somebody knows of; no detector sees it, and the picture shows it only once ``revealed``. x, y, names,
    units: as in ``stage.plane``. k: how many rows each detector flags. scale: measure on standardised measurements, else
    in the columns' own units. learn: "all" rows, or half of the "usual" ones (those that are not known to be odd), and
    then only the others are scored and flagged. nu: of the one-class SVM, in (0, 1]; everything else is scikit-learn's
    own, with 20 neighbours. seed: of the forest, the envelope and the half. noun: what a row is, in the plural. question:
    the card's title.

    The four scores have no common unit, so the budget ``k`` makes them comparable: moving one boundary moves all. The lines
    are drawn where a *new* row would have the threshold as its score. Raises ``BadInput`` for what cannot be used.
    """

    groups = traitlets.Bytes().tag(sync=True)  # here (4, rows): a row looks different to each detector
    lines = traitlets.Bytes().tag(
        sync=True
    )  # float32 (segments, 4) in fractions, the four detectors' one after the other
    strips = traitlets.Bytes().tag(sync=True)  # float32 (4, rows): scores between 0 (oddest) and 1, NaN for none

    def __init__(
        self,
        X,
        known=None,
        x=None,
        y=None,
        k=20,
        scale=True,
        learn="all",
        nu=0.05,
        names=None,
        units=None,
        seed=0,
        noun="rows",
        question=None,
    ):
        points, axes = plane(X, x, y, names, units)
        if not FEWEST <= len(points) <= MOST:
            raise BadInput(
                f"X has {len(points):,} rows; four detectors can be drawn for {FEWEST} to {MOST:,}. Take a sample."
            )
        if isinstance(nu, bool) or not isinstance(nu, (int, float, np.number)) or not 0 < nu <= 1:
            raise BadInput(f"nu is {nu!r}; it is a share: more than 0, at most 1.")
        known = None if known is None else _checked_known(known, len(points))
        self._four = Four(points, axes, known, k, bool(scale), learn, float(nu), int(seed), noun)
        super().__init__(
            axes,
            {
                "question": question
                or f"You may check {words.count(k, noun)}. Which detector do you trust, and where does the line go?",
                "noun": noun,
                "names": [words.sentence(name) for name in NAMES],
                "known": known is not None,
            },
        )
        self.publish(self._four.told(), points=True)

    @property
    def k(self):
        """How many rows each detector flags; set it to change. After ``through`` it is what that line flags."""
        return self._four.k

    @k.setter
    def k(self, value):
        self.act("k", k=value)

    @property
    def scale(self):
        """Whether detectors measure on standardised measurements; set it to change."""
        return self._four.scale

    @scale.setter
    def scale(self, value):
        self.act("scale", scale=value)

    @property
    def learn(self):
        """ "all" or "usual": the rows the detectors learn from; set it to change."""
        return self._four.learn

    @learn.setter
    def learn(self, value):
        self.act("learn", learn=value)

    @property
    def revealed(self):
        """Whether the picture shows which rows are anomalies; set it to change."""
        return self._four.revealed

    @revealed.setter
    def revealed(self, value):
        self.act("reveal", on=value)

    @property
    def flagged(self):
        """Detector's name -> (rows,) bool, who is flagged."""
        return dict(zip(NAMES, self._four.flagged, strict=True))

    @property
    def found(self):
        """Detector's name -> how many known anomalies are among the flagged. Raises ``BadInput`` without ``known``."""
        if self._four.known is None:
            raise BadInput("nothing is known about these rows; give known= to count what was found.")
        return dict(zip(NAMES, self._four.found, strict=True))

    def through(self, detector, x, y):
        """Lay one detector's boundary through (x, y), in the measurements' own units; the others flag as many rows."""
        if detector not in NAMES:
            raise BadInput(f"there is no detector {detector!r}; there are {', '.join(NAMES)}.")
        self.act("through", index=NAMES.index(detector), x=x, y=y)

    def describe(self):
        """One line: rows, measurements, what was learned from, and the budget."""
        four = self._four
        told = " and ".join(f"{axis.label} ({axis.unit})" if axis.unit else axis.label for axis in four.axes)
        space = "standardised" if four.scale else "in their own units"
        learned = (
            ""
            if four.learn == "all"
            else f", learned from {words.count(int(four.learned.sum()), f'usual {four.noun}')}"
        )
        return f"Four detectors on {words.count(len(four.points), four.noun)}: {told}, {space}{learned}. {four.told()}"

    def picture(self):
        """A still SVG of the four boundaries, with the sentence of ``describe``."""
        four, told = self._four, self.describe()
        captions = [words.sentence(name) for name in NAMES]
        return self.image(still(four.points, self._groups(), four.lines, four.axes, captions, told), told)

    def act(self, do, token=None, **what):
        """Do one thing and publish what came of it."""
        four = self._four
        with self.lock:
            match do:
                case "k":
                    said = four.cut(four.checked_k(what["k"]))
                case "through":
                    said = four.through(what["index"], self._fractions(what["x"], what["y"]))
                case "scale":
                    said = four.change_scale(bool(what["scale"]))
                case "learn":
                    said = four.change_learn(what["learn"])
                case "reveal":
                    said = four.reveal(bool(what["on"]))
                case other:
                    raise BadInput(f"the widget was asked for {other!r}, which it does not know; reload the page.")
            self.publish(said, token, points=do in ("scale", "learn"))

    def _fractions(self, *values):
        return [float(axis.fraction(value)) for axis, value in zip(self._axes, values, strict=True)]

    def _groups(self):
        """How each row looks to each detector, (4, rows) uint8."""
        four = self._four
        flagged = four.flagged
        groups = np.where(flagged, FLAGGED, LEFT).astype(np.uint8)
        if four.revealed:
            groups[flagged & four.known] = FOUND
            groups[~flagged & four.known] = MISSED
        groups[np.isnan(four.scores)] = LEARNED
        return groups

    def publish(self, said, token=None, points=False):
        """Send what changed in one message; `token` tells a browser that its request was answered."""
        four = self._four
        with self.hold_sync():
            if points:
                self.positions = self.place(four.points)
                self.strips = four.strips.astype("<f4").tobytes()
            self.groups = self._groups().tobytes()
            self.lines = np.concatenate(four.lines).astype("<f4").tobytes()
            self.said = said
            self.state = {
                "k": four.k,
                "scored": four.scored,
                "scale": four.scale,
                "learn": four.learn,
                "revealed": four.revealed,
                "pieces": [len(lines) for lines in four.lines],
                "handles": [handle.tolist() for handle in four.handles],
                "cuts": four.cuts,
                "captions": self._captions(),
                "sizes": self._sizes(),
                "note": self._note(),
                "token": token,
            }
            self.frame += 1

    def _captions(self):
        """What stands beside each detector's name: whom it flags, or what that found."""
        four = self._four
        if not four.revealed:
            return [f"{four.k:,} flagged"] * 4
        shown = []
        for count in four.found:
            precision = f"{count / four.k:.2f}" if four.k else "–"
            shown.append(f"found {count} of {four.odd} · precision {precision} · recall {count / max(four.odd, 1):.2f}")
        return shown

    def _sizes(self):
        """What the legend says of each kind of mark, [group, words]."""
        four = self._four
        learned = [[LEARNED, "learned from"]] if four.learn == "usual" else []
        if not four.revealed:
            return [[LEFT, "not flagged"], [FLAGGED, "flagged"], *learned]
        named = [(LEFT, "other"), (FLAGGED, "false alarm"), (FOUND, "found"), (MISSED, "missed")]
        return [*([group, said] for group, said in named), *learned]

    def _note(self):
        """What the budget is as a share, and what has been set by whom."""
        four = self._four
        return (
            f"{four.k:,} of {four.scored:,} is a contamination of {four.k / four.scored:.3f}. One-class SVM: nu = {four.nu:g}. "
            "Smaller scores are odder; a strip shows them all."
        )


def _checked_known(known, count):
    known = np.asarray(known)
    if known.shape != (count,) or known.dtype.kind not in "bui" or not np.isin(known, (0, 1)).all():
        raise BadInput(
            f"known has shape {known.shape} and type {known.dtype}; one True or False for each of the {count:,} rows is needed."
        )
    known = known.astype(bool)
    odd = int(known.sum())
    if not 1 <= odd <= count - FEWEST:
        raise BadInput(
            f"known names {odd:,} of {count:,} rows as anomalies; at least one, and at least {FEWEST} others, are needed."
        )
    return known
