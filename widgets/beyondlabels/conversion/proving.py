"""Making the proof of a package: rows that show what it computes, with the model's own answers."""

from dataclasses import dataclass

import numpy as np

from .. import runtime
from ..errors import BadInput, ParityFailed
from ..mil import save
from . import describe, proof
from .judging import floor


@dataclass(frozen=True)
class Proven:
    """The ``rows`` of a proof, float64 (rows, numbers), the model's ``answers`` by output, and whether all are ties."""

    rows: np.ndarray
    answers: dict
    only_ties: bool


def drawn(judge, compared, specification, package, own=False):
    """(the ``Pool`` to choose a proof from, sha-256 of weights and program). The weights are let go of again."""
    program = runtime.of_specification(specification, save.weights_folder(package)).program
    width = proof.numbers_per_row(program, judge.rows.inputs, compared)
    return proof.pool(compared, width, program, judge.rows.inputs, own), (program.weights_sha256, program.digest())


def prove(judge, compared, from_pool, expected, specification, package):
    """Put the proof into the specification; returns it, a ``Proven``.

    A row that may fall either way proves little, so ties are left out. Where hardly any other row can be made up, those
    ties are taken on which the program gives the model's own answers: they still prove that it computes as it did.
    Raises ``ParityFailed`` where there are none of those either.
    """
    first, digest = from_pool
    chosen = _without_ties(judge, first, expected)
    if len(chosen) < 2:
        second, _ = drawn(judge, compared, specification, package, own=True)
        chosen = _without_ties(judge, second, expected)
    only_ties = len(chosen) < 2
    if only_ties:
        chosen = _as_the_program(judge, (first, second), specification, package)
    facts, names = describe.model_facts(judge.model, judge.recipe), judge.rows.names
    rules = {"tolerance": judge.tolerance, "floor": floor(chosen), "one_unit": list(judge.units)}
    nan = judge.recipe.nan(judge.model)
    answers = judge.answers(chosen)
    proof.record(specification, digest, chosen, answers, facts, names, nan, rules)
    return Proven(chosen, answers, only_ties)


def _without_ties(judge, pool, expected):
    """The rows of a proof from those that the model can answer and that are no tie for any output."""
    usable = _answered(judge, pool.rows)
    for name in judge.verdict.outputs:
        usable = usable[~np.asarray(judge.ties(pool.rows, expected)(name, usable), bool)]
    return pool.of(usable)


def _as_the_program(judge, pools, specification, package):
    """The rows of a proof from those on which the program gives what the model gives, of the first pool that has some."""
    program = runtime.of_specification(specification, save.weights_folder(package))
    for pool in pools:
        usable = _answered(judge, pool.rows)
        table = pool.rows[usable]
        answers, found = judge.answers(table), judge.run(program.predict, table)
        kept = judge.agreeing(table, answers, found)
        if len(kept):
            return pool.of(usable[kept])
    raise ParityFailed(
        f"nothing can be proven: each of {len(table)} made-up rows is a tie for the model, and the package falls the "
        "other way on all of them. Nothing was kept. Scale the data, or choose options under which fewer rows lie "
        "between two answers, and fit again.",
        judge.compare(table, answers, found),
    )


def _answered(judge, made_up):
    """Which made-up rows the model gives an answer for; where it has no limit no-errors those are all. An unknown category is
    one that it may raise an error for."""

    def raises(which):
        try:
            judge.answers(made_up[which])
        except BadInput:
            return True
        return False

    everything = np.arange(len(made_up))
    if all(limit.id != "no-errors" for limit in judge.verdict.limits) or not raises(everything):
        return everything
    return np.array([row for row in everything if not raises([row])], np.int64)
