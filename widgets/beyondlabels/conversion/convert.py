"""The whole way of a fitted model to a saved, verified Core ML package, on one page."""

import gc
import time
from contextlib import contextmanager
from dataclasses import replace

from .. import runtime
from ..errors import BadInput, BeyondLabelsError, NotExportable, ParityFailed
from ..limits import get
from ..mil import program as programs
from ..mil import save, targets
from ..mil.blocks import HALF
from ..runtime import core_ml
from ..runtime.check import replay
from ..runtime.parity import ONLY_TIES
from . import describe, diagnosis, half_precision, images, proving
from . import sample as samples
from .judging import Judge
from .reasons import is_fitted, kind_of, reasons_against
from .reference import in_float64
from .registry import find_recipe
from .remembered import forget, remembering
from .verdict import ExportResult, Verdict

_HALF_TOLERANCE = 1e-2
_LARGE = 1 << 25  # bytes of a program worth making room for


def assess(model):
    """What can be exported from ``model``: a ``Verdict``. Never raises, whatever ``model`` is: what no recipe knows or can read
    is "impossible". (A warning that Python was told to raise is raised.)"""
    try:
        return _verdict(model)
    except (BeyondLabelsError, MemoryError, Warning):
        raise
    except Exception as error:
        return describe.refused(Verdict(type(model).__name__, "impossible", {}), _unreadable(error))


def _unreadable(error):
    """The limit on a model that a recipe stumbles over."""
    return get("malformed").because(f"reading it ends in {type(error).__name__}: {error}")


def _verdict(model):
    recipe, kind = find_recipe(model), kind_of(model)
    refused = tuple(reasons_against(model))
    fitted = recipe is not None and is_fitted(model) and all(limit.id != "not-fitted" for limit in refused)
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
    input shapes, as a dict by input name (the model's or the package's) or a list where it has several. ``precision``:
    "float32" or "float16".
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
    with _reading(verdict):
        inputs = recipe.inputs(model) if recipe.inputs else None
        if image_input is not None:
            rows = images.checked(sample, inputs)
        elif inputs is None:
            rows = samples.checked(sample, model, recipe.width(model), recipe.nan(model))
        else:
            rows = samples.checked_inputs(sample, inputs)
        tolerance = recipe.tolerance_for(model) if precision == "float32" else _HALF_TOLERANCE
    judge = Judge(model, recipe, verdict, rows, tolerance)
    compared = samples.compared_rows(rows.rows, images.MOST_COMPARED if image_input else samples.MOST_COMPARED)
    with save.staged(path) as package:
        say("writing the program")
        with _reading(verdict, lambda: _not_empty(judge, compared[:1])):
            specification = _write(model, recipe, verdict, rows, target, precision, package)
        title = str(name or path.stem)
        describe.label(specification, title, verdict, rows.names, rows.inputs, recipe.library)
        say("asking the model for its own answers")
        judge, compared, pool, expected = _asked(judge, compared, specification, package)
        proven = proving.prove(judge, compared, pool, expected, specification, package)
        forget()  # stored rows in float64 are twice as large as what is run now
        save.write(package, specification)
        say("running the saved file and comparing")
        loaded = runtime.load(package)
        judge = replace(judge, at_once=loaded.rows_at_once())
        if precision == "float16":
            half_precision.no_overflow(judge, loaded, compared)
        parity, apple = _compare(judge, loaded, compared, expected)
        for each in filter(None, (parity, apple)):
            _insist(judge, loaded, each, precision, compared, expected)
        replayed = replay(loaded, path).parity
        _insist(judge, loaded, replayed, precision, proven.rows, proven.answers, "of the proof")
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
        limits=_touched(verdict, rows, precision, parity, apple, proven),
        features=rows.names,
        swift=describe.swift(title, path, verdict, rows.names, loaded.program.outputs, rows.inputs),
        listing=loaded.program.listing(),
        operations=len(loaded.program.operations),
        proof_rows=len(proven.rows),
        seconds=time.perf_counter() - began,
        image=images.sentence(rows.inputs),
    )


