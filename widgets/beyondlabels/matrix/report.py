"""The support table: what has become of every estimator, from runs made now, as text, Markdown or plain data."""

import difflib
import math
from dataclasses import dataclass

from ..conversion.printing import kilobytes
from ..errors import BadInput
from ..quiet import coremltools
from . import all_rows
from .runs import runs


@dataclass(frozen=True)
class Entry:
    """One estimator: its ``name`` and its runs, the first with default options. An estimator with several rows in the
    matrix, for different data, has the runs of all of them."""

    name: str
    runs: tuple

    @property
    def first(self):
        return self.runs[0]

    @property
    def relative(self):
        """The largest relative error of all its runs."""
        return max(run.relative for run in self.runs)

    @property
    def absolute(self):
        """The largest absolute error of all its runs."""
        return max(run.absolute for run in self.runs)

    @property
    def seconds(self):
        """Fit, export and comparison of all its runs."""
        return sum(run.seconds for run in self.runs)

    @property
    def problems(self):
        """What went wrong, in words, each with its option."""
        return tuple(f"{run.option or 'default options'}: {run.problem}" for run in self.runs if run.problem)

    def plain(self):
        """As plain data, for JSON."""
        summary = {"worst_absolute": self.absolute, "worst_relative": self.relative, "seconds": self.seconds}
        return {"estimator": self.name, **summary, "runs": [run.plain() for run in self.runs]}


def chosen(names):
    """The rows with these class names (any case), all when there are none. Raises ``BadInput`` for an unknown name."""
    rows = all_rows()
    known = {row.name.lower(): row.name for row in rows}
    unknown = next((name for name in names if name.lower() not in known), None)
    if unknown is not None:
        near = [known[name] for name in difflib.get_close_matches(unknown.lower(), known)]
        meant = f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join(sorted(known.values()))}"
        raise BadInput(f"the matrix has no {unknown!r}; {meant}")
    wanted = {name.lower() for name in names}
    return [row for row in rows if not wanted or row.name.lower() in wanted]


def entries(rows, options=True, say=lambda words: None):
    """An ``Entry`` for each estimator, in order; ``options`` adds every option that is covered or refused."""
    coremltools()  # its import takes a second or more, which is not the first estimator's
    found = {}
    for number, row in enumerate(rows, 1):
        say(f"{number} of {len(rows)}: {row.name}")
        found.setdefault(row.name, []).extend(runs(row, options))
    return [Entry(name, tuple(made)) for name, made in found.items()]


def outputs(run):
    """``label ← predict, distances ← transform``."""
    return ", ".join(f"{name} ← {method}" for name, method in run.outputs.items())


def bound(error):
    """The power of ten that ``error`` stays below, at least 1e-07 (one rounding of float32): the same on most machines."""
    return f"1e{max(-7, math.floor(math.log10(error)) + 1):+03d}" if error else "0"


def text(found):
    """The table for a terminal: a line a run, what it says of limits and substitutes below it, and a sum at the end."""
    lines = []
    for entry in found:
        for run in entry.runs:
            name = f"{run.estimator}: {run.option}" if run.option else run.estimator
            lines.append(f"{name}: {run.badge}{_figures(run)}")
            lines += [
                f"    limit {': '.join(filter(None, each))}" for each in zip(run.limits, run.because, strict=True)
            ]
            lines += [
                f"    instead: {each.name}: {each.agreement}; "
                f"worst error {each.relative:.1e} relative; {kilobytes(each.size)}"
                for each in run.substitutes
            ]
            lines += [f"    PROBLEM: {run.problem}"] if run.problem else []
    return "\n".join([*lines, "", total(found)])


def _figures(run):
    if not run.size:
        return f"; {run.seconds:.2f} s"
    ties = f", {run.ties} labels within the tie margin" if run.ties else ""
    error = f"worst error {run.absolute:.1e}, {run.relative:.1e} relative (allowed {run.tolerance:.0e}){ties}"
    return f"; {outputs(run)}; {error}; {kilobytes(run.size)}; {run.seconds:.2f} s"


def total(found):
    """The sum in a sentence."""
    every = [run for entry in found for run in entry.runs]
    exported, problems = sum(bool(run.size) for run in every), sum(bool(run.problem) for run in every)
    refused = sum(bool(run.limits) for run in every)
    estimators = sum(bool(entry.first.size) for entry in found)
    return (
        f"{estimators} of {len(found)} estimators export; of {len(every)} runs {exported} exported and passed parity, "
        f"{refused} were refused with their limit, {problems} went wrong, in {sum(each.seconds for each in every):.0f} s."
    )


def markdown(found, rounded=False):
    """The table as Markdown, a line an estimator; ``rounded``: of the time, too, only the power of ten that it stays below,
    so that the table is the same on most machines."""
    head = ["estimator", "verdict", "outputs ← its own method", "error below", "kB", "carries"]
    head.append("time below" if rounded else "time")
    lines = [head, ["---"] * len(head)]
    for entry in sorted(found, key=lambda entry: entry.name.lower()):
        time = 10.0 ** (math.floor(math.log10(entry.seconds)) + 1) if rounded else round(entry.seconds, 2)
        lines.append([entry.name, *_cells(entry), f"{time:g} s"])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cells(entry):
    run = entry.first
    if run.problem:
        return [run.badge, f"**{run.problem}**", "", "", ""]
    if run.size:
        made = ", ".join(f"`{name}` ← `{method}`" for name, method in run.outputs.items())
        return [run.badge, made, bound(entry.relative), str(math.ceil(run.size / 1000)), run.carries]
    limits = ", ".join(f"`{limit}`" for limit in run.limits)
    offers = "; ".join(f"{each.name}: {each.agreement}" for each in run.substitutes) or "nothing honest to offer"
    return [run.badge, f"{limits}; instead {offers}", "", "", ""]


def plain(found):
    """As plain data, for JSON."""
    return [entry.plain() for entry in found]
