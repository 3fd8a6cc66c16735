"""What several steps of one export ask for, such as the stored rows in float64, is worked out once and kept meanwhile.

Nothing is kept from one export to the next, nor outside of one: the model may be fitted again in between.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

_KEPT = ContextVar("kept", default=None)


@contextmanager
def remembering():
    """The span in which ``remembered`` functions keep their answers; may decorate a function."""
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def forget():
    """Let go of everything kept so far, to make room."""
    kept = _KEPT.get()
    if kept is not None:
        kept.clear()


def remembered(function):
    """Let a function of one model answer only once for the same model, while something is ``remembering``."""

    @wraps(function)
    def answer(model):
        kept = _KEPT.get()
        if kept is None:
            return function(model)
        key = function, id(model)
        if key not in kept:
            kept[key] = model, function(model)  # the model too: while it is kept, no other can have its id
        return kept[key][1]

    return answer
