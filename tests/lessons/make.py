"""Run every lesson and write it back executed and normalised: ``python tests/lessons/make.py [--check] [NAME …]``.

A lesson runs top to bottom in a copy, in a course folder of its own that knows no predictions yet, so two runs give the
same bytes. ``--check`` writes nothing and fails when a committed lesson differs from what it makes; pictures are left
out of that comparison, because fonts differ between machines.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import nbformat

LESSONS = Path(__file__).resolve().parents[2] / "lessons"
LIMIT = 60  # seconds for a whole lesson
_VIEW = "application/vnd.jupyter.widget-view+json"
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")


def normalise(notebook):
    """The notebook without what changes from run to run or belongs to one machine: widget state and views, timings,
    versions, execution numbers that do not count from 1. Changes and returns it."""
    notebook.metadata = nbformat.from_dict(
        {
            "beyondlabels": notebook.metadata.get("beyondlabels", {}),
            "kernelspec": _KERNEL,
            "language_info": {"name": "python"},
        }
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    number = 0
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({name: cell.metadata[name] for name in ("tags",) if name in cell.metadata})
        if cell.cell_type != "code":
            continue
        number += 1
        cell.execution_count = number
        cell.outputs = [output for output in map(_normal_output, _joined(cell.outputs)) if output is not None]
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number
    return notebook


def _joined(outputs):
    """Outputs with neighbouring pieces of one stream put together: how a stream is cut depends on timing."""
    joined = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == "stream" == last.output_type and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def _normal_output(output):
    if "data" not in output:
        return output
    output.data.pop(_VIEW, None)
    output.metadata = nbformat.from_dict({})
    return output if output.data else None


def run(path, folder):
    """Execute the notebook ``path`` in ``folder``; returns it with its outputs. Raises nbclient's error of a failing cell."""
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=LIMIT,
        kernel_name="python3",
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    return notebook


def text(notebook):
    """The notebook as the text of its file."""
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"


def shape(text):
    """What ``--check`` compares: everything but the bytes of pictures."""
    return _PICTURE.sub("data:image/png;base64,", text)


def make(path):
    """The text of the lesson ``path``, executed and normalised, and the seconds it took."""
    from beyondlabels.course import folder

    with tempfile.TemporaryDirectory(prefix="beyondlabels-lesson-") as place:
        course = Path(place) / "course"
        folder.prepare(course)
        isolated = {
            "BEYONDLABELS_COURSE": str(course),
            "IPYTHONDIR": f"{place}/ipython",
            "JUPYTER_RUNTIME_DIR": f"{place}/run",
        }
        before = {name: os.environ.get(name) for name in isolated}
        os.environ.update(isolated)
        try:
            start = time.monotonic()
            notebook = run(path, course)
            seconds = time.monotonic() - start
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
        left = sorted(str(file.relative_to(course)) for file in course.rglob("*") if file.is_file())
    wanted = re.compile(r".*\.ipynb|\.beyondlabels/.*|[^/]+\.mlpackage/.*")  # a package is what a lesson is for
    extra = [name for name in left if not wanted.fullmatch(name)]
    if extra:
        raise RuntimeError(f"{path.name} leaves files that nobody asked for: {', '.join(extra)}")
    return text(normalise(notebook)), seconds


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="lessons to make, such as 01 or kmeans; all when none is named")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail when a lesson differs from what it makes"
    )
    options = parser.parse_args(arguments)
    paths = [path for path in sorted(LESSONS.glob("[0-9]*.ipynb"))
             if not options.names or any(name in path.stem for name in options.names)]  # fmt: skip
    if not paths:
        known = ", ".join(path.stem for path in sorted(LESSONS.glob("*.ipynb")))
        parser.error(f"no lesson is called {' or '.join(options.names)}; there are {known}")
    different = []
    for path in paths:
        made, seconds = make(path)
        old = path.read_text("utf-8")
        same = shape(made) == shape(old)
        if not same:
            different.append(path.name)
        if not options.check and made != old:
            path.write_text(made, "utf-8")
        word = "same" if same else "differs" if options.check else "written"
        print(f"{path.name:<24} {seconds:5.1f} s  {len(made) / 1000:5.0f} kB  {word}", flush=True)
        if seconds > LIMIT:
            sys.exit(f"{path.name} took {seconds:.0f} s; a lesson may take {LIMIT} s")
    if options.check and different:
        sys.exit(f"differs from what it makes: {', '.join(different)}; `python tests/lessons/make.py` writes it")


if __name__ == "__main__":
    main()
