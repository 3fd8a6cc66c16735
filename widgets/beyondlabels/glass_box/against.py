"""Values held against each other: the program's in two precisions, and the program's against the model's own."""

from dataclasses import dataclass

import numpy as np

from beyondlabels import runtime

from ..typeset import counted
from . import words

OUTPUTS = ("distances",)  # outputs whose columns share a unit; the columns of others have a scale each


@dataclass(frozen=True)
class Mark:
    """What a comparison found at one step. ``other``: what its value was compared with, a layer's, step's or output's name, empty
    for the other precision; ``by``: "name", "value" or "output"; ``wanted``: the other side's values, rows first."""

    step: int
    value: str
    passed: bool
    sentence: str
    other: str = ""
    by: str = ""
    wanted: object = None
    worst: float = 0.0


def precisions(steps, single, half, rows, tolerance, results):
    """Step number -> ``Mark``: the values of the run in float16 against those in float32; ``results`` are the outputs' names."""
    marks = {}
    for index, step in enumerate(steps):
        for name, _, _ in step.outputs:
            wanted, found = single.get(name), half.get(name)
            if not _numeric(wanted) or not _numeric(found) or wanted.shape != found.shape or not wanted.size:
                continue
            units = OUTPUTS if name in results else (name,)
            mark = _precision_mark(index, name, wanted, found, rows, tolerance, units)
            if index not in marks or (marks[index].passed and not mark.passed):
                marks[index] = mark
    return marks


def _precision_mark(index, name, wanted, found, rows, tolerance, one_unit):
    beyond = np.isfinite(wanted) & ~np.isfinite(found)
    part = _compare(name, wanted, found, rows, tolerance, one_unit=one_unit)
    if beyond.any():
        sentence = f"overflows: float16 ends at 65,504, and {int(beyond.sum()):,} of {beyond.size:,} values are infinite or NaN"
        return Mark(index, name, False, sentence, worst=np.inf)
    return Mark(index, name, part.passed, _sentence(part), worst=part.worst_relative)


def with_model(steps, values, theirs, rows, tolerance, inputs):
    """(marks, missing): the model's layers, steps and outputs against the values of the program.

    A layer or step is looked for by name first; where no operation bears it (it was folded away, or operations are not named
    after it), the first operation that has its value within the tolerance is taken. ``missing``: names for which there is
    neither; what hands an input on unchanged, such as dropout, needs none. ``tolerance`` is relative to the value plus a
    scale, its root mean square: of the column for an output, as in an export; of all of it for a value between, where a
    column may be next to nothing (a unit that hardly ever fires).
    """
    makers, names = _makers(steps)
    rule = {"tolerance": tolerance, "floor": theirs.floor}
    marks, missing = [], []
    for other, wanted in theirs.outputs.items():
        if other in makers and _numeric(values.get(other)):
            part = _compare(other, wanted, values[other], rows, is_tie=theirs.is_tie, one_unit=theirs.one_unit, **rule)
            marks.append(
                Mark(makers[other], other, part.passed, _sentence(part), other, "output", wanted, part.worst_relative)
            )
    for other, wanted in theirs.inside.items():
        if other in theirs.outputs:
            continue
        mark = _by_name(other, wanted, names, values, rows, rule) or _by_value(
            other, wanted, makers, values, rows, rule
        )
        if mark:
            marks.append(mark)
        elif not any(_same(wanted, values[name], rows, rule) for name in inputs):
            missing.append(other)
    return sorted(marks, key=lambda mark: mark.step), missing


def _makers(steps):
    """Value's name -> the step that makes it; operation's or value's name -> (step, value) for looking a layer up."""
    makers = {out[0]: index for index, step in enumerate(steps) for out in step.outputs}
    names = {}
    for index, step in enumerate(steps):
        if len(step.outputs) == 1:
            names[step.name.removesuffix("_cast_fp16")] = (index, step.outputs[0][0])
    return makers, names | {name: (index, name) for name, index in makers.items()}


def _by_name(other, wanted, names, values, rows, rule):
    if other not in names or not _numeric(values.get(names[other][1])):
        return None
    step, value = names[other]
    fitting = [_compare(value, each, values[value], rows, **rule) for each in _arranged(wanted, values[value].shape)]
    if not fitting:
        return None
    best = min(range(len(fitting)), key=lambda at: fitting[at].worst_relative)
    kept = list(_arranged(wanted, values[value].shape))[best]
    part = fitting[best]
    return Mark(step, value, part.passed, _sentence(part), other, "name", kept, part.worst_relative)


def _by_value(other, wanted, makers, values, rows, rule):
    for value, step in makers.items():
        found = values.get(value)
        if not _numeric(found) or found.dtype.kind != "f":
            continue
        for each in _arranged(wanted, found.shape):
            if np.ptp(each) == 0 or not _near(each[:1], found[:1], rule["tolerance"]):  # all alike says nothing
                continue
            part = _compare(value, each, found, rows, **rule)
            if part.passed:
                return Mark(step, value, True, _sentence(part), other, "value", each, part.worst_relative)
    return None


def _same(wanted, given, rows, rule):
    return wanted.shape == given.shape and _compare("input", wanted, given, rows, **rule).passed


def _near(wanted, found, tolerance):
    """Whether a comparison of all rows is worth its time, from the first alone."""
    with np.errstate(all="ignore"):
        return np.nanmax(np.abs(wanted - found)) <= 10 * tolerance * (np.nanmax(np.abs(wanted)) + 1)


def _arranged(wanted, shape):
    """``wanted`` as it may lie in a program: as it is, channels first, or with axes of size one more or fewer."""
    if wanted.shape == shape:
        yield wanted
    if wanted.ndim > 2 and np.moveaxis(wanted, -1, 1).shape == shape:
        yield np.moveaxis(wanted, -1, 1)
    ones = [size for size in wanted.shape if size != 1] == [size for size in shape if size != 1]
    if ones and wanted.shape != shape:
        yield wanted.reshape(shape)


def _compare(name, wanted, found, rows, tolerance, floor=0.0, is_tie=None, one_unit=None):
    """``runtime.compare`` of one value, on one scale for all of it unless ``one_unit`` says otherwise."""
    one_unit = (name,) if one_unit is None else one_unit
    if wanted.ndim == 0 or len(wanted) != rows:
        wanted, found = wanted[None], found[None]
    return runtime.compare({name: wanted}, {name: found}, tolerance, is_tie, floor, one_unit)[name]


def _numeric(value):
    return isinstance(value, np.ndarray) and value.dtype.kind in "fiub"


def _sentence(part):
    if part.note:
        return part.note
    if part.labels_differ is not None:
        ties = f", {counted(part.ties, 'tie')} not counted" if part.ties else ""
        return f"{part.rows - part.labels_differ:,} of {part.rows:,} rows equal{ties}"
    worst = part.worst_relative
    relative = (
        words.short(worst) if part.passed or not np.isfinite(worst) else words.typeset(f"{worst:.3g}")
    )  # 0.0102 > 0.01
    found = f"largest difference {words.short(part.worst_absolute)}, {relative} relative"
    return f"{found} (allowed {words.short(part.tolerance)})"
