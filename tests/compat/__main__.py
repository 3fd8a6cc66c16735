"""``python -m compat [VERSION …]``, with ``tests`` on PYTHONPATH: make the environments (once; about 500 MB each), run the
tests of each and print a table. COMPAT.md is written when the whole of a version's tests was run. Exit code 1 when a test
fails anywhere. ``-k`` runs less, and writes nothing.
"""

import argparse
import sys

from .environments import build, ensure, measured
from .results import RESULTS, head, row_of, written
from .tables import TABLES

VERSIONS = {version: table for table in TABLES for version in table.versions}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("versions", nargs="*", metavar="VERSION", help=f"some of {', '.join(VERSIONS)}; default: all")
    parser.add_argument("--install", action="store_true", help="make the environments and run nothing")
    parser.add_argument("--tests", nargs="+", help="what to run instead of what each table names")
    parser.add_argument("-k", default="", metavar="EXPRESSION", help="only tests whose names fit, as in pytest")
    options = parser.parse_args()
    unknown = [version for version in options.versions if version not in VERSIONS]
    if unknown:
        parser.error(f"no environment for {unknown[0]}; there are {', '.join(VERSIONS)}")
    failed = [not _run(version, options) for version in _ordered(options.versions or VERSIONS)]
    return int(any(failed))


def _ordered(versions):
    """The wheel is built once, before the first that needs it."""
    wheel = None
    for version in versions:
        if VERSIONS[version].wheel and wheel is None:
            wheel = build()
        yield version, wheel if VERSIONS[version].wheel else None


def _run(chosen, options):
    """Whether all passed."""
    version, wheel = chosen
    table = VERSIONS[version]
    python = ensure(table, version, wheel)
    if options.install:
        return True
    print(f"compat: testing on {table.name} {version} …", file=sys.stderr, flush=True)
    tests = options.tests or table.tests
    row, failures = measured(table, version, python, [*tests, *(["-k", options.k] if options.k else [])])
    print(f"{head(table)}\n{row}", flush=True)
    if not (options.tests or options.k):
        before = RESULTS.read_text("utf-8") if RESULTS.is_file() else ""
        known = {each: found for each in VERSIONS if (found := row_of(each, before))}
        RESULTS.write_text(written(known | {version: (row, failures)}), "utf-8")
    return not failures


if __name__ == "__main__":
    sys.exit(main())
