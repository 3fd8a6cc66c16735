"""The card of one exercise: the same Check, hints and solution as buttons and as methods that print."""

import traitlets

from ..typeset import escaped
from ..widget import Card
from . import progress, rest
from .exercises import RIGHT
from .prose import markdown_light, plain

_WAITING = "waiting"
_WORD = {_WAITING: "A moment.", "right": "Right.", "not yet": "Not yet.", "not attempted": "Not attempted yet."}
WAIT = (
    "A cell is still running, and it may change your answer. The check follows by itself when the notebook is at rest."
)
ASK = "See the solution? You have not had a right answer yet; a hint may be enough."


class Printed(str):
    """Text that was printed already, so a notebook does not show it a second time."""

    def _ipython_display_(self):
        pass


class ExerciseCard(Card, stem="exercise_card"):
    """Check, hints and solution of one exercise, for the names in ``namespace`` (a dict)."""

    tag = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    state = traitlets.Unicode("").tag(
        sync=True
    )  # of the last check: "", "waiting", "not attempted", "not yet", "right"
    word = traitlets.Unicode("").tag(sync=True)
    message = traitlets.Unicode("").tag(sync=True)
    misconception = traitlets.Unicode("").tag(sync=True)
    done = traitlets.Bool(False).tag(sync=True)  # right at least once, now or on another day
    hints_shown = traitlets.List(traitlets.Unicode()).tag(sync=True)
    hints_total = traitlets.Int().tag(sync=True)
    asking = traitlets.Unicode("").tag(sync=True)
    solution_code = traitlets.Unicode("").tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)  # one more with every answer from Python, also when the text is the same

    def __init__(self, exercise, namespace, number=1, of=1):
        self.exercise = exercise
        self._namespace = namespace
        self._cells = rest.of_this_notebook()
        record = progress.store()
        seen = record.aids(exercise.id)
        self._may_see_solution = any(aid["kind"] == "solution" for aid in seen)
        super().__init__(
            tag=f"Exercise {number} of {of}",
            title=exercise.title,
            text=exercise.text,
            hints_total=len(exercise.hints),
            done=record.state(exercise.id) == RIGHT,
            note=record.trouble,
        )
        self.on_msg(self._pressed)

    def check(self):
        """Judge the answer as it stands now; prints and returns the verdict."""
        return self._print(self._check())

    def hint(self):
        """Show one hint more; prints and returns it. After the last, it says that there are no more."""
        return self._print(self._hint())

    def solution(self):
        """Show one right answer; before the first right answer of your own, it asks once whether you want to see it."""
        return self._print(self._solution())

    def _check(self):
        outcome = self.exercise.check(self._namespace)
        progress.store().record_attempt(self.exercise.id, outcome.state, outcome.misconception)
        self.word, self.message = _WORD[outcome.state], outcome.message
        self.misconception = outcome.misconception or ""
        self.state = outcome.state
        self.done = self.done or outcome.state == RIGHT
        self.asking = ""
        return self._answer(f"{self.word} {self.message}")

    def _check_at_rest(self):
        """What the Check button does: a cell that still runs, or waits its turn, may be about to change the answer."""
        if self._cells is None or self._cells.at_rest(self._check):
            return self._check()
        self.word, self.message, self.misconception, self.asking = _WORD[_WAITING], WAIT, "", ""
        self.state = _WAITING
        return self._answer(f"{self.word} {self.message}")

    def _hint(self):
        number = len(self.hints_shown)
        if number == self.hints_total:
            return self._answer("There are no more hints; .solution() shows one way.")
        self.hints_shown = [*self.hints_shown, self.exercise.hints[number]]
        progress.store().record_aid(self.exercise.id, "hint", number + 1)
        return self._answer(f"Hint {number + 1} of {self.hints_total}. {self.exercise.hints[number]}")

    def _solution(self):
        if not (self.done or self._may_see_solution or self.asking):
            self.asking = ASK
            return self._answer(f"{ASK} Call .solution() once more to see it.")
        self.asking, self._may_see_solution = "", True
        self.solution_code = self.exercise.solution
        progress.store().record_aid(self.exercise.id, "solution")
        return self._answer(self.exercise.solution)

    def describe(self):
        """Tag, title, text and what to call; the same on every run."""
        return (
            f"{self.tag}: {self.title}\n{plain(self.text)}\nMethods: .check(), .hint() ({self.hints_total} "
            "hints), .solution()"
        )

    def picture(self):
        """The task as static HTML, for a reader without a kernel."""
        body = "".join(f"<p>{markdown_light(part)}</p>" for part in self.text.split("\n\n"))
        return (
            f"<p><b>{escaped(self.tag)}: {escaped(self.title)}</b></p>{body}"
            "<p><em>Run this cell to check your answer, take a hint or see a solution.</em></p>"
        )

    def _answer(self, text):
        self.said = plain(text)
        self.note = progress.store().trouble
        self.answered += 1
        return text

    @staticmethod
    def _print(text):
        print(text)
        return Printed(text)

    def _pressed(self, _widget, content, _buffers):
        action = content.get("action")
        if action == "leave solution":
            self.asking = ""
        elif action == "hide solution":
            self.solution_code = ""
        elif action in ("check", "hint", "solution"):
            {"check": self._check_at_rest, "hint": self._hint, "solution": self._solution}[action]()
