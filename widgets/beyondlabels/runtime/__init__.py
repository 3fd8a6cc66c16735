"""Reading, running and checking a saved Core ML package in NumPy, on any system.

Nothing here knows how a package was made: only the saved file counts, otherwise parity would prove nothing. On a Mac the
same package can also be run by Core ML itself (see ``core_ml``), and every result says whether it was. The kinds of model
from before ML Programs are in ``older``; ``load`` gives an ``OlderModel`` for them.
"""

from .apart import take_apart
from .check import check
from .inspect import describe, describe_text, feature_names
from .load import load, of_specification
from .parity import compare
from .precision import in_precision
from .steps import walk_through

__all__ = [
    "check",
    "compare",
    "describe",
    "describe_text",
    "feature_names",
    "in_precision",
    "load",
    "of_specification",
    "take_apart",
    "walk_through",
]
