"""A map for an explorable: round numbers for its slider, checked places and lines, and a still picture to scale."""

import math
from dataclasses import replace

import numpy as np

from beyondlabels.errors import BadInput

from .stage import _COLOURS, across, frame, up

_ROOM = (460, 268)  # of ``stage.frame``, across and up
BORDER, LOST = 64, 254  # codes of the front end: a border point is BORDER + its colour, noise is LOST


def is_number(value):
    """Whether ``value`` is a finite number, and not True or False."""
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool) and math.isfinite(value)


def rounded(value, steps, up):
    """The next of ``steps`` (1 to 10) times a power of ten, upwards or downwards."""
    power = 10 ** math.floor(math.log10(value))
    fits = [part * power for part in steps if (part * power >= value * 0.999 if up else part * power <= value * 1.001)]
    return min(fits) if up else max(fits)


def pairs(values, what):
    """Values as float64 of shape (n, 2). Raises ``BadInput`` that calls them ``what``."""
    try:
        found = np.atleast_2d(np.asarray(values, float))
    except (TypeError, ValueError):
        raise BadInput(f"{what} is {values!r}; two numbers for each of its points were expected.") from None
    if found.ndim != 2 or found.shape[1] != 2 or not np.isfinite(found).all():
        raise BadInput(
            f"{what} has the shape {found.shape}, or a value is missing; (points, 2) finite numbers were expected."
        )
    return found


def nearest(points, place):
    """The row of ``points`` nearest to a place (2,)."""
    return int(((points - place) ** 2).sum(axis=1).argmin())


def still_map(points, codes, axes, spot, eps, lines, told):
    """A still picture as SVG: lines, points as their ``codes`` say (as the front end's), and a circle around ``spot``."""
    axes = _square(axes)
    body = [f'<path d="{_way(line, axes)}" fill="none" stroke="#8a9099" stroke-width=".7"/>' for line in lines]
    for code in np.unique(codes):
        own = points[codes == code]
        places = zip(across(axes[0], own[:, 0]), up(axes[1], own[:, 1]), strict=True)
        dots = "".join(f"M{a:.0f} {b:.0f}h0" for a, b in places)
        colour, wide = ("#767b82", 2.4) if code >= LOST else (_COLOURS[code % BORDER], 4 if code < BORDER else 2.6)
        body.append(f'<path d="{dots}" stroke="{colour}" stroke-width="{wide}" stroke-linecap="round"/>')
    reach = _ROOM[0] * eps / (axes[0].high - axes[0].low)
    x, y = across(axes[0], spot[0]), up(axes[1], spot[1])
    body.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{reach:.1f}" fill="none" stroke="#2f6fcf" stroke-width="2"/>')
    return frame(axes, "".join(body), told)


def _square(axes):
    """The axes widened until one unit is as long across as up in ``frame``."""
    scale = max((axis.high - axis.low) / room for axis, room in zip(axes, _ROOM, strict=True))
    wide = [(axis, scale * room / 2, (axis.low + axis.high) / 2) for axis, room in zip(axes, _ROOM, strict=True)]
    return tuple(replace(axis, low=middle - half, high=middle + half) for axis, half, middle in wide)


def _way(line, axes):
    """A line as SVG path data; corners outside the frame are left out, and the line is broken there."""
    parts, drawn = [], False
    for point in line:
        inside = all(axis.low <= value <= axis.high for axis, value in zip(axes, point, strict=True))
        if inside:
            parts.append(f"{'L' if drawn else 'M'}{across(axes[0], point[0]):.0f} {up(axes[1], point[1]):.0f}")
        drawn = inside
    return "".join(parts)
