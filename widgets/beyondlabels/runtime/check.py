"""Replaying the proof that a package carries: its rows, run again, must give the outputs that the model gave."""

import base64
import json
import math
from dataclasses import dataclass

import numpy as np

from ..errors import BadInput, BadPackage
from . import core_ml
from .load import load
from .loss import Losses, losses
from .parity import Parity, compare

PROOF = "com.beyondlabels.proof"
_MOST_NUMBERS = 10**8  # of an array that is nearly all 0: a damaged shape asks for no more memory than that


@dataclass(frozen=True)
class CheckResult:
    """``passed`` when the weights and program are those that were proven and every proof row gives the expected outputs.

    ``parity`` compares NumPy's outputs with the model's, ``core_ml`` those of Core ML itself (``None`` off a Mac);
    ``problems`` lists in words what did not hold. A compressed package is held to the answers it gave when it was saved;
    ``loss`` compares them with those of the model before it was compressed (``None`` for any other package).
    """

    path: str
    passed: bool
    rows: int
    parity: Parity
    core_ml: Parity | None
    problems: tuple
    model: str
    loss: Losses | None = None

    def __str__(self):
        verdict = "the proof holds" if self.passed else "THE PROOF DOES NOT HOLD"
        lines = [f"{self.path}: {verdict}: {self.model}, {self.rows} rows: {self.parity.sentence()}"]
        lines += [f"  {problem}" for problem in self.problems]
        if self.loss is not None:
            lines.append(f"  Compressed; on these rows, beside the uncompressed model: {self.loss.sentence()}.")
        if self.core_ml is None:
            lines.append("  Apple's own runtime was not run here.")
        else:
            lines.append(f"  Core ML on this Mac: {self.core_ml.sentence()}")
        return "\n".join(lines)

    def plain(self):
        """As plain data, for JSON and for the panel."""
        return {
            "path": self.path,
            "passed": self.passed,
            "model": self.model,
            "rows": self.rows,
            "parity": self.parity.plain(),
            "core_ml": self.core_ml.plain() if self.core_ml is not None else None,
            "problems": list(self.problems),
            "loss": self.loss.plain() if self.loss is not None else None,
        }


def check(path):
    """Replay the proof inside the package at ``path``. Raises ``BadPackage`` when it cannot be read or has no proof."""
    return replay(load(path), path)


def replay(package, path):
    """The ``CheckResult`` of a ``Package`` that was loaded from ``path``. Raises ``BadPackage`` when it has no proof."""
    proof = _proof(path, package.program.metadata)
    problems = []
    if package.program.weights_sha256 != proof["weights_sha256"]:
        problems.append("The weights are not the ones that were proven: their sha-256 differs.")
    if package.program.digest() != proof["program_sha256"]:
        problems.append("The program is not the one that was proven: its sha-256 differs.")
    try:
        given = _answers(package, package.predict, proof["rows"])
        parity = compare(proof["expected"], given, **proof["rules"])
    except (BadInput, BadPackage) as error:
        parity = compare(proof["expected"], {}, **proof["rules"])
        problems.append(f"The program no longer runs: {error}")
    problems += [_difference("", part) for part in parity.values() if not part.passed]
    apple = None
    if core_ml.available():
        answers = _answers(package, package.predict_with_core_ml, proof["rows"])
        apple = compare(proof["expected"], answers, **proof["rules"])
        problems += [_difference("In Core ML, ", part) for part in apple.values() if not part.passed]
    rows, loss = len(proof["rows"]), None
    if proof["uncompressed"] and not problems:
        loss = losses(proof["uncompressed"], given, proof["rules"]["one_unit"])
    return CheckResult(str(path), not problems, rows, parity, apple, tuple(problems), proof["model"], loss)


def _difference(where, part):
    if part.note:
        return f"{where}output {part.name!r}: {part.note}."
    if part.labels_differ is not None:
        count = f"{part.labels_differ} of {part.rows} proof rows"
        return f"{where}output {part.name!r} differs on {count}, first on row {part.worst_row}."
    return (
        f"{where}output {part.name!r} is off by {part.worst_absolute:.3g} on proof row {part.worst_row} "
        f"({part.worst_relative:.2g} relative, allowed {part.tolerance:.0e})."
    )


