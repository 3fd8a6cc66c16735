"""``make bench``: every measurement in one run, printed and written to RESULTS.md beside this file.

Nothing here passes or fails: a figure is a figure. Each part is a module with ``measure()``, which returns Markdown.
"""

import argparse
import importlib
import os
import platform
import sys
from datetime import date
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
PARTS = ("widget_latency", "export_bench", "runtime_bench", "size_bench", "growth_bench")
VERSIONS = ("beyondlabels", "numpy", "scikit-learn", "coremltools", "jupyterlab", "anywidget", "ipywidgets")


def machine():
    """The machine in a line: processor, cores, memory, system, Python."""
    name = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        models = [
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ]
        name = models[0] if models else name
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{name}, {os.cpu_count()} cores, {memory:.0f} GiB, {system}"


def table(head, rows):
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"measure only these of {', '.join(PARTS)}, and write nothing")
    chosen = tuple(parser.parse_args().parts) or PARTS
    texts = []
    for name in chosen:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        texts.append(importlib.import_module(name).measure())
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in VERSIONS)
    load = os.getloadavg()[0]
    head = f"# Measured\n\nBy `make bench` on {date.today()}: {machine()}. Load at the end {load:.1f}. {versions}.\n"
    report = "\n".join([head, *texts])
    print(report)
    if chosen == PARTS:
        RESULTS.write_text(report, "utf-8")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent / "browser"))
    sys.exit(main())
