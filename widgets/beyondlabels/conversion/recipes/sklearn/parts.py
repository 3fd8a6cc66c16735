"""What a model made of several others says of itself, from what its parts say. A part is (name, model, recipe)."""

from dataclasses import replace

from ...verdict import Carries

_NONE = " None of your rows."


def passes_on(model, recipe):
    """The output that is handed to the next step: the one the model's ``transform`` gives, or ``None``."""
    made = recipe.available(model, recipe.outputs)
    return next((name for name, method in made.items() if method == "transform"), None)


def named(name, detail):
    """A limit's detail with the step it was found in."""
    return f"step {name!r}: {detail}" if detail else f"step {name!r}"


def all_limits(parts):
    """The limits that the parts touch, each naming its step."""
    return [
        limit.because(named(name, limit.detail))
        for name, model, recipe in parts
        if recipe
        for limit in recipe.limits(model)
    ]


def all_carries(parts):
    """What the parts together carry of the training data."""
    said = [found for _, model, recipe in parts if recipe and recipe.carries and (found := recipe.carries(model))]
    if not said:
        return Carries("none", "Nothing of your rows.")
    worst = max(said, key=lambda part: ("none", "statistics", "rows").index(part.kind))
    others = [part.summary.removesuffix(_NONE) for part in said if part.kind != "none"]
    rows = sum(part.rows for part in said)
    if all(part.summary.endswith(_NONE) for part in said if part.kind != "none"):
        others.append(_NONE.strip())
    first, *rest = dict.fromkeys(
        others
    )  # the first stands behind "What it gives away:", as that of a single model does
    return replace(worst, summary=" ".join([first, *(each[:1].upper() + each[1:] for each in rest)]), rows=rows)
