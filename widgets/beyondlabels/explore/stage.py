"""The plane an explorable is drawn on: two columns of a table, their units and range, and a still picture.

The front end's half is ``static/stage.js``. Points travel as float32 fractions of the axes' range, so that large
values (a year, a time stamp) lose nothing that could be seen.
"""

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from beyondlabels.errors import BadInput

from . import words

MOST_ROWS = 1_000_000
_UNITS = ("mm", "cm", "m", "km", "mg", "g", "kg", "s", "ms", "min", "h", "ml", "l", "eur", "usd")
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#c98a00", "#2f97d3")  # readable on white and on near-black
_MOST_DRAWN = 600


@dataclass(frozen=True)
class Axis:
    """One measurement: column name, words for a reader, unit ("" where there is none), and the range shown."""

    name: str
    label: str
    unit: str
    low: float
    high: float

    @property
    def decimals(self):
        """Decimals that tell two neighbouring places on the stage apart, and no more."""
        return min(max(0, math.ceil(-math.log10((self.high - self.low) / 100))), 9)

    def say(self, value):
        """A value in words: "39.1 mm"."""
        return f"{value:,.{self.decimals}f} {self.unit}".rstrip().replace("-", "−")

    def fraction(self, values):
        """Values as fractions of the range shown."""
        return (values - self.low) / (self.high - self.low)

    def state(self):
        """What the front end needs."""
        return {name: getattr(self, name) for name in ("label", "unit", "low", "high", "decimals")}


def plane(X, x=None, y=None, names=None, units=None):
    """Two columns of `X` as points and axes.

    X: DataFrame or array of shape (rows, features). x, y: names or indices of two columns (the first two if None).
    names: the columns' names in order. units: mapping from column name to unit; a unit at the end of a name
    ("bill_length_mm") is understood. Returns float64 points of shape (rows, 2) and the two ``Axis``.
    Raises ``BadInput`` for anything that is not at least one row of two different, finite, numeric columns.
    """
    columns = list(names) if names is not None else [str(column) for column in getattr(X, "columns", [])]
    table = X if hasattr(X, "columns") else np.asarray(X)
    if len(table.shape) != 2 or table.shape[1] < 2:
        raise BadInput(f"X has shape {tuple(table.shape)}; the plane needs rows with at least two columns.")
    rows, width = table.shape
    if rows == 0:
        raise BadInput("X has no rows; there is nothing to group.")
    if rows > MOST_ROWS:
        raise BadInput(
            f"X has {rows:,} rows; at most {MOST_ROWS:,} can be drawn. Take a sample: X.sample({MOST_ROWS})."
        )
    columns = columns or [f"feature {index}" for index in range(width)]
    if len(columns) != width:
        raise BadInput(f"names has {len(columns)} entries and X has {width} columns; give one name per column.")
    places = [_place(chosen, columns) for chosen in (0 if x is None else x, 1 if y is None else y)]
    if places[0] == places[1]:
        raise BadInput(f"x and y are both {columns[places[0]]!r}; choose two different columns.")
    if units is not None and not isinstance(units, Mapping):
        raise BadInput(
            f'units is a {type(units).__name__}; give a mapping such as {{"mass": "g"}}, from column name to unit.'
        )
    points = np.column_stack([_numbers(table, place, columns[place]) for place in places])
    return points, tuple(_axis(columns[place], points[:, i], dict(units or {})) for i, place in enumerate(places))


def checked_count(k, most, rows, noun):
    """The number of groups `k` as an int, or ``BadInput`` unless it is a whole number from 1 to `most`, and to the rows."""
    most = min(most, rows)
    if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or not 1 <= k <= most:
        raise BadInput(f"k is {k!r}; with {words.count(rows, noun)} it is a whole number from 1 to {most}.")
    return int(k)


def checked_place(place, axes):
    """A place (2,) in the axes' units as an array, or ``BadInput`` if it is off the stage."""
    for value, axis in zip(place, axes, strict=True):
        if not axis.low - 1e-9 * abs(axis.low) <= value <= axis.high + 1e-9 * abs(axis.high):
            raise BadInput(f"{axis.name} = {value!r} is off the stage; stay between {axis.low:g} and {axis.high:g}.")
    return np.array(place, float)


def _place(chosen, columns):
    if isinstance(chosen, str) and chosen in columns:
        return columns.index(chosen)
    if isinstance(chosen, (int, np.integer)) and -len(columns) <= chosen < len(columns):
        return int(chosen) % len(columns)
    raise BadInput(f"there is no column {chosen!r}; X has {', '.join(columns[:12])}.")


