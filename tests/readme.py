"""Writes README.md's generated tables again, from the same sources as everything else.

``python tests/readme.py`` writes them as this machine measures them; ``--check`` exits with 1 when one is no longer true
(another machine's last digits are). A table stands between ``<!-- NAME -->`` and ``<!-- /NAME -->``.
"""

import re
import sys
from functools import cache
from pathlib import Path

import compat
from matrix import mutants_report

README = Path(__file__).resolve().parents[1] / "README.md"


def lessons():
    """The table of lessons, from the notebooks' own metadata."""
    from beyondlabels.course.index import lessons as index

    rows = ["| lesson | minutes | you will be able to |", "|---|---|---|"]
    for lesson in index():
        rows.append(f"| [{lesson.title}](lessons/{lesson.file}) | {lesson.minutes} | {'; '.join(lesson.objectives)} |")
    return "\n".join(rows)


@cache
def exports():
    """The support table: every estimator of the matrix with its default options, fitted, exported and compared now."""
    from beyondlabels.matrix import report

    return report.markdown(report.entries(report.chosen(()), options=False), rounded=True)


# A figure that was measured: no part of a name (`kneighbors[1]`, 5 nearest neighbours), no count of rows.
_FIGURE = re.compile(r"(?<![\w\[.])\d+(?:\.\d+)?(?:e-\d+| s\b)?(?!\w|\.\d| nearest| neighbours| held-out)")
_LEAST = -8  # the power of ten that stands for no error at all; the smallest bound is 1e-07


def still_true(new, old):
    """``new`` with the lines of ``old`` that are as true: the same but for figures that differ from machine to machine. A bound
    on an error may be one power of ten off either way, a time is as it was, any other figure may be a tenth off, or one where
    it is whole or of a hundred."""
    before = {line.split("|")[1]: line for line in old.splitlines() if line.count("|") > 2}
    return "\n".join(_line(line, before.get(line.split("|")[1], "")) for line in new.splitlines())


def _line(new, old):
    if _FIGURE.sub("", new) != _FIGURE.sub("", old):
        return new
    pairs = zip(_FIGURE.findall(new), _FIGURE.findall(old), strict=True)
    return old if all(_as_true(found, said) for found, said in pairs) else new


def _as_true(found, said):
    if "e" in found + said:
        return abs(_power(found) - _power(said)) <= 1
    if "s" in found + said:
        return found[-1] == said[-1]  # a time belongs to its machine and what else ran there: no test is timed
    slack = 0.02 if len(said.partition(".")[2]) > 1 else 1.0
    return abs(float(found) - float(said)) <= max(slack, 0.1 * float(said))


def _power(bound):
    return int(bound.partition("e")[2] or _LEAST)


def measured():
    """What `make compat` and `make mutants` wrote last, in a sentence each."""
    kept = compat.RESULTS.read_text("utf-8")
    parity, browser = (compat.sentence(table, kept) for table in (compat.SCIKIT_LEARN, compat.JUPYTERLAB))
    mutants = mutants_report.sentence(mutants_report.RESULTS.read_text("utf-8"))
    return (
        f"[tests/COMPAT.md](tests/COMPAT.md) (`make compat`): of the parity tests {parity}; of the browser tests, in JupyterLab "
        f"and in the Notebook 7 of its months, {browser}.\n"
        "[tests/matrix/MUTANTS.md](tests/matrix/MUTANTS.md) (`make mutants`): faults written into packages of every family, "
        f"with nothing but the proof rows to notice them: {mutants}. Each that is missed is listed with its reason."
    )


TABLES = {"lessons": lessons, "exports": exports, "measured": measured}


MEASURED = ("exports",)


def renewed(text, keep=False):
    """``text`` with every generated table written again; with ``keep`` the lines stay whose measured figures are still true
    (``still_true``). Raises ``ValueError`` when a marker is missing."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, _, rest = text.partition(begin)
        old, _, after = rest.partition(end)
        if begin not in text or end not in rest:
            raise ValueError(f"README.md lacks the markers {begin.strip()} and {end}")
        new = still_true(table(), old) if keep and name in MEASURED else table()
        text = f"{before}{begin}{new}\n{end}{after}"
    return text


def main():
    text = README.read_text("utf-8")
    if "--check" in sys.argv:
        current = renewed(text, keep=True) == text
        if not current:
            print("README.md's generated tables are out of date; run `make readme`", file=sys.stderr)
        return int(not current)
    README.write_text(renewed(text), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
