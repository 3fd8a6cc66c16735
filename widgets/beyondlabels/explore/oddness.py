"""Four detectors of odd rows on one plane, one budget for all: scores, thresholds, who is flagged, what came of it.

Knows no widget. Scores are scikit-learn's ``score_samples``: smaller is odder. They have no common unit, so the four are
made comparable by how many rows each may flag. Isolation forest: Liu, Ting and Zhou (2008); local outlier factor: Breunig,
Kriegel, Ng and Sander (2000); one-class SVM: Schölkopf et al. (2001); elliptic envelope: Rousseeuw and Van Driessen (1999).
"""

import numpy as np

from beyondlabels.errors import BadInput

from . import contour, words

NAMES = ("isolation forest", "local outlier factor", "one-class SVM", "elliptic envelope")
LEARN = ("all", "usual")
MOST = 5_000  # rows: the one-class SVM and the local outlier factor grow with their square
FEWEST = 10
_SIDE = 72
_NEIGHBOURS = 20


class Four:
    """The four detectors on points (n, 2) in their own units.

    known: (n,) bool, True for rows that are anomalies, or None. learn: "all" fits on every row and scores every row
    (outlier detection); "usual" fits on a seeded half of the rows that are no anomalies and scores the others (novelty
    detection). Each operation returns the sentence that says what happened.
    """

    def __init__(self, points, axes, known, k, scale, learn, nu, seed, noun):
        self.points, self.axes, self.known, self.noun = points, axes, known, noun
        self.nu, self.seed, self._kept = nu, seed, {}
        self.revealed = False
        self.learn, self.scale = self._checked_learn(learn), scale
        self._fit()
        self.place = np.array([0.7, 0.75])  # where the hand last was, as fractions
        self.cut(self.checked_k(k))

    def _checked_learn(self, learn):
        if learn not in LEARN:
            raise BadInput(f"learn is {learn!r}; use one of {', '.join(LEARN)}.")
        if learn == "usual" and self.known is None:
            raise BadInput('learn="usual" needs known=, which says which rows are anomalies.')
        return learn

    def checked_k(self, k):
        """`k` as an int, or ``BadInput``."""
        if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or not 0 <= k <= self.scored:
            raise BadInput(f"k is {k!r}; {words.count(self.scored, self.noun)} can be flagged: 0 to {self.scored:,}.")
        return int(k)

    @property
    def scored(self):
        """How many rows have a score, and can be flagged."""
        return int(np.isfinite(self.scores[0]).sum())

    @property
    def odd(self):
        """How many of the scored rows are known anomalies."""
        return int(self.known[np.isfinite(self.scores[0])].sum())

    @property
    def flagged(self):
        """Who is flagged by each detector, (4, n) bool."""
        return np.array([self._flags(scores, count) for scores, count in zip(self.scores, self.counts, strict=True)])

    @property
    def found(self):
        """Known anomalies among the flagged, a list of four."""
        return (self.flagged & self.known).sum(axis=1).tolist()

    @property
    def strips(self):
        """Scores (4, n) between 0, the oddest, and 1; NaN where there is none."""
        shown = np.array([_shown(number, scores) for number, scores in enumerate(self.scores)])
        low, high = np.nanmin(shown, axis=1, keepdims=True), np.nanmax(shown, axis=1, keepdims=True)
        return (shown - low) / np.where(high > low, high - low, 1.0)

    @property
    def cuts(self):
        """Where the thresholds lie on the strips, a list of four between 0 and 1."""
        cuts = []
        for number, (scores, level) in enumerate(zip(self.scores, self.levels, strict=True)):
            shown = _shown(number, np.append(scores[np.isfinite(scores)], level))
            low, high = shown[:-1].min(), shown[:-1].max()
            cuts.append(float(np.clip((shown[-1] - low) / (high - low or 1.0), 0, 1)))
        return cuts

    def _flags(self, scores, count):
        flags = np.zeros(len(scores), bool)
        flags[np.argsort(scores, kind="stable")[:count]] = (
            True  # rows without a score (NaN) come last; a tie goes by row
        )
        return flags

    def _fit(self):
        """Scores (4, n), NaN for rows that were learned from, and fields (4, side, side); kept for each setting."""
        key = self.scale, self.learn
        if key not in self._kept:
            self._kept[key] = self._fitted()
        self.learned, self.scores, self.fields = self._kept[key]

    def _fitted(self):
        learned = np.ones(len(self.points), bool)
        if self.learn == "usual":
            usual = np.random.default_rng(self.seed).permutation(np.flatnonzero(~self.known))
            learned[:] = False
            learned[usual[: len(usual) // 2]] = True
        mean, deviation = self.points[learned].mean(axis=0), self.points[learned].std(axis=0)
        deviation = np.where(deviation > 0, deviation, 1.0) if self.scale else np.ones(2)
        low = np.array([axis.low for axis in self.axes])
        room = np.array([axis.high - axis.low for axis in self.axes])
        grid = (low + contour.places(_SIDE) * room - mean) / deviation
        rows = (self.points - mean) / deviation
        scores, fields = np.full((4, len(rows)), np.nan), np.empty((4, _SIDE, _SIDE))
        asked = learned if self.learn == "all" else ~learned
        for number, name in enumerate(NAMES):
            own, score = self._detector(name, rows[learned])
            scores[number, asked] = own if self.learn == "all" else score(rows[asked])
            fields[number] = score(grid).reshape(_SIDE, _SIDE)
        return learned, scores, fields

    def _detector(self, name, rows):
        """The scores of the rows themselves, and the function that scores others, after a fit on ``rows``."""
        from sklearn.covariance import EllipticEnvelope
        from sklearn.ensemble import IsolationForest
        from sklearn.neighbors import LocalOutlierFactor
        from sklearn.svm import OneClassSVM

        if name == "local outlier factor":  # a row is no neighbour of its own
            model = LocalOutlierFactor(min(_NEIGHBOURS, len(rows) - 1), novelty=True).fit(rows)
            return model.negative_outlier_factor_, model.score_samples
        if name == "isolation forest":
            model = IsolationForest(random_state=self.seed).fit(rows)
        elif name == "one-class SVM":
            model = OneClassSVM(nu=self.nu).fit(rows)
        else:
            model = EllipticEnvelope(random_state=self.seed).fit(rows)
        return model.score_samples(rows), model.score_samples

    # ---- what the learner does

    def cut(self, k, place=None, held=None, level=None):
        """Let each detector flag its k oddest rows. ``held``: the detector whose line lies at ``level`` under the hand."""
        if place is not None:
            self.place = np.asarray(place, float)
        self.k, self.counts = k, [k] * 4
        self.levels = [self._level(scores, k) for scores in self.scores]
        if held is not None:
            self.levels[held] = level
        self.lines = [contour.segments(*pair) for pair in zip(self.fields, self.levels, strict=True)]
        self.handles = [contour.nearest(lines, self.place) for lines in self.lines]
        if held is not None:
            self.handles[held] = self.place
        return self.told()

    def _level(self, scores, k):
        """The threshold between the k oddest and the rest."""
        ordered = np.sort(scores[np.isfinite(scores)])
        if k == 0:
            return float(ordered[0] - 1e-3 * (ordered[-1] - ordered[0]))
        return float(ordered[-1] + 1e-9 if k == len(ordered) else (ordered[k - 1] + ordered[k]) / 2)

    def through(self, detector, place):
        """Lay the line of one detector through a place, in fractions; the others flag as many rows."""
        if not 0 <= detector < 4:
            raise BadInput(f"there is no detector {detector}; they are numbered 0 to 3.")
        place = np.asarray(place, float)
        if not (np.isfinite(place).all() and ((place >= -1e-9) & (place <= 1 + 1e-9)).all()):
            values = ", ".join(
                axis.say(axis.low + part * (axis.high - axis.low)) for axis, part in zip(self.axes, place, strict=True)
            )
            raise BadInput(f"({values}) is off the stage; stay within the axes.")
        level = contour.value(self.fields[detector], place)
        k = int(np.nansum(self.scores[detector] < level))
        return self.cut(k, place, detector, level)

    def change_scale(self, scale):
        """Measure on standardised values, or in the columns' own units."""
        self.scale = scale
        self._fit()
        told = "on standardised values" if scale else "in the columns' own units"
        return f"Distances are measured {told}. {self.cut(self.k)}"

    def change_learn(self, learn):
        """Learn from every row, or from half of the usual ones."""
        self.learn = self._checked_learn(learn)
        self._fit()
        if learn == "all":
            told = f"The detectors learned from all {len(self.points):,} {self.noun}, anomalies among them."
        else:
            half = words.count(int(self.learned.sum()), f"usual {self.noun}")
            told = f"The detectors learned from {half} (grey) and are asked about the rest."
        return f"{told} {self.cut(min(self.k, self.scored))}"

    def reveal(self, on):
        """Show which rows are anomalies, or hide it."""
        if self.known is None:
            raise BadInput("nothing is known about these rows; give known= to have something to reveal.")
        self.revealed = on
        return self.told()

    # ---- in words

    def told(self):
        """Who is flagged; once revealed, what that found."""
        flagged = self.flagged
        start = f"Each detector flags {self.k:,} of {self.scored:,} {self.noun}."
        if self.revealed:
            found = ", ".join(f"{name} {count}" for name, count in zip(NAMES, self.found, strict=True))
            return f"{start} Found of {self.odd} known anomalies: {found}."
        if not self.k:
            return start
        all_four, any_of_them = int(flagged.all(axis=0).sum()), int(flagged.any(axis=0).sum())
        return f"{start} All four agree on {all_four:,}; {any_of_them:,} are on at least one list."


def _shown(number, scores):
    """Scores as a strip draws them: the envelope's as distances, since their squares push all but a few rows together."""
    return -np.sqrt(np.maximum(-scores, 0)) if NAMES[number] == "elliptic envelope" else scores
