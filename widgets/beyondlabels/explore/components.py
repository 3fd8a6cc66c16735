"""A picture rebuilt from more and more principal components, to be read by the learner before it is shown."""

import numpy as np
import traitlets

from beyondlabels.errors import BadInput

from . import words
from .base import Explorable
from .rebuilding import Rebuilding, checked, strip
from .turning import share

_MOST_WORDS = 30


class Components(Explorable, stem="components"):
    """Pictures and their principal components: add one after the other, read the picture, then see the original.

    X: DataFrame or array of shape (pictures, pixels), finite. shape: (rows, columns) of a picture. labels: what each picture
    shows, shape (pictures,), at most 30 different ones; without them there is nothing to read and the original is shown. k:
    components at first. row: the picture at first, or None for the first of an order drawn with seed, in which the others
    follow. noun: what a row is, in the plural. question: the card's title.

    ``rebuilt`` is the picture from ``k`` components, ``share`` the part of all variance that they keep. ``readings`` holds
    what was read so far: (row, k, said, true). Raises ``BadInput`` for data or settings that cannot be used.
    """

    shares = traitlets.List().tag(sync=True)  # of every component, once

    def __init__(self, X, shape, labels=None, k=1, row=None, seed=0, noun="pictures", question=None):
        self._made = Rebuilding(checked(X, shape))
        count = len(self._made.rows)
        self._labels = None if labels is None else [str(one) for one in np.asarray(labels).tolist()]
        if self._labels is not None and len(self._labels) != count:
            raise BadInput(f"labels has {len(self._labels)} entries and X has {count} rows; give one for each.")
        names = sorted(set(self._labels or ()))
        if len(names) > _MOST_WORDS:
            raise BadInput(f"labels has {len(names)} different values; at most {_MOST_WORDS} can be chosen from.")
        self._shape, self._order = tuple(shape), np.random.default_rng(seed).permutation(count)
        self.readings, self.said_now = [], None
        self._row = self._checked("row", self._order[0] if row is None else row, 0, count - 1)
        self._k = self._checked("k", k, 0, self._made.most)
        super().__init__(
            (),
            {
                "question": question or "From how many components can you read it?",
                "noun": noun,
                "one": words.one(noun),
                "labels": names,
                "most": self._made.most,
                "shape": list(shape),
            },
        )
        self.shares = self._made.shares.round(6).tolist()
        self.publish(f"{self._told()} {self._ask()}")

    @property
    def k(self):
        """Number of components; set it to rebuild from more or fewer."""
        return self._k

    @k.setter
    def k(self, value):
        self.act("k", k=value)

    @property
    def row(self):
        """Number of the picture shown; set it to look at another, which hides the original again."""
        return self._row

    @row.setter
    def row(self, value):
        self.act("row", row=value)

    @property
    def rebuilt(self):
        """The picture from k components, (pixels,), in X's units."""
        return self._made.rebuilt(self._row, self._k)

    @property
    def share(self):
        """Share of the variance of all pictures that k components keep, 0 to 1."""
        return float(self._made.shares[: self._k].sum())

    @property
    def error(self):
        """Root mean squared difference of a pixel between this picture and its original, in X's units."""
        return self._made.error(self._row, self._k)

    @property
    def revealed(self):
        """Whether the original is shown."""
        return self._labels is None or self.said_now is not None

    def read(self, label):
        """Say what the picture shows; the original is shown then, and the first reading counts."""
        self.act("read", label=label)

    def next(self):
        """Another picture, from one component."""
        self.act("next")

    def describe(self):
        """One line: how many pictures, which one, from how many components."""
        return f"{words.sentence(words.count(len(self._made.rows), self.text['noun']))} and their components. {self._told()}"

    def picture(self):
        """A still of the first picture that a reader has not been asked about, from few components to many."""
        made = self._made
        steps = sorted({min(step, made.most) for step in (0, 1, 3, 5, 10, 20, made.most)})
        row = int(self._order[-1])
        told = (
            f"{words.sentence(words.one(self.text['noun']))} {row + 1} rebuilt from "
            f"{', '.join(map(str, steps[:-1]))} and all {steps[-1]} components; from none, it is the mean of all."
        )
        pictures = [made.ink(made.rebuilt(row, step)) for step in steps]
        return self.image(strip(pictures, [f"k = {step}" for step in steps], self._shape, told), told)

    def act(self, do, token=None, **what):
        """Do one thing and publish what came of it."""
        with self.lock:
            match do:
                case "k":
                    self._k = self._checked("k", what["k"], 0, self._made.most)
                    said = self._told()
                case "row":
                    said = self._show(self._checked("row", what["row"], 0, len(self._made.rows) - 1))
                case "next":
                    at = int(np.flatnonzero(self._order == self._row)[0])
                    said = self._show(int(self._order[(at + 1) % len(self._order)]))
                case "read":
                    said = self._read(str(what["label"]))
                case other:
                    raise BadInput(f"the widget was asked for {other!r}, which it does not know; reload the page.")
            self.publish(said, token)

    def publish(self, said, token=None):
        """Send what is shown in one message; the original and its label only once it was read."""
        made, k = self._made, self._k
        last = made.axes[k - 1] if k else np.zeros(len(made.mean))
        with self.hold_sync():
            self.said = said
            self.state = {
                "k": k,
                "row": self._row,
                "rebuilt": made.ink(self.rebuilt).round(3).tolist(),
                "component": (last / max(np.abs(last).max(), 1e-12)).round(3).tolist(),
                "number": f"{made.code(self._row)[k - 1]:.2f}".replace("-", "−") if k else "–",
                "original": made.ink(made.rows[self._row]).round(3).tolist() if self.revealed else None,
                "label": self._labels[self._row] if self._labels and self.revealed else None,
                "share": self.share,
                "error": words.figure(self.error),
                "read": [len(self.readings), sum(said == true for _, _, said, true in self.readings)],
                "token": token,
            }
            self.frame += 1

    def _show(self, row):
        self._row, self._k, self.said_now = row, min(1, self._made.most), None
        return f"{words.sentence(self.text['one'])} {row + 1:,}. {self._told()} {self._ask()}"

    def _read(self, label):
        if self._labels is None:
            raise BadInput("there is nothing to read: this explorable was made without labels.")
        if label not in self.text["labels"]:
            raise BadInput(f"{label!r} is none of the labels; they are {', '.join(self.text['labels'])}.")
        true = self._labels[self._row]
        if self.said_now is None:
            self.readings.append((self._row, self._k, label, true))
        self.said_now = label
        given = f"You read {label} from {self._k} of {self._made.most} numbers, which keep {share(self.share)} of the variance"
        if label == true:
            return f"{given}; it is {true}. Beside it stands the original."
        return f"{given}; it is {true}. Beside it stands the original: add components and watch it come."

    def _told(self):
        parts = words.count(self._k, "components")
        kept = f"Rebuilt from {parts} of {self._made.most}, {share(self.share)} of the variance"
        return f"{kept}; a pixel is off by {words.figure(self.error)}."

    def _ask(self):
        return "" if self.revealed else "What does it show? Add components until you can tell, then commit."

    def _checked(self, name, value, low, high):
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not whole or not low <= value <= high:
            raise BadInput(f"{name} is {value!r}; a whole number from {low} to {high:,} was expected.")
        return int(value)
