"""Feature vectorizer, array feature extractor and identity: values put together, taken out, or handed on.

After ``FeatureVectorizer.proto``, ``ArrayFeatureExtractor.proto`` and ``Identity.proto`` (Core ML Model Format
Specification, apple/coremltools, 2026).
"""

import numpy as np

from ...errors import BadInput, BadPackage
from ..program import Operation, Ref
from .interface import Stage
from .scaling import stage


def read_vectorizer(spec, known):
    """Inputs side by side in one array, in the order and with the widths of ``inputList``; a dict is laid out by its
    integer keys."""
    listed = [(each.inputColumn, each.inputDimensions) for each in spec.featureVectorizer.inputList]
    unknown = [name for name, _ in listed if name not in known.inputs]
    if unknown or not listed or sum(width for _, width in listed) > 2**24:
        raise BadPackage(f"the feature vectorizer reads {unknown or 'nothing'}; its inputs are {list(known.inputs)}")

    def put_together(columns):
        parts = [_wide(name, columns[name], width) for name, width in listed]
        return {known.one_output.name: np.concatenate(parts, axis=1)}

    operation = Operation(
        "featureVectorizer",
        "",
        {"values": [Ref(name) for name, _ in listed]},
        ((known.one_output.name, known.one_output.dtype, (sum(width for _, width in listed),)),),
    )
    return Stage(put_together, (operation,))


def read_extractor(spec, known):
    """The values at ``extractIndex`` of an array, counted in the order of its memory."""
    places = [int(each) for each in spec.arrayFeatureExtractor.extractIndex]
    if not places:
        raise BadPackage("the array feature extractor takes nothing out")

    def taken(x):
        flat = x.reshape(len(x), -1)
        if max(places) >= flat.shape[1]:
            raise BadPackage(f"the extractor takes out value {max(places)} of {flat.shape[1]}")
        return flat[:, places] if len(places) > 1 else flat[:, places[0]]

    return stage(spec, known, taken, {"indices": np.array(places)})


def read_identity(spec, known):
    """Every output is the input of the same name."""
    missing = [name for name in known.outputs if name not in known.inputs]
    if missing:
        raise BadPackage(f"the identity gives {missing}, which are no inputs")
    outputs = tuple((name, each.dtype, ()) for name, each in known.outputs.items())
    operation = Operation("identity", "", {"values": [Ref(name) for name in known.outputs]}, outputs)
    return Stage(lambda columns: {name: columns[name] for name in known.outputs}, (operation,))


def _wide(name, column, width):
    if isinstance(column, list):
        made = np.zeros((len(column), width))
        for row, found in enumerate(column):
            for place, value in found.items():
                if isinstance(place, str) or not 0 <= place < width:
                    raise BadInput(f"the dict {name!r} has the key {place!r}; expected a place from 0 to {width - 1}")
                made[row, place] = value
        return made
    made = np.asarray(column, np.float64).reshape(len(column), -1)
    if made.shape[1] != width:
        raise BadInput(f"{name!r} holds {made.shape[1]} values; the feature vectorizer takes {width}")
    return made
