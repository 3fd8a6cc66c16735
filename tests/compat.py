"""``make compat``: the parity tests on every scikit-learn that the package supports, each in an environment of its own.

``python tests/compat.py [VERSION …]`` makes the environments under .cache/compat (once; about 500 MB each), runs
``TESTS`` in each, and prints a table. COMPAT.md beside this file keeps a row for each version, written when the whole of
``TESTS`` was run on it. Exit code 1 when a test fails anywhere. ``--tests`` and ``-k`` run less, and write nothing.
"""

import argparse
import os
import re
import subprocess
import sys
import time
import venv
from collections import Counter
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
HOME = ROOT / ".cache" / "compat"
RESULTS = HERE / "COMPAT.md"
# No Keras in these environments; and the mutants judge how proofs are chosen, which no version of scikit-learn changes.
TESTS = (
    "tests/matrix",
    "tests/conversion",
    "--ignore=tests/conversion/keras",
    "--ignore=tests/matrix/test_mutants.py",
)
# numpy and scipy of the months in which each scikit-learn was made: that is what its users have beside it.
VERSIONS = {
    "1.6": ("scikit-learn>=1.6,<1.7", "numpy>=2.2,<2.3", "scipy>=1.15,<1.16", "pandas>=2.2,<3"),
    "1.7": ("scikit-learn>=1.7,<1.8", "numpy>=2.3,<2.4", "scipy>=1.15,<1.16", "pandas>=2.2,<3"),
    "1.8": ("scikit-learn>=1.8,<1.9", "numpy>=2.3,<2.4", "scipy>=1.16,<1.17", "pandas>=2.2,<3"),
    "1.9": ("scikit-learn>=1.9,<1.10", "numpy>=2.4,<2.5", "scipy>=1.17,<1.18", "pandas>=3,<4"),
}
OTHERS = ("coremltools==9.0", "skops==0.16.0", "anywidget==0.11.0", "ipywidgets==8.1.9", "pytest", "pytest-xdist")
_COUNT = re.compile(r"(\d+) (passed|failed|skipped|errors?|xfailed)\b")
_SHOWN = ("scikit-learn", "numpy", "scipy", "pandas", "coremltools")


def ensure(version):
    """The Python of the environment for ``version``, made and filled when it is not there yet."""
    folder = HOME / version
    python, stamp = folder / "bin" / "python", folder / "installed"
    wanted = "\n".join((*VERSIONS[version], *OTHERS, str(ROOT)))
    if not (stamp.is_file() and stamp.read_text("utf-8") == wanted):
        print(f"compat: making the environment for scikit-learn {version} …", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        subprocess.run([*pip, *VERSIONS[version], *OTHERS], check=True)
        subprocess.run([*pip, "--no-deps", "-e", str(ROOT)], check=True)
        stamp.write_text(wanted, "utf-8")
    return python


def installed(python):
    """Name -> version of what matters in an environment."""
    code = f"from importlib.metadata import version\nfor name in {_SHOWN!r}: print(version(name))"
    found = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True).stdout.split()
    return dict(zip(_SHOWN, found, strict=True))


def measured(version, tests):
    """(row of the table, lines that name a failure) of ``tests``, pytest's arguments, on scikit-learn ``version``."""
    python = ensure(version)
    begun, counts, failures = time.monotonic(), Counter(), []
    command = [str(python), "-m", "pytest", "--color=no", "-q", "-n", "2", "-p", "no:cacheprovider", *tests]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    for line in process.stdout:
        if line.startswith(("FAILED ", "ERROR ")):
            failures.append(line.rstrip())
            print(line, end="", file=sys.stderr, flush=True)
        if re.search(r" in [\d.]+s\b", line):
            counts = Counter({word.removesuffix("s"): int(number) for number, word in _COUNT.findall(line)})
    if process.wait() and not failures:
        failures.append(f"pytest ended with exit code {process.returncode}")
    found, minutes = installed(python), (time.monotonic() - begun) / 60
    failed = max(counts["failed"] + counts["error"], len(failures))
    cells = [*(found[name] for name in _SHOWN), counts["passed"], failed, counts["skipped"], f"{minutes:.0f}"]
    return f"| {' | '.join(map(str, [*cells, date.today()]))} |", failures


HEAD = f"| {' | '.join(_SHOWN)} | passed | failed | skipped | minutes | run on |\n" + "|---" * (len(_SHOWN) + 5) + "|"


def row_of(version, text):
    """What ``text``, a COMPAT.md, says of scikit-learn ``version``: its row of the table and the failures below it."""
    found = re.search(rf"^\| {re.escape(version)}\..*\|$", text, re.M)
    failures = re.findall(rf"^- {re.escape(version)}: (.*)$", text, re.M)
    return (found[0], failures) if found else None


def written(results):
    """COMPAT.md for ``results``, version -> (row, failures)."""
    rows = "\n".join(results[version][0] for version in VERSIONS if version in results)
    failures = [f"- {version}: {line}" for version, (_, lines) in results.items() for line in lines]
    return (
        "# Parity tests on every supported scikit-learn\n\n"
        "Written by `make compat`; do not edit. Each version has an environment of its own, with the numpy, scipy and pandas "
        f"of its months, and runs `pytest {' '.join(TESTS)}` (no Keras there).\n\n"
        f"{HEAD}\n{rows}\n\n## What fails\n\n" + ("\n".join(failures) or "Nothing.") + "\n"
    )


def sentence(text):
    """The result in a sentence, from a COMPAT.md."""
    rows = [re.findall(r"[^ |]+", row_of(version, text)[0]) for version in VERSIONS if row_of(version, text)]
    passed = ", ".join(f"{int(row[5]):,} pass on scikit-learn {row[0]}" for row in rows)
    failed, skipped = (sum(int(row[column]) for row in rows) for column in (6, 7))
    return f"{passed}; {failed or 'none'} fail, {skipped or 'none'} are skipped"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("versions", nargs="*", metavar="VERSION", help=f"some of {', '.join(VERSIONS)}; default: all")
    parser.add_argument("--install", action="store_true", help="make the environments and run nothing")
    parser.add_argument("--tests", nargs="+", default=TESTS, help=f"what to run (default: {' '.join(TESTS)})")
    parser.add_argument("-k", default="", metavar="EXPRESSION", help="only tests whose names fit, as in pytest")
    options = parser.parse_args()
    unknown = [version for version in options.versions if version not in VERSIONS]
    if unknown:
        parser.error(f"no environment for {unknown[0]}; there are {', '.join(VERSIONS)}")
    chosen = options.versions or list(VERSIONS)
    if options.install:
        for version in chosen:
            ensure(version)
        return 0
    whole = tuple(options.tests) == TESTS and not options.k
    results = {}
    for version in chosen:
        print(f"compat: testing on scikit-learn {version} …", file=sys.stderr, flush=True)
        results[version] = measured(version, [*options.tests, *(["-k", options.k] if options.k else [])])
        print(f"{HEAD}\n{results[version][0]}", file=sys.stderr, flush=True)
        if whole:
            before = RESULTS.read_text("utf-8") if RESULTS.is_file() else ""
            known = {each: row_of(each, before) for each in VERSIONS}
            RESULTS.write_text(written({each: row for each, row in known.items() if row} | results), "utf-8")
    print("\n".join([HEAD, *(row for row, _ in results.values())]))
    return 1 if any(failures for _, failures in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
