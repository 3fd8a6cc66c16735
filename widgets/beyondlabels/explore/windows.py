"""A window dragged along a long monthly series, its score, and a threshold to commit to before the events are shown."""

import html

import numpy as np
import traitlets

from beyondlabels.errors import BadInput

from . import words
from .base import Explorable
from .stage import Axis
from .watching import MOST_MONTHS, Watching, series


class Windows(Explorable, stem="windows"):
    """Twelve months at a time along a series: what they look like, how unusual they are, and where the alarm is set.

    values: the monthly series, shape (n,), finite. first: (year, month) of its first value. length: months in a window.
    normal: bool (n,), the months that the seasonal mean is taken from (None: all). scores: one for each window, shape
    (n - length + 1,), the higher the more unusual; by default the departure: the root mean squared distance from the
    seasonal mean.
    events: name -> (first, stop), positions in ``values``; hidden until ``commit``. threshold: where the alarm is set at
    first (None: at the highest score). label, unit: of the values; score_label, score_unit: of the scores. noun: what the
    events are, in the plural. question: the card's title.

    ``caught``, ``missed`` and ``false_alarms`` are None until ``commit``. An event is caught when a window above the
    threshold has at least half of its months in it; a false alarm is a run of such windows that share no month with an
    event, also where it runs on into one. Raises ``BadInput`` for data or settings that cannot be used.
    """

    scores = traitlets.Bytes().tag(sync=True)  # float32 (windows,), fractions of the second strip's range
    score_axis = traitlets.Dict().tag(sync=True)

    def __init__(
        self, values, first=(1950, 1), length=12, normal=None, scores=None, events=None, threshold=None,
        label="value", unit="", score_label="departure", score_unit=None, noun="events", question=None,
    ):  # fmt: skip
        months = series(values)
        self._watching = watching = Watching(
            months, _calendar(first), _length(length, months), _marked(normal, months), scores, events
        )
        self._row, self.committed = 0, None
        top = float(watching.scores.max())
        low = min(0.0, float(watching.scores.min()))
        self._axes_of_scores = Axis(
            "score", score_label, unit if score_unit is None else score_unit, low, (top - low or 1.0) * 1.08 + low
        )
        self._threshold = self._level(top if threshold is None else threshold)
        ends = watching.years([0, len(months)])
        room = (np.ptp(months) or 1.0) * 0.06
        axes = (
            Axis("year", "year", "", float(ends[0]), float(ends[1])),
            Axis(label, label, unit, float(months.min() - room), float(months.max() + room)),
        )
        super().__init__(
            axes,
            {
                "question": question or "Where would you set the alarm?",
                "noun": noun,
                "length": watching.length,
                "windows": len(watching.rows),
                "month": watching.first[1],
                "events": len(watching.events),
            },
        )
        self.positions = self.place(np.column_stack([watching.years(np.arange(len(months)) + 0.5), months]))
        self.scores = self._axes_of_scores.fraction(watching.scores).astype("<f4").tobytes()
        self.score_axis = self._axes_of_scores.state()
        self.publish(f"{self._told()} Drag the window along the years, then set the threshold and commit.")

    @property
    def window(self):
        """Number of the window shown, from 0; set it to move there."""
        return self._row

    @window.setter
    def window(self, row):
        self.act("window", window=row)

    @property
    def threshold(self):
        """The score above which there is an alarm; set it to move it."""
        return self._threshold

    @threshold.setter
    def threshold(self, value):
        self.act("threshold", threshold=value)

    @property
    def alarms(self):
        """Stretches of neighbouring windows above the threshold, (first, last) window each."""
        return self._watching.stretches(self._threshold)

    @property
    def caught(self):
        """Names of the events found by the threshold as it is now; None until ``commit``."""
        return None if self.committed is None else self._watching.judged(self._threshold)[0]

    @property
    def missed(self):
        """Names of the events that it does not find; None until ``commit``."""
        return None if self.committed is None else self._watching.judged(self._threshold)[1]

    @property
    def false_alarms(self):
        """Runs of windows above it that share no month with an event, (first, last) each; None until ``commit``."""
        return None if self.committed is None else self._watching.judged(self._threshold)[2]

    def commit(self):
        """Say that this is the threshold; the events are shown, and what it found is told."""
        self.act("commit")

    def again(self):
        """Hide the events again; the threshold stays."""
        self.act("again")

    def next_alarm(self):
        """Move the window to the highest score of the next alarm, round to the first after the last."""
        self.act("next")

    def describe(self):
        """One line: the series, the window and the threshold, without the events."""
        watching = self._watching
        return (
            f"A window of {watching.length} months on {len(watching.values):,} months of {self._axes[1].label}, "
            f"{watching.month(0)} to {watching.month(len(watching.values) - 1)}. {self._told()}"
        )

    def picture(self):
        """A still of the series and, below it, of the scores; no events."""
        axis, watching = self._axes_of_scores, self._watching
        told = self.describe()
        points = np.frombuffer(self.positions, "<f4").reshape(-1, 2)
        ends = points[watching.length - 1 :, 0]
        scored = np.column_stack([ends, axis.fraction(watching.scores)])
        body = "".join(
            f'<path d="M50 {top}V{top + 130}H750" fill="none" stroke="#8a9099"/>'
            f'<path d="M{"L".join(f"{50 + 700 * u:.1f} {top + 130 - 130 * v:.1f}" for u, v in line)}" fill="none" '
            f'stroke="{colour}"/><text x="54" y="{top + 10}">{html.escape(name)}</text>'
            for top, line, colour, name in (
                (12, points, "#0072b2", _titled(self._axes[1])),
                (164, scored, "#d55e00", _titled(axis)),
            )
        )
        years = "".join(
            f'<text x="{50 + 700 * self._axes[0].fraction(year):.0f}" y="312" text-anchor="middle">{year}</text>'
            for year in range(int(np.ceil(self._axes[0].low / 10)) * 10, int(self._axes[0].high), 10)
        )
        drawing = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 770 320" width="770" role="img" '
            f'aria-label="{html.escape(told)}" style="max-width:100%;height:auto" font-family="system-ui,sans-serif" '
            f'font-size="12" fill="#767b82">{body}{years}</svg>'
        )
        return self.image(drawing, told)

    def act(self, do, token=None, **what):
        """Do one thing and publish what came of it."""
        with self.lock:
            match do:
                case "window":
                    self._row = self._placed(what["window"])
                    said = self._told()
                case "threshold":
                    self._threshold = self._level(what["threshold"])
                    said = self._counted()
                case "next":
                    said = self._next()
                case "commit":
                    self.committed = self._threshold
                    said = self._counted()
                case "again":
                    self.committed = None
                    said = f"The {self.text['noun']} are hidden again. {self._counted()}"
                case other:
                    raise BadInput(f"the widget was asked for {other!r}, which it does not know; reload the page.")
            self.publish(said, token)

    def publish(self, said, token=None):
        """Send what is shown in one message; the events only once a threshold was committed."""
        watching, row = self._watching, self._row
        shown = slice(row, row + watching.length)
        caught, _, false = ([], [], []) if self.committed is None else watching.judged(self._threshold)
        with self.hold_sync():
            self.said = said
            self.state = {
                "window": row,
                "span": watching.span(row),
                "values": watching.values[shown].round(4).tolist(),
                "usual": watching.usual[shown].round(4).tolist(),
                "score": float(watching.scores[row]),
                "threshold": self._threshold,
                "alarms": [list(one) for one in self.alarms],
                "committed": self.committed,
                "events": []
                if self.committed is None
                else [[name, *place, name in caught] for name, place in watching.events.items()],
                "false": [list(one) for one in false],
                "token": token,
            }
            self.frame += 1

    def _next(self):
        alarms = self.alarms
        if not alarms:
            return (
                f"No window is above {self._axes_of_scores.say(self._threshold)}: there is no alarm to go to. Lower it."
            )
        scores = self._watching.scores
        peaks = [start + int(scores[start : last + 1].argmax()) for start, last in alarms]
        self._row = next((peak for peak in peaks if peak > self._row), peaks[0])
        return self._told()

    def _told(self):
        axis, watching = self._axes_of_scores, self._watching
        score = watching.scores[self._row]
        if score > self._threshold:
            beside = f"above the threshold of {axis.say(self._threshold)}: an alarm"
        else:
            beside = f"not above the threshold of {axis.say(self._threshold)}"
        return f"{watching.span(self._row)}: {axis.label} {axis.say(score)}, {beside}."

    def _counted(self):
        alarms = words.count(len(self.alarms), "alarms")
        above = words.count(int((self._watching.scores > self._threshold).sum()), "windows")
        said = f"Threshold {self._axes_of_scores.say(self._threshold)}: {alarms}, {above} above it."
        if self.committed is None:
            return said
        caught, missed, false = self._watching.judged(self._threshold)
        named = [
            f"{words.count(len(names), self.text['noun'])} {how}"
            for names, how in ((caught, "caught"), (missed, "missed"))
        ]
        told = [
            f"{one} ({', '.join(names)})" if names else one for one, names in zip(named, (caught, missed), strict=True)
        ]
        alone = words.count(len(false), "false alarms")
        if false:
            alone += f" ({words.count(sum(last - start + 1 for start, last in false), 'windows')})"
        return f"{said} {words.sentence(told[0])}, {told[1]}, {alone}."

    def _placed(self, row):
        last = len(self._watching.rows) - 1
        if not isinstance(row, (int, np.integer)) or isinstance(row, bool) or not 0 <= row <= last:
            raise BadInput(f"window is {row!r}; a whole number from 0 to {last:,} was expected.")
        return int(row)

    def _level(self, value):
        number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
        if not number or not np.isfinite(value):
            raise BadInput(f"threshold is {value!r}; a number was expected, in the units of the scores.")
        return float(value)


def _titled(axis):
    return f"{axis.label}, {axis.unit}" if axis.unit else axis.label


def _calendar(first):
    year, month = first
    if not 1 <= month <= 12:
        raise BadInput(f"first is {tuple(first)}; (year, month) was expected, the month from 1 to 12.")
    return int(year), int(month)


def _length(length, months):
    if not isinstance(length, (int, np.integer)) or not 2 <= length <= 36:
        raise BadInput(f"length is {length!r}; a whole number of months from 2 to 36 was expected.")
    if not length < len(months) <= MOST_MONTHS:
        raise BadInput(f"values has {len(months):,} months; more than {length} and at most {MOST_MONTHS:,} are needed.")
    return int(length)


def _marked(normal, months):
    marked = np.ones(len(months), dtype=bool) if normal is None else np.asarray(normal)
    if marked.dtype != bool or marked.shape != months.shape:
        raise BadInput(
            f"normal should be True or False for each of the {len(months):,} months; got {marked.shape} {marked.dtype}."
        )
    return marked
