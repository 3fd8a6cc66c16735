"""An anomaly score from a model that reconstructs: rows it gives back badly are unlike those it was trained on."""

import numpy as np

from ..errors import BadInput, BeyondLabelsError, NotExportable
from ..limits import get
from ..mil.blocks import builder
from . import describe, structure
from .reasons import kind_of, reasons_against
from .registry import find_recipe, recipe
from .verdict import KINDS, Verdict


class ReconstructionError:
    """The mean squared difference between a row and what ``model`` makes of it, as an anomaly score.

    ``model``: an autoencoder of Keras whose output has the shape of its input, a model with a reconstruction of its own
    such as PCA, or a scikit-learn pipeline that ends in one; behind a scaler the error is that of the scaled row.
    ``threshold``: rows with a larger error are outliers; a number, or ``None`` until ``fit`` finds it.

    Exported, it gives ``score`` (the error, float32, shape (rows,)) and, once there is a threshold, ``inlier`` (int32:
    1, or -1 for an outlier, as scikit-learn's outlier detectors say it).
    """

    def __init__(self, model, threshold=None):
        self.model = model
        self.threshold = threshold
        self._checked_threshold()

    def _checked_threshold(self):
        """The threshold. Raises ``BadInput`` for one that no error can be held against."""
        number = isinstance(self.threshold, (int, float, np.integer, np.floating)) and not isinstance(
            self.threshold, bool
        )
        if self.threshold is not None and not (number and 0 <= self.threshold < np.inf):
            raise BadInput(
                f"the threshold is {self.threshold!r}; expected a number from 0 on, or None until fit(X) finds it"
            )
        return self.threshold

    def __repr__(self):
        return f"ReconstructionError({type(self.model).__name__}, threshold={self.threshold})"

    def fit(self, X, share=0.95):
        """Set the threshold to the error that ``share`` of the rows ``X`` stay below; the model is left as it is."""
        if not 0 < share < 1:
            raise BadInput(f"share is {share}; expected a number between 0 and 1, such as 0.95")
        self.threshold = float(np.quantile(self.errors(X), share))
        return self

    def errors(self, X):
        """The error of each row, float64, shape (rows,). Raises ``NotExportable`` when the model gives nothing back to
        compare with, and ``BadInput`` for rows that it cannot use."""
        _insist(self)
        if np.shape(X)[:1] == (0,):
            raise BadInput("there are no rows; pass at least one")
        try:
            return self._errors(X)
        except (BeyondLabelsError, MemoryError):
            raise
        except Exception as error:
            raise BadInput(f"the model itself cannot use these rows: {error}") from error

    def _errors(self, X):
        before, last = parts(self.model)
        for step in before:
            X = step.transform(X)
        given = np.asarray(X.toarray() if hasattr(X, "toarray") else X, np.float64)
        table = given.reshape(len(given), -1)
        method = reconstruction(last)[1]
        made = np.asarray(find_recipe(last).expected(last, method, table), np.float64)
        return np.square(table - made.reshape(len(made), -1)).mean(axis=1)

    def predict(self, X):
        """1 for a row whose error is at most the threshold, -1 for an outlier. Raises ``BadInput`` without a threshold."""
        if self.threshold is None:
            raise BadInput("there is no threshold yet; pass one, or call fit(X) with rows that are normal")
        return np.where(self.errors(X) <= self._checked_threshold(), 1, -1)


def parts(model):
    """(the steps before, the model that reconstructs): a pipeline taken apart."""
    steps = getattr(model, "steps", None)
    if not isinstance(steps, list):
        return [], model
    doing = [step for _, step in steps if not structure.is_word(step, None, "passthrough")]
    if not doing:
        return [], model
    inner, last = parts(doing[-1])
    return [*doing[:-1], *inner], last


def reconstruction(model):
    """(output, method) that gives back the model's input, ``None`` where there is none: ``reconstructed``, or the only
    output of a Keras model when it has its input's shape."""
    each = find_recipe(model)
    made = each.available(model, each.outputs) if each else {}
    if "reconstructed" in made:
        return "reconstructed", made["reconstructed"]
    ports = each.inputs(model) if each and each.inputs else ()
    same = len(ports) == len(made) == 1 and ports[0].shape == tuple(model.outputs[0].shape[1:])
    return next(iter(made.items())) if same else None


def _insist(wrapper):
    """Raise ``NotExportable``, with the reasons, unless the model reconstructs."""
    found = reasons_against(wrapper)
    if found:
        kind = kind_of(wrapper)
        raise NotExportable(Verdict(describe.title(wrapper), kind, {}, refused=tuple(found)))


def _refuse(wrapper):
    found = reasons_against(wrapper.model)
    if found:
        return found
    _, last = parts(wrapper.model)
    if kind_of(last) not in ("exact", "iterative") or reconstruction(last) is None:
        return [get("no-reconstruction").because(type(last).__name__)]
    return []


def _asked(name, otherwise):
    """The same question asked of the model inside."""

    def ask(wrapper):
        each = find_recipe(wrapper.model)
        answer = getattr(each, name, None) if each else None
        return answer(wrapper.model) if answer else otherwise

    return ask


def _ties(wrapper, name, X, near):
    return np.abs(wrapper.errors(X) - wrapper.threshold) <= near * max(abs(wrapper.threshold), 1e-30)


def _reference(wrapper, method, X):
    """``errors`` or ``predict`` of a table: a Keras model's own shape is found again where it is needed."""
    return getattr(wrapper, method)(X)


@recipe(
    ReconstructionError,
    outputs={"score": "errors", "inlier": "predict"},
    kind=lambda wrapper: max(kind_of(wrapper.model), "exact", key=list(KINDS).index),
    malformed=lambda wrapper, above: structure.part("model", structure.own(wrapper, "model"), above),
    refuse=_refuse,
    fitted=lambda wrapper: True,
    available=lambda wrapper, outputs: {
        name: method for name, method in outputs.items() if name == "score" or wrapper.threshold is not None
    },
    reference=_reference,
    inputs=_asked("inputs", None),
    limits=_asked("limits", []),
    carries=_asked("carries", None),
    nan=_asked("nan", False),
    width=_asked("width", None),
    facts=lambda wrapper: {"model": type(wrapper.model).__name__, "threshold": wrapper.threshold},
    ties=_ties,
    tolerance=1e-4,
    library="beyondlabels",
)
def reconstruction_error(wrapper, x):
    """mean((x - model(x))²) over everything but the rows, and whether it is at most the threshold.

    The tolerance is that of a difference: where a model reconstructs well, both sides of it are nearly equal, and what
    float32 rounds off each weighs more in what is left.
    """
    mb = builder()
    before, last = parts(wrapper.model)
    for step in before:
        each = find_recipe(step)
        name = next(name for name, how in each.available(step, each.outputs).items() if how == "transform")
        x = each.write(step, x)[name]
    made = find_recipe(last).write(last, x)[reconstruction(last)[0]]
    difference = mb.sub(x=x, y=made)
    error = mb.reduce_mean(x=mb.mul(x=difference, y=difference), axes=list(range(1, x.rank)), keep_dims=False)
    written = {"score": error}
    if wrapper.threshold is not None:
        inside = mb.less_equal(x=error, y=np.float32(wrapper.threshold))
        inside = mb.cast(x=inside, dtype="int32")
        written["inlier"] = mb.sub(x=mb.mul(x=inside, y=np.int32(2)), y=np.int32(1))
    return written
