"""Steps in a row: each transforms what the one before made, and the last gives the outputs."""

from sklearn.pipeline import Pipeline

from ....limits import get
from ...reasons import kind_of, reasons_against
from ...registry import find_recipe, recipe
from ...verdict import KINDS, Substitute
from .parts import all_carries, all_limits, named, passes_on

_PASSES = (None, "passthrough")


def _steps(model):
    """(name, step, recipe) of the steps that do something."""
    pairs = [pair for pair in model.steps or () if len(pair) == 2]
    return [(name, step, find_recipe(step)) for name, step in pairs if step not in _PASSES]


def _invertible(step, each):
    """Whether the step can be undone; a pipeline can when all its own steps can."""
    if each.invert is _invert:
        return all(_invertible(inner, its) for _, inner, its in _steps(step))
    return each.invert is not None


def _available(model, outputs):
    steps = _steps(model)
    if not steps:
        return {"transformed": "transform"}
    *before, (_, last, last_recipe) = steps
    made = dict(last_recipe.available(last, last_recipe.outputs))
    if not all(_invertible(step, each) for _, step, each in before):
        made.pop("reconstructed", None)
    return made


def _handed_on(step, X):
    """What the step makes of X, dense as in a package: an encoder's sparse rows are more than some references can read."""
    made = step.transform(X)
    return made.toarray() if hasattr(made, "toarray") else made


def _expected(model, method, X):
    """Through the steps by their own ``transform``, then what the last step's recipe takes as its reference."""
    *before, (_, last, last_recipe) = _steps(model) or [(None, model, None)]
    if method == "inverse_transform" or last_recipe is None:
        return model.inverse_transform(model.transform(X)) if method == "inverse_transform" else model.transform(X)
    for _, step, _ in before:
        X = _handed_on(step, X)
    return last_recipe.expected(last, method, X)


def _inside(model, X):
    """Step's name -> what it hands on, for each step but the last, and what the last one has inside."""
    *before, (_, last, last_recipe) = _steps(model) or [(None, model, None)]
    made = {}
    for name, step, _ in before:
        made[name] = X = _handed_on(step, X)
    return made | (last_recipe.inside(last, X) if last_recipe is not None and last_recipe.inside else {})


def _kind(model):
    """The kind of the step that goes least far."""
    return max((kind_of(step) for _, step, _ in _steps(model)), key=list(KINDS).index, default="exact")


def _refuse(model):
    steps = _steps(model)
    found = []
    for position, (name, step, each) in enumerate(steps):
        reasons = reasons_against(step)
        if not reasons and position < len(steps) - 1 and passes_on(step, each) is None:
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
        for _, step, _ in before:
            X = _handed_on(step, X)
        return X

    def behind(offer):
        def fit(X):
            return Pipeline([*((each, step) for each, step, _ in before), (name, offer.fit(through(X)))])

        return Substitute(offer.name, offer.summary, fit, lambda X: offer.measure(through(X)))

    return [behind(offer) for offer in last_recipe.substitutes(last)]


def _ties(model, name, X, near):
    *before, (_, last, last_recipe) = _steps(model)
    if last_recipe.ties is None:
        return None
    for _, step, _ in before:
        X = _handed_on(step, X)
    return last_recipe.ties(last, name, X, near)


def _invert(model, z):
    for _, step, each in reversed(_steps(model)):
        z = each.invert(step, z)
    return z


def _width(model):
    """That of the first step that knows its own; ``None`` where every step hands on what it is given."""
    widths = (each.width(step) for _, step, each in _steps(model))
    return next((width for width in widths if width is not None), None)


@recipe(
    Pipeline,
    outputs={},
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
    jumps=lambda model: _steps(model)[-1][2].jumps(_steps(model)[-1][1]) if _steps(model) else (),
    invert=_invert,
    width=_width,
    nan=lambda model: all(each.nan(step) for _, step, each in _steps(model)[:1]),
    tolerance=lambda model: max((each.tolerance_for(step) for _, step, each in _steps(model)), default=1e-5),
)
def pipeline(model, x):
    steps = _steps(model)
    if not steps:
        return {"transformed": x}
    *before, (_, last, last_recipe) = steps
    for _, step, each in before:
        x = each.write(step, x)[passes_on(step, each)]
    made = last_recipe.write(last, x)
    if "reconstructed" in _available(model, {}) and before:
        z = made["reconstructed"]
        for _, step, each in reversed(before):
            z = each.invert(step, z)
        made["reconstructed"] = z
    return made
