"""A still picture of several planes side by side, each with its line, as SVG: what a reader sees where no kernel runs."""

import html

import numpy as np

from .stage import _MOST_DRAWN, _marks

_ACROSS, _UP = 250, 160  # of one plane, without its caption


def still(points, groups, lines, axes, captions, alternative):
    """Small multiples, two in a row.

    points (n, 2); groups (panels, n) uint8, 255 for a plain dot; lines: for each panel segments (m, 4) in fractions; axes as from
    ``stage.plane``; captions: one for each panel; alternative: the sentence a screen reader hears.
    """
    rows = np.unique(np.linspace(0, len(points) - 1, min(len(points), _MOST_DRAWN)).round().astype(int))
    places = np.column_stack([axis.fraction(points[rows, i]) for i, axis in enumerate(axes)])
    body = []
    for number, (group, line, caption) in enumerate(zip(groups, lines, captions, strict=True)):
        left, top = 10 + 265 * (number % 2), 24 + 200 * (number // 2)
        across = left + _ACROSS * places[:, 0]
        up = top + _UP * (1 - places[:, 1])
        body.append(
            f'<text x="{left}" y="{top - 7}" text-anchor="start" font-weight="600">{html.escape(caption)}</text>'
        )
        body.append(f'<path d="M{left} {top}V{top + _UP}H{left + _ACROSS}" fill="none" stroke="#8a9099"/>')
        for shape in (0, 1, 2, 3):
            own = group[rows] == shape
            body.append(_marks(shape, across[own], up[own]))
        learned = group[rows] == 255
        dots = "".join(f"M{a:.0f} {b:.0f}h0" for a, b in zip(across[learned], up[learned], strict=True))
        body.append(f'<path d="{dots}" stroke="#8a9099" stroke-width="3" stroke-linecap="round"/>')
        ends = line * [_ACROSS, -_UP, _ACROSS, -_UP] + [left, top + _UP] * 2
        drawn = "".join(f"M{a:.0f} {b:.0f}L{c:.0f} {d:.0f}" for a, b, c, d in ends)
        body.append(f'<path d="{drawn}" stroke="#767b82" stroke-width="1.6" fill="none"/>')
    titles = [f"{axis.label}, {axis.unit}" if axis.unit else axis.label for axis in axes]
    foot = html.escape(f"across: {titles[0]}; up: {titles[1]}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 535 420" width="535" role="img" '
        f'aria-label="{html.escape(alternative)}" font-family="system-ui,sans-serif" font-size="12" fill="#767b82" '
        f'stroke="none">{"".join(body)}<text x="10" y="412">{foot}</text></svg>'
    )
