"""A row of the matrix, run for real: fitted, exported, read back and compared; or refused, with what can stand in."""

import tempfile
import time
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

from .data import DATA, target


@dataclass(frozen=True)
class Run:
    """One estimator with one set of options, and what became of it.

    ``option`` is "" for the default options; ``data`` names what it was fitted on; ``outputs`` maps names to the model's
    own methods; ``absolute`` and ``relative`` are the largest errors over all numbers, ``ties`` counts the labels that
    differ within the tie margin; ``size`` is in bytes; ``carries`` is "none", "statistics" or "rows"; ``limits`` are the
    ids of those that forbid the export and ``because`` what was found; ``substitutes`` holds a ``StandIn`` for each offer;
    ``problem`` is what went wrong, else "".
    """

    estimator: str
    option: str
    data: str
    kind: str
    badge: str
    outputs: dict
    absolute: float = 0.0
    relative: float = 0.0
    tolerance: float = 0.0
    ties: int = 0
    size: int = 0
    carries: str = ""
    limits: tuple = ()
    because: tuple = ()
    substitutes: tuple = ()
    problem: str = ""
    seconds: float = 0.0

    def plain(self):
        """As plain data, for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class StandIn:
    """A substitute that was fitted, exported and measured: ``agreement`` in words, ``size`` in bytes."""

    name: str
    agreement: str
    relative: float
    size: int


def fit(make, row, X=None):
    """What ``make()`` gives, fitted on ``X`` (default: the row's own data) with the target that the row asks for."""
    X = DATA[row.data]() if X is None else X
    model = make()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _unfrozen(model).fit(X, target(row.target, X))
    return model


def _unfrozen(model):
    """What has to be fitted: a FrozenEstimator's own fit does nothing."""
    from sklearn.frozen import FrozenEstimator

    return _unfrozen(model.estimator) if isinstance(model, FrozenEstimator) else model


def run(row, option="", make=None):
    """A ``Run`` of ``row`` with its default options, or with those that ``make`` gives, called ``option``."""
    from ..conversion.convert import assess

    began = time.perf_counter()
    common = {"kind": "impossible", "badge": "not run", "outputs": {}}
    try:
        X = DATA[row.data]()
        model = fit(make or row.make, row, X)
        verdict = assess(model)
        common = {"kind": verdict.kind, "badge": verdict.badge, "outputs": dict(verdict.outputs)}
        with tempfile.TemporaryDirectory() as folder:
            found = _exported(model, X, folder) if verdict.exportable else _refused(verdict, X, folder)
    except Exception as error:  # whatever goes wrong is one line of the table, not the end of it
        found = {"problem": f"{type(error).__name__}: {error}"}
    return Run(row.name, option, row.data, **common, **found, seconds=time.perf_counter() - began)


def _exported(model, X, folder):
    from ..conversion.convert import export

    result = export(model, Path(folder) / "model.mlpackage", sample=X)
    numbers = [part for part in result.parity.values() if part.labels_differ is None]
    return {
        "absolute": max((part.worst_absolute for part in numbers), default=0.0),
        "relative": max((part.worst_relative for part in numbers), default=0.0),
        "tolerance": max(part.tolerance for part in result.parity.values()),
        "ties": sum(part.ties for part in result.parity.values()),
        "size": result.size,
        "carries": result.carries.kind,
    }


def _refused(verdict, X, folder):
    made = []
    for index, offer in enumerate(verdict.substitutes):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            place = Path(folder, str(index))
            place.mkdir()
            found = _exported(offer.fit(X), X, place)
            made.append(StandIn(offer.name, str(offer.measure(X)), found["relative"], found["size"]))
    return {
        "limits": tuple(limit.id for limit in verdict.refused),
        "because": tuple(limit.detail for limit in verdict.refused),
        "substitutes": tuple(made),
    }


def runs(row, options=True):
    """Runs of a row: its default options first, then with ``options`` each that is covered and each that is refused."""
    yield run(row)
    if options:
        for name, make in (*row.variants.items(), *row.refused.items()):
            yield run(row, name, make)
