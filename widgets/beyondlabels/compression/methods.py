"""The ways to store weights in fewer bits, by name. Each is a list of steps of ``coremltools.optimize.coreml``.

Sources: Apple, coremltools guide, Optimization Overview and Combining Compression Types (2025); Han, Mao and Dally, Deep
Compression (2016) for pruning and palettes; Jacob et al., Quantization and Training of Neural Networks for Efficient
Integer-Arithmetic-Only Inference (2018) for linear quantisation.
"""

import re
from dataclasses import dataclass

from ..errors import BadInput
from . import steps

ALL = (
    "float16",
    "int8",
    "int8-asymmetric",
    "int4",
    "palette8",
    "palette6",
    "palette4",
    "palette2",
    "palette4-uniform",
    "pruned-50",
    "pruned-75",
    "pruned-50+int8",
    "pruned-50+palette4",
    "palette4+int8",
)
_KNOWN = (
    "float16, int8, int8-asymmetric, int4, palette8, palette6, palette4, palette2 (and palette4-uniform …), pruned-50 (any "
    "share of zeros from 1 to 99), and, for iOS 18, pruned-50+int8, pruned-50+palette4, palette4+int8"
)
_PALETTE = re.compile(r"palette([12346]|8)(-uniform)?")
_PRUNED = re.compile(r"pruned-([1-9]\d?)")


@dataclass(frozen=True)
class Method:
    """``name``; ``words`` say what it does; ``family`` groups methods in a figure; ``target`` is the oldest system that
    reads the result; ``steps`` are functions (MLModel, weights: name -> shape) -> MLModel, none for float16."""

    name: str
    words: str
    family: str
    target: str
    steps: tuple = ()


def chosen(method):
    """The ``Method`` objects for a name, a list of names, or "all". Raises ``BadInput`` for one that is not known."""
    names = ALL if isinstance(method, str) and method == "all" else [method] if isinstance(method, str) else method
    if not isinstance(names, (list, tuple)) or not names or not all(isinstance(name, str) for name in names):
        raise BadInput(f'method is {method!r}; expected a name, a list of names or "all". Known: {_KNOWN}')
    return [_method(name) for name in dict.fromkeys(names)]


def _method(name):
    if name == "float16":
        return Method(name, "half precision: 16 bits a number, in between too", "half", "iOS15")
    parts = [_part(part) for part in name.split("+")]
    if any(part is None for part in parts) or len(parts) > 2:
        raise BadInput(f"method {name!r} is not known. Known: {_KNOWN}")
    if len(parts) == 1:
        return parts[0]
    first, then = parts
    step = _second(first, then)
    if step is None:
        raise BadInput(
            f"method {name!r}: {first.name} and {then.name} cannot be joined so. What can: pruned-50+int8, "
            "pruned-50+palette4, palette4+int8 (with palettes of 4, 6 or 8 bits)"
        )
    words = f"{first.words}; then {'its table in int8' if first.family == 'palette' else then.words}"
    return Method(name, words, "joint", "iOS18", (*first.steps, step))


def _part(name):
    if name in ("int8", "int8-asymmetric"):
        even = name == "int8"
        words = f"integers of 8 bits with a scale for each channel, {'around 0' if even else 'around an offset'}"
        return Method(name, words, "linear", "iOS16", (steps.linear("linear_symmetric" if even else "linear"),))
    if name == "int4":
        words = "integers of 4 bits with a scale for each block of up to 32"
        return Method(name, words, "linear", "iOS18", (steps.blocks,))
    if found := _PALETTE.fullmatch(name):
        bits, how = int(found[1]), "evenly spaced" if found[2] else "found by k-means"
        words = f"a table of {2**bits} values {how}, {bits} bits a weight"
        mode = "uniform" if found[2] else "kmeans"
        newest = "iOS18" if bits == 3 else "iOS16"
        return Method(name, words, "palette", newest, (steps.palette(bits, mode),))
    if found := _PRUNED.fullmatch(name):
        words = f"the smallest {found[1]} % of the weights set to 0 and not stored"
        return Method(name, words, "pruned", "iOS16", (steps.prune(int(found[1]) / 100),))
    return None


def _second(first, then):
    """The step that makes ``then`` of what ``first`` left, ``None`` where Core ML has no such pair."""
    if first.family == "pruned" and then.family == "palette":
        bits = int(_PALETTE.fullmatch(then.name)[1])
        return steps.palette(bits, "uniform" if then.name.endswith("uniform") else "kmeans", joint=True)
    if first.family == "pruned" and then.name.startswith("int8"):
        return steps.linear("linear_symmetric" if then.name == "int8" else "linear", joint=True)
    if first.family == "palette" and then.name == "int8" and re.match(r"palette[468]", first.name):
        return steps.linear("linear_symmetric", joint=True, whole=True)
    return None
