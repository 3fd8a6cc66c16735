"""Many hostile files, one after the other in processes of their own, and what became of each."""

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from . import mutations, zoo

HERE = Path(__file__).resolve().parent
SEED = 20261127
SECONDS = 5.0  # of the processor, for each thing that is done with one file
PATIENCE = 30.0  # of the clock: a process that neither computes nor says anything for so long waits for nothing
ROOM = 2**30  # bytes beyond what the imports need


def cases(paths, count, part=1):
    """``count`` cases, every ``part``-th of them: the same ones each time. The kinds and files take turns, so that any even
    share has all of them."""
    every = [(name, kind) for name, path in paths.items() for kind in mutations.kinds(path)]
    order = np.random.default_rng(SEED).permutation(count)
    for number in sorted(order[: count // part].tolist()):
        name, kind = every[number % len(every)]
        yield {"seed": SEED, "number": number, "name": name, "kind": kind}


def run(folder, count=10_000, part=1, workers=1, say=None):
    """(cases, answers by number) of hostile files made from the zoo in ``folder``, by so many processes at a time."""
    paths = zoo.make(folder)
    wanted, answers = list(cases(paths, count, part)), {}

    def told(answer):
        answers[answer["number"]] = answer
        if say and len(answers) % 100 == 0:
            say(f"{len(answers):,} of {len(wanted):,}")

    with ThreadPoolExecutor(workers) as threads:
        list(threads.map(lambda shard: _serve(paths, wanted[shard::workers], told), range(workers)))
    return wanted, answers


def _serve(paths, wanted, told):
    """Put these cases to one process after another: a new one where the last has ended."""
    process = None
    with tempfile.TemporaryDirectory() as work:
        for case in wanted:
            process = process or _start(paths, work)
            answer = _asked(process, case)
            if answer is None:
                answer, process = _ended(process, case), None
            told(answer)
        if process:
            process.stdin.close()
            process.wait()


def trouble(case, answer):
    """What is wrong with an answer, in words, or "" where all is well: an error of ours or a result, in time and room, and
    nothing written, read elsewhere or executed."""
    if answer["outcome"] not in ("valid", "BadPackage", "BadInput"):
        return f"{answer['outcome']}: {answer['message']}"
    if answer["seen"]:
        return f"it {answer['seen'][0]}"
    if answer["seconds"] > SECONDS:
        return f"it took {answer['seconds']:.1f} s"
    if answer["memory"] > ROOM:
        return f"it took {answer['memory'] / 2**20:,.0f} MB"
    if answer["outcome"] != "valid" and len(answer["message"]) < 20:
        return f"its error says nothing: {answer['message']!r}"
    return ""


def _start(paths, work):
    shutil.rmtree(Path(work) / "home", ignore_errors=True)
    home = Path(work) / "home"
    home.mkdir()
    environment = os.environ | {
        "HOSTILE_ZOO": json.dumps({name: str(path) for name, path in paths.items()}),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH")])),
        "HOME": str(home),
        "TMPDIR": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    environment |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    process = subprocess.Popen(
        [sys.executable, "-m", "hostile.victim", str(work)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=home,
    )
    os.set_blocking(process.stderr.fileno(), False)
    if _line(process, 300.0) is None:
        process.kill()
        raise RuntimeError(f"the process that opens the files did not start:\n{process.stderr.read()}")
    return process


def _asked(process, case):
    """The answer of the process, or ``None`` where it gives none."""
    try:
        process.stdin.write(json.dumps(case).encode() + b"\n")
        process.stdin.flush()
        return _line(process, 4 * SECONDS)
    except (BrokenPipeError, ValueError):
        return None


def _line(process, seconds):
    """The next line as data; ``None`` where the process has ended, computes for too many ``seconds`` of the processor, or
    waits for something that does not come."""
    begun = last = _busy(process)
    moved = time.monotonic()
    while not select.select([process.stdout], [], [], 0.5)[0]:
        now = _busy(process)
        if now > last:
            last, moved = now, time.monotonic()
        if now - begun > seconds or time.monotonic() - moved > PATIENCE:
            return None
    line = process.stdout.readline()
    return json.loads(line) if line else None


def _busy(process):
    """Seconds of the processor that a process has taken."""
    import psutil

    try:
        used = psutil.Process(process.pid).cpu_times()
    except psutil.Error:
        return 0.0
    return used.user + used.system


def _ended(process, case):
    process.poll()
    time.sleep(0.2)
    code = process.poll()
    process.kill()
    words = (process.stderr.read() or b"").decode(errors="replace")[-500:]
    process.wait()
    outcome = "hang" if code is None else "crash"
    return {
        "number": case["number"], "outcome": outcome, "message": f"exit {code} {words}", "words": "", "seconds": 0.0,
        "memory": 0, "seen": [],
    }  # fmt: skip
