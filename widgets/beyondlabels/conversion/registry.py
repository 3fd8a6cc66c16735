"""Which recipe belongs to which class.

A model is looked up by its exact class, never by inheritance: a subclass may override what the recipe computes, and
would then be converted wrongly and silently. Each safe subclass is listed by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from threading import RLock

_RECIPES = {}
_EXPLAINED = {}
_LOADED = set()
_LOADING = RLock()


@dataclass(frozen=True)
class Recipe:
    """How a class becomes a program.

    ``write(model, x)`` writes operations on the MIL Var ``x`` (rows, features) and returns output name -> Var.
    ``outputs`` maps output names to the model's own methods. Everything else has a sensible default:

    - ``kind``: "exact", "iterative", "surrogate" or "impossible" (or a function of the model); the last two write nothing.
    - ``limits(model)``: the limits that this model touches; ``refuse(model)``: the limits that forbid the export.
    - ``available(model, outputs)``: the outputs this fitted model can give.
    - ``reference(model, method, X)``: the expected output; by default ``getattr(model, method)(X)``.
    - ``inside(model, X)``: layer's or step's name -> what it gives on the way to the outputs, for comparing step by step.
    - ``invert(model, z)``: operations that undo ``transform``, for ``reconstructed`` of a pipeline; ``inverts(model)``: whether
      it can, for models made of others.
    - ``ties(model, name, X, near)``: which rows are ties for the model itself (bool array), for labels: the margin between
      the answer and the next is at most ``near`` of its size; ``near`` is the tolerance (1e-5, in half precision 1e-2).
    - ``jumps(model)``: outputs of numbers that jump where a tie falls the other way, such as a mean over the nearest
      neighbours; ``ties`` is asked for these and for labels, and for no other output.
    - ``edges(model)``: whether what ``transform`` gives jumps between two inputs however near, as bins do: behind a step that
      rounds, such a row may fall either way.
    - ``questions(model)``: for a model that does nothing with its input but compare it with thresholds, a function that gives
      them (see ``recipes/sklearn/behind.py``); then scalers before it need not be written. Else ``None``.
    - ``one_unit(model)``: outputs whose columns are one quantity in one unit, and so share one scale in parity.
    - ``floor(model)``: the smallest scale that an output means anything at, 0 where it is the output's own: a score that is
      the difference of two larger numbers keeps no more digits than they do.
    - ``carries(model)``: a ``Carries``: what of the training data ends up in the package.
    - ``substitutes(model)``: for a surrogate, the ``Substitute`` objects to offer; ``offers`` names all of them.
    - ``inputs(model)``: the ``Inputs`` of a model that takes anything but one table ``x``, else ``None``; ``write`` is then
      given a dict of Vars by name when there are several, and ``reference`` the table that ``Inputs.split`` takes apart.
    - ``malformed(model, above)``: for a model made of others, what is wrong with how it is put together, in sentences;
      ``above`` holds the ids of the models it lies in (see ``structure``). Asked before anything else.
    - ``fitted(model)``: whether it is ready, for models that scikit-learn's ``check_is_fitted`` does not know.
    - ``facts(model)``: plain data about the model for the package's metadata, instead of its parameters.
    - ``library``: the name of the library the model is from; ``versions``: the packages whose versions are noted.
    - ``width(model)``: how many features a row has; ``None`` when any number will do.
    - ``nan(model)``: whether a missing value (NaN) is a legal input; ``keeps_nan(model)``: whether ``transform`` hands it on
      as it is, so that a later step of a pipeline may take it.
    - ``tolerance``: what parity allows, relative to |expected| + the output's root mean square (or a function of the model).
    """

    classes: tuple
    outputs: dict
    write: Callable = None
    kind: str | Callable = "exact"
    limits: Callable = lambda model: []
    refuse: Callable = lambda model: []
    available: Callable = lambda model, outputs: outputs
    reference: Callable = None
    inside: Callable = None
    invert: Callable = None
    inverts: Callable = lambda model: True
    ties: Callable = None
    jumps: Callable = lambda model: ()
    edges: Callable = lambda model: False
    questions: Callable = lambda model: None
    one_unit: Callable = lambda model: ("distances",)
    floor: Callable = lambda model: 0.0
    carries: Callable = None
    substitutes: Callable = lambda model: []
    offers: tuple = ()
    inputs: Callable = None
    malformed: Callable = None
    fitted: Callable = None
    facts: Callable = None
    library: str = "scikit-learn"
    versions: tuple = ("scikit-learn",)
    width: Callable = lambda model: model.n_features_in_
    nan: Callable = lambda model: False
    keeps_nan: Callable = lambda model: False
    tolerance: float | Callable = 1e-5

    def tolerance_for(self, model):
        """What parity allows for this fitted model."""
        return self.tolerance(model) if callable(self.tolerance) else self.tolerance

    def expected(self, model, method, X):
        """The model's own answer: what its ``method`` gives for ``X``."""
        if self.reference is not None:
            return self.reference(model, method, X)
        if method == "inverse_transform":
            return model.inverse_transform(model.transform(X))
        return getattr(model, method)(X)


def recipe(*classes, outputs, **options):
    """Register the decorated function as the recipe for exactly these classes.

    The function takes ``(model, x)`` and returns output name -> Var. Options are the fields of ``Recipe``. Registering
    a class again replaces its recipe, so you can better ours for your own use.

    >>> @beyondlabels.recipe(MyScaler, outputs={"transformed": "transform"})
    ... def my_scaler(model, x):
    ...     return {"transformed": mb.mul(x=x, y=model.factor_)}
    """

    def register(write):
        made = Recipe(classes=classes, outputs=dict(outputs), write=write, **options)
        for each in classes:
            _RECIPES[each] = made
        return write

    return register


def refusal(*classes, kind, **options):
    """Register classes for which there is nothing to write: ``kind`` is "surrogate" or "impossible"."""
    made = Recipe(classes=classes, outputs={}, kind=kind, **options)
    for each in classes:
        _RECIPES[each] = made


def explain(base, reasons):
    """Say why a subclass of ``base`` that no recipe knows is refused: ``reasons(model)`` gives the limits."""
    _EXPLAINED[base] = reasons


def explained(model):
    """The limits for a model that no recipe knows, where one of its bases has a word to say; else none."""
    return next((_EXPLAINED[each](model) for each in type(model).__mro__ if each in _EXPLAINED), [])


def find_recipe(model):
    """The recipe for the model's exact class, or ``None``."""
    _load_family(type(model))
    return _RECIPES.get(type(model))


def known():
    """Every registered recipe, once each, in order of registration, scikit-learn's included."""
    _load("sklearn")
    return list({id(each): each for each in _RECIPES.values()}.values())


def known_parent(model):
    """The nearest base class with a recipe, to say in a refusal which class was meant."""
    return next((each for each in type(model).__mro__[1:] if each in _RECIPES), None)


def _load_family(cls):
    """Recipes of a library are imported when the first model of that library, or of a subclass of it, is seen."""
    families = {each.__module__.partition(".")[0] for each in cls.__mro__}
    if families & {"sklearn", "beyondlabels"}:
        _load("sklearn")
    if "keras" in families:
        _load("keras")


def _load(family):
    if family in _LOADED:
        return
    with _LOADING:  # another thread waits until all are there; an import that is interrupted is made again
        import_module(f".recipes.{family}", __package__)
        _LOADED.add(family)
