"""COMPAT.md: a table for each kind of environment, read and written."""

import re

from .tables import ROOT, TABLES

RESULTS = ROOT / "tests" / "COMPAT.md"


def head(table):
    return f"| {' | '.join(table.columns)} |\n{'|---' * len(table.columns)}|"


def row_of(version, text):
    """What ``text``, a COMPAT.md, says of ``version``: its row and the failures listed for it; ``None`` without a row."""
    found = re.search(rf"^\| {re.escape(version)}\..*\|$", text, re.M)
    failures = re.findall(rf"^- {re.escape(version)}: (.*)$", text, re.M)
    return (found[0], failures) if found else None


def written(results):
    """COMPAT.md for ``results``, version -> (row, failures)."""
    parts = [
        "# What runs on which versions\n\nWritten by `make compat`; do not edit. Each version has an environment of its own."
    ]
    for table in TABLES:
        rows = [results[version][0] for version in table.versions if version in results]
        failures = [f"- {each}: {line}" for each in table.versions for line in results.get(each, ("", ()))[1]]
        parts += [
            f"## {table.title}",
            f"{table.introduction} Run: `pytest {' '.join(table.tests)}`.",
            "\n".join([head(table), *rows]),
            "What fails:\n\n" + "\n".join(failures) if failures else "Nothing fails.",
        ]
    return "\n\n".join(parts) + "\n"


def sentence(table, text):
    """The result of a table in a sentence, from a COMPAT.md."""
    rows = [row_of(version, text) for version in table.versions]
    cells = [dict(zip(table.columns, re.findall(r"[^ |]+", row[0]), strict=True)) for row in rows if row]
    passed = ", ".join(f"{int(row['passed']):,} pass on {table.name} {row[table.shown[0]]}" for row in cells)
    failed, skipped = (sum(int(row[name]) for row in cells) for name in ("failed", "skipped"))
    return f"{passed}; {failed or 'none'} fail, {skipped or 'none'} are skipped"
