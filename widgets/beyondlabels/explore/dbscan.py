"""DBSCAN to take in hand: carry the circle over a map, resize it, flood cluster after cluster, and see what is left as noise."""

import math

import numpy as np

from beyondlabels.errors import BadInput

from . import flood_words, words
from .base import Explorable
from .flood import NOISE, UNSEEN, Flood
from .map import BORDER, LOST, is_number, nearest, pairs, rounded, still_map
from .stage import plane

MOST_ROWS = 2_000  # all distances are kept: 32 MB
MOST_SAMPLES = 50
_MOST_CIRCLES = 40  # drawn around the front of the flood
_FIGURES = ("clusters", "core", "border", "noise")
_UNSEEN = 255  # of the front end's codes, as BORDER and LOST


class DBSCAN(Explorable, stem="dbscan"):
    """DBSCAN on two measurements of one unit, such as kilometres east and north, as a widget and as an object for code.

    X: DataFrame or array of shape (rows, features), features >= 2, finite, at most 2,000 rows. x, y: the two columns (names
    or indices; the first two by default). eps: the circle's radius in their unit; min_samples: how many points, itself
    included, a core point has within it, 1 to 50. names, units: as in ``stage.plane``. lines: lines to draw below the points,
    each an (n, 2) array in the columns' unit. places: name -> (x, y), places to follow: the widget says in which cluster
    the point nearest to each is. noun: what a row is, in the plural. question: the card's title.

    A point is in nobody's cluster until ``step`` or ``run``. After ``run`` the labels are scikit-learn's and follow every
    change of eps and min_samples. Raises ``BadInput`` for data or settings that cannot be used.
    """

    def __init__(
        self, X, x=None, y=None, eps=None, min_samples=5, names=None, units=None, lines=(), places=None,
        noun="points", question=None,
    ):  # fmt: skip
        points, axes = plane(X, x, y, names, units)
        if axes[0].unit != axes[1].unit:
            raise BadInput(
                f"{axes[0].name} is in {axes[0].unit or 'no unit'} and {axes[1].name} in {axes[1].unit or 'no unit'}; one circle "
                "needs one unit both ways. Bring both into the same unit, or standardise them, first."
            )
        if len(points) > MOST_ROWS:
            raise BadInput(f"X has {len(points):,} rows; at most {MOST_ROWS:,} are flooded. Take a sample of them.")
        self._axes, self._points, self._noun = axes, points, noun
        self._most, self._least = _slider(axes, eps)
        places = dict(places or {})
        taken = [name for name in places if name in _FIGURES]
        if taken:
            raise BadInput(f"a place is called {taken[0]!r}, as a figure beside the map is; give it another name.")
        self._places = {name: nearest(points, pairs(at, f"the place {name!r}")[0]) for name, at in places.items()}
        self._lines = [pairs(line, "a line") for line in lines]
        eps = self._checked_eps(self._least * 20 if eps is None else eps)
        self._flood = Flood(points, eps, self._checked_samples(min_samples))
        self._spot = np.array([(axis.low + axis.high) / 2 for axis in axes])
        super().__init__(axes, self._text(question))
        self.publish(flood_words.waiting(self._flood, self._noun), points=True)

    def _text(self, question):
        decimals = max(0, math.ceil(-math.log10(self._least) - 1e-9))
        self._decimals = decimals
        whole = [[round(float(part), 4) for part in np.ravel(self._fractions(line))] for line in self._lines]
        marks = [[name, *self._fractions(self._points[row]).round(4).tolist()] for name, row in self._places.items()]
        return {
            "question": question or "How large must the circle be?", "noun": self._noun, "one": words.one(self._noun),
            "unit": self._axes[0].unit, "least": round(self._least, decimals), "most": self._most, "decimals": decimals,
            "most_samples": min(MOST_SAMPLES, len(self._points)), "lines": whole, "places": marks,
        }  # fmt: skip

    def _fractions(self, values):
        return np.stack([axis.fraction(values[..., i]) for i, axis in enumerate(self._axes)], axis=-1)

    @property
    def eps(self):
        """The circle's radius, in the columns' unit; set it to change."""
        return self._flood.eps

    @eps.setter
    def eps(self, value):
        self.act("eps", eps=value)

    @property
    def min_samples(self):
        """How many points, itself included, a core point has within the circle; set it to change."""
        return self._flood.min_samples

    @min_samples.setter
    def min_samples(self, value):
        self.act("min_samples", min_samples=value)

    @property
    def labels(self):
        """Cluster of each row, (n,) int64; -1 for noise, and for what the flood has not reached yet."""
        return np.maximum(self._flood.labels, NOISE)

    @property
    def core(self):
        """Mask of the core points, (n,) bool."""
        return self._flood.core.copy()

    @property
    def done(self):
        """Whether every point is in a cluster or noise."""
        return self._flood.done

    @property
    def spot(self):
        """The circle's centre, (2,), in the columns' unit."""
        return self._spot.copy()

    def step(self):
        """One wave: start a cluster at a core point (under the circle if there is one), or spread by one circle further."""
        self.act("step")

    def run(self):
        """The whole of DBSCAN. From now on the labels follow eps and min_samples."""
        self.act("run")

    def reset(self):
        """No clusters yet."""
        self.act("reset")

    def move(self, x, y):
        """Carry the circle to (x, y), in the columns' unit."""
        self.act("spot", x=x, y=y)

    def describe(self):
        """One line: rows, measurements, settings, and the clusters as they are."""
        axes = " and ".join(f"{axis.label} ({axis.unit})" if axis.unit else axis.label for axis in self._axes)
        rows = words.count(len(self._points), self._noun)
        line = f"DBSCAN on {rows}: {axes}, eps {self._radius()}, min_samples {self.min_samples}"
        return f"{line}; {flood_words.found(self._flood, self._noun) if self._flood.begun else 'no clusters yet'}."

    def picture(self):
        """A still SVG of the points with the circle, as things stand, with a line of text."""
        told = self.describe()
        drawing = still_map(self._points, self._codes(), self._axes, self._spot, self.eps, self._lines, told)
        return self.image(drawing, told)

    def act(self, do, token=None, **what):
        """Do one thing and publish what came of it."""
        flood = self._flood
        with self.lock:
            match do:
                case "spot":
                    self._spot = self._checked_place(what["x"], what["y"])
                    said = self._here()
                case "eps":
                    said = self._measure(self._checked_eps(what["eps"]), flood.min_samples)
                case "min_samples":
                    said = self._measure(flood.eps, self._checked_samples(what["min_samples"]))
                case "step":
                    said = self._step()
                case "run":
                    flood.run()
                    said = flood_words.finished(flood, self._noun) + self._together()
                case "reset":
                    flood.reset()
                    said = flood_words.waiting(flood, self._noun)
                case other:
                    raise BadInput(f"the widget was asked for {other!r}, which it does not know; reload the page.")
            self.publish(said, token, travel=do == "step")

    def _measure(self, eps, min_samples):
        """New settings: labels of a whole run follow; a flood under way starts again."""
        flood = self._flood
        was, done, begun = flood.count, flood.done, flood.begun
        flood.measure(eps, min_samples)
        if done:
            flood.run()
            return flood_words.changed(flood, self._noun, self._radius(), was) + self._together()
        flood.reset()
        return ("The rule changed, so the flood starts again. " if begun else "") + self._here()

    def _step(self):
        flood = self._flood
        if flood.done:
            return "Every point has been looked at. Reset, and watch it again; or change the circle."
        if len(flood.front):
            joined = flood.wave()
            return flood_words.spread(flood, self._noun, joined)
        row = flood.start_near(self._spot)
        if row is None:
            flood.finish()
            return flood_words.finished(flood, self._noun) + self._together()
        self._spot = self._points[row].copy()
        flood.begin(row)
        return flood_words.started(flood, self._noun, len(flood.within(self._spot)), self._radius())

    def _here(self):
        count = len(self._flood.within(self._spot))
        return flood_words.here(count, self._noun, self._radius(), self.min_samples)

    def _together(self):
        """Whether the places to follow lie in one cluster."""
        return flood_words.together({name: self._flood.labels[row] for name, row in self._places.items()})

    def _radius(self):
        return f"{self.eps:,.{self._decimals}f} {self._axes[0].unit}".rstrip()

    def _codes(self):
        """What each point is drawn as, (n,) uint8: its cluster's colour, the same as a border point, noise, or unseen."""
        flood = self._flood
        codes = np.where(flood.labels == UNSEEN, _UNSEEN, LOST)
        member = flood.labels >= 0
        codes[member] = flood.hues[flood.labels[member]] + BORDER * flood.border[member]
        return codes.astype(np.uint8)

    def publish(self, said, token=None, points=False, travel=False):
        """Send what changed in one message; `token` tells a browser that its request was answered."""
        flood = self._flood
        inside = len(flood.within(self._spot))
        front = flood.front[:: 1 + len(flood.front) // _MOST_CIRCLES]
        with self.hold_sync():
            if points:
                self.positions = self.place(self._points)
            self.groups = self._codes().tobytes()
            self.said = said
            self.state = {
                "eps": flood.eps, "min_samples": flood.min_samples, "spot": self._spot.tolist(), "inside": inside,
                "dense": inside >= flood.min_samples, "front": self._points[front].tolist(),
                "begun": flood.begun, "done": flood.done, "flooding": len(flood.front) > 0,
                **flood_words.numbers(flood), "token": token, "travel": travel,
                "places": [[name, flood_words.where(flood, row)] for name, row in self._places.items()],
            }  # fmt: skip
            self.frame += 1

    def _checked_eps(self, eps):
        if not is_number(eps) or not 0 < eps <= self._most:
            raise BadInput(f"eps is {eps!r}; here it is a number above 0 and up to {self._most:g}.")
        return float(eps)

    def _checked_samples(self, value):
        most = min(MOST_SAMPLES, len(self._points))
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not 1 <= value <= most:
            raise BadInput(f"min_samples is {value!r}; here it is a whole number from 1 to {most}.")
        return int(value)

    def _checked_place(self, x, y):
        for value, axis in zip((x, y), self._axes, strict=True):
            if not is_number(value) or not axis.low - 1e-9 <= value <= axis.high + 1e-9:
                raise BadInput(f"{axis.name} = {value!r} is off the map; stay between {axis.low:g} and {axis.high:g}.")
        return np.array([x, y], float)


def _slider(axes, eps):
    """The largest and the smallest radius of the slider: a twelfth of the map or twice ``eps``, in 150 steps or so."""
    size = math.hypot(*(axis.high - axis.low for axis in axes)) / 12
    wanted = max(size, 2 * eps) if is_number(eps) else size
    most = rounded(wanted, (1, 1.5, 2, 3, 5, 7.5, 10), up=True)
    return most, rounded(rounded(size, (1, 1.5, 2, 3, 5, 7.5, 10), up=True) / 150, (1, 2, 5, 10), up=False)
