"""The course around the lessons: their index, exercises with checks, predictions, and the progress kept of them.

Only names live here, each imported when it is first used. Two of them are modules (``progress``, ``exercises``); the
functions live in modules of other names, so that importing a module never overwrites a function.
"""

from importlib import import_module

_HOMES = {
    "claims": "claim_cards",
    "exercise": "exercises",
    "all_exercises": "exercises",
    "figure": "figures",
    "plot_groups": "figures",
    "plot_mixtures": "mixture_figures",
    "instructor_notes": "index",
    "lessons": "index",
    "predict": "prediction",
    "reveal": "prediction",
}
_MODULES = ("progress",)

__all__ = [*_HOMES, *_MODULES]


def __getattr__(name):
    if name in _HOMES:
        value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    elif name in _MODULES:
        value = import_module(f".{name}", __name__)
    else:
        raise AttributeError(f"beyondlabels.course has no attribute {name!r}; it has {', '.join(sorted(__all__))}")
    globals()[name] = value
    return value


def __dir__():
    return sorted(__all__)
