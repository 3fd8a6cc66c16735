"""The process that opens hostile files: ``python -m hostile.victim WORK`` reads one case a line (JSON) and answers each.

Memory is limited to what the process needs for its imports and ``ROOM`` more. An audit hook (PEP 578) watches every file
that is opened for writing, or read outside the case's own folder, and everything that runs or loads code; the folder around
the case is compared afterwards. An answer says what happened, and the seconds and memory it took.
"""

import gc
import json
import os
import resource
import shutil
import sys
import time
from pathlib import Path

import numpy as np

from beyondlabels.errors import BadInput, BeyondLabelsError

from . import mutations

ROOM = 2**30
_FORBIDDEN = (
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.spawn",
    "socket.",
    "pickle.",
    "ctypes.",
)
_FORBIDDEN += (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
)
_FORBIDDEN += ("shutil.", "os.putenv", "webbrowser.", "marshal.load", "code.__new__", "exec", "compile")


class Watch:
    """What a process does beside computing, by its audit events, while ``on``."""

    def __init__(self):
        self.on, self.seen, self.allowed = False, [], ()
        self.libraries = tuple(
            {os.path.realpath(each) for each in (sys.prefix, sys.base_prefix, os.path.dirname(os.__file__))}
        )
        self.libraries += tuple(os.path.realpath(each) for each in sys.path if each)
        sys.addaudithook(self._hook)

    def _hook(self, event, arguments):
        if not self.on:
            return
        if event == "open":
            self._opened(*arguments)
        elif event.startswith(_FORBIDDEN) and not self._imports(event):
            self.seen.append(f"{event} {arguments!r:.200}")

    def _opened(self, path, mode, flags):
        if isinstance(path, int):
            return
        place = os.path.realpath(os.fsdecode(path))
        writes = any(sign in (mode or "") for sign in "wax+") or (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        inside = place == self.allowed or place.startswith(self.allowed + os.sep)
        if writes or not (inside or place.startswith(self.libraries)):
            self.seen.append(f"{'writes' if writes else 'reads'} {place}")

    @staticmethod
    def _imports(event):
        """Whether this comes from an import of a library, which runs code and is meant to."""
        frame = sys._getframe(2)
        while frame is not None:
            if frame.f_code.co_filename.startswith("<frozen importlib"):
                return event in ("exec", "compile", "marshal.loads", "code.__new__")
            frame = frame.f_back
        return False


def main():
    work = Path(sys.argv[1])
    zoo = {name: Path(path) for name, path in json.loads(os.environ["HOSTILE_ZOO"]).items()}
    inputs = {name: _given(path.parent / f"{name}.npz") for name, path in zoo.items()}
    for name, path in zoo.items():  # whole files first: what is imported late is imported now
        meet(path, inputs[name], [])
    gc.freeze()
    watch = Watch()
    _limit()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(_case(json.loads(line), work, zoo, inputs, watch)), flush=True)


def _case(case, work, zoo, inputs, watch):
    chance = np.random.default_rng([case["seed"], case["number"]])
    name = case["name"]
    room = work / "case"
    shutil.rmtree(room, ignore_errors=True)
    (room / "outside").mkdir(parents=True)
    (room / "outside" / "secret.txt").write_text("not to be read")
    path = room / f"file{zoo[name].suffix}"
    (shutil.copytree if zoo[name].is_dir() else shutil.copyfile)(zoo[name], path)
    words = mutations.damage(path, case["kind"], chance, list(zoo.values()))
    before = _snapshot(work)
    watch.seen, watch.allowed = [], os.path.realpath(path)
    base = _peak(reset=True)
    watch.on = True
    took = []
    outcome, message = _outcome(path, inputs[name], took)
    watch.on = False
    answer = {"number": case["number"], "outcome": outcome, "message": message[:500], "words": words[:200]}
    answer |= {"seconds": max(took), "memory": max(0, _peak() - base), "seen": watch.seen[:5]}
    if _snapshot(work) != before:
        answer["seen"].append("the folder around the file is not what it was")
    return answer


