"""What a smaller package loses: its outputs beside those of the package it was made from, as shares and errors."""

from dataclasses import asdict, dataclass

import numpy as np

from .parity import errors

COMPRESSED = "com.beyondlabels.compressed"  # metadata: how a package was compressed, step by step, and what each cost


@dataclass(frozen=True)
class OutputLoss:
    """One output compared over ``rows`` rows.

    Labels: ``agree`` is the share of rows whose labels are all equal; the rest is ``None``. Numbers: ``largest`` and
    ``median`` of |error| / (|value| + scale) over all numbers, the scale being the root mean square of the column
    (``runtime.compare`` measures the same); ``rms`` is the root mean square error in the output's own unit, ``share`` the
    same as a share of the output's spread (its standard deviation about the column means); ``agree`` is ``None``.
    """

    name: str
    rows: int
    agree: float | None = None
    largest: float | None = None
    median: float | None = None
    rms: float | None = None
    share: float | None = None

    @property
    def lost(self):
        """One number between variants: the share of rows that disagree, or the error as a share of the spread."""
        return 1 - self.agree if self.agree is not None else self.share

    def sentence(self):
        """``label: 354 of 360 agree (98.3 %)`` or ``score: RMS error 0.84 % of its spread, median 0.2 %, largest 3.1 %``."""
        if self.agree is not None:
            return f"{self.name}: {round(self.agree * self.rows):,} of {self.rows:,} agree ({percent(self.agree)})"
        return (
            f"{self.name}: RMS error {percent(self.share)} of its spread, "
            f"relative error {percent(self.median)} in the middle, {percent(self.largest)} at most"
        )


def percent(share):
    """A share as a percentage with two or three digits that count: ``0.84 %``, ``98.3 %``, ``under 0.0001 %``."""
    value = 100 * share
    if not np.isfinite(value):
        return "without bound"
    if not value or value == 100:
        return f"{value:.0f} %"
    if value < 1e-4:
        return "under 0.0001 %"
    if value >= 1000:
        return f"{value:,.0f} %"
    if value > 99:
        return f"{min(value, 99.99) if value < 100 else value:.4g} %"
    return f"{value:.2g} %" if value < 1 else f"{value:.3g} %"


class Losses(dict):
    """Output name -> ``OutputLoss``."""

    def sentence(self):
        return "; ".join(part.sentence() for part in self.values())

    def plain(self):
        """As plain dicts, for JSON."""
        return {name: asdict(part) | {"sentence": part.sentence()} for name, part in self.items()}


def losses(wanted, found, one_unit=()):
    """The ``Losses`` of ``found`` beside ``wanted``: outputs by name, arrays with rows first. ``one_unit`` names outputs
    whose columns share one scale."""
    return Losses({name: _loss(name, value, found[name], name in one_unit) for name, value in wanted.items()})


def _loss(name, wanted, found, together):
    wanted, found = np.asarray(wanted), np.asarray(found)
    if wanted.dtype.kind not in "f":
        equal = (wanted == found).reshape(len(wanted), -1).all(axis=1)
        return OutputLoss(name, len(wanted), agree=float(equal.mean()))
    absolute, relative = errors(wanted, found, together=together)
    with np.errstate(all="ignore"):
        rms = float(np.sqrt(np.square(absolute).mean()))
        values = np.where(np.isfinite(wanted), wanted, 0.0).astype(np.float64)
        spread = np.sqrt(np.square(values - values.mean(axis=0)).mean())
    if len(wanted) < 2 or not spread:
        spread = np.sqrt(np.square(values).mean()) or 1.0  # a single row has no spread: its own size instead
    return OutputLoss(
        name,
        len(wanted),
        largest=float(relative.max(initial=0.0)),
        median=float(np.median(relative)) if relative.size else 0.0,
        rms=rms,
        share=rms / float(spread),
    )
