"""A point set and its t-SNE map, from the start of a run to its end: what a learner changes, and what is true of the map.

Knows no widget. Whatever changes the data or a setting begins a new run from the seeded start, so the same settings
always give the same map; a map that was finished is kept and not computed again.
"""

import numpy as np

from beyondlabels.errors import BadInput

from . import embedding
from .misreadings import MISREADINGS, NO_GROUP, square

NEAR = 10  # neighbours that trustworthiness and continuity look at, and that a picked point shows
PERPLEXITIES = (2, 5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300)
STARTS = ("PCA", "random 1", "random 2", "random 3")
_ROOM, _ROOM_TO_MOVE = 0.05, 0.12
_START_SPREAD = 1e-4  # scikit-learn's: so small that the start decides directions and no distances


class MapRun:
    """``preset`` (a key of ``sets``), ``knob``, ``perplexity``, ``start`` (0 to 3) and moved groups decide the run.

    ``rows`` (n, d) and ``groups`` (n,) are the data, ``plane`` (n, 2) what is drawn of them on ``axes``, ``places`` (n, 2) the
    map at ``iteration``.
    """

    def __init__(self, sets, preset, perplexity, seed):
        self.sets, self.seed, self._kept = sets, seed, {}
        self.perplexity, self.start = perplexity, 0
        self._load(preset, self.sets[preset].knob and self.sets[preset].knob.start)
        self.begin(self.checked_perplexity(perplexity))

    @property
    def set(self):
        """The point set in use, a ``Misreading``."""
        return self.sets[self.preset]

    @property
    def done(self):
        """Whether the run has ended."""
        return self._descent is None or self._descent.done

    @property
    def iteration(self):
        """Iterations made, 0 to ``embedding.ITERATIONS``."""
        return embedding.ITERATIONS if self._descent is None else self._descent.iteration

    @property
    def places(self):
        """The map as it is now, (n, 2) float32."""
        return self._finished if self._descent is None else self._descent.places

    def choose(self, preset):
        """Another point set, as it is made; a perplexity too large for it becomes the largest offered that is not."""
        if preset not in self.sets:
            raise BadInput(f"there is no point set {preset!r}; there are {', '.join(self.sets)}.")
        knob = self.sets[preset].knob
        self._load(preset, knob and knob.start)
        fitting = [each for each in PERPLEXITIES if each < len(self.rows)]
        self.begin(self.perplexity if self.perplexity < len(self.rows) else fitting[-1])

    def turn(self, value):
        """Make the point set again with its knob at ``value``."""
        knob = self.set.knob
        if knob is None:
            raise BadInput(f"the point set {self.preset!r} has no number to change.")
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not knob.low <= value <= knob.high:
            raise BadInput(f"{knob.label} is {value!r}; it is a whole number from {knob.low} to {knob.high}.")
        self._load(self.preset, int(value))
        self.begin()

    def checked_perplexity(self, value):
        """``value``, or ``BadInput``."""
        if isinstance(value, bool) or not isinstance(value, (int, float, np.number)) or not 1 < value < len(self.rows):
            raise BadInput(
                f"perplexity is {value!r}; it counts neighbours, and with {len(self.rows)} points it must be above 1 and "
                f"below {len(self.rows)}."
            )
        return value

    def checked_start(self, value):
        """``value`` as an int from 0 to 3, or ``BadInput``."""
        if isinstance(value, bool) or value not in range(len(STARTS)):
            raise BadInput(f"start is {value!r}; 0 is the PCA start, 1 to {len(STARTS) - 1} are random.")
        return int(value)

    def move(self, group, x, y):
        """Move the mean of a group to (x, y), in the axes' units."""
        if not self.set.movable:
            raise BadInput(f"the groups of {self.preset!r} cannot be moved.")
        if group not in range(len(self.means)):
            raise BadInput(f"there is no group {group}; they count from 0 to {len(self.means) - 1}.")
        if not all(axis.low <= value <= axis.high for axis, value in zip(self.axes, (x, y), strict=True)):
            kept = " and ".join(f"{axis.low:.0f} to {axis.high:.0f}" for axis in self.axes)
            raise BadInput(f"({x:g}, {y:g}) is off the stage; keep to {kept}.")
        rows = self.rows.copy()
        rows[self.groups == group] += np.array([x, y]) - self.means[group]
        self._moved = True
        self._take(rows)
        self.begin()

    def begin(self, perplexity=None, start=None, again=False):
        """A new run from its start, or its end at once where that is known and ``again`` is false."""
        self.perplexity = self.perplexity if perplexity is None else perplexity
        self.start = self.start if start is None else start
        self._finished = None if again or self._moved else self._kept.get(self._key)
        self._descent, self._near_on_map, self._said = None, None, None
        if self._finished is None:
            pairs = embedding.affinities(self._squared, self.perplexity)
            self._descent = embedding.Descent(pairs, self._first())

    def advance(self):
        """One iteration of the run; the last one keeps the map."""
        self._descent.step()
        self._near_on_map = None
        if self._descent.done and not self._moved:
            self._kept[self._key] = self._descent.places

    @property
    def means(self):
        """The mean of each group, (groups, 2), where groups can be moved."""
        return np.array([self.rows[self.groups == group].mean(axis=0) for group in np.unique(self.groups)])

    @property
    def tops(self):
        """Where a group's handle stands: above its topmost point, so that it hides none. (groups, 2)."""
        above = 0.07 * (self.axes[1].high - self.axes[1].low)
        highest = [self.rows[self.groups == group, 1].max() for group in np.unique(self.groups)]
        return np.column_stack([self.means[:, 0], np.minimum(np.array(highest) + above, self.axes[1].high)])

    @property
    def quality(self):
        """Trustworthiness and continuity of the map as it is now, over ``NEAR`` neighbours."""
        return self._near.judge(self._map()), self._map().judge(self._near)

    @property
    def told(self):
        """What a reader would take from the finished map: (label, in the data, on the map), or None."""
        if self._said is None and self.done and self.set.tell:
            self._said = self.set.tell(self.rows, self.groups, self.places.astype(float))
        return self._said

    def neighbours(self, row):
        """The numbers of the nearest rows in the data and on the map, two arrays with the nearest first."""
        if isinstance(row, bool) or row not in range(len(self.rows)):
            raise BadInput(f"there is no point {row!r}; they count from 0 to {len(self.rows) - 1}.")
        return self._near.nearest[row], self._map().nearest[row]

    def _load(self, preset, knob):
        self.preset, self.knob, self._moved = preset, knob, False
        rows, groups = self.sets[preset].make(np.random.default_rng(self.seed), knob)
        self.groups = np.asarray(groups, np.uint8)
        self._take(np.asarray(rows, float))
        room = _ROOM_TO_MOVE if self.set.movable else _ROOM
        self.axes = square(self.plane, self.set.labels, room)

    def _take(self, rows):
        self.rows = rows
        self.plane = embedding.principal(rows) if self.set.shown is None else rows[:, self.set.shown]
        self._squared = embedding.squared_distances(rows)
        self._near = embedding.Neighbours(self._squared, NEAR)

    def _map(self):
        if self._near_on_map is None:
            squared = embedding.squared_distances(self.places.astype(float))
            self._near_on_map = embedding.Neighbours(squared, NEAR)
        return self._near_on_map

    def _first(self):
        places = embedding.principal(self.rows) if self.start == 0 else np.zeros((len(self.rows), 2))
        if places[:, 0].std() == 0:
            places = np.random.default_rng([self.seed, self.start]).normal(size=places.shape)
        return places * (_START_SPREAD / places[:, 0].std())

    @property
    def _key(self):
        return self.preset, self.knob, self.perplexity, self.start


def presets(own=None):
    """The point sets by name, the learner's ``own`` first."""
    return {**({"own": own} if own else {}), **MISREADINGS}


def groups_of(labels, rows):
    """Labels as numbers of groups (n,) and the labels' own names; at most six. Raises ``BadInput``."""
    if labels is None:
        return np.full(rows, NO_GROUP), []
    found, numbers = np.unique(np.asarray(labels), return_inverse=True)
    if numbers.shape != (rows,) or len(found) > 6:
        raise BadInput(
            f"groups has shape {np.shape(labels)} and {len(found)} different values; give one for each of the {rows} rows, "
            "and at most six, as there are six colours."
        )
    return numbers, [str(name) for name in found]
