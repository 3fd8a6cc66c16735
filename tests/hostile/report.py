"""``make hostile``: ten thousand damaged files, and what became of them, into RESULTS.md.

``python -m hostile.report 4`` opens four at a time; as many as there are processors when nothing is said.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path

from hostile import fields, mutations, programs, siege

COUNT = 10_000
WORDS = {"valid": "a result", "BadPackage": "BadPackage", "BadInput": "BadInput"}


def text(wanted, answers, seconds):
    """The whole report as Markdown."""
    found = [(case, answers[case["number"]]) for case in wanted]
    wrong = [(case, answer, siege.trouble(case, answer)) for case, answer in found]
    wrong = [each for each in wrong if each[2]]
    longest = max(answer["seconds"] for _, answer in found)
    largest = max(answer["memory"] for _, answer in found)
    lines = [
        "# Hostile files",
        "",
        "Made by `make hostile`; do not edit. Each file is a whole one of the zoo (`zoo.py`), damaged in one way with seed "
        f"{siege.SEED}, and then read, described, stepped through, run (every value kept too, and in float16), checked, and "
        "trained where it can be. Right is a result or one of our errors (`BadPackage`, `BadInput`), within "
        f"{siege.SECONDS:.0f} s of the processor for each of these and {siege.ROOM // 2**20:,} MB beyond what the imports "
        "take (a limit that the system holds it to, `RLIMIT_AS`), with nothing written, nothing read outside the file's own "
        "folder, no process started and no code loaded (an audit hook, PEP 578, and the folder around compared before and "
        "after).",
        "",
        f"coremltools {version('coremltools')}, numpy {version('numpy')}, protobuf {version('protobuf')}, "
        f"{sys.platform}; {len(found):,} files, {seconds / 60:.0f} minutes.",
        "",
        f"**{len(found) - len(wrong):,} of {len(found):,} are met as they should be.** The slowest step took {longest:.1f} s, "
        f"the largest {largest / 2**20:,.0f} MB.",
        "",
        "| kind of damage | files | a result | BadPackage | BadInput | wrong | most seconds | most MB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    described = {**mutations.ON_DISK, **fields.KINDS, **programs.KINDS}
    for kind in described:
        lines.append(_row(f"{kind}: {_first(described[kind])}", [each for each in found if each[0]["kind"] == kind]))
    lines += ["", "| file | files | a result | BadPackage | BadInput | wrong | most seconds | most MB |"]
    lines += ["|---|--:|--:|--:|--:|--:|--:|--:|"]
    for name in dict.fromkeys(case["name"] for case in wanted):
        lines.append(_row(name, [each for each in found if each[0]["name"] == name]))
    lines += ["", "## What is wrong", ""]
    lines += [
        f"- {case['number']}, {case['name']}, {case['kind']} ({answer['words']}): {why[:300]}"
        for case, answer, why in wrong
    ]
    lines += [] if wrong else ["Nothing."]
    return "\n".join(lines) + "\n", len(wrong)


def _row(name, found):
    counts = Counter(answer["outcome"] for _, answer in found)
    wrong = sum(bool(siege.trouble(case, answer)) for case, answer in found)
    seconds = max((answer["seconds"] for _, answer in found), default=0)
    memory = max((answer["memory"] for _, answer in found), default=0) / 2**20
    cells = [len(found), *(counts[outcome] for outcome in WORDS), wrong]
    return f"| {name} | {' | '.join(f'{cell:,}' for cell in cells)} | {seconds:.1f} | {memory:,.0f} |"


def _first(function):
    return " ".join(function.__doc__.split()).rstrip(".")


def main():
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        workers = int(sys.argv[1]) if len(sys.argv) > 1 else os.cpu_count() or 1
        wanted, answers = siege.run(folder, COUNT, workers=workers, say=lambda words: print(words, flush=True))
    written, wrong = text(wanted, answers, time.monotonic() - begun)
    (Path(__file__).parent / "RESULTS.md").write_text(written, "utf-8")
    print(written)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
