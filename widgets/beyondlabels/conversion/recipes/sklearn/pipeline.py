"""Steps in a row: each transforms what the one before made, and the last gives the outputs."""

from contextlib import contextmanager, nullcontext

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline

from ....limits import get
from ... import structure
from ...reasons import kind_of, reasons_against
from ...registry import find_recipe, recipe
from ...verdict import KINDS, Substitute
from .behind import behind, filled_before, run_of_scalers
from .edges import any_edges, handed_on_ties, jumping_outputs, moved, own_ties
from .imputers import keeps_columns
from .parts import all_carries, all_limits, named, passes_on

_PASSES = (None, "passthrough")


def _steps(model):
    """(name, step, recipe) of the steps that do something."""
    return [(name, step, find_recipe(step)) for name, step in model.steps if not structure.is_word(step, *_PASSES)]


def _malformed(model, above):
    steps, wrong = structure.entries(structure.own(model, "steps"), "steps", 2)
    return [*wrong, *(each for name, step in steps for each in structure.part(name, step, above, *_PASSES))]


def _passes_at_end(model):
    """Whether the last step hands on what it is given."""
    return structure.is_word(model.steps[-1][1], *_PASSES)


def _invertible(step, each):
    """Whether the step can be undone."""
    return each.invert is not None and each.inverts(step)


def _available(model, outputs):
    steps = _steps(model)
    if not steps:
        return {"transformed": "transform"}
    *before, (_, last, last_recipe) = steps
    made = dict(last_recipe.available(last, last_recipe.outputs))
    if _passes_at_end(model):  # then scikit-learn's pipeline has no other methods
        made = {name: method for name, method in made.items() if method in ("transform", "inverse_transform")}
    if not all(_invertible(step, each) for _, step, each in before):
        made.pop("reconstructed", None)
    return made


def _handed_on(name, step, X):
    """What the step makes of X, dense as in a package: an encoder's sparse rows are more than some references can read. An
    error says in which step it was."""
    with _in_step(name):
        made = step.transform(X)
    return made.toarray() if hasattr(made, "toarray") else made


@contextmanager
def _in_step(name):
    try:
        yield
    except Exception as error:
        raise ValueError(f"step {name!r}: {error}") from error


def _expected(model, method, X):
    """Through the steps by their own ``transform``, then what the last step's recipe takes as its reference."""
    *before, (name, last, last_recipe) = _steps(model) or [(None, model, None)]
    if method == "inverse_transform" or last_recipe is None:
        return model.inverse_transform(model.transform(X)) if method == "inverse_transform" else model.transform(X)
    for each, step, _ in before:
        X = _handed_on(each, step, X)
    with _in_step(name):
        return last_recipe.expected(last, method, X)


def _inside(model, X):
    """Step's name -> what it hands on, for each step but the last, and what the last one has inside."""
    *before, (_, last, last_recipe) = _steps(model) or [(None, model, None)]
    made = {}
    for name, step, _ in before:
        made[name] = X = _handed_on(name, step, X)
    return made | (last_recipe.inside(last, X) if last_recipe is not None and last_recipe.inside else {})


def _kind(model):
    """The kind of the step that goes least far."""
    return max((kind_of(step) for _, step, _ in _steps(model)), key=list(KINDS).index, default="exact")


def _refuse(model):
    steps = _steps(model)
    found = []
    for position, (name, step, each) in enumerate(steps):
        reasons = reasons_against(step)
        hands_on = position < len(steps) - 1 or _passes_at_end(model)
        if not reasons and hands_on and passes_on(step, each) is None:
            reasons = [get("option-not-covered").because("it hands nothing on to the next step")]
        found += [limit.because(named(name, limit.detail)) for limit in reasons]
    return found


def _substitutes(model):
    """Those of the last step, behind the steps before it."""
    steps = _steps(model)
    if not steps or steps[-1][2] is None:
        return []
    *before, (name, last, last_recipe) = steps

    def through(X):
        for each, step, _ in before:
            X = _handed_on(each, step, X)
        return X

    def behind(offer):
        def fit(X):
            return Pipeline([*((each, step) for each, step, _ in before), (name, offer.fit(through(X)))])

        return Substitute(offer.name, offer.summary, fit, lambda X: offer.measure(through(X)))

    return [behind(offer) for offer in last_recipe.substitutes(last)]


