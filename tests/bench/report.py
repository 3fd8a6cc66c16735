"""``make bench``: every measurement in one run, printed and written to RESULTS.md beside this file.

Nothing here passes or fails: a figure is a figure. Each part is a module with ``measure()``, which returns Markdown.
"""

import argparse
import importlib
import os
import platform
import re
import sys
from datetime import date
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
PARTS = (
    "widget_latency",
    "glass_box_bench",
    "viewer_bench",
    "export_bench",
    "runtime_bench",
    "keras_bench",
    "size_bench",
    "growth_bench",
    "converters",
)
VERSIONS = (
    "beyondlabels",
    "numpy",
    "scikit-learn",
    "keras",
    "jax",
    "coremltools",
    "jupyterlab",
    "anywidget",
    "ipywidgets",
)


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


def measured(name):
    """One part, measured now, with when and on what."""
    text = importlib.import_module(name).measure().strip()
    versions = ", ".join(f"{each} {metadata.version(each)}" for each in VERSIONS)
    when = f"Measured on {date.today()}, load {os.getloadavg()[0]:.1f} at the end: {machine()}. {versions}."
    return f"<!-- {name} -->\n{text}\n\n{when}\n<!-- /{name} -->"


def kept(name):
    """The part as RESULTS.md has it, or nothing."""
    old = RESULTS.read_text("utf-8") if RESULTS.exists() else ""
    found = re.search(rf"<!-- {name} -->.*?<!-- /{name} -->", old, re.S)
    return found[0] if found else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "parts", nargs="*", help=f"measure only these of {', '.join(PARTS)}; the others stay as they are"
    )
    chosen = tuple(parser.parse_args().parts) or PARTS
    texts = []
    for name in PARTS:
        if name in chosen:
            print(f"measuring {name} …", file=sys.stderr, flush=True)
            texts.append(measured(name))
            print(texts[-1], flush=True)
        else:
            texts.append(kept(name))
    about = "# Measured\n\nBy `make bench`. Each part says when, on what machine and under what load."
    RESULTS.write_text("\n\n".join([about, *filter(None, texts)]) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent / "browser"))
    sys.exit(main())
