"""Scaler, normalizer and imputer: numbers in, numbers out, in double precision.

After ``Scaler.proto``, ``Normalizer.proto`` and ``Imputer.proto`` (Core ML Model Format Specification, apple/coremltools,
2026).
"""

import numpy as np

from ...errors import BadInput, BadPackage
from ..program import Operation, Ref
from .interface import Stage, insist_numbers


def stage(spec, known, work, listed, nan=False):
    """A ``Stage`` of one column in and one out, listed as one operation."""
    given, made = known.one_input, known.one_output
    operation = Operation(
        spec.WhichOneof("Type"), "", {"x": Ref(given.name), **listed}, ((made.name, made.dtype, _shape(made)),)
    )
    return Stage(lambda columns: {made.name: work(columns[given.name])}, (operation,), nan=nan)


def read_scaler(spec, known):
    """scale (x + shift), each one value or one for each column; 1 and 0 where not given."""
    insist_numbers(known)
    shift, scale = (np.array(each, np.float64) for each in (spec.scaler.shiftValue, spec.scaler.scaleValue))
    shift, scale = (shift if shift.size else np.zeros(1)), (scale if scale.size else np.ones(1))

    def scaled(x):
        width = x.shape[1] if x.ndim > 1 else 1
        if {shift.size, scale.size} - {1, width}:
            raise BadPackage(f"the scaler has {shift.size} shifts and {scale.size} scales for {width} values")
        return (scale * (x.reshape(len(x), -1) + shift)).reshape(x.shape)

    return stage(spec, known, scaled, {"shift": shift, "scale": scale})


def read_normalizer(spec, known):
    """Each row divided by its largest value, its sum of absolute values or its length; a row whose norm is 0 stays.

    The specification gives the first as max(x), without taking absolute values; so does this.
    """
    insist_numbers(known)
    kind = spec.normalizer.normType
    if kind not in (0, 1, 2):
        raise BadPackage(f"the normalizer has an unknown norm, number {kind}")

    def normalized(x):
        flat = x.reshape(len(x), -1).astype(np.float64)
        norm = (flat.max, lambda axis: np.abs(flat).sum(axis), lambda axis: np.sqrt((flat * flat).sum(axis)))[kind](1)
        return (flat / np.where(norm == 0, 1, norm)[:, None]).reshape(x.shape)

    return stage(spec, known, normalized, {"norm": ("max", "l1", "l2")[kind]})


def read_imputer(spec, known):
    """A missing value (``ReplaceValue``, NaN where not given) replaced by the one given for all, or for its column."""
    model = spec.imputer
    kind, missing = model.WhichOneof("ImputedValue"), model.WhichOneof("ReplaceValue")
    if kind is None:
        raise BadPackage("the imputer says nothing of what to put in")
    value = getattr(model, kind)
    replaced = getattr(model, missing) if missing else np.nan
    if kind in ("imputedStringDictionary", "imputedInt64Dictionary"):
        content = dict(value.map)
        return stage(
            spec, known, lambda dicts: [_filled(each, content) for each in dicts], {"imputed": str(content)}, nan=True
        )
    if kind == "imputedStringValue":
        missing_text = replaced if missing else ""
        return stage(spec, known, lambda x: np.where(x == missing_text, value, x), {"imputed": value})
    insist_numbers(known)
    values = np.array(value.vector if kind.endswith("Array") else [value])

    def imputed(x):
        flat = x.reshape(len(x), -1)
        if values.size not in (1, flat.shape[1]):
            raise BadPackage(f"the imputer has {values.size} values for {flat.shape[1]} columns")
        gone = np.isnan(flat) if isinstance(replaced, float) and np.isnan(replaced) else flat == replaced
        return np.where(gone, values, flat).reshape(x.shape)

    return stage(spec, known, imputed, {"imputed": values, "missing": np.array(replaced)}, nan=True)


def _filled(found, content):
    made = {**content, **found}
    bad = [key for key, value in made.items() if np.isnan(value) and key not in content]
    if bad:
        raise BadInput(f"the imputer has nothing to put in for {bad[0]!r}")
    return {key: content[key] if np.isnan(value) else value for key, value in made.items()}


def _shape(feature):
    return tuple(low for low, _ in feature.shapes[0]) if feature.shapes else ()
