"""Pictures rebuilt from their first k principal components: what each component adds, and a still of it. Knows no widget."""

import html

import numpy as np

from beyondlabels.errors import BadInput

MOST_PIXELS = 1024


def checked(X, shape):
    """`X` as float64 rows of pixels of pictures of ``shape`` (rows, columns). Raises ``BadInput``."""
    try:
        rows = np.asarray(X, dtype=float)
    except (TypeError, ValueError):
        raise BadInput(
            "X holds text or something else that is not a number; give one row of pixels for each picture."
        ) from None
    tall, wide = shape
    if rows.ndim != 2 or rows.shape[1] != tall * wide:
        raise BadInput(f"X has shape {rows.shape}; with pictures of {tall} by {wide} it needs {tall * wide} columns.")
    if tall * wide > MOST_PIXELS:
        raise BadInput(
            f"pictures of {tall} by {wide} are {tall * wide:,} pixels; at most {MOST_PIXELS:,} can be drawn."
        )
    if not np.isfinite(rows).all():
        raise BadInput("X has missing or infinite values; drop those rows first.")
    if len(rows) < 2 or np.ptp(rows, axis=0).max() == 0:
        raise BadInput("all pictures are the same (or there is only one), so no pixel varies; give at least two.")
    return rows


class Rebuilding:
    """PCA of rows of pixels, and one row rebuilt from k of its components.

    ``shares``: each component's share of the variance, (d,), falling. ``axes``: the components, (d, pixels). A component's
    sign is arbitrary; here its largest entry is positive.
    """

    def __init__(self, rows):
        self.rows, self.mean = rows, rows.mean(axis=0)
        _, lengths, axes = np.linalg.svd(rows - self.mean, full_matrices=False)
        largest = np.abs(axes).argmax(axis=1)
        self.axes = axes * np.sign(axes[np.arange(len(axes)), largest])[:, None]
        self.shares = lengths**2 / (lengths**2).sum()
        self.lowest, self.highest = float(rows.min()), float(rows.max())

    @property
    def most(self):
        """How many components there are."""
        return len(self.axes)

    def code(self, row):
        """The row's numbers, one for each component, (d,)."""
        return self.axes @ (self.rows[row] - self.mean)

    def rebuilt(self, row, k):
        """The row from its first k numbers, (pixels,)."""
        return self.mean + self.code(row)[:k] @ self.axes[:k]

    def error(self, row, k):
        """Root mean squared difference of a pixel between the row and what k numbers make of it."""
        return float(np.sqrt(np.mean((self.rows[row] - self.rebuilt(row, k)) ** 2)))

    def ink(self, picture):
        """Pixels as 0 (the lowest of all rows) to 1 (the highest), cut off beyond."""
        return np.clip((picture - self.lowest) / (self.highest - self.lowest), 0, 1)


def strip(pictures, captions, shape, alternative):
    """A still SVG of ``pictures`` (each (pixels,), ink from 0 to 1) in a row, each with its caption below."""
    tall, wide = shape
    cell = 96 / max(tall, wide)
    body = []
    for number, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        left = 10 + number * 108
        levels = np.rint(picture * 15).astype(int)
        marks = []
        for level in range(1, 16):
            places = "".join(f"M{i % wide} {i // wide}h1v1h-1z" for i in np.flatnonzero(levels == level))
            marks.append(f'<path d="{places}" fill-opacity="{level / 15:.2f}"/>' if places else "")
        body.append(
            f'<g transform="translate({left} 8)"><rect width="{cell * wide:g}" height="{cell * tall:g}" fill="#fff"/>'
            f'<g transform="scale({cell:g})" fill="#1b1f24">{"".join(marks)}</g>'
            f'<text x="48" y="{cell * tall + 16:g}">{html.escape(caption)}</text></g>'
        )
    width = 12 + 108 * len(pictures)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 132" width="{width}" role="img" '
        f'aria-label="{html.escape(alternative)}" style="max-width:100%;height:auto" font-family="system-ui,sans-serif" '
        f'font-size="12" text-anchor="middle" fill="#767b82">{"".join(body)}</svg>'
    )
