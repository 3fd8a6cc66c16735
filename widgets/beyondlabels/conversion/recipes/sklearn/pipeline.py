"""Steps in a row: each transforms what the one before made, and the last gives the outputs."""

from dataclasses import replace

from sklearn.pipeline import Pipeline

from ....limits import get
from ...reasons import kind_of, reasons_against
from ...registry import find_recipe, recipe
from ...verdict import KINDS, Carries, Substitute

_PASSES = (None, "passthrough")


def _steps(model):
    """(name, step, recipe) of the steps that do something."""
    return [(name, step, find_recipe(step)) for name, step in model.steps if step not in _PASSES]


def _passes_on(step_recipe):
    """The output of a step that is handed to the next: the one its ``transform`` gives."""
    return next((name for name, method in step_recipe.outputs.items() if method == "transform"), None)


def _available(model, outputs):
    steps = _steps(model)
    if not steps:
        return {"transformed": "transform"}
    *before, (_, last, last_recipe) = steps
    made = dict(last_recipe.available(last, last_recipe.outputs))
    if any(each.invert is None for _, _, each in before):
        made.pop("reconstructed", None)
    return made


def _expected(model, method, X):
    return model.inverse_transform(model.transform(X)) if method == "inverse_transform" else getattr(model, method)(X)


def _kind(model):
    """The kind of the step that goes least far."""
    return max((kind_of(step) for _, step, _ in _steps(model)), key=list(KINDS).index, default="exact")


def _refuse(model):
    steps = _steps(model)
    found = []
    for position, (name, step, each) in enumerate(steps):
        reasons = reasons_against(step)
        if not reasons and position < len(steps) - 1 and _passes_on(each) is None:
            reasons = [get("option-not-covered").because("it hands nothing on to the next step")]
        found += [limit.because(_named(name, limit.detail)) for limit in reasons]
    return found


def _substitutes(model):
    """Those of the last step, behind the steps before it."""
    steps = _steps(model)
    if not steps or steps[-1][2] is None:
        return []
    *before, (name, last, last_recipe) = steps

    def through(X):
        for _, step, _ in before:
            X = step.transform(X)
        return X

    def behind(offer):
        def fit(X):
            return Pipeline([*((each, step) for each, step, _ in before), (name, offer.fit(through(X)))])

        return Substitute(offer.name, offer.summary, fit, lambda X: offer.measure(through(X)))

    return [behind(offer) for offer in last_recipe.substitutes(last)]


def _limits(model):
    steps = _steps(model)
    return [
        limit.because(_named(name, limit.detail)) for name, step, each in steps if each for limit in each.limits(step)
    ]


def _named(name, detail):
    return f"step {name!r}: {detail}" if detail else f"step {name!r}"


def _carries(model):
    parts = [each.carries(step) for _, step, each in _steps(model) if each.carries]
    if not parts:
        return Carries("none", "Nothing of your rows.")
    worst = max(parts, key=lambda part: ("none", "statistics", "rows").index(part.kind))
    others = [part.summary.removesuffix(" None of your rows.") for part in parts if part.kind != "none"]
    rows = sum(part.rows for part in parts)
    text = " ".join(dict.fromkeys(others)) + ("" if rows else " None of your rows.")
    return replace(worst, summary=text, rows=rows)


def _ties(model, name, X):
    *before, (_, last, last_recipe) = _steps(model)
    if last_recipe.ties is None:
        return None
    for _, step, _ in before:
        X = step.transform(X)
    return last_recipe.ties(last, name, X)


def _invert(model, z):
    for _, step, each in reversed(_steps(model)):
        z = each.invert(step, z)
    return z


def _width(model):
    steps = _steps(model)
    return steps[0][2].width(steps[0][1]) if steps else model.n_features_in_


@recipe(
    Pipeline,
    outputs={},
    kind=_kind,
    available=_available,
    reference=_expected,
    refuse=_refuse,
    limits=_limits,
    substitutes=_substitutes,
    carries=_carries,
    ties=_ties,
    invert=_invert,
    width=_width,
)
def pipeline(model, x):
    steps = _steps(model)
    if not steps:
        return {"transformed": x}
    *before, (_, last, last_recipe) = steps
    for _, step, each in before:
        x = each.write(step, x)[_passes_on(each)]
    made = last_recipe.write(last, x)
    if "reconstructed" in _available(model, {}) and before:
        z = made["reconstructed"]
        for _, step, each in reversed(before):
            z = each.invert(step, z)
        made["reconstructed"] = z
    return made
