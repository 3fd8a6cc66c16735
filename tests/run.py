"""Run every step of ``make test``, or those named: ``python tests/run.py style unit``.

A failed step does not keep the next from running. At the end stands a table of how long each took, pytest's list of
what failed, and one line in pytest's own words that adds up all steps.
"""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import chromium

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest", "--color=no"]
APART = (
    "browser",
    "notebook",
    "lessons",
    "packaging",
    "bench",
    "apple",
    "conformance",
    "hostile",
    "matrix",
    "conversion/keras",
)
SHORT = "plain or covered or refused or unfitted or report or command or markdown or line or fifteen or twice"
_COUNT = re.compile(r"(\d+) (passed|failed|skipped|errors?|xfailed|xpassed|deselected|warnings?|rerun)\b")
_SUMMARY = re.compile(r"^(=+ )?(\d+ [a-z]+(, )?)+ in [\d.]+s\b")


def style():
    return [[sys.executable, "-m", "ruff", "check", "."], [sys.executable, "-m", "ruff", "format", "--check", "."]]


def unit():
    return [[*PYTEST, "tests", "-n", "2", *(f"--ignore=tests/{name}" for name in APART)]]


def matrix():
    """Every estimator and option of the matrix once; ``everything`` runs the general cases too (a quarter of an hour)."""
    return [[*PYTEST, "tests/matrix", "-n", "2", "-k", SHORT]]


def everything():
    return [[*PYTEST, "tests/matrix", "-n", "2"]]


def keras():
    return [[*PYTEST, "tests/conversion/keras", "-n", "2"]]


def conformance():
    """A seeded part of Apple's own operation tests, and faults that they must notice (two minutes); the whole:
    ``make conformance``."""
    return [[*PYTEST, "tests/conformance"]]


def hostile():
    """Some hundred damaged files (a minute); all ten thousand: ``make hostile``."""
    return [[*PYTEST, "tests/hostile"]]


def lessons():
    """Run each committed notebook again, on a copy, and compare what it prints with what is committed."""
    copy = ROOT / ".cache" / "lessons"
    fresh = (
        "import shutil; from beyondlabels.course import folder;"
        f"shutil.rmtree({str(copy)!r}, ignore_errors=True); folder.prepare({str(copy)!r})"
    )
    if not list((ROOT / "lessons").glob("*.ipynb")):
        return []
    os.environ["BEYONDLABELS_COURSE"] = str(copy)
    os.environ.setdefault(
        "OMP_NUM_THREADS", "1"
    )  # two notebooks run at a time; threads of both would wait for each other
    sanitise = ROOT / "tests" / "lessons" / "sanitise.cfg"
    nbval = ["--nbval", "-n", "2", "--dist", "loadfile"]
    if sanitise.is_file():
        nbval += ["--nbval-sanitize-with", str(sanitise)]
    own = [[*PYTEST, "tests/lessons"]] if _has_tests("lessons") else []
    return [[sys.executable, "-c", fresh], [*PYTEST, *nbval, str(copy)], *own]


def labextension():
    """Types, lint and unit tests of the TypeScript; Node comes with the test tools, its modules with the install."""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return [["npm", "--prefix", "widgets/labextension", "run", "check"]]


def browser():
    if not _has_tests("browser"):
        return []
    os.environ["CHROMIUM"] = chromium.ensure()
    return [[*PYTEST, "tests/browser"]]


def wheel():
    return [[*PYTEST, "tests/packaging"]] if _has_tests("packaging") else []


def bench():
    os.environ["CHROMIUM"] = chromium.ensure()
    return [[sys.executable, "tests/bench/report.py"]]


def apple():
    return [[*PYTEST, "tests/apple"]]


STEPS = {
    step.__name__: step
    for step in (
        *(style, unit, matrix, everything, keras, conformance, hostile),
        *(lessons, labextension, browser, wheel, apple, bench),
    )
}
USUAL = ("style", "unit", "matrix", "keras", "conformance", "hostile", "lessons", "labextension", "browser", "wheel")


def main(names):
    unknown = [name for name in names if name not in STEPS]
    if unknown:
        sys.exit(f"tests/run.py: there is no step {unknown[0]!r}; the steps are: {', '.join(STEPS)}")
    os.chdir(ROOT)
    os.environ["PYTHONUNBUFFERED"] = "1"
    begun, table, counts, failures = time.monotonic(), [], Counter(), []
    for name in names or USUAL:
        print(f"\n── {name} " + "─" * (76 - len(name)), flush=True)
        start = time.monotonic()
        outcome = _run(STEPS[name], counts, failures)
        table.append((name, outcome, time.monotonic() - start))
    total = time.monotonic() - begun
    print("\nstep          result     seconds")
    for name, outcome, seconds in table:
        print(f"{name:12}  {outcome:8}  {seconds:8.1f}")
    print(f"{'all':22}  {total:8.1f}\n")
    print("\n".join(failures))
    words = ", ".join(f"{counts[word]} {word}" for word in ("failed", "passed", "skipped", "error") if counts[word])
    print(f" {words or 'no tests ran'} in {total:.2f}s ".center(80, "="), flush=True)
    return 1 if any(outcome == "FAILED" for _, outcome, _ in table) else 0


def _run(step, counts, failures):
    try:
        commands = step()
    except RuntimeError as error:
        print(error, flush=True)
        failures.append(f"FAILED {step.__name__}: {error}")
        return "FAILED"
    if not commands:
        print("nothing here yet", flush=True)
        return "none yet"
    codes = [_stream(command, counts, failures) for command in commands]
    return "FAILED" if any(codes) else "passed"


def _stream(command, counts, failures):
    """Run one command, showing what it says as it says it, and pick pytest's summary out of it."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    for line in process.stdout:
        print(line, end="", flush=True)
        if line.startswith(("FAILED ", "ERROR ")):
            failures.append(line.rstrip())
        elif _SUMMARY.match(line):
            for number, word in _COUNT.findall(line):
                counts[word.removesuffix("s") if word == "errors" else word] += int(number)
    return process.wait()


def _has_tests(name):
    return any((ROOT / "tests" / name).glob("test_*.py"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
