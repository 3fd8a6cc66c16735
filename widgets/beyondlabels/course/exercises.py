"""Exercises: what is asked, how an answer is judged, and the proof that the judge is fair.

An exercise is data plus one function. ``check(namespace)`` reads the learner's names and returns an ``Outcome``; it
judges invariants (an inertia, a tolerance), never labels one by one, because correct clusterings number their groups
differently. Beside the starter stand the answers that must pass and the misconceptions that must fail; ``proof`` runs
them all. The exercises of a lesson live in ``checks/<lesson>.py`` as a list ``EXERCISES``, in the order of the lesson.
"""

import difflib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from ..errors import BeyondLabelsError

NOT_ATTEMPTED, NOT_YET, RIGHT = "not attempted", "not yet", "right"
UNFITTED = "The model has not been fitted: it has seen no row yet. Call its `fit` first."


@dataclass(frozen=True)
class Outcome:
    """The verdict on one answer. ``misconception`` names which one was recognised, if any."""

    state: str
    message: str
    misconception: str | None = None


class NotYet(Exception):
    """Raised inside a check to stop with a verdict: which misconception, and the message for the learner."""

    def __init__(self, message, misconception=None):
        self.misconception = misconception
        super().__init__(message)


class NotAttempted(Exception):
    """Raised inside a check when the learner has not begun; the message says which names are awaited."""


@dataclass(frozen=True)
class Exercise:
    """One exercise. ``setup``, ``starter``, ``solution``, ``another`` and each misconception are Python code.

    ``judge(namespace)`` returns the sentence for a right answer, or raises ``NotYet`` or ``NotAttempted``.
    ``another`` is a correct answer that differs from the solution. ``setup`` makes what the lesson has made by then;
    it may use the name ``seed``.
    """

    id: str
    title: str
    text: str
    starter: str
    solution: str
    another: str
    judge: Callable
    hints: tuple
    misconceptions: dict
    setup: str = ""

    @property
    def lesson(self):
        """The id of the lesson it belongs to: the part before the dot."""
        return self.id.partition(".")[0]

    def check(self, namespace):
        """Judge the answer found in ``namespace`` (a dict). Never raises: a failure of the answer is a "not yet"."""
        try:
            return Outcome(RIGHT, self.judge(namespace))
        except NotAttempted as verdict:
            return Outcome(NOT_ATTEMPTED, str(verdict))
        except NotYet as verdict:
            return Outcome(NOT_YET, str(verdict), verdict.misconception)
        except Exception as error:
            if type(error).__name__ == "NotFittedError":
                return Outcome(NOT_YET, UNFITTED, "not_fitted")
            said = str(error).strip().splitlines()
            detail = f"{type(error).__name__}: {said[0][:160].rstrip('.')}" if said else type(error).__name__
            return Outcome(
                NOT_YET,
                f"Your answer could not be looked at; Python said `{detail}`. Run the cell above it again, "
                "look at the value on its own, and compare its type and shape with the text.",
                "error",
            )

    def proof(self, seed=0):
        """Run every prepared answer: a list of (name, expected, got) with (state, misconception) each."""
        answers = [
            ("starter", self.starter, (NOT_ATTEMPTED, None)),
            ("solution", self.solution, (RIGHT, None)),
            ("another", self.another, (RIGHT, None)),
            *((name, code, (NOT_YET, name)) for name, code in self.misconceptions.items()),
        ]
        found = []
        for name, code, expected in answers:
            outcome = self.check(self.run(code, seed))
            found.append((name, expected, (outcome.state, outcome.misconception)))
        return found

    def run(self, code, seed=0):
        """The namespace after ``setup`` and ``code`` ran in a fresh one."""
        namespace = {"__name__": f"exercise_{self.id}", "seed": seed}
        exec(self.setup, namespace)  # our own code, from checks/
        exec(code, namespace)
        return namespace


def all_exercises(lesson=None):
    """Every exercise, or those of one lesson, in the order of the lessons' modules and within them."""
    from . import checks

    names = [module.name for module in iter_modules(checks.__path__) if not module.name.startswith("_")]
    modules = (import_module(f"{checks.__name__}.{name}") for name in names if lesson in (None, name))
    return [exercise for module in modules for exercise in getattr(module, "EXERCISES", ())]


def find(id):
    """The ``Exercise`` of that id. Raises ``BeyondLabelsError`` that names the nearest ids there are."""
    ids = {exercise.id: exercise for exercise in all_exercises()}
    if id in ids:
        return ids[id]
    near = difflib.get_close_matches(str(id), ids, n=3, cutoff=0.4) or sorted(ids)
    raise BeyondLabelsError(f"there is no exercise {id!r}; did you mean {', '.join(map(repr, near))}?")


def exercise(id, namespace=None):
    """The card of one exercise: buttons, and the same as ``.check()``, ``.hint()`` and ``.solution()``.

    Answers are read from the notebook's names or, without IPython, from the caller's globals; ``namespace`` (a dict)
    overrides both. Raises ``BeyondLabelsError`` for an unknown id.
    """
    from .exercise_card import ExerciseCard

    if namespace is None:
        namespace = _notebook_names() or sys._getframe(1).f_globals
    siblings = all_exercises(find(id).lesson)
    number = next(i for i, one in enumerate(siblings, 1) if one.id == id)
    return ExerciseCard(siblings[number - 1], namespace, number=number, of=len(siblings))


def _notebook_names():
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell.user_ns if shell else None
