"""Rows of a CSV as inputs of a model by name, and its outputs as columns again: for the command line."""

import numpy as np

from ...errors import BadInput


def inputs(features, names, cells):
    """Columns for ``predict`` from text cells (rows, columns) and their ``names`` (``None`` without a header).

    A number or a text takes the column of its name; an array of n values the columns ``name_0`` to ``name_n-1``. A model with
    one array, or one dict, takes all columns, a dict by their names. Without a header the columns are read in order.
    Raises ``BadInput`` for a column that is missing and for text where a number is needed.
    """
    only = next(iter(features.values())) if len(features) == 1 else None
    width = len(cells[0])
    if only is not None and only.kind == "dict":
        return {only.name: _dicts(only, names, cells)}
    wanted = {name: _columns(each, width if only is not None else None) for name, each in features.items()}
    every = [column for columns in wanted.values() for column in columns]
    if only is not None and only.kind == "array" and (names is None or not set(every) <= set(names)):
        names = every if width == len(every) else names
    names = every if names is None and width == len(every) else names
    missing = [name for name in every if names is None or name not in names]
    if missing:
        raise BadInput(f"the rows have the columns {names or width}; the model also needs {missing[:10]}")
    return {name: _column(features[name], columns, names, cells) for name, columns in wanted.items()}


def flat(outputs):
    """Outputs of many rows as columns of numbers or texts: a dict gives one column for each of its keys."""
    made = {}
    for name, column in outputs.items():
        if not isinstance(column, list):
            made[name] = column
            continue
        keys = dict.fromkeys(key for row in column for key in row)
        made |= {f"{name}_{key}": np.array([row.get(key, 0.0) for row in column]) for key in keys}
    return made


def _columns(feature, width):
    if feature.kind in ("number", "text"):
        return [feature.name]
    if feature.kind == "dict" or len(feature.shapes) > 1:
        raise BadInput(f"input {feature.name!r} cannot be read from a table; call predict() from Python")
    count = int(np.prod([low for low, _ in feature.shapes[0]], dtype=object)) if feature.shapes else width
    if width is not None and count != width:
        raise BadInput(f"input {feature.name!r} takes {count} values a row; the rows have {width} columns")
    return [f"{feature.name}_{place}" for place in range(count)]


def _column(feature, columns, names, cells):
    places = [names.index(name) for name in columns]
    if feature.kind == "text":
        return [row[places[0]] for row in cells]
    values = np.array([[_number(row, place, names, number) for place in places] for number, row in enumerate(cells)])
    if feature.kind == "number":
        return values[:, 0]
    shape = tuple(low for low, _ in feature.shapes[0]) if feature.shapes else (len(places),)
    return values.reshape(len(cells), *shape)


def _dicts(feature, names, cells):
    if names is None:
        raise BadInput(f"input {feature.name!r} is a dict: give the rows a header with its keys")
    keys = (
        names if feature.key == "str" else [int(_number(names, place, names, "header")) for place in range(len(names))]
    )
    rows = []
    for number, row in enumerate(cells):
        values = {key: _number(row, place, names, number) for place, key in enumerate(keys) if row[place].strip()}
        rows.append(values)
    return rows


def _number(row, place, names, number):
    text = row[place].strip()
    try:
        return np.nan if text.lower() in ("", "na", "n/a", "nan", "null", "none") else float(text)
    except ValueError:
        raise BadInput(f"{text!r} in row {number}, column {names[place]!r} is no number") from None
