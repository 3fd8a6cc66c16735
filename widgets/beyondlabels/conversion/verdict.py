"""What can be said of a model before and after an export, as data. How it prints is in ``printing.py``."""

from dataclasses import dataclass, field

from ..runtime.parity import Parity
from . import printing

KINDS = {
    "exact": "The package computes the same function.",
    "iterative": "The package runs the same solver; its error is measured.",
    "surrogate": "No function to export; a substitute can stand in, and its loss is measured.",
    "impossible": "No function to export, and nothing honest to offer instead.",
}


@dataclass(frozen=True)
class Carries:
    """What of the training data a package carries: ``kind`` is "none", "statistics" or "rows"; ``summary`` says it in
    words; ``rows`` counts rows that are in it word for word."""

    kind: str
    summary: str
    rows: int = 0


@dataclass(frozen=True)
class Agreement:
    """How often a substitute agrees with the model on ``rows`` held-out rows; ``how`` says how that was measured."""

    rows: int
    equal: int
    how: str

    @property
    def fraction(self):
        return self.equal / self.rows

    @property
    def short(self):
        """The finding in a few words, and what it was counted from."""
        return f"agrees on {100 * self.fraction:.1f} %", f"{self.equal:,} of {self.rows:,}"

    def __str__(self):
        return f"agrees on {self.equal:,} of {self.rows:,} held-out rows ({100 * self.fraction:.1f} %)"


@dataclass(frozen=True)
class Placement:
    """How well a substitute places ``rows`` held-out rows in the map of an embedding (Venna and Kaski 2001).

    ``trustworthiness``: 1 when rows near each other on the map were near in the data; ``continuity``: 1 when rows near in
    the data are near on the map; ``own_trustworthiness`` and ``own_continuity``: the same for the places the model itself
    gave these rows. ``error``: the median distance between the two places, as a share of the map's own spread.
    """

    rows: int
    trustworthiness: float
    continuity: float
    own_trustworthiness: float
    own_continuity: float
    error: float
    how: str

    @property
    def short(self):
        """The finding in a few words, and what it stands beside."""
        return (
            f"trustworthiness {self.trustworthiness:.3f}, continuity {self.continuity:.3f}",
            f"the model's own: {self.own_trustworthiness:.3f}, {self.own_continuity:.3f}",
        )

    def __str__(self):
        found, own = self.short
        return f"places {self.rows:,} held-out rows with {found} ({own}), {100 * self.error:.1f} % of the map's spread away"


@dataclass(frozen=True)
class Substitute:
    """A model with a rule for new points that can stand in for one that has none.

    ``fit(X)`` returns it fitted on the model's training rows ``X`` and exportable; ``measure(X)`` returns its
    ``Agreement`` with the model. Both raise ``BadInput`` when ``X`` is not what the model was fitted on.
    """

    name: str
    summary: str
    fit: object = field(repr=False)
    measure: object = field(repr=False)


@dataclass(frozen=True)
class Verdict:
    """What can be exported from a model: ``kind``, output name -> method, the limits and the substitutes."""

    model: str
    kind: str
    outputs: dict
    limits: tuple = ()
    substitutes: tuple = ()
    refused: tuple = ()

    @property
    def exportable(self):
        return self.kind in ("exact", "iterative") and not self.refused

    @property
    def badge(self):
        """A sign and a word: ``✓ Exact``."""
        return printing.badge(self)

    @property
    def calls(self):
        """Output name -> the model's own method in words: ``mahalanobis of the last step``, which a pipeline itself has not."""
        return printing.calls(self)

    @property
    def meaning(self):
        """What the verdict means, in a sentence."""
        return "It cannot be exported as it stands." if self.refused and self.kind != "surrogate" else KINDS[self.kind]

    def __str__(self):
        return printing.verdict_text(self)

    def _repr_html_(self):
        return printing.verdict_html(self)

    def plain(self):
        """As plain lists and dicts, for JSON and for the panel."""
        return {
            "model": self.model,
            "kind": self.kind,
            "badge": self.badge,
            "exportable": self.exportable,
            "meaning": self.meaning,
            "outputs": self.outputs,
            "limits": [vars(limit) for limit in self.limits],
            "refused": [vars(limit) for limit in self.refused],
            "substitutes": [{"name": each.name, "summary": each.summary} for each in self.substitutes],
        }


@dataclass(frozen=True)
class ExportResult:
    """A package that was saved, read back from disk and compared with the model.

    ``outputs``: output name -> the model's method; ``parity``: output name -> ``OutputParity``; ``core_ml``: the same
    from Core ML itself, ``None`` off a Mac; ``files``: (name, bytes); ``carries``: what of the training data is inside;
    ``limits``: those touched; ``swift``: code that loads the package and builds ``x``; ``listing``: the program as text;
    ``image``: for a package that takes an image, its size, colours and scaling in words;
    ``agreement``: for a substitute, how often it agrees with the model it stands in for; ``seconds``: the whole way.
    """

    path: str
    verdict: Verdict
    outputs: dict
    parity: Parity
    core_ml: Parity | None
    files: tuple
    precision: str
    target: str
    smallest_os: str
    carries: Carries
    limits: tuple
    features: tuple
    swift: str
    listing: str
    operations: int
    proof_rows: int
    seconds: float
    agreement: Agreement | None = None
    image: str | None = None

    @property
    def size(self):
        """Bytes of all files together."""
        return sum(size for _, size in self.files)

    def __str__(self):
        return printing.result_text(self)

    def _repr_html_(self):
        return printing.result_html(self)

    def plain(self):
        """As plain lists and dicts, for JSON and for the panel."""
        return {
            "path": self.path,
            "verdict": self.verdict.plain(),
            "outputs": self.outputs,
            "parity": self.parity.plain(),
            "core_ml": self.core_ml.plain() if self.core_ml is not None else None,
            "files": [{"name": name, "bytes": size} for name, size in self.files],
            "size": self.size,
            "precision": self.precision,
            "target": self.target,
            "smallest_os": self.smallest_os,
            "carries": vars(self.carries),
            "limits": [vars(limit) for limit in self.limits],
            "features": list(self.features),
            "swift": self.swift,
            "listing": self.listing,
            "operations": self.operations,
            "proof_rows": self.proof_rows,
            "seconds": self.seconds,
            "image": self.image,
            "agreement": {"text": str(self.agreement), **vars(self.agreement)} if self.agreement else None,
        }
