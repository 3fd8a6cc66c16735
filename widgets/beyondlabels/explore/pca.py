"""PCA by hand: turn an axis through a cloud of points, see what it keeps and what it loses, commit, and hear PCA's own."""

from dataclasses import replace

import numpy as np

from beyondlabels.errors import BadInput

from . import words
from .base import Explorable
from .stage import plane, still
from .turning import Turning, between, lies, share

NO_GROUP = 255
SPREAD = "standard deviations"


class PCA(Explorable, stem="pca"):
    """An axis through two measurements of a table, to turn by hand before PCA answers.

    X: DataFrame or array of shape (rows, features), features >= 2, finite. x, y: the two columns shown (names or indices;
    the first two by default). scale: measure on standardised values, else in the columns' own units. start: the angle, in
    degrees anticlockwise from the horizontal, at which the axis lies at first. names, units: as in ``stage.plane``. noun:
    what a row is, in the plural. question: the card's title.

    One unit is as long across as it is up, so that what looks perpendicular is. ``kept`` and ``lost`` are shares of the
    variance of the two columns; they sum to 1. ``answer``, PCA's own angle, is None until ``commit``. Raises ``BadInput``
    for data or settings that cannot be used.
    """

    def __init__(self, X, x=None, y=None, scale=False, start=60, names=None, units=None, noun="points", question=None):
        self._points, axes = plane(X, x, y, names, units)
        self._turning = Turning(self._points, bool(scale), start)
        self._own, self._drag = axes, (None, None)  # a drag's name and the share kept as it began
        super().__init__(
            axes,
            {
                "question": question or "Turn the axis. Which one keeps most of the variance?",
                "noun": noun,
                "rows": len(self._points),
            },
        )
        self.positions = self.place(self._points)
        self.groups = bytes([NO_GROUP]) * len(self._points)
        self.publish(
            f"The axis {lies(self.angle)} and keeps {share(self.kept)} of the variance. Turn its end, then commit."
        )

    @property
    def angle(self):
        """The axis' angle in degrees, in (-90, 90]; set it to turn the axis."""
        return self._turning.angle

    @angle.setter
    def angle(self, degrees):
        self.turn(degrees)

    @property
    def axis(self):
        """The unit vector along the axis, (2,), in the space in which it is measured."""
        return self._turning.ends()

    @property
    def kept(self):
        """Share of the variance along the axis, 0 to 1."""
        return self._turning.kept()

    @property
    def lost(self):
        """Share of the variance across it, 0 to 1: the mean squared drop, over the whole variance."""
        return self._turning.lost()

    @property
    def scale(self):
        """Whether the axis is measured on standardised values; set it to change, which begins anew."""
        return self._turning.scale

    @scale.setter
    def scale(self, value):
        self.act("scale", scale=value)

    @property
    def answer(self):
        """The angle of PCA's first component in degrees, in (-90, 90]; None until ``commit``, or where every axis is as good."""
        turning = self._turning
        return None if turning.committed is None or turning.is_round else turning.best

    def turn(self, angle):
        """Turn the axis to ``angle`` degrees, anticlockwise from the horizontal."""
        self.act("turn", angle=angle, drag=None, done=True)

    def commit(self):
        """Say that this is the axis; PCA's own is shown, and the angle between them told."""
        self.act("commit")

    def again(self):
        """Hide PCA's axis and put your own back to its start."""
        self.act("again")

    def describe(self):
        """One line: rows, measurements, and the numbers as they are."""
        told = " and ".join(f"{axis.label} ({axis.unit})" if axis.unit else axis.label for axis in self._own)
        space = "standardised" if self.scale else "in their own units"
        line = (
            f"An axis through {words.count(len(self._points), self.text['noun'])}: {told}, {space}; it {lies(self.angle)}"
            f" and keeps {share(self.kept)} of the variance"
        )
        return f"{line}." if self.answer is None else f"{line}. PCA's axis {lies(self.answer)}."

    def picture(self):
        """A still SVG of the points and the axis, with a line of text."""
        told, turning = self.describe(), self._turning
        ahead = self.axis * (turning.deviation if turning.scale else 1)
        room = [(axis.high - axis.low) / 2 for axis in self._own]
        reach = min(half / abs(step) for half, step in zip(room, ahead, strict=True) if step) * 0.8
        ends = turning.mean + np.outer([-reach, reach], ahead)
        one = np.zeros(len(self._points), dtype=int)

        def line(across, up, colours):
            places = zip(across(ends[:, 0]), up(ends[:, 1]), strict=True)
            return (
                f'<path d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in places)}" stroke="{colours[1]}" stroke-width="3"/>'
            )

        drawing = still(self._points, one, np.empty((0, 2)), self._own, told, over=line)
        return self.image(drawing, told)

    def act(self, do, token=None, **what):
        """Do one thing and publish what came of it."""
        turning = self._turning
        with self.lock:
            match do:
                case "turn":
                    said = self._turn(**what)
                case "commit":
                    said = turning.commit()
                case "again":
                    turning.again()
                    said = f"Back to the start: the axis {lies(turning.angle)} and keeps {share(turning.kept())}."
                case "scale":
                    turning.measure(bool(what["scale"]))
                    space = "standardised values" if turning.scale else "the columns' own units"
                    said = f"Variance is measured on {space}; the axis is back at its start and keeps {share(turning.kept())}."
                case other:
                    raise BadInput(f"the widget was asked for {other!r}, which it does not know; reload the page.")
            self.publish(said, token)

    def _turn(self, angle, drag, done):
        """Turn; the messages of one drag are told against the share kept as the drag began."""
        name, before = self._drag
        if drag is None or name != drag:
            before = self._turning.kept()
        said = self._turning.turn(angle, before)
        self._drag = (drag, before)
        return said

    def publish(self, said, token=None):
        """Send what changed in one message; ``token`` tells a browser that its request was answered."""
        turning = self._turning
        answer = self.answer
        with self.hold_sync():
            self.axes = [axis.state() for axis in self._shown()]
            self.said = said
            self.state = {
                "centre": [0.0, 0.0] if turning.scale else turning.mean.tolist(),
                "angle": turning.angle,
                "kept": turning.kept(),
                "lost": turning.lost(),
                "scale": turning.scale,
                "tried": sorted(turning.tried.items()),
                "committed": turning.committed is not None,
                "answer": None
                if answer is None
                else {
                    "angle": answer,
                    "most": turning.most,
                    "least": turning.least,
                    "apart": between(turning.angle, answer),
                },
                "token": token,
            }
            self.frame += 1

    def _shown(self):
        """The two axes in the space in which the variance is measured."""
        turning = self._turning
        if not turning.scale:
            return self._own
        spans = zip(self._own, turning.mean.tolist(), turning.deviation.tolist(), strict=True)
        return [
            replace(axis, unit=SPREAD, low=(axis.low - mean) / spread, high=(axis.high - mean) / spread)
            for axis, mean, spread in spans
        ]
