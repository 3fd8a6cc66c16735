"""Predict and Reveal: a learner commits before anything is shown, and the result is then drawn against it.

The prediction is kept under its name in the course folder; ``reveal`` finds it there, so the two cards may stand
far apart in a notebook, and a kernel may have been restarted between them.
"""

import math
from weakref import WeakSet

import traitlets

from ..errors import BadInput
from ..typeset import escaped
from ..widget import Card
from . import progress
from .prose import markdown_light, plain

KINDS = ("number", "slider", "choice")
_open = WeakSet()  # reveals on screen, to redraw when their prediction arrives late


def quantity(value, unit=""):
    """A number or a choice in words: ``36 %``, ``3 groups``, ``0.25``."""
    if isinstance(value, str):
        return value
    text = f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{text} {unit}".strip()


class Predict(Card, stem="prediction"):
    """A question to commit to. ``committed`` holds every prediction so far, the newest last; ``commit`` adds one."""

    role = traitlets.Unicode("predict").tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    kind = traitlets.Enum(KINDS).tag(sync=True)
    low = traitlets.Float(0).tag(sync=True)
    high = traitlets.Float(100).tag(sync=True)
    step = traitlets.Float(1).tag(sync=True)
    start = traitlets.Any(None, allow_none=True).tag(sync=True)
    unit = traitlets.Unicode("").tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    committed = traitlets.List().tag(sync=True)
    trouble = traitlets.Unicode("").tag(sync=True)  # why the last commit was not taken
    note = traitlets.Unicode("").tag(sync=True)

    def __init__(self, name, question, **settings):
        self.name = name
        record = progress.store()
        super().__init__(question=question, note=record.trouble, **settings)
        self.committed = [row["value"] for row in record.predictions(name) if self._wrong(row["value"]) is None]
        self._say()
        self.on_msg(self._pressed)

    def commit(self, value):
        """Keep ``value`` and return the sentence that says so. Raises ``BadInput`` for an impossible answer."""
        value = value.item() if hasattr(value, "item") else value
        wrong = self._wrong(value)
        if wrong:
            raise BadInput(wrong)
        record = progress.store()
        record.record_prediction(self.name, value, self.question)
        self.trouble, self.note = "", record.trouble
        self.committed = [*self.committed, value]
        self._say()
        for reveal in list(_open):
            reveal.look_again(self.name)
        return self.said

    def describe(self):
        """The question and how to answer without the widget; the same on every run."""
        answers = " / ".join(self.choices) or f"{quantity(self.low)} to {quantity(self.high, self.unit)}"
        return f"Predict: {self.question} ({answers}) Answer in the card, or with .commit(value)."

    def picture(self):
        """The question as static HTML."""
        return f"<p><b>Predict: {escaped(self.question)}</b></p><p><em>Run this cell to commit to an answer.</em></p>"

    def _wrong(self, value):
        """Why ``value`` cannot be a prediction, as a sentence, or None."""
        if self.kind == "choice":
            return None if value in self.choices else f"Choose one of: {', '.join(self.choices)}."
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        if not number or not self.low <= value <= self.high:
            return f"Give a number from {quantity(self.low)} to {quantity(self.high, self.unit)}."
        return None

    def _say(self):
        if not self.committed:
            return
        *earlier, newest = (quantity(value, self.unit) for value in self.committed)
        before = f" Before that: {', '.join(earlier)}." if earlier else ""
        self.said = f"You predicted {newest}.{before}"

    def _pressed(self, _widget, content, _buffers):
        if content.get("action") == "commit":
            try:
                self.commit(content.get("value"))
            except BadInput as error:
                self.trouble = ""
                self.trouble = str(error)


