"""The limits catalogue. The panel, the lessons, the command line and every refusal show entries from here."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Limit:
    """One limit.

    ``what`` and ``why`` are sentences for a learner; ``holds`` says since or until when; ``source`` cites a document by
    title and year, or says that it was measured here; ``instead`` says what to do. ``detail`` is what was found this time.
    """

    id: str
    what: str
    why: str
    holds: str
    source: str
    instead: str
    detail: str = ""

    def because(self, detail):
        """The same limit with what was found this time."""
        return replace(self, detail=detail)

    def __str__(self):
        found = f" ({self.detail})" if self.detail else ""
        return f"{self.id}: {self.what}{found} {self.instead}"


_ENTRIES = [
    Limit(
        id="no-out-of-sample",
        what="There is no function for a new point: the algorithm labels the rows it was given and has no rule for others.",
        why="Its result is a list of labels, found by looking at all rows together. One more row could change every label, "
        "so there is nothing that Core ML, or any other runtime, could compute for that row alone.",
        holds="True of the algorithm, not of Core ML: it was so in 2017 and is so in 2026.",
        source="Ester, Kriegel, Sander and Xu, A Density-Based Algorithm for Discovering Clusters (1996); "
        "scikit-learn 1.9 user guide, Clustering (2026): these estimators have fit_predict and no predict.",
        instead="Export a substitute that has a rule for new points, and read how often the two agree; or run the "
        "algorithm on the device, on the user's own points, in Swift.",
    ),
    Limit(
        id="float32-input",
        what="The package reads float32: about seven significant digits.",
        why="Core ML programs have no float64. A value such as 16777217 cannot be told from 16777216 once it is float32.",
        holds="Since ML Programs exist (iOS 15); still so in iOS 18.",
        source="Apple, coremltools guide, Typed Execution (2025).",
        instead="Centre or rescale very large values before they reach the phone. Parity is measured on float32 inputs, "
        "and both sides are given the same ones.",
    ),
    Limit(
        id="float16-precision",
        what="Half precision keeps about three significant digits.",
        why="float16 has an 11-bit significand, so rounding errors are 8,192 times those of float32.",
        holds="True of the number format.",
        source="IEEE 754-2019, IEEE Standard for Floating-Point Arithmetic (2019); the loss shown is measured on your sample.",
        instead="Use float32 unless you have measured that you need half the size.",
    ),
    Limit(
        id="float16-overflow",
        what="A value passes 65,504, the largest number float16 can hold, and becomes infinite.",
        why="A squared distance between body masses in grams is already that large.",
        holds="True of the number format.",
        source="IEEE 754-2019, IEEE Standard for Floating-Point Arithmetic (2019); found by running your sample.",
        instead="Scale the features first, or export with precision='float32'.",
    ),
    Limit(
        id="carries-rows",
        what="The package carries rows of your training data word for word.",
        why="The model answers by comparing a new point with stored rows, so the rows have to be in the file, and anyone "
        "who has the app can read them.",
        holds="True of the model. Core ML can encrypt a model (since iOS 14), but it is decrypted on the device.",
        source="Apple Developer Documentation, Encrypting a Model in Your App (2020).",
        instead="Do not ship it if the rows are about people; use a model that keeps only summaries, such as k-means.",
    ),
    Limit(
        id="group-of-one",
        what="A group has a single training row, so its centre is that row.",
        why="A centre is the mean of its rows, and the mean of one row is the row itself.",
        holds="True of the algorithm.",
        source="Lloyd, Least Squares Quantization in PCM (1982).",
        instead="Lower the number of groups, or leave out the lone row, before you ship the package.",
    ),
    Limit(
        id="score-undefined",
        what="The log-likelihood of this PCA is no usable number, so the output score is left out.",
        why="All variance is explained, and the covariance has no inverse that float64 can hold; scikit-learn's "
        "score_samples is not finite either, or made of roundings.",
        holds="True of the model.",
        source="Tipping and Bishop, Mixtures of Probabilistic Principal Component Analysers (1999).",
        instead="Keep fewer components, or drop constant and duplicated features, if you need the score.",
    ),
    Limit(
        id="rows-at-once",
        what="The package takes up to 100,000 rows in one call.",
        why="A flexible dimension of an ML Program needs an upper bound when it is written.",
        holds="Since ML Programs have flexible shapes (iOS 15).",
        source="Apple, coremltools guide, Flexible Input Shapes (2025).",
        instead="Call it in pieces of at most 100,000 rows.",
    ),
    Limit(
        id="not-fitted",
        what="The model has not been fitted.",
        why="Its parameters do not exist yet, so there is nothing to write into a package.",
        holds="True of every model before fit.",
        source="scikit-learn 1.9 developer guide, Estimators (2026).",
        instead="Call fit first.",
    ),
    Limit(
        id="option-not-covered",
        what="An option changes the function in a way that no recipe covers.",
        why="Exporting the function without it would give wrong results silently.",
        holds="A limit of this package, not of Core ML.",
        source="beyondlabels, conversion recipes.",
        instead="Fit the model without the option, or register a recipe of your own with @beyondlabels.recipe.",
    ),
    Limit(
        id="no-recipe",
        what="No recipe is known for this class.",
        why="Models are looked up by their exact class: a subclass may compute something else, and would be converted wrongly "
        "and silently.",
        holds="A limit of this package, not of Core ML.",
        source="beyondlabels, conversion registry.",
        instead="Register a recipe with @beyondlabels.recipe, or export a known class.",
    ),
    Limit(
        id="apple-runtime-not-run",
        what="Apple's own runtime was not run here.",
        why="Core ML itself exists only on Apple systems; this parity was measured with the NumPy runtime of beyondlabels, "
        "which reads the saved file.",
        holds="On every system but macOS.",
        source="Apple, coremltools guide, Model Prediction (2025): predictions need macOS.",
        instead="Run `beyondlabels check` on the package on a Mac: there the proof rows go through Core ML too.",
    ),
]

CATALOGUE = {entry.id: entry for entry in _ENTRIES}


def get(limit_id):
    """The limit with this id. Raises ``KeyError`` naming the ids that exist."""
    try:
        return CATALOGUE[limit_id]
    except KeyError:
        raise KeyError(f"no limit {limit_id!r}; the catalogue has {', '.join(CATALOGUE)}") from None


def everything():
    """All limits, in the order of the catalogue."""
    return list(CATALOGUE.values())
