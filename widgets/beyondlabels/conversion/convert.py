"""The whole way of a fitted model to a saved, verified Core ML package, on one page."""

import gc
import time
import warnings

import numpy as np

from .. import runtime
from ..errors import BadInput, NotExportable, ParityFailed
from ..limits import get
from ..mil import program as programs
from ..mil import save, targets
from ..mil.blocks import HALF
from ..runtime import core_ml
from . import describe, images, proof
from . import sample as samples
from .reasons import is_fitted, kind_of, reasons_against
from .reference import in_float64
from .registry import find_recipe
from .remembered import forget, remembering
from .verdict import ExportResult, Verdict

_BATCH = 1_000
_HALF_TOLERANCE = 1e-2
_LARGE = 1 << 25  # bytes of a program worth making room for


def assess(model):
    """What can be exported from ``model``: a ``Verdict``. Never raises for a known class; an unknown one is "impossible"."""
    recipe, kind = find_recipe(model), kind_of(model)
    refused = tuple(reasons_against(model))
    fitted = recipe is not None and is_fitted(model)
    writes = kind in ("exact", "iterative") and fitted and not refused
    exact = in_float64(model) if writes else model
    outputs = recipe.available(exact, recipe.outputs) if writes else recipe.outputs if recipe else {}
    return Verdict(
        model=describe.title(model),
        kind=kind,
        outputs=dict(outputs),
        limits=tuple(recipe.limits(exact)) if writes else (),
        refused=refused,
        substitutes=tuple(recipe.substitutes(model)) if kind == "surrogate" and fitted else (),
    )


@remembering()
def export(
    model,
    path,
    *,
    sample,
    precision="float32",
    target="iOS16",
    name=None,
    overwrite=False,
    progress=None,
    image_input=None,
):
    """Save a fitted model as a Core ML package at ``path`` (``….mlpackage``) and verify the saved file.

    ``sample``: rows to verify with, an array or DataFrame of shape (rows, features); for a Keras model arrays of its own
    input shapes, as a dict by input name or a list where it has several. ``precision``: "float32" or "float16".
    ``target``: the oldest system to run on, "iOS15" to "iOS18". ``name``: what to call it (default: the file's name).
    ``progress``: called with a few words before each step. ``image_input``: an ``ImageInput`` to have the package take an
    image, one a call, instead of an array; the sample is then pictures, (rows, height, width, channels) of pixels from 0 to
    255 in red, green and blue. Returns an ``ExportResult``.

    Raises ``NotExportable`` (with ``.verdict``) when there is nothing to export, ``PackageExists``, ``BadInput`` for a
    sample or path that cannot be used, and ``ParityFailed`` when the saved file does not compute what the model computes;
    then nothing new is left behind and what was there before is untouched.
    """
    began, say = time.perf_counter(), progress or (lambda words: None)
    verdict = assess(model)
    if not verdict.exportable:
        raise NotExportable(verdict)
    targets.checked(target, precision)
    path = save.checked(path, overwrite)
    recipe = find_recipe(model) if image_input is None else images.adapted(find_recipe(model), model, image_input)
    inputs = recipe.inputs(model) if recipe.inputs else None
    if image_input is not None:
        rows = images.checked(sample, inputs)
    elif inputs is None:
        rows = samples.checked(sample, model, recipe.width(model), recipe.nan(model))
    else:
        rows = samples.checked_inputs(sample, inputs)
    tolerance = recipe.tolerance_for(model) if precision == "float32" else _HALF_TOLERANCE
    with save.staged(path) as package:
        say("writing the program")
        specification = _write(model, recipe, verdict, rows, target, precision, package)
        title = name or path.stem
        describe.label(specification, title, verdict, rows.names, rows.inputs, recipe.library)
        say("asking the model for its own answers")
        compared = samples.compared_rows(rows.rows, images.MOST_COMPARED if image_input else samples.MOST_COMPARED)
        drawn = _drawn(rows, compared, specification, package)
        expected = _expected(model, recipe, verdict, rows, compared)
        proven = _prove(model, recipe, verdict, rows, compared, drawn, expected, specification, package, tolerance)
        forget()  # stored rows in float64 are twice as large as what is run now
        save.write(package, specification)
        say("running the saved file and comparing")
        loaded = runtime.load(package)
        if precision == "float16":
            _no_overflow(loaded, rows, compared, verdict)
        parity, apple = _compare(model, recipe, loaded, rows, compared, expected, tolerance)
        _insist(parity, precision)
        if apple is not None:
            _insist(apple, precision)
        files = tuple(save.files(package))
    return ExportResult(
        path=str(path),
        verdict=verdict,
        outputs=verdict.outputs,
        parity=parity,
        core_ml=apple,
        files=files,
        precision=precision,
        target=target,
        smallest_os=targets.TARGETS[target],
        carries=describe.carried(recipe, model),
        limits=_touched(verdict, rows, precision, parity, apple),
        features=rows.names,
        swift=describe.swift(title, path, verdict, rows.names, loaded.program.outputs, rows.inputs),
        listing=loaded.program.listing(),
        operations=len(loaded.program.operations),
        proof_rows=proven,
        seconds=time.perf_counter() - began,
        image=images.sentence(rows.inputs),
    )