def _numbers(table, place, name):
    values = table.iloc[:, place] if hasattr(table, "columns") else table[:, place]
    try:
        values = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise BadInput(f"column {name!r} holds text or something else that is not a number.") from None
    bad = int((~np.isfinite(values)).sum())
    if bad:
        raise BadInput(f"column {name!r} has {bad} missing or infinite values; drop those rows first: X.dropna().")
    return values


def _axis(name, values, units):
    words = name.replace("_", " ").split(" ")
    unit = units.get(name)
    if unit is None and len(words) > 1 and words[-1].lower() in _UNITS:
        unit = words.pop()
    low, high = float(values.min()), float(values.max())
    room = (high - low) * 0.07 or abs(low) * 0.1 or 1.0
    return Axis(name, " ".join(words), unit or "", low - room, high + room)


def _marks(group, px, py):
    """One path for a group's markers. Short relative strokes keep the picture small."""
    shape = ("h0", "h0", "m0-3.4l3.6 6.4h-7.2z", "m0-3.6l3.6 3.6-3.6 3.6-3.6-3.6z", "m-3.2 0h6.4m-3.2-3.2v6.4")
    shape = (*shape, "m-2.6-2.6l5.2 5.2m0-5.2l-5.2 5.2")[group]
    data = "".join(f"M{a:.0f} {b:.0f}{shape}" for a, b in zip(px, py, strict=True))
    colour = _COLOURS[group]
    if group in (2, 3):
        return f'<path d="{data}" fill="{colour}" fill-opacity=".9"/>'
    width, cap = ((6.4, "round"), (6, "square"), None, None, (2, "butt"), (2, "butt"))[group]
    width = 5.6 if cap == "square" else width
    return f'<path d="{data}" stroke="{colour}" stroke-opacity=".9" stroke-width="{width}" stroke-linecap="{cap}"/>'


def across(axis, values):
    """Where values of the horizontal axis lie in ``frame``, in its units."""
    return 50 + 460 * axis.fraction(values)


def up(axis, values):
    """Where values of the vertical axis lie in ``frame``."""
    return 280 - 268 * axis.fraction(values)


def still(points, labels, centres, axes, alternative, over=None):
    """A still picture as SVG: at most 600 evenly chosen points in their groups' shapes, the centres with their numbers.

    points (n, 2), labels (n,), centres (k, 2) or none, axes as from ``plane``, alternative: the sentence a screen reader
    hears. over: called with the functions from values to pixels, across and up, and the colours; gives SVG to lie between
    points and centres. Mid-tone colours, so that it reads on a light and on a dark page. The same bytes on every run.
    """
    rows = np.unique(np.linspace(0, len(points) - 1, min(len(points), _MOST_DRAWN)).round().astype(int))
    to_x, to_y = partial(across, axes[0]), partial(up, axes[1])
    body = []
    for group in range(max(len(centres), int(np.max(labels)) + 1)):
        own = rows[labels[rows] == group]
        body.append(_marks(group, to_x(points[own, 0]), to_y(points[own, 1])))
    body.append(over(to_x, to_y, _COLOURS) if over else "")
    for group, (a, b) in enumerate(zip(to_x(centres[:, 0]), to_y(centres[:, 1]), strict=True)):
        body.append(
            f'<g transform="translate({a:.0f} {b:.0f})"><circle r="11" fill="#fff" stroke="{_COLOURS[group]}" '
            f'stroke-width="3"/><text y="4" fill="#1b1f24" font-weight="600">{group + 1}</text></g>'
        )
    return frame(axes, "".join(body), alternative)


def frame(axes, body, alternative):
    """The SVG ``body`` between two axes as from ``plane``, with titles and ends in words."""
    titles = [html.escape(f"{axis.label}, {axis.unit}" if axis.unit else axis.label) for axis in axes]
    ends = [[axis.say(value) for value in (axis.low, axis.high)] for axis in axes]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 520 320" width="520" role="img" '
        f'aria-label="{html.escape(alternative)}" '
        'style="max-width:100%;height:auto" font-family="system-ui,sans-serif" font-size="12" text-anchor="middle" '
        'fill="#767b82" stroke="none"><path d="M50 12V280H510" fill="none" stroke="#8a9099"/>'
        f'<text x="280" y="312">{titles[0]}</text><text transform="translate(14 146)rotate(-90)">{titles[1]}</text>'
        f'<text x="50" y="296" text-anchor="start">{ends[0][0]}</text>'
        f'<text x="510" y="296" text-anchor="end">{ends[0][1]}</text>'
        f'<text transform="translate(40 280)rotate(-90)" text-anchor="start">{ends[1][0]}</text>'
        f'<text transform="translate(40 12)rotate(-90)" text-anchor="end">{ends[1][1]}</text>{body}</svg>'
    )
