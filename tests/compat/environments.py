"""An environment for each version, and the tests run in it."""

import os
import re
import subprocess
import sys
import time
import venv
from collections import Counter
from datetime import date

from .tables import ROOT

HOME = ROOT / ".cache" / "compat"
_COUNT = re.compile(r"(\d+) (passed|failed|skipped|errors?|xfailed)\b")


def ensure(table, version, wheel=None):
    """The Python of the environment for ``version``, made and filled when it is not there yet; ``wheel`` is installed anew."""
    folder = HOME / version
    python, stamp = folder / "bin" / "python", folder / "installed"
    wanted = "\n".join((*table.versions[version], *table.beside, str(ROOT)))
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-input"]
    if not (stamp.is_file() and stamp.read_text("utf-8") == wanted):
        print(f"compat: making the environment for {table.name} {version} …", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([*pip, *table.versions[version], *table.beside], check=True)
        if not table.wheel:
            subprocess.run([*pip, "--no-deps", "-e", str(ROOT)], check=True)
        stamp.write_text(wanted, "utf-8")
    if wheel:
        subprocess.run([*pip, "--force-reinstall", "--no-deps", str(wheel)], check=True)
        subprocess.run([*pip, str(wheel)], check=True)  # what it asks for fits what is there, or pip says so
    return python


def build():
    """The wheel of this checkout."""
    print("compat: building the wheel …", file=sys.stderr, flush=True)
    folder = HOME / "wheel"
    for old in folder.glob("*.whl"):
        old.unlink()
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "wheel", "--no-deps"]
    subprocess.run([*command, "-w", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def measured(table, version, python, tests):
    """(row of the table, lines that name a failure) of ``tests``, pytest's arguments, with the Python of ``version``."""
    begun, counts, failures = time.monotonic(), Counter(), []
    command = [str(python), "-m", "pytest", "--color=no", "-q", "-p", "no:cacheprovider", *table.options, *tests]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    log = HOME / f"{version}.log"
    with log.open("w", encoding="utf-8") as kept:
        for line in process.stdout:
            kept.write(line)
            if line.startswith(("FAILED ", "ERROR ")):
                failures.append(line.rstrip())
                print(line, end="", file=sys.stderr, flush=True)
            if re.search(r" in [\d.]+s\b", line):
                counts = Counter({word.removesuffix("s"): int(number) for number, word in _COUNT.findall(line)})
    if process.wait() and not failures:
        failures.append(f"pytest ended with exit code {process.returncode}; see {log.relative_to(ROOT)}")
    found, minutes = _installed(python, table.shown), (time.monotonic() - begun) / 60
    failed = max(counts["failed"] + counts["error"], len(failures))
    cells = [*found, counts["passed"], failed, counts["skipped"], f"{minutes:.0f}", date.today()]
    return f"| {' | '.join(map(str, cells))} |", failures


def _installed(python, names):
    """The versions of packages in an environment."""
    code = f"from importlib.metadata import version\nfor name in {names!r}: print(version(name))"
    return subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True).stdout.split()
