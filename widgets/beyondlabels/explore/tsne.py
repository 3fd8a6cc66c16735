"""t-SNE to take in hand: perplexity, point sets whose truth is known, and the true neighbours of any point on both pictures."""

import time

import numpy as np
import traitlets

from beyondlabels.errors import BadInput

from . import map_words, words
from .base import Explorable
from .embedding import EXAGGERATED, ITERATIONS
from .map_run import NEAR, PERPLEXITIES, STARTS, MapRun, groups_of, presets
from .misreadings import NO_GROUP, Misreading
from .stage import still

_LEAST, _MOST = 25, 500  # rows: ten neighbours need more than twenty; a run of 500 takes about a second
_FRAME = 0.08  # seconds after which a picture of the run is sent
_EARLY, _LATE = 25, 75  # iterations in one picture, while the groups form and after


class TSNE(Explorable, stem="tsne"):
    """The data and their t-SNE map side by side, as a widget and as an object to use from code.

    X: rows of your own, shape (25 to 500, features), finite; without them only the point sets made to be misread:
    "sizes", "gaps", "noise" and "roll". groups: a label for each row of X, at most six kinds. images: an array (rows,
    height, width) shown for a picked row and its neighbours. preset: the point set to begin with ("own" when X is given).
    perplexity: above 1 and below the number of rows. noun: what a row of X is, in the plural. seed: for the point sets and
    the random starts.

    The map is exact t-SNE with scikit-learn's schedule of 1,000 iterations; it stands at its start until ``run`` or the
    learner runs it. Raises ``BadInput`` for data or settings that cannot be used.
    """

    map = traitlets.Bytes().tag(sync=True)  # float32 (n, 2), fractions of a square; it has no unit

    def __init__(
        self, X=None, groups=None, images=None, preset=None, perplexity=30, noun="points", seed=0, question=None
    ):
        rows = None if X is None else _rows(X)
        self._images = None if images is None else _images(images, rows)
        self._noun, names, own = noun, [], None
        if rows is not None:
            labels, names = groups_of(groups, len(rows))
            task = f"Pick one of the {noun}: are its neighbours on the map its neighbours in the data?"
            components = ("first principal component", "second principal component")
            own = Misreading(f"your {noun}", task, lambda rng, knob: (rows, labels), components, shown=None)
        sets = presets(own)
        preset = preset or ("own" if own else "gaps")
        if preset not in sets:
            raise BadInput(f"there is no point set {preset!r}; there are {', '.join(sets)}.")
        self._names, self._picked, self._event = names, None, ""
        self._run = MapRun(sets, preset, perplexity, int(seed))
        super().__init__(
            self._run.axes,
            {
                "question": question or "What does the map keep, and what does it make up?",
                "presets": [[key, each.title] for key, each in sets.items()],
                "perplexities": PERPLEXITIES,
                "starts": STARTS,
                "iterations": ITERATIONS,
                "near": NEAR,
            },
        )
        self.publish(
            "The map is not computed yet: its points stand where t-SNE starts. Run it, or change something.", data=True
        )

    @property
    def preset(self):
        """The point set in use; set it to change."""
        return self._run.preset

    @preset.setter
    def preset(self, value):
        self.act("preset", preset=value)

    @property
    def perplexity(self):
        """About how many neighbours each point listens to; set it to begin a new run."""
        return self._run.perplexity

    @perplexity.setter
    def perplexity(self, value):
        self.act("perplexity", perplexity=value)

    @property
    def start(self):
        """0 for the start from PCA, 1 to 3 for a random one; set it to begin a new run."""
        return self._run.start

    @start.setter
    def start(self, value):
        self.act("start", start=value)

    @property
    def knob(self):
        """The number that makes this point set ("width of group 2", ...), None where there is none; set it to change."""
        return self._run.knob

    @knob.setter
    def knob(self, value):
        self.act("knob", knob=value)

    @property
    def points(self):
        """The rows as they are now, (n, d)."""
        return self._run.rows.copy()

    @property
    def places(self):
        """The map as it is now, (n, 2); its unit means nothing."""
        return self._run.places.astype(float)

    @property
    def done(self):
        """Whether the run has ended."""
        return self._run.done

    @property
    def trustworthiness(self):
        """1 where the ten nearest on the map are near in the data too (Venna and Kaski 2001)."""
        return self._run.quality[0]

    @property
    def continuity(self):
        """1 where the ten nearest in the data are near on the map too."""
        return self._run.quality[1]

    @property
    def told(self):
        """What the picture seems to say: (label, its value in the data, its value on the map), or None."""
        return self._run.told

    def run(self):
        """Run to the end and return the map, (n, 2)."""
        self.act("step", all=True)
        return self.places

    def move(self, group, x, y):
        """Move the mean of group number ``group`` (from 0) to (x, y), where groups can be moved, and begin a new run."""
        self.act("move", group=group, x=x, y=y)

    def pick(self, row):
        """Show the neighbours of a row (None: of no row) on both pictures. Returns their numbers: in the data, on the map."""
        self.act("pick", row=row)
        return None if row is None else tuple(each.copy() for each in self._run.neighbours(row))

    def describe(self):
        """One line: the point set, the perplexity and the start. No figure of the map: it differs between machines."""
        run = self._run
        points = words.count(len(run.rows), self._noun if run.preset == "own" else "points")
        numbers = words.count(run.rows.shape[1], "numbers")
        return (
            f"t-SNE of {points} of {numbers} each ({run.set.title}), "
            f"perplexity {run.perplexity:g}, {STARTS[run.start]} start."
        )

    def picture(self):
        """A still SVG of the data, with a line of text. The map moves, so it is left to the kernel."""
        run = self._run
        told = f"{self.describe()} The picture shows the data, before any map."
        groups = np.where(run.groups == NO_GROUP, 0, run.groups)
        return self.image(still(run.plane, groups, np.empty((0, 2)), run.axes, told), told)

    def act(self, do, token=None, **what):
        """Do one thing and publish what came of it."""
        run, data = self._run, False
        with self.lock:
            match do:
                case "step":
                    self._advance(what.get("all", False))
                case "run":
                    run.begin(again=True)
                    self._advance(what.get("all", False))
                case "preset":
                    run.choose(what["preset"])
                    self._picked, self._event, data = None, "", True
                case "perplexity":
                    run.begin(perplexity=run.checked_perplexity(what["perplexity"]))
                case "start":
                    run.begin(start=run.checked_start(what["start"]))
                case "knob":
                    run.turn(what["knob"])
                    self._event, data = "", True
                case "move":
                    self._event, data = self._move(**what), True
                case "pick":
                    if what["row"] is not None:
                        run.neighbours(what["row"])
                    self._picked = what["row"]
                case other:
                    raise BadInput(f"the widget was asked for {other!r}, which it does not know; reload the page.")
            picked = do == "pick" and self._picked is not None
            said = map_words.picked(run, self._picked, self._one) if picked else map_words.state(run, self._event)
            self.publish(said, token, data)

    @property
    def _one(self):
        return words.one(self._noun) if self.preset == "own" else "point"

    def _move(self, group, x, y):
        before = self._run.means[group] if group in range(len(self._run.means)) else None
        self._run.move(group, x, y)
        shift = words.shift(before, self._run.means[group], self._run.axes)
        return f"Group {group + 1} moved {shift}. " if shift else ""

    def _advance(self, whole):
        """Iterations for one picture, or all that are left."""
        end = time.monotonic() + _FRAME
        count = ITERATIONS if whole else _EARLY if self._run.iteration < EXAGGERATED else _LATE
        for _ in range(count):
            if self._run.done or (time.monotonic() > end and not whole):
                break
            self._run.advance()

    def publish(self, said, token=None, data=False):
        """Send what changed in one message; `token` tells a browser that its request was answered."""
        run = self._run
        with self.hold_sync():
            if data:
                self._axes = run.axes
                self.axes = [axis.state() for axis in run.axes]
                self.positions = self.place(run.plane)
                self.groups = run.groups.tobytes()
            self.map = map_words.framed(run.places).tobytes()
            self.said = said
            self.state = {
                "token": token,
                "preset": run.preset,
                "task": run.set.task,
                "perplexity": run.perplexity,
                "most": sum(each < len(run.rows) for each in PERPLEXITIES) - 1,
                "start": run.start,
                "iteration": run.iteration,
                "done": run.done,
                "picked": self._shown_pick(),
                **map_words.figures(run, self._names),
            }
            self.frame += 1

    def _shown_pick(self):
        """The picked point: which neighbours both pictures share, which one lacks, and the images."""
        if self._picked is None:
            return None
        data, near = (each.tolist() for each in self._run.neighbours(self._picked))
        shown = {
            "row": self._picked,
            "kept": [row for row in data if row in near],
            "lost": [row for row in data if row not in near],
            "strangers": [row for row in near if row not in data],
        }
        if self._images is not None and self.preset == "own":
            pixels = self._images[[self._picked, *data, *near]]
            shown["images"] = {"size": pixels.shape[1:], "pixels": pixels.reshape(len(pixels), -1).tolist()}
        return shown


def _rows(X):
    try:
        rows = np.array(X, dtype=float)
    except (TypeError, ValueError):
        raise BadInput("X holds text or something else that is not a number; pass columns of numbers.") from None
    if rows.ndim != 2 or not _LEAST <= len(rows) <= _MOST or rows.shape[1] < 2:
        raise BadInput(f"X has shape {rows.shape}; the map needs {_LEAST} to {_MOST} rows of at least two columns.")
    if not np.isfinite(rows).all():
        raise BadInput("X has missing or infinite values; drop those rows first: X.dropna().")
    if np.ptp(rows, axis=0).max() == 0:
        raise BadInput("all rows of X are the same, so no row is nearer than another.")
    return rows


def _images(images, rows):
    """Images as whole numbers from 0 (least) to 255 (most), (n, height, width)."""
    found = np.asarray(images, dtype=float)
    if rows is None or found.ndim != 3 or len(found) != len(rows) or not np.isfinite(found).all():
        raise BadInput(f"images has shape {found.shape}; give one image (height, width) for each row of X.")
    spread = np.ptp(found) or 1.0
    return ((found - found.min()) / spread * 255).round().astype(int)
