"""The ``beyondlabels`` command. Exit codes: 0 done, 1 refused or failed (the reason on stderr), 2 wrong usage."""

import argparse
import json
import sys
import threading

from . import __version__
from .errors import BeyondLabelsError


def main(arguments=None):
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except BeyondLabelsError as error:
        print(f"beyondlabels: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        print("beyondlabels: stopped", file=sys.stderr)
        return 1


def _parser():
    from .course import command as course

    parser = argparse.ArgumentParser(
        prog="beyondlabels", description="Fitted models to verified Core ML packages, and the course."
    )
    parser.add_argument("--version", action="version", version=f"beyondlabels {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    each = commands.add_parser("course", help="open the course in JupyterLab")
    course.add_arguments(each)
    each.set_defaults(run=course.run)

    each = commands.add_parser("export", help="save a fitted model as a verified package")
    each.add_argument("model", help="a model saved with skops.io.dump (a pickle only with --trust)")
    each.add_argument("--sample", required=True, help="CSV with rows to verify the package with")
    each.add_argument("-o", "--output", required=True, help="where to save, NAME.mlpackage")
    each.add_argument("--precision", default="float32", choices=["float32", "float16"])
    each.add_argument("--target", default="iOS16", help="oldest system, iOS15 to iOS18 (default iOS16)")
    each.add_argument("--name", help="what to call the model (default: the package's name)")
    each.add_argument("--overwrite", action="store_true", help="replace an existing package")
    each.add_argument(
        "--trust", action="store_true", help="load types skops does not know, or a pickle: runs their code"
    )
    _finish(each, _export)

    each = commands.add_parser("run", help="run a package on the rows of a CSV, on any system")
    each.add_argument("package")
    each.add_argument("rows", help="CSV; columns are found by name when it has a header")
    each.add_argument("-o", "--output", help="write CSV here instead of to the terminal")
    _finish(each, _run)

    each = commands.add_parser("inspect", help="show what a package holds")
    each.add_argument("package")
    _finish(each, _inspect)

    each = commands.add_parser("check", help="replay the proof inside a package")
    each.add_argument("package", nargs="+")
    _finish(each, _check)
    return parser


def _finish(parser, run):
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def _export(options):
    from . import export, models, tables

    model = models.read(options.model, options.trust)
    names, values = tables.read(options.sample, [str(name) for name in getattr(model, "feature_names_in_", [])])
    complete = (values == values).all(axis=1)
    if not complete.all() and complete.any():
        print(f"{(~complete).sum()} of {len(values)} rows with missing values left out of the sample", file=sys.stderr)
        values = values[complete]
    with _Progress() as progress:
        result = export(
            model,
            options.output,
            sample=_Table(names, values) if names else values,
            precision=options.precision,
            target=options.target,
            name=options.name,
            overwrite=options.overwrite,
            progress=progress.say,
        )
    print(json.dumps(result.plain(), indent=2, ensure_ascii=False) if options.json else result)
    return 0


def _run(options):
    import numpy as np

    from . import runtime, tables

    package = runtime.load(options.package)
    features = json.loads(package.program.metadata.get("com.beyondlabels.features", "[]"))
    _, values = tables.read(options.rows, features)
    parts = []
    with _Progress() as progress:
        for start in range(0, len(values), 5_000):
            progress.say(f"row {start:,} of {len(values):,}")
            parts.append(package.predict({"x": values[start : start + 5_000]}))
    outputs = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    if options.json:
        print(json.dumps({name: value.tolist() for name, value in outputs.items()}))
    elif options.output:
        with open(options.output, "w", encoding="utf-8", newline="") as file:
            tables.write(file, outputs)
    else:
        tables.write(sys.stdout, outputs)
    return 0


def _inspect(options):
    from . import runtime

    found = runtime.describe(runtime.load(options.package))
    print(json.dumps(found, indent=2, ensure_ascii=False) if options.json else runtime.describe_text(found))
    return 0


def _check(options):
    from . import runtime

    results = [runtime.check(path) for path in options.package]
    if options.json:
        print(json.dumps([result.plain() for result in results], indent=2, ensure_ascii=False))
    for result in results:
        if not options.json:
            print(result)
        if not result.passed:
            print(f"beyondlabels: {result.path}: {' '.join(result.problems)}", file=sys.stderr)
    return 0 if all(result.passed for result in results) else 1


class _Table:
    """Rows with column names, as much of a DataFrame as ``export`` looks at."""

    def __init__(self, columns, values):
        self.columns, self._values = columns, values

    def __array__(self, dtype=None, copy=None):
        return self._values if dtype is None else self._values.astype(dtype)


class _Progress:
    """Says on stderr what is being done, once it has taken over a second."""

    def __enter__(self):
        self._words, self._late = "starting", False
        self._timer = threading.Timer(1.0, self._speak)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, *_):
        self._timer.cancel()

    def say(self, words):
        self._words = words
        if self._late:
            print(f"  {words} …", file=sys.stderr, flush=True)

    def _speak(self):
        self._late = True
        self.say(self._words)
