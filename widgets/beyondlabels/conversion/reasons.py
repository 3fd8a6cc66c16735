"""Why a model cannot be exported as it stands: the limits that forbid it, none when nothing does."""

from dataclasses import replace

from ..limits import get
from . import structure
from .registry import explained, find_recipe, known_parent

# Where models around another keep it, fitted, and what is left to do once that one is exported.
_INSIDE = {
    "best_estimator_": "export that instead",
    "regressor_": "export that, and apply the inverse of .transformer_ to what it predicts, in Swift",
    "estimator_": "export that, and do in Swift what the model around it does with its outputs",
}


def kind_of(model):
    """The kind of verdict for this model: "impossible" when no recipe knows its class or can read how it is put together."""
    recipe = find_recipe(model)
    if recipe is None or structure.of_model(model):
        return "impossible"
    return recipe.kind(model) if callable(recipe.kind) else recipe.kind


def reasons_against(model):
    """The limits that forbid exporting ``model``: its class is unknown, it is not put together as it should be, it is not
    fitted, its kind has no function for a new point, or an option is not covered."""
    recipe = find_recipe(model)
    if recipe is None:
        return list(explained(model)) or [get("no-recipe").because(_unknown(model))]
    if wrong := structure.of_model(model):
        return [get("malformed").because(each) for each in wrong]
    if recipe.kind in ("surrogate", "impossible"):
        return list(recipe.limits(model)) if is_fitted(model) else [*recipe.limits(model), not_fitted(model)]
    if not is_fitted(model):
        return [not_fitted(model)]
    return list(recipe.refuse(model))


def is_fitted(model):
    """Whether scikit-learn, or the model itself, says that it is fitted; a model that cannot tell counts as fitted."""
    from sklearn.utils.validation import check_is_fitted

    recipe = find_recipe(model)
    if recipe is not None and recipe.fitted is not None:
        return recipe.fitted(model)
    if not hasattr(model, "fit"):
        return True
    try:
        check_is_fitted(model)
    except Exception:  # NotFittedError, or whatever a model with impossible parameters runs into
        return False
    return True


def not_fitted(model):
    """The limit on a model before fit: of one that scikit-learn uses without, the number of columns is all that is missing."""
    limit = get("not-fitted").because(type(model).__name__)
    if _needs_fit(model):
        return limit
    return replace(
        limit,
        what="It is not known how many columns the model takes.",
        why="Fit learns nothing but that, so scikit-learn uses the model before too; the input of a package has a fixed number "
        "of columns.",
        instead="Call fit first, with as many columns as the package is to take.",
    )


def _needs_fit(model):
    """Whether scikit-learn says so; a model that is none of its own, or cannot tell, does."""
    from sklearn.utils import get_tags

    try:
        return get_tags(model).requires_fit
    except Exception:
        return True


def _unknown(model):
    name = f"{type(model).__module__}.{type(model).__qualname__}"
    parent = known_parent(model)
    name = f"{name}, a subclass of the known {parent.__name__}" if parent else name
    return f"{name}{_way_out(model)}"


def _way_out(model):
    """What to do with a model around another that can be exported, "" where there is none."""
    kept = getattr(model, "__dict__", {})
    for place, advice in _INSIDE.items():
        inner = kept.get(place)
        if inner is not None and find_recipe(inner) is not None and not reasons_against(inner):
            return f"; the fitted {type(inner).__name__} in .{place} can be exported: {advice}"
    return ""
