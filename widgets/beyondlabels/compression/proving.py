"""The proof of a compressed package, and the story of what it was made from.

The proof of the package it was made from would fail here, and widening its tolerance would say less of both. So a variant
carries two sets of answers for the same made-up rows: its own, which a replay must give again within the tolerance of the
export, so that damage shows as before; and those of the uncompressed model, so that the loss can be seen again anywhere.
"""

import json

import numpy as np

from ..conversion import proof as proofs
from ..quiet import coremltools
from ..runtime.check import PROOF, pack, unpack
from ..runtime.loss import COMPRESSED
from ..runtime.parity import ONE_UNIT, errors

HALF_TOLERANCE = 1e-2  # as for an export in half precision
_FOREIGN_TOLERANCE = 1e-4


def one_unit(program):
    """The outputs whose columns share one scale, as the package's own proof says."""
    try:
        return tuple(json.loads(program.metadata[PROOF])["one_unit"])
    except (KeyError, ValueError, TypeError):
        return ONE_UNIT


def tell(specification, method, losses):
    """Write into the package's metadata how it was compressed and what that costs, after what is told there already."""
    metadata = specification.description.metadata
    stories = json.loads(metadata.userDefined[COMPRESSED]) if COMPRESSED in metadata.userDefined else []
    story = {
        "method": method.name,
        "words": method.words,
        "rows": next(iter(losses.values())).rows,
        "losses": losses.plain(),
        "coremltools": coremltools().__version__,
    }
    metadata.userDefined[COMPRESSED] = json.dumps([*stories, story], ensure_ascii=False)
    metadata.shortDescription += f"; then compressed ({method.name}), which changes its answers a little"


def prove(specification, original, variant, feed, half):
    """Put the variant's proof into its specification. ``original`` and ``variant`` are loaded packages. Returns the number
    of rows: 0 for a package of another maker that takes no rows, which has no proof to carry on."""
    userdefined = specification.description.metadata.userDefined
    old = _old(original, feed)
    if old is None:
        return 0
    rows, uncompressed, rules, model = old
    if half:
        rules["tolerance"] = max(rules["tolerance"], HALF_TOLERANCE)
    kept = _steady(variant, feed, rows, rules["tolerance"])
    expected = feed.outputs(variant, rows[kept])
    proof = {
        "model": model,
        "rows": pack(rows[kept].astype(np.float32)),
        "expected": {name: pack(proofs.storable(value)) for name, value in expected.items()},
        "uncompressed": {name: pack(proofs.storable(value[kept])) for name, value in uncompressed.items()},
        **rules,
        "weights_sha256": variant.program.weights_sha256,
        "program_sha256": variant.program.digest(),
    }
    userdefined[PROOF] = json.dumps(proof, separators=(",", ":"))
    return int(kept.sum())


def _old(original, feed):
    """(rows, the uncompressed answers, rules, model) of the proof that the package carries, or of one made up for it."""
    metadata = original.program.metadata
    if PROOF in metadata:
        proof = json.loads(metadata[PROOF])
        first = proof.get("uncompressed", proof["expected"])
        rules = {key: proof[key] for key in ("tolerance", "floor", "one_unit")}
        answers = {name: unpack(value) for name, value in first.items()}
        return unpack(proof["rows"]).astype(np.float64), answers, rules, proof["model"]
    if not feed.batches or any(
        low != high for port in original.program.inputs.values() for low, high in port.bounds[1:]
    ):
        return None
    width = sum(int(np.prod(value.shape[1:])) for value in feed.outputs(original, feed.rows[:1]).values())
    pool = proofs.pool(feed.rows, width, original.program, feed.inputs)
    rows = pool.of(np.arange(len(pool.rows)))
    half = any(dtype == "float16" for each in original.program.operations for _, dtype, _ in each.outputs)
    rules = {"tolerance": HALF_TOLERANCE if half else _FOREIGN_TOLERANCE, "floor": 0.0, "one_unit": list(ONE_UNIT)}
    return rows, feed.outputs(original, rows), rules, "a package of another maker"


def _steady(variant, feed, rows, tolerance):
    """Which rows prove something: their labels do not turn with the order of the rows or with how many are given, which
    changes the last digits. Compressed weights can be equal where the originals differed, and then a row is a tie."""
    together = feed.outputs(variant, rows)
    turned = {name: value[::-1] for name, value in feed.outputs(variant, rows[::-1]).items()}
    alone = [feed.outputs(variant, rows[[row]]) for row in range(len(rows))]
    steady = np.ones(len(rows), bool)
    for name, value in together.items():
        others = turned[name], np.concatenate([each[name] for each in alone])
        for other in others if value.dtype.kind != "f" else ():
            steady &= (value == other).reshape(len(rows), -1).all(axis=1)
        if value.dtype.kind == "f" and value.ndim:
            steady &= (errors(value, turned[name])[1] <= tolerance).reshape(len(rows), -1).all(axis=1)
    return steady if steady.sum() >= 2 else np.ones(len(rows), bool)
