"""The rows an export is verified on: checked, rounded to what the package reads, and chosen when there are too many."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from reprlib import repr as shown

import numpy as np

from ..errors import BadInput
from ..typeset import counted
from .inputs import Input, Inputs

MOST_COMPARED = 10_000


@dataclass(frozen=True)
class Sample:
    """``rows``: float32 values as float64, shape (rows, features), what both sides are given; ``names``: the features in
    order, none where a row is no list of features; ``largest_change``: what rounding to float32 changed at most;
    ``inputs``: what the package takes; ``make_frame``: rebuilds a DataFrame, or ``None``; ``ends``: for each feature the
    least and the largest float32 number in the sample's range, ``None`` where nothing was rounded."""

    rows: np.ndarray
    names: tuple
    largest_change: float
    inputs: Inputs
    make_frame: object = None
    ends: tuple | None = None

    def within(self, rows):
        """``rows`` with what rounding has moved out of the sample's range moved back in, by one step of float32."""
        return np.clip(rows, *self.ends) if self.ends is not None else rows

    def rounded_inwards(self):
        """The same sample, its outermost numbers rounded inwards; itself where they were already."""
        inner = self.within(self.rows)
        return self if np.array_equal(inner, self.rows, equal_nan=True) else replace(self, rows=inner)

    def given(self, rows):
        """A copy of ``rows`` (a model with copy=False works in place) in the form the model was given them: a DataFrame
        with the same columns, or an array."""
        return rows.copy() if self.make_frame is None else self.make_frame(rows.copy())


def checked(sample, model, width, nan=False):
    """A ``Sample`` from an array or a DataFrame; ``nan`` says whether missing values are legal. Raises ``BadInput`` for
    anything a package could not be given."""
    columns = [str(name) for name in sample.columns] if hasattr(sample, "columns") else None
    given = _numbers(sample, columns)
    if given.ndim != 2:
        raise BadInput(f"the sample has {given.ndim} axes; expected rows and features, such as X or X[:100]")
    if not len(given):
        raise BadInput("the sample has no rows; pass at least one row to verify the package with")
    if width is not None and given.shape[1] != width:
        raise BadInput(f"the sample has {counted(given.shape[1], 'feature')}; the model was fitted on {width}")
    own = [str(name) for name in getattr(model, "feature_names_in_", [])]
    if own and columns and own != columns:
        raise BadInput(f"the sample's columns are {columns}; the model was fitted on {own}, in this order")
    with np.errstate(over="ignore"):
        rounded = given.astype(np.float32).astype(np.float64)
    wrong = ~np.isfinite(rounded) & ~(np.isnan(given) & nan)
    if wrong.any():
        row, column = (int(index) for index in np.argwhere(wrong)[0])
        value = given[row, column]
        reason = (
            "is not a finite number; fill or drop it" if not np.isfinite(value) else "is larger than float32 can hold"
        )
        called = columns or own
        where = f"column {called[column]!r}" if len(called) == given.shape[1] else f"column {column}"
        raise BadInput(f"the sample's value {value} in row {row}, {where}, {reason}")
    names = columns or own or [f"x{index}" for index in range(given.shape[1])]
    frame = (lambda rows: type(sample)(rows, columns=sample.columns)) if own and hasattr(sample, "iloc") else None
    change = float(np.nanmax(np.abs(rounded - given), initial=0.0))
    ends = _ends(given) if change else None
    return Sample(rounded, tuple(names), change, Inputs([Input("x", given.shape[1:])]), frame, ends)


def _ends(given):
    """(least, largest float32 number between the smallest and the largest value of each column), as float64; minus and plus
    infinity where there is none between."""
    smallest, largest = np.fmin.reduce(given, axis=0), np.fmax.reduce(given, axis=0)  # of those that are there
    low, high = smallest.astype(np.float32), largest.astype(np.float32)
    low = np.where(low < smallest, np.nextafter(low, np.float32(np.inf)), low).astype(np.float64)
    high = np.where(high > largest, np.nextafter(high, np.float32(-np.inf)), high).astype(np.float64)
    between = low <= high
    return np.where(between, low, -np.inf), np.where(between, high, np.inf)


def checked_inputs(sample, inputs):
    """A ``Sample`` for a model with ``inputs`` of its own: arrays by name or in order. Raises ``BadInput``."""
    columns = [str(name) for name in sample.columns] if hasattr(sample, "columns") else []
    rows, change = inputs.joined(sample)
    if inputs.plain and not columns:
        columns = [f"x{index}" for index in range(inputs.width)]
    return Sample(rows, tuple(columns), change, inputs)


def _numbers(sample, columns):
    if hasattr(sample, "tocsr"):
        raise BadInput("the sample is a sparse matrix; pass sample.toarray(), a package reads dense rows")
    if isinstance(sample, Mapping):
        raise BadInput(
            f"the sample holds {shown(list(sample))} by name; the model takes one table: pass one of the arrays, or "
            "pandas.DataFrame(sample) where each is a column"
        )
    try:
        array = np.asarray(sample)
        if array.dtype.kind in "fiub":
            return array.astype(np.float64)
        if not array.ndim:
            raise BadInput(f"the sample is {shown(sample)}, not a table of numbers; pass an array or a DataFrame")
        if array.dtype.kind == "c":
            raise BadInput("the sample holds complex numbers; a package reads real ones")
        return np.array(
            [[_number(value, column, columns) for column, value in enumerate(row)] for row in array], np.float64
        )
    except (TypeError, ValueError, OverflowError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"the sample is not a table of numbers ({error}); pass an array or a DataFrame") from None


def _number(value, column, columns):
    if isinstance(value, (str, bytes)):
        where = f"column {columns[column]!r}" if columns else f"column {column}"
        raise BadInput(
            f"the sample holds text ({value!r}) in {where}; fit the model without that column, or encode it as numbers"
        )
    return np.nan if value is None or type(value).__name__ == "NAType" else float(value)  # pandas.NA


def compared_rows(rows, most=MOST_COMPARED):
    """The rows parity is measured on: all up to ``most`` (10,000, or 500 images); of more, a seeded choice that always
    holds, for every feature, the rows with its smallest and its largest value."""
    if len(rows) <= most:
        return rows
    missing = np.isnan(rows)
    ends = [np.where(missing, np.inf, rows).argmin(axis=0), np.where(missing, -np.inf, rows).argmax(axis=0)]
    extreme = np.unique(np.concatenate([*ends, missing.argmax(axis=0)]))[:most]
    others = np.setdiff1d(np.arange(len(rows)), extreme)
    chosen = np.random.default_rng(0).choice(others, most - len(extreme), replace=False)
    return rows[np.sort(np.concatenate([extreme, chosen]))]
