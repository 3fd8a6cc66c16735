"""Figures of the lessons: one palette that colour-blind readers can use, a caption and a text alternative with each.

A figure is shown as an HTML ``<figure>``: JupyterLab gives plain image outputs no text alternative. Its paper is light
on purpose, so that it reads the same in the dark theme.
"""

import base64
import io

from ..palette import COLOURS, PAPER
from ..typeset import escaped

_BELOW = {  # a legend beside the points, never on them
    "loc": "upper center",
    "bbox_to_anchor": (0.5, -0.19),
    "ncol": 4,
    "fontsize": 8,
    "frameon": False,
    "handletextpad": 0.2,
    "columnspacing": 1.2,
}
MARKERS = ("o", "s", "^", "D", "P", "X")


class Figure:
    """A drawn figure with its ``caption`` and its text alternative ``alt``."""

    def __init__(self, png, caption, alt):
        self.png, self.caption, self.alt = png, caption, alt

    def __repr__(self):
        return f"Figure: {self.caption} {self.alt}"

    def _repr_html_(self):
        source = base64.b64encode(self.png).decode("ascii")
        return (
            f'<figure style="margin:8px 0"><img alt="{escaped(self.alt)}" src="data:image/png;base64,{source}" '
            'style="max-width:min(100%,760px);border-radius:8px">'
            f'<figcaption style="max-width:760px;font-size:13px">{escaped(self.caption)}</figcaption></figure>'
        )


def figure(drawn, caption, alt):
    """The matplotlib figure ``drawn`` as a ``Figure``; it is closed, so that a notebook shows it only once."""
    from matplotlib import pyplot
    from PIL import Image

    memory, small = io.BytesIO(), io.BytesIO()
    drawn.savefig(memory, format="png", dpi=110, facecolor=PAPER, bbox_inches="tight", metadata={"Software": None})
    pyplot.close(drawn)
    # A palette of 128 colours, a third of the bytes: a scatter of thousands of points would fill a notebook.
    Image.open(memory).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(small, format="png", optimize=True)
    return Figure(small.getvalue(), caption, alt)


def plot_groups(panels, x, y, caption, alt, lines=()):
    """Scatter plots side by side. ``panels`` is a list of (title, rows, labels): ``rows`` a DataFrame or an array.

    ``x`` and ``y`` are column names (of DataFrames) or axis labels (of arrays, whose first two columns are drawn): one
    for all panels, or a list with one for each.
    Every group has its own colour and marker, in the order of the sorted labels; more than six take turns, without a
    legend. -1 and "noise" are small grey dots. ``lines``, each (n, 2), are drawn below the points, and make it a map: one unit
    is then as long across as up.
    """
    from matplotlib import pyplot

    many = len(panels) > 2  # narrower panels, so that letters stay as large on the page, and one legend for all
    wide, high = (3.1, 3.9) if len(lines) else (3, 3) if many else (4, 3.4)
    drawn, axes = pyplot.subplots(1, len(panels), figsize=(wide * len(panels), high), squeeze=False)
    names = [[each] * len(panels) if isinstance(each, str) else each for each in (x, y)]
    for axis, (title, rows, labels), x, y in zip(axes[0], panels, *names, strict=True):
        across, up = (rows[x], rows[y]) if hasattr(rows, "columns") else (rows[:, 0], rows[:, 1])
        _scatter(axis, across, up, labels, 9 if len(lines) else 18)
        _map_lines(axis, lines)
        axis.set(title=title, xlabel=_words(x), ylabel=_words(y))
        axis.set_facecolor(PAPER)
        axis.spines[["top", "right"]].set_visible(False)
        axis.title.set_size(11)
    shared = many and _without_legends(axes[0])
    drawn.tight_layout()
    if shared:
        axes[0][len(panels) // 2].legend(**{**_BELOW, "ncol": shared, "bbox_to_anchor": (0.5, -0.25)})
    return figure(drawn, caption, alt)


def _scatter(axis, across, up, labels, size):
    import numpy as np

    labels = np.asarray(labels)
    grouped = [name for name in np.unique(labels) if str(name) not in ("-1", "noise")]
    if len(grouped) < len(np.unique(labels)):
        lost = ~np.isin(labels, grouped)
        axis.scatter(across[lost], up[lost], s=size * 4 / 9, color="#8a8f98", linewidths=0, label="noise")
    for place, name in enumerate(grouped):
        colour, marker = COLOURS[place % 6], MARKERS[place % 6]
        mine = labels == name
        shown = name if isinstance(name, str) else f"group {name}"
        axis.scatter(across[mine], up[mine], s=size, color=colour, marker=marker, alpha=0.75, linewidths=0, label=shown)
    if 1 < len(np.unique(labels)) <= 7:
        axis.legend(**_BELOW)


def _without_legends(axes):
    """Take the legends away where all panels name the same groups; returns how many groups, 0 where they differ."""
    named = [axis.get_legend_handles_labels()[1] for axis in axes]
    if not axes[0].get_legend() or any(names != named[0] for names in named):
        return 0
    for axis in axes:
        axis.get_legend().remove()
    return len(named[0])


def _map_lines(axis, lines):
    """Lines below the points, cut off where the points end."""
    if len(lines):
        axis.set(aspect="equal", xlim=axis.get_xlim(), ylim=axis.get_ylim())
        axis.locator_params(nbins=4)
    for line in lines:
        axis.plot(line[:, 0], line[:, 1], color="#b9bec6", linewidth=0.7, zorder=0)


def _words(column):
    """A column's name as an axis label: ``bill_length_mm`` becomes "bill length, mm"."""
    for unit in ("mm", "g", "km"):
        if column.endswith(f"_{unit}"):
            return f"{column.removesuffix(f'_{unit}').replace('_', ' ')}, {unit}"
    return column.replace("_", " ")