def _spared(steps, place):
    """The scalers just before the step at ``place`` that need not be written, since all it does is to compare."""
    _, step, its = steps[place]
    count = run_of_scalers(steps[:place]) if its.questions(step) else 0
    return steps[place - count : place]


def _rounded(steps, place):
    """Whether something that rounds is written before the step at ``place``."""
    written = place - len(_spared(steps, place))
    return written > 1 or (written == 1 and not _questions_behind(steps, 0))


def _questions_behind(steps, place):
    """(scalers, questions) that what an imputer at ``place`` fills in will meet, or ``None``."""
    _, step, _ = steps[place]
    asks = place + 1
    while asks < len(steps) and run_of_scalers(steps[asks : asks + 1]):
        asks += 1
    if type(step) is not SimpleImputer or not keeps_columns(step) or asks == len(steps):
        return None
    _, model, its = steps[asks]
    return (_models(steps[place + 1 : asks]), its.questions(model)) if its.questions(model) else None


def _models(steps):
    return [model for _, model, _ in steps]


def _ties(model, name, X, near):
    """Those of every step, and where one that jumps stands behind one that rounds."""
    ties, steps = np.zeros(len(X), bool), _steps(model)
    for place, (each, step, its) in enumerate(steps[:-1]):
        ties |= handed_on_ties(step, its, X, near, _rounded(steps, place))
        X = _handed_on(each, step, X)
    _, last, its = steps[-1]
    ties |= own_ties(last, its, name, X, near)
    if _rounded(steps, len(steps) - 1) and its.edges(last):
        ties |= moved(lambda rows: its.expected(last, _available(model, {})[name], rows), X, near)
    return ties


def _invert(model, z):
    for _, step, each in reversed(_steps(model)):
        z = each.invert(step, z)
    return z


def _nan(model):
    """Whether the first step takes a missing value, or the first behind those that hand it on; none need be there to take
    what no step looks at."""
    looks = (each.nan(step) for _, step, each in _steps(model) if not each.keeps_nan(step))
    return next(looks, not _steps(model))


def _width(model):
    """That of the first step that knows its own; ``None`` where every step hands on what it is given."""
    widths = (each.width(step) for _, step, each in _steps(model))
    return next((width for width in widths if width is not None), None)


@recipe(
    Pipeline,
    outputs={},
    malformed=_malformed,
    fitted=lambda model: True,  # each step says so itself
    kind=_kind,
    available=_available,
    reference=_expected,
    inside=_inside,
    refuse=_refuse,
    limits=lambda model: all_limits(_steps(model)),
    substitutes=_substitutes,
    carries=lambda model: all_carries(_steps(model)),
    ties=_ties,
    one_unit=lambda model: _steps(model)[-1][2].one_unit(_steps(model)[-1][1]) if _steps(model) else (),
    floor=lambda model: _steps(model)[-1][2].floor(_steps(model)[-1][1]) if _steps(model) else 0.0,
    jumps=lambda model: (
        jumping_outputs(_steps(model), _steps(model)[-1], _available(model, {})) if _steps(model) else ()
    ),
    edges=lambda model: any_edges(_steps(model)),
    invert=_invert,
    inverts=lambda model: all(_invertible(step, each) for _, step, each in _steps(model)),
    width=_width,
    nan=_nan,
    keeps_nan=lambda model: all(each.keeps_nan(step) for _, step, each in _steps(model)),
    tolerance=lambda model: max((each.tolerance_for(step) for _, step, each in _steps(model)), default=1e-5),
)
def pipeline(model, x):
    steps = _steps(model)
    if not steps:
        return {"transformed": x}
    before = steps[:-1]
    unwritten = {place - back for place in range(len(steps)) for back in range(1, len(_spared(steps, place)) + 1)}
    for place, (_, step, each) in enumerate(steps):
        if place in unwritten:
            continue
        filled = _questions_behind(steps, place)
        with behind(_models(_spared(steps, place))), filled_before(*filled) if filled else nullcontext():
            made = each.write(step, x)
        if place < len(steps) - 1:
            x = made[passes_on(step, each)]
    if "reconstructed" in _available(model, {}) and before:
        z = made["reconstructed"]
        for _, step, each in reversed(before):
            z = each.invert(step, z)
        made["reconstructed"] = z
    return made
