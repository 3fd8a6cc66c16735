"""Two sets of outputs compared, and the row that differs most."""

from dataclasses import asdict, dataclass

import numpy as np

ONE_UNIT = ("distances",)  # outputs whose columns are one quantity in one unit
ONLY_TIES = "every row is a tie that falls the other way, so nothing was compared"


@dataclass(frozen=True)
class OutputParity:
    """One output compared over ``rows`` rows.

    Numbers: an element passes when |error| <= tolerance * (|expected| + scale), where ``scale`` is the root mean square
    of its column over the rows (of the whole output for distances, which share one unit), and at least 1/32 of that of the
    whole output (a column that is nearly 0 beside the others is made of their roundings); ``worst_relative`` is the largest
    |error| / (|expected| + scale). Labels: they are equal, or the row is a tie (the model's own margin lies within the
    tolerance); ``labels_differ`` counts those that differ, ``ties`` those of them that are ties. Numbers that jump where a
    tie falls the other way are excused on such rows too; ``ties`` counts them. Where every row is excused nothing was
    compared, and that does not pass; ``note`` says so, or what else could not be compared.
    """

    name: str
    rows: int
    worst_absolute: float
    worst_relative: float
    worst_row: int
    tolerance: float
    passed: bool
    labels_differ: int | None = None
    ties: int = 0
    note: str = ""

    def sentence(self):
        """The comparison in words: ``333 of 333 labels equal`` or ``largest error 2.4e-07 (allowed 1e-05 relative)``."""
        if self.labels_differ is not None:
            ties = f", {self.ties:,} within the tie margin" if self.ties else ""
            return f"{self.rows - self.labels_differ:,} of {self.rows:,} {self.name.removesuffix('s')}s equal{ties}"
        relative = f"{_short(self.worst_relative)} relative (allowed {_short(self.tolerance)})"
        ties = f"; {_rows(self.ties)} within the tie margin, not counted" if self.ties else ""
        return f"largest {self.name} error {_short(self.worst_absolute)}, {relative}{ties}"


class Parity(dict):
    """Output name -> ``OutputParity``; ``passed`` when all did, ``worst`` the first that did not."""

    @property
    def passed(self):
        return all(part.passed for part in self.values())

    @property
    def worst(self):
        return next((part for part in self.values() if not part.passed), None)

    def sentence(self):
        return "; ".join(part.sentence() for part in self.values())

    def plain(self):
        """As plain dicts, for JSON."""
        return {name: asdict(part) | {"sentence": part.sentence()} for name, part in self.items()}

    def __str__(self):
        return self.sentence()


def compare(expected, found, tolerance, is_tie=None, floor=0.0, one_unit=ONE_UNIT):
    """Compare outputs by name: dicts of arrays with the same names, rows first.

    ``tolerance`` is one number for all outputs. ``is_tie(name, rows)`` says which of some rows are ties for the model
    itself (bool array). ``one_unit`` names the outputs whose columns share one scale. ``floor`` is the smallest scale that
    means anything: what rounding the inputs to float32 changes.
    """
    parity = Parity()
    for name, wanted in expected.items():
        wanted = np.asarray(wanted)
        if name not in found or np.shape(found[name]) != wanted.shape:
            shape = np.shape(found[name]) if name in found else "missing"
            note = f"expected shape {wanted.shape}, found {shape}"
            parity[name] = OutputParity(name, len(wanted), np.inf, np.inf, 0, tolerance, False, note=note)
        elif wanted.dtype.kind in "iub":
            parity[name] = _labels(name, wanted, found[name], tolerance, is_tie)
        else:
            parity[name] = _numbers(name, wanted, found[name], tolerance, floor, is_tie, name in one_unit)
    return parity


def errors(wanted, found, floor=0.0, together=False):
    """(absolute, relative) error of each number, relative to |wanted| + scale as ``OutputParity`` says it; NaN and infinity
    are right where they were expected, and an infinite error elsewhere. ``together``: the columns share one scale."""
    wanted, found = np.asarray(wanted, np.float64), np.asarray(found, np.float64)
    with np.errstate(all="ignore"):
        squares = np.square(np.where(np.isfinite(wanted), wanted, 0.0))
        column = squares.mean() if together else squares.mean(axis=0)
        scale = np.sqrt(np.maximum(column, squares.mean() / 32**2))
        scale = np.maximum(np.where(np.isfinite(scale), scale, np.abs(wanted).max()), floor)
        same = (wanted == found) | (np.isnan(wanted) & np.isnan(found))
        absolute = np.where(same, 0.0, np.abs(found - wanted))
        relative = np.where(same, 0.0, absolute / (np.abs(wanted) + scale))
    return tuple(np.where(np.isnan(error), np.inf, error) for error in (absolute, relative))


def _numbers(name, wanted, found, tolerance, floor, is_tie, together):
    absolute, relative = errors(wanted, found, floor, together)
    by_row, absolute = (each.reshape(len(each), -1).max(axis=1) for each in (relative, absolute))
    beyond = np.flatnonzero(by_row > tolerance)
    ties = beyond[np.asarray(is_tie(name, beyond), bool)] if is_tie is not None and len(beyond) else beyond[:0]
    by_row[ties] = absolute[ties] = 0.0
    worst = int(by_row.argmax())
    passed = bool(by_row[worst] <= tolerance)
    return OutputParity(
        name,
        len(wanted),
        float(absolute.max()),
        float(by_row[worst]),
        worst,
        tolerance,
        passed and len(ties) < len(wanted),
        ties=len(ties),
        note=ONLY_TIES if len(ties) == len(wanted) else "",
    )


def _labels(name, wanted, found, tolerance, is_tie):
    rows = np.flatnonzero((wanted != found).reshape(len(wanted), -1).any(axis=1))
    ties = np.zeros(len(rows), bool) if is_tie is None or not len(rows) else np.asarray(is_tie(name, rows), bool)
    worst = int(rows[~ties][0]) if (~ties).any() else int(rows[0]) if len(rows) else 0
    gap = float(np.abs(wanted.astype(float) - np.asarray(found, float)).max())
    nothing = bool(ties.all()) and len(rows) == len(wanted)
    return OutputParity(
        name,
        len(wanted),
        gap,
        gap,
        worst,
        tolerance,
        bool(ties.all()) and not nothing,
        labels_differ=len(rows),
        ties=int(ties.sum()),
        note=ONLY_TIES if nothing else "",
    )


def agreeing(expected, found, tolerance, floor=0.0, one_unit=ONE_UNIT):
    """The rows, by number, on which outputs agree as ``compare`` sees it, with no other rows among them."""
    rows = np.arange(len(next(iter(expected.values()))))
    while len(rows):
        good = np.ones(len(rows), bool)
        for name, wanted in expected.items():
            here, there = np.asarray(wanted)[rows], np.asarray(found[name])[rows]
            labels = here.dtype.kind in "iub"
            wrong = here != there if labels else errors(here, there, floor, name in one_unit)[1] > tolerance
            good &= ~wrong.reshape(len(rows), -1).any(axis=1)
        if good.all():
            break
        rows = rows[good]  # without the others the scales may be smaller
    return rows


def _rows(count):
    return f"{count:,} row{'' if count == 1 else 's'}"


def _short(number):
    return f"{number:.1e}" if number else "0"
