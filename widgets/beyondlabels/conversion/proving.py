"""Making the proof of a package: rows that show what it computes, with the model's own answers."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from .. import runtime
from ..errors import BadInput, ParityFailed
from ..mil import save
from ..runtime.run import run
from . import describe, proof


@dataclass(frozen=True)
class Proven:
    """The ``rows`` of a proof, float64 (rows, numbers), the model's ``answers`` by output, whether all are ties, and how many of
    ``made_up`` rows are left out because they overflow in half precision."""

    rows: np.ndarray
    answers: dict
    only_ties: bool
    overflowing: int
    made_up: int


def drawn(judge, compared, specification, package, own=False):
    """(the ``Pool`` to choose a proof from, sha-256 of weights and program, whether some values are float16). The weights
    are let go of again."""
    program = runtime.of_specification(specification, save.weights_folder(package)).program
    width = proof.numbers_per_row(program, judge.rows.inputs, compared)
    half = any(dtype == "float16" for each in program.operations for _, dtype, _ in each.outputs)
    made = proof.pool(compared, width, program, judge.rows.inputs, own)
    return made, (program.weights_sha256, program.digest()), half


def prove(judge, compared, from_pool, expected, specification, package):
    """Put the proof into the specification; returns it, a ``Proven``.

    A row that may fall either way proves little, so ties are left out, and so is a row that overflows in half precision.
    Where hardly any other row can be made up, those ties are taken on which the program gives the model's own answers:
    they still prove that it computes as it did. Raises ``ParityFailed`` where there are none of those either.
    """
    first, digest, half = from_pool

    def finite(rows):
        return _finite(judge, specification, package, rows) if half else np.ones(len(rows), bool)

    pool, usable = first, _without_ties(judge, first, expected)
    held = finite(first.rows[usable])
    if held.sum() < 2:
        pool, *_ = drawn(judge, compared, specification, package, own=True)
        usable = _without_ties(judge, pool, expected)
        held = finite(pool.rows[usable])
    only_ties = len(usable) < 2
    if held.sum() < 2:
        held[:] = True  # it overflows everywhere, and so on the sample: the comparison is what says so
    chosen = pool.of(usable[held])
    if only_ties:
        chosen = _as_the_program(judge, (first, pool), specification, package)
    facts = describe.model_facts(judge.model, judge.recipe)
    facts |= describe.verdict_facts(judge.verdict, judge.recipe, judge.model)
    answers = judge.answers(chosen)
    rules = {"tolerance": judge.tolerance, "floor": judge.floor(chosen, answers), "one_unit": list(judge.units)}
    nan = judge.recipe.nan(judge.model)
    proof.record(specification, digest, chosen, answers, facts, judge.rows.names, nan, rules)
    return Proven(chosen, answers, only_ties, int((~held).sum()), len(held))


def _without_ties(judge, pool, expected):
    """The rows of the pool, by number, that the model can answer and that are no tie for any output."""
    usable = _answered(judge, pool.rows)
    for name in judge.verdict.outputs:
        usable = usable[~np.asarray(judge.ties(pool.rows, expected)(name, usable), bool)]
    return usable


def _finite(judge, specification, package, table):
    """For which rows of ``table`` a program in half precision gives a finite number wherever the model does."""
    kept = np.ones(len(table), bool)
    if len(table):
        program = runtime.of_specification(specification, save.weights_folder(package)).program
        answers = judge.answers(table)
        for name, found in judge.run(partial(run, program), table.astype(np.float32)).items():
            over = ~np.isfinite(found) & np.isfinite(answers[name].astype(float))
            kept &= ~over.reshape(len(table), -1).any(axis=1)
    return kept


def _as_the_program(judge, pools, specification, package):
    """The rows of a proof from those on which the program gives what the model gives, of the first pool that has some."""
    program = runtime.of_specification(specification, save.weights_folder(package)).program
    for pool in pools:
        usable = _answered(judge, pool.rows)
        table = pool.rows[usable]
        answers, found = judge.answers(table), judge.run(partial(run, program), table)
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
