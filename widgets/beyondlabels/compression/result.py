"""What comes of shrinking a package, as data. How it prints is in ``printing.py``, how it is drawn in ``plot.py``."""

from dataclasses import dataclass

from ..runtime.loss import Losses
from . import plot, printing


@dataclass(frozen=True)
class Variant:
    """A compressed package that was saved, read back from disk and run on the sample.

    ``method`` and ``words`` say how; ``family`` is the kind of method; ``files``: (name, bytes); ``ratio``: how many times
    smaller than the package it was made from; ``weights``: (how many were compressed, of how many that are large enough);
    ``losses``: output name -> ``OutputLoss``; ``proof_rows``: rows of the proof inside; ``seconds`` to make and measure it.
    """

    method: str
    words: str
    family: str
    path: str
    files: tuple
    ratio: float
    target: str
    smallest_os: str
    weights: tuple
    losses: Losses
    proof_rows: int
    seconds: float

    @property
    def size(self):
        """Bytes of all files together."""
        return sum(size for _, size in self.files)

    def plain(self):
        """As plain lists and dicts, for JSON."""
        return {
            **{key: value for key, value in vars(self).items() if key not in ("files", "losses", "weights")},
            "size": self.size,
            "files": [{"name": name, "bytes": size} for name, size in self.files],
            "weights": {"compressed": self.weights[0], "of": self.weights[1]},
            "losses": self.losses.plain(),
        }


@dataclass(frozen=True)
class ShrinkResult:
    """The variants of the package at ``path``, which is ``size`` bytes and was run on the same ``rows`` rows.

    ``left_out``: (method, limit) of what "all" could not make; ``smallest_weight``: the fewest numbers a weight must have
    to be compressed. Prints as a table; in a notebook as a card with the plot.
    """

    path: str
    size: int
    target: str
    smallest_os: str
    rows: int
    variants: tuple
    left_out: tuple
    smallest_weight: int
    seconds: float

    def __getitem__(self, method):
        """The ``Variant`` made by a method. Raises ``KeyError`` naming those there are."""
        for each in self.variants:
            if each.method == method:
                return each
        raise KeyError(f"no variant {method!r}; there are {', '.join(each.method for each in self.variants)}")

    def __str__(self):
        return printing.text(self)

    def _repr_html_(self):
        return printing.card(self)

    def plot(self):
        """Size against measured loss, a panel for each output: a ``Plot``, shown in a notebook, saved by ``.save(path)``."""
        return plot.draw(self)

    def plain(self):
        """As plain lists and dicts, for JSON."""
        return {
            **{key: value for key, value in vars(self).items() if key not in ("variants", "left_out")},
            "variants": [each.plain() for each in self.variants],
            "left_out": [{"method": method, "limit": vars(limit)} for method, limit in self.left_out],
        }


@dataclass(frozen=True)
class Refusal:
    """Why a package cannot be shrunk: ``refused`` holds entries of the limits catalogue. The ``.verdict`` of
    ``NotExportable`` where it is ``shrink`` that refuses."""

    path: str
    method: str
    refused: tuple

    def __str__(self):
        return "\n".join([f"{self.path} cannot be made smaller with {self.method}", *printing.limits(self.refused)])

    def plain(self):
        """As plain lists and dicts, for JSON."""
        return {"path": self.path, "method": self.method, "refused": [vars(limit) for limit in self.refused]}
