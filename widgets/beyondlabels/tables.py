"""Reading and writing CSV tables of numbers for the command line, with clear errors and without pandas."""

import csv
import sys

import numpy as np

from .errors import BadInput

_MISSING = {"", "na", "n/a", "nan", "null", "none"}


def read(path, wanted=None):
    """(column names or ``None``, values of shape (rows, columns) as float64) from a CSV file.

    The first line is a header when it holds anything that is no number, every name in ``wanted``, or the whole numbers 0, 1, …
    that pandas writes over columns without names while the lines below hold more than whole numbers; the last is said on stderr,
    and names nothing that is in ``wanted``. With ``wanted`` and a header that names them all, only those columns are read, in
    that order; others may hold text. Missing values (empty, NA, NaN) become NaN. Raises ``BadInput`` for a file that cannot be
    read, lines of different length, semicolons, text where a number is needed, no rows, or a header that lacks a wanted column.
    """
    lines = _lines(path)
    header = _header(path, lines, wanted)
    if not lines:
        raise BadInput(f"{path} has no rows of numbers")
    columns = _columns(path, header, wanted, len(lines[0]))
    names = [header[column].strip() for column in columns] if header else None
    width = len(header or lines[0])
    values = np.empty((len(lines), len(columns)))
    for row, line in enumerate(lines):
        if len(line) != width:
            raise BadInput(f"{path}: row {row} has {len(line)} cells, expected {width}")
        for place, column in enumerate(columns):
            values[row, place] = _value(path, row, header[column] if header else column, line[column])
    return names, values


def cells(path):
    """(column names or ``None``, rows of text) of a CSV file whose cells may be text; the first line is a header as for
    ``read``. Raises ``BadInput`` as ``read`` does."""
    lines = _lines(path)
    header = _header(path, lines, None)
    header = [name.strip() for name in header] if header else None
    if not lines:
        raise BadInput(f"{path} has no rows")
    width = len(header or lines[0])
    for row, line in enumerate(lines):
        if len(line) != width:
            raise BadInput(f"{path}: row {row} has {len(line)} cells, expected {width}")
    return header, lines


def _lines(path):
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            lines = [line for line in csv.reader(file) if line]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path} cannot be read as CSV: {error}") from None
    if lines and len(lines[0]) == 1 and ";" in lines[0][0]:
        raise BadInput(f"{path} has semicolons between its cells; save it with commas, and decimals with points")
    return lines


def _columns(path, header, wanted, width):
    if header is None or not wanted:
        return range(width)
    names = [name.strip() for name in header]
    missing = [name for name in wanted if name not in names]
    if missing:
        advice = "name its columns so, or leave the header out to have them read in order"
        raise BadInput(f"{path} lacks the columns {missing}; it has {names}: {advice}")
    return [names.index(name) for name in wanted]


def _header(path, lines, wanted):
    """The first line, taken off ``lines``, where it names columns; ``None`` where it is a row, or numbers columns whose names
    are wanted."""
    cells = [cell.strip() for cell in lines[0]] if lines else []
    named = bool(wanted) and set(wanted) <= set(cells)
    if named or not all(_is_number(cell) for cell in cells):
        return lines.pop(0)
    if len(cells) < 2 or cells != [str(place) for place in range(len(cells))]:
        return None
    line = f"{path}: the first line, {cells[0]} to {cells[-1]}, as pandas numbers columns, is read as"
    if all(cell.strip().lstrip("+-").isdigit() for row in lines[1:] for cell in row):
        print(
            f"{line} a row, since all lines hold whole numbers; name the columns if it is their header", file=sys.stderr
        )
        return None
    print(f"{line} their header; put a line of names above it if it is a row", file=sys.stderr)
    header = lines.pop(0)
    return None if wanted else header


def _is_number(cell):
    try:
        float(cell)
    except ValueError:
        return cell.strip().lower() in _MISSING
    return True


def _value(path, row, column, cell):
    if cell.strip().lower() in _MISSING:
        return np.nan
    try:
        return float(cell)
    except ValueError:
        raise BadInput(f"{path}: {cell!r} in row {row}, column {column!r} is no number") from None


def write(file, outputs):
    """Write outputs by name (rows first) as CSV to an open file: one column a number, ``distances_0``, ``distances_1``, …"""
    columns, counts = [], {name: len(values) for name, values in outputs.items()}
    if len(set(counts.values())) > 1:
        raise BadInput(f"the outputs have different numbers of rows, {counts}, and are no table; ask for JSON instead")
    for name, values in outputs.items():
        flat = np.asarray(values).reshape(len(values), -1)
        names = [name] if np.ndim(values) == 1 else [f"{name}_{index}" for index in range(flat.shape[1])]
        columns += list(zip(names, flat.T, strict=True))
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([name for name, _ in columns])
    writer.writerows(zip(*([str(value) for value in values] for _, values in columns), strict=True))
