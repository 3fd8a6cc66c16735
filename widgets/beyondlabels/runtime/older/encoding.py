"""One-hot encoder, categorical mapping and dictionary vectorizer: names to numbers.

After ``OneHotEncoder.proto``, ``CategoricalMapping.proto`` and ``DictVectorizer.proto`` (Core ML Model Format
Specification, apple/coremltools, 2026).
"""

import numpy as np

from ...errors import BadInput, BadPackage
from .scaling import stage


def read_one_hot(spec, known):
    """A category to an array with a single 1, or to a dict {place: 1.0}; an unknown one to none, where that is allowed."""
    model = spec.oneHotEncoder
    kind = model.WhichOneof("CategoryType")
    if kind is None:
        raise BadPackage("the one-hot encoder has no categories")
    categories = list(getattr(model, kind).vector)
    places = {category: place for place, category in enumerate(categories)}
    listed = {"categories": str(categories) if len(categories) <= 20 else f"{len(categories)} categories"}

    def encode(x):
        found = [places.get(_plain(each)) for each in x]
        if None in found and model.handleUnknown == 0:
            raise BadInput(f"{x[found.index(None)]!r} is none of the categories {categories[:10]}")
        if model.outputSparse:
            return [{} if place is None else {place: 1.0} for place in found]
        made = np.zeros((len(found), len(categories)))
        rows = [row for row, place in enumerate(found) if place is not None]
        made[rows, [found[row] for row in rows]] = 1
        return made

    return stage(spec, known, encode, listed)


def read_mapping(spec, known):
    """A category to its number, or a number to its name; an unknown one to the value for that, or an error."""
    model = spec.categoricalMapping
    kind = model.WhichOneof("MappingType")
    if kind is None:
        raise BadPackage("the categorical mapping maps nothing")
    places = dict(getattr(model, kind).map)
    unknown = model.WhichOneof("ValueOnUnknown")
    otherwise = getattr(model, unknown) if unknown else None

    def mapped(x):
        found = [places.get(_plain(each), otherwise) for each in x]
        if None in found:
            raise BadInput(f"{x[found.index(None)]!r} is none of the categories {list(places)[:10]}")
        return np.array(found, object if kind == "int64ToStringMap" else np.int64)

    return stage(spec, known, mapped, {"categories": np.array(len(places))})


def read_dict_vectorizer(spec, known):
    """The values of a dict at the places of their keys, 0 for the other keys; a key that has no place is an error."""
    model = spec.dictVectorizer
    kind = model.WhichOneof("Map")
    if kind is None:
        raise BadPackage("the dictionary vectorizer knows no keys")
    keys = list(getattr(model, kind).vector)
    places = {key: place for place, key in enumerate(keys)}

    def vectorized(dicts):
        made = np.zeros((len(dicts), len(keys)))
        for row, found in enumerate(dicts):
            for key, value in found.items():
                if key not in places:
                    raise BadInput(f"the key {key!r} has no place; the keys are {keys[:10]}")
                made[row, places[key]] = value
        return made

    return stage(spec, known, vectorized, {"keys": str(keys) if len(keys) <= 20 else f"{len(keys)} keys"})


def _plain(value):
    return value if isinstance(value, str) else int(np.ravel(value)[0])