class Reveal(Card, stem="prediction"):
    """What came out, beside what was predicted. It redraws when the prediction is committed later."""

    role = traitlets.Unicode("reveal").tag(sync=True)
    question = traitlets.Unicode("").tag(sync=True)
    predicted = traitlets.Any(None, allow_none=True).tag(sync=True)
    actual = traitlets.Any().tag(sync=True)
    predicted_text = traitlets.Unicode("").tag(sync=True)
    actual_text = traitlets.Unicode("").tag(sync=True)
    low = traitlets.Float(0).tag(sync=True)
    high = traitlets.Float(1).tag(sync=True)
    low_text = traitlets.Unicode("").tag(sync=True)
    high_text = traitlets.Unicode("").tag(sync=True)
    explanation = traitlets.Unicode("").tag(sync=True)

    def __init__(self, name, actual, said=None):
        self.name = name
        actual = actual.item() if hasattr(actual, "item") else actual
        super().__init__(actual=actual, explanation=said or "")
        self.look_again(name)
        _open.add(self)

    def look_again(self, name):
        """Read the newest prediction of ``name`` again, if it is this card's."""
        if name != self.name:
            return
        asked = _asked.get(self.name)
        rows = progress.store().predictions(self.name)
        unit = asked.unit if asked else ""
        self.question = asked.question if asked else (rows[-1]["question"] if rows else "")
        self.actual_text = quantity(self.actual, unit)
        fits = [row["value"] for row in rows if isinstance(row["value"], str) == isinstance(self.actual, str)]
        predicted = fits[-1] if fits else None
        if not isinstance(self.actual, str):
            numbers = [self.actual] + ([predicted] if predicted is not None else [])
            ends = (asked.low, asked.high) if asked else (0, max(numbers) or 1)
            self.low, self.high = min(*ends, *numbers), max(*ends, *numbers)
            self.low_text, self.high_text = quantity(self.low), quantity(self.high, unit)
        self.predicted_text = "" if predicted is None else quantity(predicted, unit)
        self.said = self._sentence(predicted, unit)
        self.predicted = predicted

    def describe(self):
        """The result in words. The prediction is left out, so that the text is the same for every reader."""
        return " ".join(filter(None, [f"Result: {self.actual_text}.", plain(self.explanation)]))

    def picture(self):
        """The result as static HTML, folded: a lesson that was never run shows it right below the question."""
        result = f"<b>Result: {escaped(self.actual_text)}.</b> {markdown_light(self.explanation)}"
        return f"<details><summary>The result (commit to an answer first)</summary><p>{result}</p></details>"

    def _sentence(self, predicted, unit):
        if predicted is None:
            return f"No prediction was kept for this one; that is fine. The result is {self.actual_text}."
        if isinstance(self.actual, str):
            return (
                "That is what you said."
                if predicted == self.actual
                else f"You said: {predicted}. It is: {self.actual}."
            )
        away = self.actual - predicted
        if math.isclose(self.actual, predicted, abs_tol=1e-9):
            return f"You predicted {self.predicted_text}, and so it is."
        return (
            f"You predicted {self.predicted_text}; it is {self.actual_text}: {quantity(abs(away))} "
            f"{'more' if away > 0 else 'less'}."
        )


_asked = {}


def predict(name, question, kind="slider", low=0, high=100, step=1, unit="", choices=(), start=None):
    """A card that asks for a prediction and keeps it under ``name`` before anything is shown.

    ``kind`` is "number" (typed), "slider" or "choice" (one of ``choices``). ``low``, ``high``, ``step`` and ``unit``
    describe a number; ``start`` is where a slider stands at first (the middle when None). Raises ``BadInput`` for a
    question that cannot be answered.
    """
    if kind not in KINDS:
        raise BadInput(f"kind is {kind!r}; use one of {', '.join(KINDS)}")
    if kind == "choice" and len(choices) < 2:
        raise BadInput("a choice needs at least two choices")
    if kind != "choice" and not (low < high and step > 0):
        raise BadInput(f"a number needs low < high and step > 0; got low={low}, high={high}, step={step}")
    card = Predict(
        name, question, kind=kind, low=low, high=high, step=step, unit=unit, choices=list(choices), start=start
    )
    _asked[name] = card
    return card


def reveal(name, actual, said=None):
    """A card that draws ``actual`` (a number or a choice) against the newest prediction kept under ``name``.

    ``said`` is a sentence that explains the result. Without a prediction the result is shown all the same.
    """
    return Reveal(name, actual, said)
