"""Figures of mixtures: every point in the mixed colour of its shares, every component as its ellipses."""

from ..errors import BadInput
from ..palette import COLOURS, PAPER
from .figures import MARKERS, figure


def plot_mixtures(panels, x, y, caption, alt):
    """Mixtures side by side, at most three in a row. ``panels`` is a list of (title, rows, model).

    ``rows``: a DataFrame or array of two columns; ``model``: a ``GaussianMixture`` fitted to them, of at most six components.
    A point has the mark of its most probable component and a colour mixed from its shares; ellipses lie at one and two
    standard deviations. ``x`` and ``y`` are the axes' labels. Raises ``BadInput`` for a mixture that cannot be drawn so.
    """
    from matplotlib import pyplot

    wide = min(len(panels), 3 if len(panels) != 4 else 2)
    tall = -(-len(panels) // wide)
    drawn, axes = pyplot.subplots(tall, wide, figsize=(3.5 * wide, 2.7 * tall), squeeze=False, sharex=True, sharey=True)
    for axis, (title, rows, model) in zip(axes.flat, panels, strict=True):
        _draw(axis, rows, model)
        axis.set_title(title, size=11)
        axis.set_facecolor(PAPER)
        axis.spines[["top", "right"]].set_visible(False)
    for axis in axes[-1]:
        axis.set_xlabel(x)
    for axis in axes[:, 0]:
        axis.set_ylabel(y)
    drawn.tight_layout()
    return figure(drawn, caption, alt)


def _draw(axis, rows, model):
    import numpy as np
    from matplotlib.colors import to_rgb

    k, features = model.means_.shape
    if k > len(COLOURS) or features != 2:
        raise BadInput(f"a mixture of {k} components in {features} columns; up to {len(COLOURS)} in 2 can be drawn.")
    shares, points = model.predict_proba(rows), np.asarray(rows, float)
    colours = np.array([to_rgb(COLOURS[index]) for index in range(k)])
    mixed, likely = np.sqrt(shares @ colours**2).clip(0, 1), shares.argmax(axis=1)
    for index, (mean, covariance) in enumerate(zip(model.means_, _covariances(model), strict=True)):
        mine = likely == index
        axis.scatter(*points[mine].T, s=13, c=mixed[mine], marker=MARKERS[index], linewidths=0)
        turn = np.linspace(0, 2 * np.pi, 80)
        circle = np.column_stack([np.cos(turn), np.sin(turn)]) @ np.linalg.cholesky(covariance).T
        axis.fill(*(mean + 2 * circle).T, facecolor=(*colours[index], 0.08), edgecolor=colours[index], linewidth=1.6)
        axis.plot(*(mean + circle).T, color=colours[index], linewidth=0.8)
    low, high = points.min(axis=0), points.max(axis=0)
    room = 0.12 * (high - low)
    axis.set(xlim=(low[0] - room[0], high[0] + room[0]), ylim=(low[1] - room[1], high[1] + room[1]))


def _covariances(model):
    """The covariances as (k, d, d), whatever the model's ``covariance_type``."""
    import numpy as np

    k, features = model.means_.shape
    found, plain = np.asarray(model.covariances_), np.eye(features)
    if model.covariance_type == "tied":
        return np.repeat(found[None], k, axis=0)
    return found if model.covariance_type == "full" else found.reshape(k, -1, 1) * plain
