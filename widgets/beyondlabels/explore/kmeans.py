"""K-means to take in hand: drag points and centres, step through assign and update, change k, and see what it costs."""

import math

import numpy as np

from beyondlabels.errors import BadInput

from . import words
from .base import Explorable
from .lloyd import SAMPLE, SAMPLE_ABOVE
from .rounds import MOST_GROUPS, NO_GROUP, Rounds
from .stage import plane, still


class KMeans(Explorable, stem="kmeans"):
    """K-means on two measurements of a table, as a widget and as an object to use from code.

    X: DataFrame or array of shape (rows, features), features >= 2, finite. x, y: the two columns shown and clustered
    (names or indices; the first two by default). k: number of groups, 1 to 6. scale: measure distances on standardised
    measurements (divided by their standard deviation over the original rows), else in the columns' own units; the
    picture keeps its units either way. names, units: as in ``stage.plane``. seed: for the start centres (k-means++),
    new centres and the silhouette's sample. noun: what a row is, in the plural. question: the card's title.

    ``inertia`` is in the chosen measurement space and over the two columns shown, not over all of X. Labels are -1, and
    inertia and silhouette NaN, until points have been assigned. Raises ``BadInput`` for data or settings that cannot be
    used. The kernel computes everything; the browser draws, and lets a handle follow the hand without waiting.
    """

    def __init__(
        self, X, x=None, y=None, k=3, scale=True, names=None, units=None, seed=0, noun="points", question=None
    ):
        points, axes = plane(X, x, y, names, units)
        self._rounds = Rounds(points, axes, k, bool(scale), int(seed), noun)
        self._drag = (None, None)  # a drag's name and the moment it began
        super().__init__(
            axes,
            {
                "question": question or "Drag the centres. When do they stop moving?",
                "noun": noun,
                "one": words.one(noun),
                "most": min(MOST_GROUPS, len(points)),
            },
        )
        said = f"No {words.one(noun)} has a group yet. Drag a centre, or step to assign each to its nearest centre."
        self.publish(said, points=True)

    @property
    def k(self):
        """Number of groups; set it to add or take away centres."""
        return len(self._rounds.centres)

    @k.setter
    def k(self, value):
        self.act("k", k=value)

    @property
    def scale(self):
        """Whether distances are measured on standardised measurements; set it to change."""
        return self._rounds.scale

    @scale.setter
    def scale(self, value):
        self.act("scale", scale=value)

    @property
    def points(self):
        """The points as they lie now, (n, 2), in their own units."""
        return self._rounds.points.copy()

    @property
    def centres(self):
        """The centres, (k, 2), in the measurements' own units."""
        return self._rounds.centres.copy()

    @property
    def labels(self):
        """Group of each row, (n,) int64; -1 before the first assignment."""
        labels = self._rounds.labels
        return np.where(labels == NO_GROUP, -1, labels.astype(np.int64))

    @property
    def inertia(self):
        """Sum of squared distances to the own centre, in the chosen measurement space, over the two columns shown."""
        return self._rounds.inertia

    @property
    def silhouette(self):
        """Mean silhouette (on a seeded sample of 1,000 rows where there are more than 2,000); NaN where undefined."""
        return self._rounds.silhouette

    @property
    def converged(self):
        """Whether a further round would change nothing."""
        return self._rounds.converged

    def step(self):
        """The next half-step: assign points to their nearest centres, or move centres to the means of their groups."""
        self.act("step")

    def run(self, rounds=100):
        """Step until k-means has converged, at most so many rounds of both half-steps. Returns whether it converged."""
        for _ in range(2 * rounds + 1):
            self.step()
            if self.converged:
                return True
        return False

    def reset(self):
        """The original points, the seeded start centres, no groups."""
        self.act("reset")

    def move(self, centre, x, y):
        """Move centre number `centre` (from 0) to (x, y) in the measurements' own units; points join at once."""
        self.act("centre", index=centre, x=x, y=y, drag=None, done=True)

    def move_point(self, row, x, y):
        """Move row `row` to (x, y) in the measurements' own units; it joins its nearest centre at once."""
        self.act("point", index=row, x=x, y=y, drag=None, done=True)

    def describe(self):
        """One line: rows, measurements, k, and the numbers as they are."""
        rounds = self._rounds
        told = " and ".join(f"{axis.label} ({axis.unit})" if axis.unit else axis.label for axis in rounds.axes)
        space = "standardised" if rounds.scale else "in their own units"
        line = f"K-means on {words.count(len(rounds.points), rounds.noun)}: {told}, {space}, k = {self.k}"
        if not rounds.assigned:
            return f"{line}; no groups yet."
        silhouette = rounds.silhouette
        tail = "" if math.isnan(silhouette) else f", silhouette {silhouette:.2f}"
        return f"{line}; inertia {words.figure(rounds.inertia)}{tail}."

    def picture(self):
        """A still SVG, each point in the group of its nearest centre, with a line of text."""
        rounds, line = self._rounds, self.describe()
        told = f"{line} Each {words.one(rounds.noun)} bears the mark of its nearest centre."
        drawing = still(rounds.points, rounds.nearest(), rounds.centres, rounds.axes, told)
        return self.image(drawing, told)

    def act(self, do, token=None, **what):
        """Do one thing and publish what came of it."""
        rounds = self._rounds
        with self.lock:
            match do:
                case "step":
                    said = rounds.step()
                case "reset":
                    said = rounds.reset()
                case "k":
                    said = rounds.change_k(rounds.checked_k(what["k"]))
                case "scale":
                    said = rounds.change_scale(bool(what["scale"]))
                case "centre" | "point":
                    said = self._move(do, **what)
                case other:
                    raise BadInput(f"the widget was asked for {other!r}, which it does not know; reload the page.")
            points = do == "reset" or (do == "point" and what["done"])
            self.publish(said, token, points, travel=do in ("step", "reset", "k"))

    def _move(self, kind, index, x, y, drag, done):
        """Move a centre or a point; the messages of one drag are told against the moment the drag began."""
        name, before = self._drag
        first = drag is None or name != drag
        if first:
            before = self._rounds.moment()
        said = (self._rounds.move_centre if kind == "centre" else self._rounds.move_point)(index, x, y, before)
        if first:
            self._drag = (drag, before)
            if kind == "centre":
                self._rounds.remember(index, before.centres[index])
        return said

    def publish(self, said, token=None, points=True, travel=False):
        """Send what changed in one message; `token` tells a browser that its request was answered."""
        rounds = self._rounds
        inertia, silhouette = rounds.inertia, rounds.silhouette
        with self.hold_sync():
            if points:
                self.positions = self.place(rounds.points)
            self.groups = rounds.labels.tobytes()
            self.said = said
            self.state = {
                "centres": rounds.centres.tolist(),
                "trails": rounds.trails,
                "sizes": rounds.sizes,
                "next": rounds.next,
                "converged": rounds.converged,
                "scale": rounds.scale,
                "inertia": words.figure(inertia),
                "change": words.change(rounds.before, inertia),
                "silhouette": "–" if math.isnan(silhouette) else f"{silhouette:.2f}",
                "note": self._note(silhouette),
                "changed": rounds.changed,
                "token": token,
                "travel": travel,
            }
            self.frame += 1

    def _note(self, silhouette):
        """What the numbers are measured on, and why one may be missing."""
        rounds = self._rounds
        units = [f"{axis.unit}²" if axis.unit else "no unit" for axis in rounds.axes]
        space = "standardised" if rounds.scale else f"in {' plus '.join(dict.fromkeys(units))}"
        notes = [f"Inertia: squared distances over the two measurements shown, {space}."]
        if math.isnan(silhouette) and rounds.assigned:
            one = sum(size > 0 for size in rounds.sizes) < 2
            notes.append("The silhouette is undefined for " + ("one group." if one else "groups of one each."))
        elif rounds.assigned and len(rounds.points) > SAMPLE_ABOVE:
            notes.append(f"Silhouette: on a sample of {SAMPLE:,}.")
        return " ".join(notes)