def _answers(package, predict, table):
    """Outputs by name for the rows of a proof, one call a row where an input is an image."""
    if not any(port.image for port in package.program.inputs.values()):
        return predict(_inputs(package.program, table))
    parts = [predict(_inputs(package.program, table[row : row + 1])) for row in range(len(table))]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _inputs(program, table):
    """Input name -> array: the proof keeps the rows of all inputs flattened side by side. Raises ``BadInput`` where the
    table does not fit the inputs."""
    shapes = {
        port.name: tuple(low for low, _ in (port.bounds or ((1, 1), (table.shape[1], 0)))[1:])
        for port in program.inputs.values()
    }
    ends = np.cumsum([int(np.prod(shape, dtype=np.int64)) for shape in shapes.values()])
    if table.ndim != 2 or not len(ends) or ends[-1] != table.shape[1]:
        raise BadInput(f"its rows have the shape {table.shape}, the inputs take {[*shapes.values()]}")
    parts = np.split(table, ends[:-1], axis=1)
    return {name: part.reshape(len(part), *shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}


def _proof(path, metadata):
    if PROOF not in metadata:
        raise BadPackage(f"{path}: the package carries no proof; only packages saved by beyondlabels do")
    try:
        proof = json.loads(metadata[PROOF])
        found = {
            **{key: proof[key] for key in ("weights_sha256", "program_sha256", "model")},
            "rules": {
                "tolerance": float(proof["tolerance"]),
                "floor": float(proof["floor"]),
                "one_unit": [str(name) for name in proof["one_unit"]],
            },
            "rows": unpack(proof["rows"]),
            "expected": {name: unpack(value) for name, value in proof["expected"].items()},
            "uncompressed": {name: unpack(value) for name, value in proof.get("uncompressed", {}).items()},
        }
        sizes = {len(array) for array in (found["rows"], *found["expected"].values())}
        if not found["expected"] or len(sizes) > 1 or 0 in sizes:
            raise ValueError(sizes)
        shapes = {name: found["expected"][name].shape for name in found["uncompressed"]}
        if any(value.shape != shapes[name] for name, value in found["uncompressed"].items()):
            raise ValueError(shapes)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise BadPackage(f"{path}: the proof inside the package is damaged and cannot be read; save it again") from None
    return found


def pack(array):
    """An array as text that keeps every bit: dtype, shape and base85 (five signs for four bytes, none of which JSON has to
    escape) of the little-endian bytes. Where two thirds and more of the numbers are 0, the others alone, and their places."""
    array = np.ascontiguousarray(array)
    head = {"dtype": str(array.dtype), "shape": list(array.shape)}
    places = np.flatnonzero(array.view(np.int32))  # by their bits: -0.0 is not 0
    if 3 * len(places) > array.size:
        return head | {"base85": _text(array)}
    return head | {"places": _text(places.astype(np.int32)), "base85": _text(array.ravel()[places])}


def unpack(text):
    """The array that ``pack`` wrote. Raises ``ValueError`` or ``KeyError`` when it does not hold together."""
    if text["dtype"] not in ("float32", "int32"):
        raise ValueError(text["dtype"])
    numbers = np.frombuffer(base64.b85decode(text["base85"]), text["dtype"])
    if "places" not in text:
        return numbers.reshape(text["shape"])
    if math.prod(text["shape"]) > _MOST_NUMBERS:
        raise ValueError(text["shape"])
    whole = np.zeros(text["shape"], text["dtype"])
    places = np.frombuffer(base64.b85decode(text["places"]), np.int32)
    if len(places) != len(numbers) or (places < 0).any() or (places >= whole.size).any():
        raise ValueError(f"{len(numbers)} numbers for {len(places)} places of {whole.size}")
    whole.ravel()[places] = numbers
    return whole


def _text(array):
    return base64.b85encode(array.tobytes()).decode()
