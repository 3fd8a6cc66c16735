"""How a model made of others is put together: what no recipe could read is said before anything else is asked of it.

Everything here answers with sentences, none when nothing is wrong, and looks at a part only once its place is sound.
``above`` holds the ids of the models that a part lies in.
"""

from numbers import Real

from .registry import find_recipe


def of_model(model):
    """What is wrong with how ``model`` is put together, in sentences."""
    recipe = find_recipe(model)
    return recipe.malformed(model, (id(model),)) if recipe is not None and recipe.malformed else []


def own(model, name):
    """The attribute that the model itself holds, ``None`` where it has none: no property of a class of yours is run."""
    return getattr(model, "__dict__", {}).get(name)


def is_word(part, *words):
    """Whether ``part`` is one of these words, or ``None`` where that is among them; an array is neither."""
    return (part is None and None in words) or (isinstance(part, str) and part in words)


def entries(found, what, length):
    """(the entries of a list of tuples that have this ``length``, what is wrong with the others and the list)."""
    shape = "(name, estimator)" if length == 2 else "(name, estimator, columns)"
    if not isinstance(found, (list, tuple)):
        return [], [f"{what} is {_said(found)}; expected a list of {shape}"]
    if not found:
        return [], [f"{what} is empty; expected a list of {shape}"]
    sound = [each for each in found if isinstance(each, (list, tuple)) and len(each) == length]
    wrong = [place for place, each in enumerate(found) if not any(each is other for other in sound)]
    return sound, [f"{what}[{place}] is {_said(found[place])}; expected {shape}" for place in wrong]


def part(name, found, above, *words):
    """What is wrong with the model ``found`` in the place ``name``; ``words`` may stand there instead."""
    if is_word(found, *words):
        return []
    also = "".join(f" or {each!r}" for each in words)
    if found is None or isinstance(found, (str, bytes)):
        return [f"step {name!r} is {_said(found)}; expected a fitted estimator{also}"]
    if isinstance(found, type):
        return [
            f"step {name!r} is the class {found.__name__}; expected one that was made and fitted, {found.__name__}()"
        ]
    if id(found) in above:
        return [f"step {name!r} is a model that it lies in itself"]
    recipe = find_recipe(found)
    if recipe is None or not recipe.malformed:
        return []
    return [f"step {name!r}: {each}" for each in recipe.malformed(found, (*above, id(found)))]


def weights(found):
    """What is wrong with ``transformer_weights``."""
    if found is None or (isinstance(found, dict) and all(isinstance(each, Real) for each in found.values())):
        return []
    return [f"transformer_weights is {_said(found)}; expected a dict from names to numbers"]


def _said(found):
    """A value in a few words, without an address."""
    if found is None or isinstance(found, (str, bytes, int, float)):
        return repr(found)
    return f"a {type(found).__name__}" + (f" of {len(found)}" if isinstance(found, (list, tuple, dict)) else "")
