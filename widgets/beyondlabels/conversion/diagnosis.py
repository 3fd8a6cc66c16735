"""Why a saved program and its model differ: float32's digits, or the recipe, as far as that can be known."""

from ..runtime.precision import in_precision
from .judging import nudge
from .registry import find_recipe

_SCALE = "Centre and scale the data before it, for instance with StandardScaler as the first step, and fit again."
_BEFORE = (
    "Take off or divide out what is large in the data before it reaches the model, here and in the app, and fit again."
)
_LAYER = (
    "Centre and scale what goes in, with a Normalization layer as the first or Rescaling for pictures, and train again."
)
_SCALERS = ("StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler")


def advice(model):
    """What to do about digits that float32 has not: scale, unless the model or a step of the pipeline before the last does; in a
    Keras model with a layer."""
    recipe = find_recipe(model)
    if recipe is not None and recipe.library == "Keras":
        return _LAYER
    steps = [(str(name), type(step).__name__) for name, step in getattr(model, "steps", [("", model)])]
    if len(steps) == 1 and steps[0][1] in _SCALERS:
        return _BEFORE
    scaler = next((name for name, kind in steps[:-1] if kind in _SCALERS), None)
    if scaler is None:
        return _SCALE
    return (
        f"Step {scaler!r} scales already, and a step behind it magnifies what it rounds, as a root or a logarithm does near 0: "
        "scale once, to a range that keeps away from 0 such as MinMaxScaler((0.01, 1)), and fit again."
    )


def cause(package, part, judge, table, expected):
    """A sentence or two on why the output of ``part`` (an ``OutputParity`` that did not pass) is off.

    ``judge`` is the ``Judge`` that compared what the package gives for the rows of ``table`` with the answers ``expected``. A
    program whose values are float64 still has the weights that float32 rounded, so where it is off too the fault may be in
    those or in the recipe; unless the program itself gives something else in float32, as then the model, where it computes in
    float32 too, may be as far off by its own roundings, or the model's own answers change as much on rows half a unit away.
    """
    if part.note:
        return "This is a fault of the recipe; please report it."

    def compared(found, wanted=expected):
        return judge.compare(table, wanted, found)[part.name]

    then = advice(judge.model)
    exact = _tried(lambda: judge.run(in_precision(package, "float64").predict, table))
    wide = exact and _tried(lambda: compared(exact))
    if wide is not None and wide.passed:
        return f"The same program in float64 is not off ({wide.sentence()}): float32 has not the digits for it. {then}"
    nudged = _tried(lambda: compared(judge.answers(judge.rows.inputs.whole(nudge(table)))))
    if nudged is not None and not nudged.passed:
        return (
            "The model's own answers change as much when the rows change by half a unit of float32 "
            f"({nudged.sentence()}): the rows have not the digits for it. {then}"
        )
    own = exact and _tried(lambda: compared(judge.run(package.predict, table), exact))
    if own is not None and own.worst_relative > part.tolerance / 4:
        return (
            f"The program's own answers change by about as much from float32 to float64 ({own.sentence()}): float32 has not the "
            f"digits for it, in the package or in the model. {then}"
        )
    return (
        "In float64 the same program is off too: either what float32 rounds off the fitted numbers weighs too much, or this "
        f"is a fault of the recipe. {then} If it is off then too, please report it."
    )


def _tried(ask):
    """What ``ask()`` gives; ``None`` where it cannot be asked: this only explains an error that is raised anyway."""
    try:
        return ask()
    except Exception:
        return None