def _outcome(path, inputs, took):
    try:
        return "valid", meet(path, inputs, took)
    except BeyondLabelsError as error:
        return type(error).__name__, str(error)
    except BaseException as error:
        import traceback

        return "escape", f"{type(error).__name__}: {error} | {''.join(traceback.format_tb(error.__traceback__)[-3:])}"


def meet(path, inputs, took):
    """All that is done with a file: read, described, stepped through, run, checked, trained. What it gives, in a word.

    An error of ours on the way is right and does not end it: the next thing is tried. The last of them is raised, unless
    there is a prediction. ``took`` gets the seconds of the processor that each thing took.
    """
    from beyondlabels.runtime import check, describe, describe_text, in_precision, load, walk_through

    failed = []

    def attempt(work):
        start = time.process_time()
        try:
            return work()
        except BeyondLabelsError as error:
            failed.append(error)
            return None
        finally:
            took.append(time.process_time() - start)

    model = attempt(lambda: load(path))
    if model is None:
        raise failed[0]
    repr(model)
    older = not hasattr(model, "make_state")
    attempt(lambda: json.dumps(describe(model)) and describe_text(describe(model)))
    attempt(model.program.digest)
    given = attempt(lambda: _fitting(model, inputs))
    state = {} if older or not model.program.states else {"state": attempt(model.make_state)}
    made = attempt(lambda: model.predict(inputs, **state))
    if made is None and given is not None and isinstance(failed[-1], BadInput):
        made = attempt(lambda: model.predict(given, **state))
    attempt(lambda: model.values(given if made is None and given else inputs, **state))
    if older:
        if model.updatable:
            attempt(lambda: _trained(model, inputs))
    else:
        attempt(lambda: walk_through(model))
        attempt(lambda: check(path))
        if made is not None:
            attempt(lambda: in_precision(model, "float16").predict(inputs, **state))
    if made is None:
        raise failed[-1]
    for value in made.values():
        assert value is not None
    return f"{len(made)} outputs"


def _fitting(model, inputs):
    """Rows that fit what the file says of its inputs now; none where they would be large."""
    made = {}
    for name, port in model.program.inputs.items():
        bounds = port.bounds or ()
        size = 1
        for low, _ in bounds:
            size *= max(int(low), 1)
        if size > 10**6 or port.dtype in ("str", "dict"):
            return None
        made[name] = np.ones([int(low) for low, _ in bounds], port.dtype) if all(low >= 0 for low, _ in bounds) else 0.0
    return made


def _trained(model, inputs):
    """One round of training with rows of whatever the model says that it learns from."""
    rows = {}
    for each in model.spec.description.trainingInput:
        if each.name in inputs:
            rows[each.name] = inputs[each.name]
        elif each.type.WhichOneof("Type") == "stringType":
            rows[each.name] = ["ant", "bee", "cat"]
        elif each.type.WhichOneof("Type") == "int64Type":
            rows[each.name] = [0, 1, 1]
        else:
            rows[each.name] = np.ones((3, 3))
    count = min(len(each) for each in rows.values()) if rows else 0
    return model.update({name: each[:count] for name, each in rows.items()})


def _given(path):
    with np.load(path) as found:
        return {name: value.tolist() if value.dtype.kind == "U" else value for name, value in found.items()}


def _snapshot(folder):
    """Names, sizes and times of all that lies in a folder; links are not followed."""
    found = []
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            state = os.lstat(os.path.join(place, name))
            found.append((place, name, state.st_size, state.st_mtime_ns, state.st_mode))
    return sorted(found)


def _limit():
    """No more memory than now and ``ROOM``; where the system does not say how much that is, no limit."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return
    most = pages * resource.getpagesize() + ROOM
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _peak(reset=False):
    """Bytes in memory at most since the last ``reset``; on a system without /proc, nothing."""
    try:
        if reset:
            Path("/proc/self/clear_refs").write_text("5")
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


if __name__ == "__main__":
    main()
