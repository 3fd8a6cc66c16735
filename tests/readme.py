"""Writes README.md's generated tables again, from the same sources as everything else.

``python tests/readme.py`` writes them; ``--check`` says which are out of date and exits with 1. A table stands between
``<!-- NAME -->`` and ``<!-- /NAME -->``.
"""

import re
import sys
from functools import cache
from pathlib import Path

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

    return report.markdown(report.entries(report.chosen(()), options=False), seconds=False)


_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[-+]\d+)?")


def steady(new, old):
    """``new``, with the lines of ``old`` that are still true: the same but for figures that differ from machine to machine,
    each within a tenth, or for a bound on an error, one that still holds and is not a hundred times too wide."""
    before = {line.split("|")[1].strip(): line for line in old.splitlines() if line.count("|") > 2}
    return "\n".join(_steady(line, before.get(line.split("|")[1].strip(), "")) for line in new.splitlines())


def _steady(new, old):
    if _NUMBER.sub("", new) != _NUMBER.sub("", old):
        return new
    pairs = zip(_NUMBER.findall(new), _NUMBER.findall(old), strict=True)
    return old if all(_true(float(found), float(said), "e" in said or "e" in found) for found, said in pairs) else new


def _true(found, said, is_bound):
    if is_bound:
        return found == said or found <= said <= 1.01 * max(1e-7, 100 * found)
    return abs(found - said) <= max(1.0, 0.1 * said)


TABLES = {"lessons": lessons, "exports": exports}


def renewed(text):
    """``text`` with every generated table written again. Raises ``ValueError`` when a marker is missing."""
    for name, table in TABLES.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
        if not pattern.search(text):
            raise ValueError(f"README.md lacks the markers <!-- {name} --> and <!-- /{name} -->")
        text = pattern.sub(lambda found, table=table: found[1] + steady(table(), found[0]) + "\n" + found[2], text)
    return text


def main():
    text = README.read_text("utf-8")
    new = renewed(text)
    if "--check" in sys.argv:
        if new != text:
            print("README.md's generated tables are out of date; run `make readme`", file=sys.stderr)
        return int(new != text)
    README.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
