"""Models around another model: what counts is what is inside."""

from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV

from ....limits import get
from ... import structure
from ...reasons import kind_of, reasons_against
from ...registry import find_recipe, recipe

try:  # its own module: the public names raise an error until the user has imported an experimental switch
    from sklearn.model_selection._search_successive_halving import HalvingGridSearchCV, HalvingRandomSearchCV
except ImportError:  # once they are experimental no longer, and the module has moved
    from sklearn.model_selection import HalvingGridSearchCV, HalvingRandomSearchCV


def _inner(model):
    """The fitted model inside, or the unfitted one before fit."""
    if isinstance(model, FrozenEstimator):
        return model.estimator
    return getattr(model, "best_estimator_", model.estimator)


def _own(name, otherwise):
    """The same question asked of the inner model's recipe."""

    def ask(model, *rest):
        each = find_recipe(_inner(model))
        answer = getattr(each, name, None) if each else None
        return answer(_inner(model), *rest) if answer else otherwise

    return ask


def _malformed(model, above):
    """The model inside, fitted or not."""
    name = "best_estimator_" if "best_estimator_" in vars(model) else "estimator"
    return structure.part(name, structure.own(model, name), above)


def _refuse(model):
    if not isinstance(model, FrozenEstimator) and not hasattr(model, "best_estimator_"):
        return [get("option-not-covered").because("refit=False: the search kept no fitted model")]
    return reasons_against(_inner(model))


def _available(model, outputs):
    each = find_recipe(_inner(model))
    return each.available(_inner(model), each.outputs)


def _inverts(inner):
    each = find_recipe(inner)
    return each.invert is not None and each.inverts(inner)


def _expected(model, method, X):
    return find_recipe(_inner(model)).expected(_inner(model), method, X)


@recipe(
    FrozenEstimator,
    GridSearchCV,
    RandomizedSearchCV,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    outputs={},
    malformed=_malformed,
    kind=lambda model: kind_of(_inner(model)),
    refuse=_refuse,
    available=_available,
    reference=_expected,
    limits=_own("limits", []),
    substitutes=_own("substitutes", []),
    carries=_own("carries", None),
    ties=_own("ties", None),
    jumps=_own("jumps", ()),
    edges=_own("edges", False),
    one_unit=_own("one_unit", ()),
    floor=_own("floor", 0.0),
    invert=lambda model, z: find_recipe(_inner(model)).invert(_inner(model), z),
    inverts=lambda model: _inverts(_inner(model)),
    width=_own("width", None),
    nan=_own("nan", False),
    keeps_nan=_own("keeps_nan", False),
    tolerance=lambda model: find_recipe(_inner(model)).tolerance_for(_inner(model)),
)
def wrapped(model, x):
    return find_recipe(_inner(model)).write(_inner(model), x)
