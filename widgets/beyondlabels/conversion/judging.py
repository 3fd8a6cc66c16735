"""The model's side of a comparison: its own answers, which rows are ties, and what is off by too much."""

import warnings
from dataclasses import dataclass

import numpy as np

from ..errors import BadInput
from ..runtime.parity import agreeing, compare
from .class_labels import as_given
from .reference import in_float64
from .registry import Recipe
from .sample import Sample
from .verdict import Verdict

_BATCH = 1_000
_UNIT = 2.0**-24  # half a unit in the last place of a float32 number


@dataclass(frozen=True)
class Judge:
    """Holds a package against ``model``. ``rows`` is the sample as it was checked, ``verdict`` names the outputs, ``at_once``
    says how many rows a call of the package gets."""

    model: object
    recipe: Recipe
    verdict: Verdict
    rows: Sample
    tolerance: float
    at_once: int = _BATCH

    def answers(self, table):
        """Output name -> what the model's own method gives for the rows of ``table``, as float64 or integers."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            exact = in_float64(self.model)
            try:
                answers = {
                    name: self.recipe.expected(exact, method, self.rows.given(table))
                    for name, method in self.verdict.outputs.items()
                }
                return {
                    name: as_given(exact, name, np.asarray(answer.toarray() if hasattr(answer, "toarray") else answer))
                    for name, answer in answers.items()
                }
            except Exception as error:
                raise BadInput(f"the model itself cannot use the sample: {error}") from error

    def run(self, predict, table):
        """What ``predict`` of a package gives, some rows at a time, or one where an input is an image."""
        parts = [predict(self.rows.inputs.split(part)) for _, part in self.batches(table)]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def batches(self, table):
        """(number of the first row, rows) of each call that a package gets."""
        size = 1 if self.rows.inputs.one_at_a_time else self.at_once
        return [(start, table[start : start + size]) for start in range(0, len(table), size)]

    def compare(self, table, expected, found):
        """The ``Parity`` of what a package gave with the model's answers for ``table``."""
        return compare(
            expected, found, self.tolerance, self.ties(table, expected), self.floor(table, expected), self.units
        )

    def agreeing(self, table, expected, found):
        """The rows of ``table``, by number, on which both agree, ties or not."""
        return agreeing(expected, found, self.tolerance, self.floor(table, expected), self.units)

    def floor(self, table, expected):
        """The smallest scale of an output that means anything for these rows, their answers and this model."""
        return max(
            floor(table, expected, lambda: self.answers(self.rows.inputs.whole(nudge(table)))),
            float(self.recipe.floor(self.model)),
        )

    @property
    def units(self):
        """The outputs whose columns are one quantity in one unit."""
        return self.recipe.one_unit(self.model)

    def ties(self, table, expected):
        """Asks the recipe which of some rows are ties, for labels and for numbers that jump; a tie excuses nothing else."""

        def is_tie(name, which):
            jumps = expected[name].dtype.kind in "iub" or name in self.recipe.jumps(self.model)
            if not jumps or not len(which):
                return np.zeros(len(which), bool)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ask, given = self.recipe.ties, self.rows.given(table[which])
                ties = ask(in_float64(self.model), name, given, self.tolerance) if ask else None
            return np.zeros(len(which), bool) if ties is None else ties

        return is_tie


def floor(rows, expected, moved):
    """The smallest output scale that means anything: half a unit in the last place of the largest float32 input; less where
    an output would be judged by that although it is in another unit, and moves by less when the rows do by so much.

    ``moved()`` gives the model's answers for rows that are half a unit away.
    """
    least = float(np.nanmax(np.abs(rows), initial=0.0)) * _UNIT
    numbers = {name: answer for name, answer in expected.items() if np.asarray(answer).dtype.kind not in "iub"}
    small = [name for name, answer in numbers.items() if _size(answer) / 32 < least]
    if not small:
        return least
    try:
        there = moved()
    except BadInput:  # a model that refuses what lies just outside the rows it was fitted on
        return least
    return min(least, max(_largest(there[name] - numbers[name]) for name in small))


def nudge(rows):
    """``rows`` with every number half a unit of float32 away, up or down by chance."""
    sign = np.random.default_rng(0).choice([-1.0, 1.0], np.shape(rows))
    return rows * (1 + sign * _UNIT)


def _size(answer):
    """Root mean square of what is finite."""
    finite = np.asarray(answer, np.float64)[np.isfinite(answer)]
    return float(np.sqrt(np.mean(np.square(finite)))) if finite.size else 0.0


def _largest(change):
    finite = np.abs(change[np.isfinite(change)])
    return float(finite.max(initial=0.0))
