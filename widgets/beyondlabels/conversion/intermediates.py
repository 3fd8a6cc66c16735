"""What a fitted model itself computes on its way, to hold beside the values of a program."""

import warnings
from dataclasses import dataclass, field

import numpy as np

from ..errors import BadInput, NotExportable
from . import sample as samples
from .class_labels import as_given
from .convert import assess
from .judging import Judge
from .reference import in_float64
from .registry import find_recipe


@dataclass(frozen=True)
class Intermediates:
    """``inside``: layer's or step's name -> its result, rows first, in the order in which they are computed; ``outputs``: output
    name -> what the model's own method gives, as in ``Verdict.outputs``. ``tolerance`` is what an export in float32 is allowed,
    ``floor`` and ``one_unit`` are the scales, as for ``runtime.compare``; ``is_tie(name, rows)`` says which rows are ties.
    ``moved``: the rows that the model was given, float64 (rows, features), where it refuses some of the rounded ones and their
    outermost numbers were rounded inwards, else ``None``: a package is to be compared on these."""

    inside: dict
    outputs: dict
    tolerance: float
    floor: float
    one_unit: tuple
    is_tie: object = field(repr=False)
    moved: np.ndarray | None = None


def intermediate_values(model, X, half=False):
    """The result of each layer of a Keras model, of each step but the last of a scikit-learn pipeline, and of the model itself.

    ``X``: rows as for ``export``; they are rounded to float32 first, because that is what a package reads, and inwards where
    the model refuses a number that this has moved out of the range of X. A layer of a
    nested model is named ``<model>_<layer>``, a layer that is called again gets a number behind its name, as the operations
    of a package are named; layers that give several values are left out. ``half``: judge ties as half precision does.
    Other models have nothing inside that has a name. Returns ``Intermediates``. Raises ``NotExportable`` for a model with no
    function to export, ``BadInput`` for rows that it cannot use.
    """
    verdict = assess(model)
    if not verdict.exportable:
        raise NotExportable(verdict)
    recipe, exact = find_recipe(model), in_float64(model)
    rows, moved = _checked(X, model, recipe), None
    tolerance = recipe.tolerance_for(model)
    try:
        inside, outputs = _computed(recipe, exact, verdict.outputs, rows)
    except BadInput:
        given, rows = rows, rows.rounded_inwards()
        if rows is given:
            raise
        inside, outputs = _computed(recipe, exact, verdict.outputs, rows)
        moved = rows.rows

    def is_tie(name, which):
        labels = outputs[name].dtype.kind in "iub" or name in recipe.jumps(model)
        near = 1e-2 if half else tolerance
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = recipe.ties(exact, name, rows.given(rows.rows[which]), near) if recipe.ties and labels else None
        return np.zeros(len(which), bool) if found is None else found

    return Intermediates(
        inside=inside,
        outputs=outputs,
        tolerance=tolerance,
        floor=Judge(model, recipe, verdict, rows, tolerance).floor(rows.rows, outputs),
        one_unit=tuple(recipe.one_unit(model)),
        is_tie=is_tie,
        moved=moved,
    )


def _computed(recipe, exact, methods, rows):
    """(results inside, outputs) by name, dense. Raises ``BadInput`` where the model cannot use the rows."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            inside = recipe.inside(exact, rows.given(rows.rows)) if recipe.inside else {}
            outputs = {name: recipe.expected(exact, method, rows.given(rows.rows)) for name, method in methods.items()}
        except Exception as error:
            raise BadInput(f"the model itself cannot use these rows: {error}") from error
    inside, outputs = ({name: _dense(value) for name, value in each.items()} for each in (inside, outputs))
    return inside, {name: as_given(exact, name, value) for name, value in outputs.items()}


def _checked(X, model, recipe):
    own = recipe.inputs(model) if recipe.inputs else None
    if own is not None:
        return samples.checked_inputs(X, own)
    return samples.checked(X, model, recipe.width(model), recipe.nan(model))


def _dense(value):
    return np.asarray(value.toarray() if hasattr(value, "toarray") else value)
