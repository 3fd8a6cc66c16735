"""An axis through a cloud of points: what it keeps of the variance at any angle, and the angle at which it keeps most.

Knows no widget. Angles are in degrees, anticlockwise from the horizontal; an axis has no direction, so they are told
between -90 (not included) and 90.
"""

import math

import numpy as np

from beyondlabels.errors import BadInput

_ROUND = 1e-9  # two variances this close, as a share of their sum, are the same


def told_angle(degrees):
    """The angle of an axis, whichever of its two ends was meant: in (-90, 90]."""
    turned = math.fmod(degrees, 180.0)
    if turned > 90:
        turned -= 180
    elif turned <= -90:
        turned += 180
    return turned + 0.0  # never -0


def between(first, second):
    """The angle between two axes in degrees, 0 to 90."""
    return abs(told_angle(first - second))


def lies(angle):
    """How an axis lies, in words: "rises at 34.0°"."""
    told = told_angle(round(angle, 1))
    if told == 0:
        return "lies flat"
    if told == 90:
        return "stands upright"
    return f"{'rises' if told > 0 else 'falls'} at {abs(told):.1f}°"


def share(part):
    """A share of the variance in words: "71.3 %"."""
    return f"{100 * part:.1f} %"


class Turning:
    """Points (n, 2) in their own units and an axis through their mean, measured in ``space``.

    ``scale``: measure on standardised values (divided by each column's standard deviation), else as they are. Variances
    are divided by n - 1, as scikit-learn's PCA does. ``angle`` is the axis' own; it begins at ``start``.
    """

    def __init__(self, points, scale, start):
        self.mean, self.deviation = points.mean(axis=0), points.std(axis=0)
        if len(points) < 2 or not self.deviation.all():
            raise BadInput(
                f"there is nothing to turn an axis in: {len(points):,} rows with standard deviations "
                f"{self.deviation[0]:.3g} and {self.deviation[1]:.3g}. Give at least two rows, and two columns that vary."
            )
        self._centred, self.start = points - self.mean, float(start)
        self.measure(scale)

    def measure(self, scale):
        """Measure on standardised values or not; the axis goes back to its start and nothing is committed."""
        self.scale = scale
        centred = self._centred / self.deviation if scale else self._centred
        self.covariance = centred.T @ centred / (len(centred) - 1)
        self.total = float(np.trace(self.covariance))
        least, most = np.linalg.eigvalsh(self.covariance)
        self.least, self.most = float(max(least, 0) / self.total), float(most / self.total)
        across, up = np.linalg.eigh(self.covariance)[1][:, 1]
        self.best = told_angle(math.degrees(math.atan2(up, across)))
        self.again()

    def again(self):
        """Back to the start: nothing tried, nothing committed."""
        self.angle, self.committed = self.start, None
        self.tried = {}
        self._try()

    @property
    def is_round(self):
        """Whether every axis is as good as any other."""
        return self.most - self.least < _ROUND

    def kept(self, angle=None):
        """Share of the variance that lies along the axis at ``angle`` (its own by default), 0 to 1."""
        return self._along(self.angle if angle is None else angle) / self.total

    def lost(self):
        """Share of the variance that lies across the axis: the mean squared drop over the whole variance, 0 to 1."""
        return self._along(self.angle + 90) / self.total

    def turn(self, angle, before):
        """Turn the axis to ``angle``; told against the share ``before`` (at the start of a drag)."""
        if isinstance(angle, bool) or not isinstance(angle, (int, float, np.number)) or not math.isfinite(angle):
            raise BadInput(f"angle is {angle!r}; a number of degrees was expected, such as 30.")
        self.angle = told_angle(float(angle))
        self._try()
        old, new = share(before), share(self.kept())
        change = (
            f"stays at {new}" if old == new else f"{'rose' if self.kept() > before else 'fell'} from {old} to {new}"
        )
        told = f"The axis {lies(self.angle)}. The variance kept along it {change}; {share(self.lost())} is lost."
        return told + (
            f" PCA's axis is {between(self.angle, self.best):.1f}° away." if self.committed is not None else ""
        )

    def commit(self):
        """Say that this is the axis, and hear what PCA says."""
        self.committed = self.angle
        if self.is_round:
            return "PCA has no answer here: this cloud is round, and every axis keeps half of the variance."
        apart = between(self.angle, self.best)
        told = (
            f"Your axis {lies(self.angle)}, PCA's {lies(self.best)}: {apart:.1f}° apart. Yours keeps "
            f"{share(self.kept())} of the variance, PCA's {share(self.most)}, the most that any axis can."
        )
        return told + (" Two standardised columns always have it on a diagonal." if self.scale else "")

    def ends(self):
        """The unit vector along the axis, (2,)."""
        turned = math.radians(self.angle)
        return np.array([math.cos(turned), math.sin(turned)])

    def _along(self, angle):
        turned = math.radians(angle)
        ahead = np.array([math.cos(turned), math.sin(turned)])
        return float(ahead @ self.covariance @ ahead)

    def _try(self):
        self.tried[int(told_angle(round(self.angle)))] = round(self.kept(), 4)
