"""What is shown of an array: a table of its numbers when it is small, else a heat map and a histogram, always a sentence."""

import base64

import numpy as np

from ..typeset import counted
from . import words

TABLE = 24  # numbers up to which all are written out
_ROWS, _COLUMNS, _BINS = 16, 48, 24
_NOT_FINITE = -128


def type_of(value):
    """``float32 (3, 4)``."""
    if isinstance(value, np.ndarray):
        return words.type_of(value.dtype, value.shape)
    return (
        "text"
        if isinstance(value, str)
        else f"list of {len(value)}"
        if isinstance(value, list)
        else type(value).__name__
    )


def summary(value):
    """``12 numbers from −1.3 to 2.5, mean 0.2``, and how many are infinite or NaN."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiub":
        return ""
    if not value.size:
        return "no numbers"
    wide = value.astype(np.float64)
    finite = wide[np.isfinite(wide)]
    parts = [counted(value.size, "number")]
    if value.size == 1:
        parts = [words.number(value.reshape(-1)[0])]
    elif finite.size:
        parts[0] += (
            f" from {words.number(finite.min())} to {words.number(finite.max())}, mean {words.number(finite.mean())}"
        )
    if value.size > 1:
        parts += [
            f"{many:,} {what}"
            for many, what in ((int(np.isinf(wide).sum()), "infinite"), (int(np.isnan(wide).sum()), "NaN"))
            if many
        ]
    return "; ".join(parts)


def figure(value, beside=()):
    """What the browser draws of ``value``: {"type", "summary"} and "table", or "heats", "histogram" and "first".

    ``beside``: (label, array) of the same shape to stand next to it, the value itself first: its own precision, the
    other, the model's; every column after the first is followed by its difference from the first.
    """
    shown = {"type": type_of(value), "summary": summary(value)}
    if isinstance(value, str):
        return shown | {"table": {"heads": [], "rows": [["", words.name(value)]]}}
    if isinstance(value, list):
        return shown | {
            "table": {"heads": [], "rows": [[str(at), words.name(each)] for at, each in enumerate(value[:TABLE])]}
        }
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiub" or not value.size:
        return shown
    columns = list(beside) or [("", value)]
    if value.size <= TABLE:
        return shown | {"table": _table(columns)}
    return shown | {
        "heats": [_heat(label, each) for label, each in columns],
        "histogram": _histogram(value),
        "first": ", ".join(words.number(each) for each in value.reshape(-1)[:8]) + ", …",
        "gaps": [_gap(label, each, value) for label, each in columns[1:]],
    }


def _table(columns):
    (own, value), *others = columns
    drop = value.ndim > 1 and len(value) == 1
    heads, cells = [own], [[words.number(each)] for each in value.reshape(-1)]
    for label, other in others:
        heads += [label, "difference"]
        gaps = _differences(other, value).reshape(-1)
        for line, each, gap in zip(cells, other.reshape(-1), gaps, strict=True):
            line += [words.number(each), words.short(gap)]
    places = [", ".join(map(str, at[drop:])) for at in np.ndindex(value.shape)]
    return {"heads": heads, "rows": [[place, *line] for place, line in zip(places, cells, strict=True)]}


def _gap(label, other, value):
    """``model differs by at most 2.4 × 10⁻⁷, at (0, 3)``."""
    gaps = _differences(other, value)
    at = np.unravel_index(int(gaps.argmax()), gaps.shape)
    place = f", at ({', '.join(str(int(each)) for each in at)})" if gaps.max() > 0 else ""
    return f"{label} differs by at most {words.short(gaps.max())}{place}"


def _differences(other, value):
    """|other - value|, infinite where only one of them is finite."""
    other, value = other.astype(np.float64), value.astype(np.float64)
    with np.errstate(all="ignore"):
        same = (other == value) | (np.isnan(other) & np.isnan(value))
        gaps = np.where(same, 0.0, np.abs(other - value))
    return np.where(np.isnan(gaps), np.inf, gaps)


def _heat(label, value):
    """At most 16 by 48 cells, each the mean of a block, as signed bytes: 127 is the largest size there is, -128 not finite."""
    table = _as_table(value.astype(np.float64))
    with np.errstate(all="ignore"):
        cells = _block_means(_block_means(table, _ROWS).T, _COLUMNS).T
        finite = np.isfinite(cells)
        most = float(np.abs(cells[finite]).max(initial=0.0))
        scaled = np.where(finite, np.rint(cells / (most or 1.0) * 127), _NOT_FINITE).astype(np.int8)
    drawn = base64.b64encode(np.ascontiguousarray(scaled).tobytes()).decode("ascii")
    return {
        "label": label,
        "columns": cells.shape[1],
        "cells": drawn,
        "most": words.short(most),
        "averaged": cells.size < value.size,
    }


def _as_table(value):
    """Two axes: the last one along the columns; a single row of many numbers is broken into lines, its end repeated."""
    if value.ndim > 1 and value.shape[-1] < value.size:
        return value.reshape(-1, value.shape[-1])
    rows = min(_ROWS, -(-value.size // _COLUMNS))
    columns = -(-value.size // rows)
    return np.pad(value.reshape(-1), (0, rows * columns - value.size), mode="edge").reshape(rows, columns)


def _block_means(table, most):
    """The table with at most ``most`` rows, each the mean of neighbours."""
    starts = np.arange(min(most, len(table))) * len(table) // min(most, len(table))
    return np.add.reduceat(table, starts, axis=0) / np.diff(np.append(starts, len(table)))[:, None]


def _histogram(value):
    finite = value.astype(np.float64)
    finite = finite[np.isfinite(finite)]
    if not finite.size or finite.max() - finite.min() in (0, np.inf):
        return None
    counts, edges = np.histogram(finite, _BINS)
    return {"counts": counts.tolist(), "low": words.number(edges[0]), "high": words.number(edges[-1])}
