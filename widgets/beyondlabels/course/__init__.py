"""The course around the lessons: their index, exercises with checks, predictions, and the progress kept of them.

Only names live here, each imported when it is first used. Two of them are modules (``progress``, ``exercises``); the
functions live in modules of other names, so that importing a module never overwrites a function.
"""

from ..lazily import lazily

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
__getattr__, __dir__ = lazily(globals(), "beyondlabels.course", _HOMES, _MODULES)