@contextmanager
def _reading(verdict, first=lambda: None):
    """Turns what a recipe stumbles over, such as parts that do not fit each other, into a refusal that says what it was;
    ``first()`` may raise another reason, that the model itself cannot be used either."""
    try:
        yield
    except (BeyondLabelsError, MemoryError, OSError, Warning):
        raise
    except Exception as error:
        first()
        raise NotExportable(describe.refused(verdict, _unreadable(error))) from error


def _asked(judge, compared, specification, package):
    """(judge, rows to compare, pool of proof rows, the model's answers for the rows).

    A model may refuse a number that rounding to float32 has moved just out of the range it was fitted on, as NMF behind a
    MinMaxScaler does. Then the outermost numbers are rounded inwards, and it is asked again.
    """
    try:
        pool = proving.drawn(judge, compared, specification, package)
        return judge, compared, pool, _not_empty(judge, compared)
    except BadInput:
        inner = judge.rows.rounded_inwards()
        if inner is judge.rows:
            raise
        return _asked(replace(judge, rows=inner), inner.within(compared), specification, package)


def _not_empty(judge, rows):
    """The model's own answers for ``rows``. Raises ``NotExportable`` where one of them has no numbers at all."""
    answers = judge.answers(rows)
    for name, answer in answers.items():
        if 0 in answer.shape[1:]:
            found = get("option-not-covered").because(f"{judge.verdict.outputs[name]} gives no columns")
            raise NotExportable(describe.refused(judge.verdict, found))
    return answers


def _write(model, recipe, verdict, rows, target, precision, package):
    """The model as a Core ML specification, its weights already in the package's folder."""
    wanted = verdict.outputs

    def write(x):  # a Var, or a dict of them by name where the model has several inputs
        made = recipe.write(in_float64(model), x)
        return {name: made[name] for name in wanted}

    half = HALF.set(precision == "float16")
    try:
        with programs.ALONE:
            program = programs.build(rows.inputs, write, target)
            specification = programs.specify(program, rows.inputs, target, precision, save.weights_folder(package))
    except OverflowError as error:
        raise NotExportable(describe.refused(verdict, get("float32-input").because(str(error)))) from error
    finally:
        HALF.reset(half)
    del program
    if sum(size for _, size in save.files(package)) > _LARGE:
        gc.collect()  # the parts of a MIL program hold each other, and so the weights, in circles
    return specification


def _compare(judge, loaded, compared, expected):
    """Parity of the saved file in NumPy and, on a Mac, in Core ML itself (else ``None``)."""
    parity = judge.compare(compared, expected, judge.run(loaded.predict, compared))
    if not core_ml.available():
        return parity, None
    return parity, judge.compare(compared, expected, judge.run(loaded.predict_with_core_ml, compared))


def _insist(judge, loaded, parity, precision, table, expected, where="of the sample"):
    """Raise ``ParityFailed`` unless every output passed; it says why as far as that can be known."""
    part = parity.worst
    if part is None:
        return
    if part.note == ONLY_TIES:
        why = f"output {part.name!r}: {part.note}. Nothing was kept. Pass rows that do not lie between two answers."
        raise ParityFailed(f"nothing could be verified: {why}", parity)
    found = f"output {part.name!r} on row {part.worst_row} {where}: {part.note or part.sentence()}"
    if precision == "float16":
        raise ParityFailed(
            f"half precision loses too much: {found}. Nothing was kept. Export with precision='float32'.", parity
        )
    why = diagnosis.cause(loaded, part, judge, table, expected)
    raise ParityFailed(
        f"the saved package does not compute what the model computes: {found}. Nothing was kept. {why}", parity
    )


def _touched(verdict, rows, precision, parity, apple, proven):
    change = f"rounding your sample to float32 changed no value by more than {rows.largest_change:.1e}"
    found = [*verdict.limits, get("float32-input").because(change)]
    if precision == "float16":
        found.append(get("float16-precision").because(parity.sentence()))
    if proven.overflowing:
        within = f"{proven.overflowing} of {proven.made_up} rows made up within your sample's range overflow"
        found.append(get("float16-overflow").because(f"none of the sample does, but {within} and are not in the proof"))
    if proven.only_ties:
        found.append(get("proof-of-ties"))
    found.append(get("one-image-at-once") if rows.inputs.one_at_a_time else get("rows-at-once"))
    return tuple(found if apple is not None else [*found, get("apple-runtime-not-run")])
