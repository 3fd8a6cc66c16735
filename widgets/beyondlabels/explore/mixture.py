"""A mixture of Gaussians to take in hand: drag, turn and stretch ellipses, step through E and M, and score a new point."""

import numpy as np
import traitlets

from beyondlabels.errors import BadInput

from . import words
from .base import Explorable
from .ellipses import MOST_COMPONENTS, Ellipses, figure, gain
from .stage import checked_place, plane, still
from .starts import STARTS

_MOST_SOFT = 5_000  # rows that can be drawn in mixed colours; the front end's DRAGGABLE
_NO_GROUP = 255


class Mixture(Explorable, stem="mixture"):
    """A mixture of Gaussians on two measurements of a table, as a widget and as an object to use from code.

    X, x, y, names, units, seed, noun, question: as in ``KMeans``. k: number of components, 1 to 6. shape: scikit-learn's
    covariance_type, "full", "tied", "diag" or "spherical". start: where the ellipses begin, "apart", "chance", "together" or
    "point". scale: measure on standardised measurements; False agrees with scikit-learn on X as it is. reg_covar: added to
    every variance, as in scikit-learn. probe: (x, y) of a new point to score and drag about, in the columns' units, or None.

    ``log_likelihood`` (a sum over the rows) and ``bic`` belong to the ellipses as they lie, over the two columns shown and in
    the chosen measurement space. Ellipses are drawn at one and two standard deviations. Raises ``BadInput`` for data or
    settings that cannot be used.
    """

    shares = traitlets.Bytes().tag(sync=True)  # uint8 (n, k), 255 for the whole; empty where there are none to draw

    def __init__(
        self,
        X,
        x=None,
        y=None,
        k=2,
        shape="full",
        start="apart",
        scale=True,
        names=None,
        units=None,
        seed=0,
        noun="points",
        question=None,
        reg_covar=1e-6,
        probe=None,
    ):
        points, axes = plane(X, x, y, names, units)
        if not reg_covar > 0:
            raise BadInput(f"reg_covar is {reg_covar!r}; it must be above 0, or an ellipse can shrink to nothing.")
        self._fit = Ellipses(points, axes, k, shape, start, bool(scale), int(seed), noun, float(reg_covar))
        self._probe = None if probe is None else checked_place(probe, axes)
        self._drag = (None, None)  # a drag's name and the moment it began
        super().__init__(
            axes,
            {
                "question": question or "Drag two ellipses on to one cloud. Does EM pull them apart?",
                "noun": noun,
                "one": words.one(noun),
                "most": min(MOST_COMPONENTS, len(points)),
                "starts": list(STARTS.items()),
                "rows": len(points),
            },
        )
        said = f"No {words.one(noun)} has been shared out yet. Drag an ellipse, or step."
        self.publish(
            said if self._probe is None else f"{said} {self._scored(self._probe, 'The new point')}", points=True
        )

    @property
    def k(self):
        """Number of components; set it to add or take away ellipses."""
        return len(self._fit.means)

    @k.setter
    def k(self, value):
        self.act("k", k=value)

    @property
    def shape(self):
        """The covariances' shape; set it to change."""
        return self._fit.shape

    @shape.setter
    def shape(self, value):
        self.act("shape", shape=value)

    @property
    def scale(self):
        """Whether measured on standardised measurements; set it to change."""
        return self._fit.scale

    @scale.setter
    def scale(self, value):
        self.act("scale", scale=value)

    @property
    def weights(self):
        """Weight of each component, (k,), together 1."""
        return self._fit.weights.copy()

    @property
    def means(self):
        """Means, (k, 2), in the measurements' own units."""
        return self._fit.means.copy()

    @property
    def covariances(self):
        """Covariances, (k, 2, 2), in the measurements' own units."""
        return self._fit.covariances.copy()

    @property
    def responsibilities(self):
        """Share of each component in each row, (n, k), as of the last E step; NaN before the first."""
        shares = self._fit.shares
        return np.full((len(self._fit.points), self.k), np.nan) if shares is None else shares.copy()

    @property
    def log_likelihood(self):
        """Sum of ln(density) over the rows, in the chosen measurement space."""
        return self._fit.log_likelihood

    @property
    def bic(self):
        """Bayesian information criterion; smaller is better."""
        return self._fit.bic

    @property
    def converged(self):
        """Whether the last M step gained nothing and moved nothing."""
        return self._fit.converged

    def step(self):
        """The next half-step: E shares the points out among the ellipses, M fits the ellipses to their shares."""
        self.act("step")

    def run(self, rounds=500):
        """Rounds of E and M until EM has converged, at most so many. Returns whether it converged."""
        for _ in range(rounds):
            self.act("round")
            if self.converged:
                return True
        return False

    def reset(self, start=None):
        """The ellipses of ``start`` (by default the one there is) again, and no shares."""
        self.act("reset") if start is None else self.act("start", start=start)

    def move(self, component, x, y):
        """Move ellipse number `component` (from 0) to (x, y) in the measurements' own units."""
        self.act("ellipse", index=component, mean=[x, y], covariance=None, drag=None, done=True)

    def stretch(self, component, covariance):
        """Give ellipse number `component` this covariance (2, 2), in the measurements' own units."""
        self.act("ellipse", index=component, mean=None, covariance=covariance, drag=None, done=True)

    def score(self, x, y):
        """Shares (k,) of the components in a new point, and its ln(density) in the chosen measurement space."""
        place = np.array([[x, y]], float)
        return self._fit.chances(place)[0], float(self._fit.scores(place)[0])

    def describe(self):
        """One line: rows, measurements, components, and the numbers as they are."""
        fit = self._fit
        told = " and ".join(f"{axis.label} ({axis.unit})" if axis.unit else axis.label for axis in fit.axes)
        space = "standardised" if fit.scale else "in their own units"
        line = (
            f"Mixture of {words.count(self.k, 'Gaussians')} ({fit.shape}) on {words.count(len(fit.points), fit.noun)}"
        )
        numbers = f"log-likelihood {figure(fit.log_likelihood)}, BIC {figure(fit.bic)}"
        return f"{line}: {told}, {space}; {numbers}{'' if fit.shares is not None else '; nothing shared out yet'}."

    def picture(self):
        """A still SVG with the ellipses, each point in the mark of its most probable component, and a line of text."""
        fit = self._fit
        told = f"{self.describe()} Each {words.one(fit.noun)} bears the mark of its most probable ellipse."
        labels = fit.chances(fit.points).argmax(axis=1)
        return self.image(still(fit.points, labels, fit.means, fit.axes, told, self._outlines), told)

    def _outlines(self, across, up, colours):
        """The ellipses at two standard deviations, as one SVG path each."""
        turn = np.linspace(0, 2 * np.pi, 41)
        paths = []
        for mean, covariance, colour in zip(self._fit.means, self._fit.covariances, colours, strict=False):
            rim = mean + 2 * np.column_stack([np.cos(turn), np.sin(turn)]) @ np.linalg.cholesky(covariance).T
            data = "L".join(f"{a:.0f} {b:.0f}" for a, b in zip(across(rim[:, 0]), up(rim[:, 1]), strict=True))
            paths.append(f'<path d="M{data}Z" fill="{colour}" fill-opacity=".1" stroke="{colour}" stroke-width="2"/>')
        return "".join(paths)

    def act(self, do, token=None, **what):
        """Do one thing and publish what came of it."""
        fit = self._fit
        with self.lock:
            match do:
                case "step":
                    said = fit.step()
                case "round":
                    said = fit.round()
                case "reset":
                    said = fit.reset()
                case "start":
                    said = fit.change_start(what["start"])
                case "k":
                    said = fit.change_k(fit.checked_k(what["k"]))
                case "shape":
                    said = fit.change_shape(what["shape"])
                case "scale":
                    said = fit.change_scale(bool(what["scale"]))
                case "ellipse":
                    said = self._change(**what)
                case "point":
                    said = self._row(what["index"])
                case "probe":
                    self._probe = checked_place([what["x"], what["y"]], fit.axes)
                    said = self._scored(self._probe, "The new point")
                case other:
                    raise BadInput(f"the widget was asked for {other!r}, which it does not know; reload the page.")
            self.publish(said, token, travel=do not in ("ellipse", "point", "probe"))

    def _change(self, index, mean, covariance, drag, done):
        """Change an ellipse; the messages of one drag are told against the moment the drag began."""
        fit = self._fit
        name, before = self._drag
        first = drag is None or name != drag
        if first:
            before = fit.moment()
        known = 0 <= index < self.k
        mean = fit.means[index] if mean is None and known else mean
        covariance = fit.covariances[index] if covariance is None and known else covariance
        said = fit.change_ellipse(index, mean, covariance, before)
        if first:
            self._drag = (drag, before)
            fit.remember(index, before.means[index])
        return said

    def _row(self, index):
        fit = self._fit
        if not 0 <= index < len(fit.points):
            raise BadInput(f"there is no row {index}; they are numbered 0 to {len(fit.points) - 1:,}.")
        return self._scored(fit.points[index], f"{words.sentence(words.one(fit.noun))} {index + 1:,}")

    def _scored(self, place, named):
        """Where a point lies, its shares, and how its density compares."""
        fit = self._fit
        shares, score = self.score(*place)
        where = ", ".join(f"{axis.label} {axis.say(value)}" for axis, value in zip(fit.axes, place, strict=True))
        split = ", ".join(f"ellipse {index + 1} {100 * share:.1f} %" for index, share in enumerate(shares))
        thinner = int((fit.scores(fit.points) < score).sum())
        lie = f"{thinner:,} of" if thinner else "none of"
        rank = f"{lie} {len(fit.points):,} {fit.noun} {'lies' if thinner < 2 else 'lie'} in a thinner place"
        return f"{named} ({where}): {split}. ln density {figure(score)}; {rank}."

    def publish(self, said, token=None, points=False, travel=False):
        """Send what changed in one message; `token` tells a browser that its request was answered."""
        fit = self._fit
        log_likelihood, doubtful = fit.log_likelihood, fit.doubtful
        soft = fit.shares is not None and len(fit.points) <= _MOST_SOFT
        with self.hold_sync():
            if points:
                self.positions = self.place(fit.points)
            groups = np.full(len(fit.points), _NO_GROUP) if fit.shares is None else fit.shares.argmax(axis=1)
            self.groups = groups.astype(np.uint8).tobytes()
            self.shares = np.rint(255 * fit.shares).astype(np.uint8).tobytes() if soft else b""
            self.said = said
            self.state = {
                "ellipses": [
                    {
                        "mean": mean.tolist(),
                        "covariance": covariance[[0, 0, 1], [0, 1, 1]].tolist(),
                        "told": fit.spread(i),
                    }
                    for i, (mean, covariance) in enumerate(zip(fit.means, fit.covariances, strict=True))
                ],
                "weights": [f"{100 * weight:.1f} %" for weight in fit.weights],
                "trails": fit.trails,
                "next": fit.next,
                "converged": fit.converged,
                "shape": fit.shape,
                "start": fit.start,
                "scale": fit.scale,
                "log_likelihood": figure(log_likelihood),
                "change": gain(fit.before, log_likelihood),
                "bic": figure(fit.bic),
                "doubtful": doubtful,
                "rounds": fit.rounds,
                "probe": None if self._probe is None else self._probe.tolist(),
                "shares": None if self._probe is None else [float(share) for share in self.score(*self._probe)[0]],
                "token": token,
                "travel": travel,
            }
            self.frame += 1