def _write(model, recipe, verdict, rows, target, precision, package):
    """The model as a Core ML specification, its weights already in the package's folder."""
    wanted = verdict.outputs

    def write(x):  # a Var, or a dict of them by name where the model has several inputs
        made = recipe.write(in_float64(model), x)
        return {name: made[name] for name in wanted}

    half = HALF.set(precision == "float16")
    try:
        program = programs.build(rows.inputs, write, target)
    except OverflowError as error:
        raise NotExportable(describe.refused(verdict, get("float32-input").because(str(error)))) from error
    finally:
        HALF.reset(half)
    specification = programs.specify(program, rows.inputs, target, precision, save.weights_folder(package))
    del program
    if sum(size for _, size in save.files(package)) > _LARGE:
        gc.collect()  # the parts of a MIL program hold each other, and so the weights, in circles
    return specification


def _expected(model, recipe, verdict, rows, compared):
    """Output name -> what the model's own method gives for ``compared``, as float64 or integers."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        exact = in_float64(model)
        try:
            answers = {
                name: recipe.expected(exact, method, rows.given(compared)) for name, method in verdict.outputs.items()
            }
            return {
                name: np.asarray(answer.toarray() if hasattr(answer, "toarray") else answer)
                for name, answer in answers.items()
            }
        except Exception as error:
            raise BadInput(f"the model itself cannot use the sample: {error}") from error


def _drawn(rows, compared, specification, package, own=False):
    """(the ``Pool`` to choose a proof from, sha-256 of weights and program). The weights are let go of again."""
    program = runtime.of_specification(specification, save.weights_folder(package)).program
    width = proof.numbers_per_row(program, rows.inputs, compared)
    return proof.pool(compared, width, program, rows.inputs, own), (program.weights_sha256, program.digest())


def _prove(model, recipe, verdict, rows, compared, drawn, expected, specification, package, tolerance):
    """Put the proof into the specification; returns how many rows it has."""
    pool, digest = drawn
    tied = _raising(model, recipe, verdict, rows, pool.rows)
    if (~tied).sum() < 2:
        pool, _ = _drawn(rows, compared, specification, package, own=True)
        tied = np.zeros(len(pool.rows), bool)
    usable = np.flatnonzero(~tied)
    for name in verdict.outputs:
        tied[usable] |= _ties(model, recipe, rows, pool.rows, tolerance, expected)(name, usable)
    chosen = pool.without(tied)
    answers = _expected(model, recipe, verdict, rows, chosen)
    facts = describe.model_facts(model, recipe)
    rules = {"tolerance": tolerance, "floor": _floor(chosen), "one_unit": list(recipe.one_unit(model))}
    proof.record(specification, digest, chosen, answers, facts, rows.names, recipe.nan(model), rules)
    return len(chosen)


def _raising(model, recipe, verdict, rows, made_up):
    """Which made-up rows the model itself raises an error for, where some do (limit no-errors), such as an unknown category."""

    def raises(which):
        try:
            _expected(model, recipe, verdict, rows, made_up[which])
        except BadInput:
            return True
        return False

    everything = np.arange(len(made_up))
    if all(limit.id != "no-errors" for limit in verdict.limits) or not raises(everything):
        return np.zeros(len(made_up), bool)
    return np.array([raises([row]) for row in everything])


def _compare(model, recipe, loaded, rows, compared, expected, tolerance):
    """Parity of the saved file in NumPy and, on a Mac, in Core ML itself (else ``None``)."""
    ties, floor = _ties(model, recipe, rows, compared, tolerance, expected), _floor(compared)
    units = recipe.one_unit(model)
    parity = runtime.compare(expected, _in_batches(loaded.predict, rows, compared), tolerance, ties, floor, units)
    if not core_ml.available():
        return parity, None
    apple = _in_batches(loaded.predict_with_core_ml, rows, compared)
    return parity, runtime.compare(expected, apple, tolerance, ties, floor, units)


def _in_batches(predict, rows, compared):
    size = 1 if rows.inputs.one_at_a_time else _BATCH
    starts = range(0, len(compared), size)
    parts = [predict(rows.inputs.split(compared[start : start + size])) for start in starts]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _ties(model, recipe, rows, compared, near, expected):
    """Asks the recipe which of some rows are ties, for labels and for numbers that jump; a tie excuses nothing else."""

    def is_tie(name, which):
        if expected[name].dtype.kind not in "iub" and name not in recipe.jumps(model):
            return np.zeros(len(which), bool)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ties = recipe.ties(in_float64(model), name, rows.given(compared[which]), near) if recipe.ties else None
        return np.zeros(len(which), bool) if ties is None else ties

    return is_tie


def _floor(rows):
    """The smallest output scale that means anything: half a unit in the last place of the largest float32 input."""
    return float(np.nanmax(np.abs(rows), initial=0.0)) * 2.0**-24


def _no_overflow(loaded, rows, compared, verdict):
    """Raise ``NotExportable`` where a float16 value of the program overflows on the sample, even one no output shows."""
    makers = {name: step.kind for step in loaded.program.operations for name, _, _ in step.outputs}
    size = 1 if rows.inputs.one_at_a_time else _BATCH
    for start in range(0, len(compared), size):
        for name, value in loaded.values(rows.inputs.split(compared[start : start + size])).items():
            if getattr(value, "dtype", None) == np.float16 and not np.isfinite(value).all():
                row = start + int(np.argwhere(~np.isfinite(value))[0][0]) if value.ndim else start
                found = f"the result of {makers.get(name, 'a constant')} overflows, first on row {row} of the sample"
                limit = get("float16-overflow").because(found)
                raise NotExportable(describe.refused(verdict, limit))


def _insist(parity, precision):
    """Raise ``ParityFailed`` unless every output passed."""
    worst = parity.worst
    if worst is None:
        return
    found = f"output {worst.name!r} on row {worst.worst_row}: {worst.note or worst.sentence()}"
    if precision == "float16":
        raise ParityFailed(
            f"half precision loses too much: {found}. Nothing was kept. Export with precision='float32'.", parity
        )
    raise ParityFailed(
        f"the saved package does not compute what the model computes: {found}. Nothing was kept. "
        "This is a fault of the recipe; please report it.",
        parity,
    )


def _touched(verdict, rows, precision, parity, apple):
    change = f"rounding your sample to float32 changed no value by more than {rows.largest_change:.1e}"
    found = [*verdict.limits, get("float32-input").because(change)]
    if precision == "float16":
        found.append(get("float16-precision").because(parity.sentence()))
    found.append(get("one-image-at-once") if rows.inputs.one_at_a_time else get("rows-at-once"))
    return tuple(found if apple is not None else [*found, get("apple-runtime-not-run")])
