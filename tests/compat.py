"""``make compat``: the parity tests on every scikit-learn that the package supports, each in an environment of its own.

``python tests/compat.py [VERSION …]`` makes the environments under .cache/compat (once; about 500 MB each), runs
``TESTS`` in each, and prints a table; with all versions it is written to COMPAT.md beside this file. Exit code 1 when a
test fails anywhere.
"""

import argparse
import os
import re
import subprocess
import sys
import time
import venv
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
HOME = ROOT / ".cache" / "compat"
RESULTS = HERE / "COMPAT.md"
TESTS = ("tests/matrix", "tests/conversion")
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
    """(versions, counts of outcomes, seconds, the lines that name a failure) of ``tests`` on scikit-learn ``version``."""
    python = ensure(version)
    begun, counts, failures = time.monotonic(), {}, []
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
            counts = {word.rstrip("s") if word == "errors" else word: int(n) for n, word in _COUNT.findall(line)}
    if process.wait() and not failures:
        failures.append(f"pytest ended with exit code {process.returncode}")
    return installed(python), counts, time.monotonic() - begun, failures


def table(results):
    """The results as Markdown."""
    lines = ["| scikit-learn | numpy | scipy | pandas | passed | failed | skipped |", "|---|---|---|---|---|---|---|"]
    for found, counts, _, failures in results:
        failed = max(counts.get("failed", 0) + counts.get("error", 0), len(failures))
        own = [found[name] for name in ("scikit-learn", "numpy", "scipy", "pandas")]
        lines.append(
            "| " + " | ".join(map(str, [*own, counts.get("passed", 0), failed, counts.get("skipped", 0)])) + " |"
        )
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("versions", nargs="*", metavar="VERSION", help=f"some of {', '.join(VERSIONS)}; default: all")
    parser.add_argument("--install", action="store_true", help="make the environments and run nothing")
    parser.add_argument("--tests", nargs="+", default=TESTS, help=f"what to run (default: {' '.join(TESTS)})")
    options = parser.parse_args()
    unknown = [version for version in options.versions if version not in VERSIONS]
    if unknown:
        parser.error(f"no environment for {unknown[0]}; there are {', '.join(VERSIONS)}")
    chosen = options.versions or list(VERSIONS)
    if options.install:
        for version in chosen:
            ensure(version)
        return 0
    results = []
    for version in chosen:
        print(f"compat: testing on scikit-learn {version} …", file=sys.stderr, flush=True)
        results.append(measured(version, options.tests))
        _, counts, seconds, _ = results[-1]
        print(f"compat: {version}: {counts} in {seconds:.0f} s", file=sys.stderr, flush=True)
    print(table(results))
    failures = [line for _, _, _, lines in results for line in lines]
    if tuple(chosen) == tuple(VERSIONS) and tuple(options.tests) == TESTS:
        head = f"# Parity tests on every supported scikit-learn\n\nBy `make compat` on {date.today()}: {' '.join(TESTS)}.\n\n"
        RESULTS.write_text(head + table(results) + "\n" + "".join(f"\n- {line}" for line in failures), "utf-8")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
