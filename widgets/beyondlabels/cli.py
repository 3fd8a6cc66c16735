"""The ``beyondlabels`` command. Exit codes: 0 done, 1 refused or failed (the reason on stderr), 2 wrong usage."""

import argparse
import json
import os
import sys
import threading

from . import __version__
from .errors import BadInput, BeyondLabelsError, PackageExists

_QUIET = 1.0  # seconds before progress is reported


def main(arguments=None):
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        code = options.run(options)
        sys.stdout.flush()
        return code
    except PackageExists as error:
        print(f"beyondlabels: {str(error).replace('overwrite=True', '--overwrite')}", file=sys.stderr)
        return 1
    except BeyondLabelsError as error:
        print(f"beyondlabels: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of our output has gone; Python must not stumble over that again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"beyondlabels: {error.filename or 'the file'}: {error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("beyondlabels: stopped", file=sys.stderr)
        return 1


def _parser():
    from .compression import command as shrinking
    from .course import command as course
    from .mil.targets import TARGETS

    parser = argparse.ArgumentParser(
        prog="beyondlabels", description="Fitted models to verified Core ML packages, and the course."
    )
    parser.add_argument("--version", action="version", version=f"beyondlabels {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    each = commands.add_parser("course", help="open the course in JupyterLab")
    course.add_arguments(each)
    each.set_defaults(run=course.run)

    each = commands.add_parser("export", help="save a fitted model as a verified package")
    each.add_argument("model", help="a model saved with skops.io.dump, or a .keras file (a pickle only with --trust)")
    each.add_argument("--sample", required=True, help="rows to verify with: CSV, .npy, or .npz with the inputs by name")
    each.add_argument("-o", "--output", required=True, help="where to save, NAME.mlpackage")
    each.add_argument("--precision", default="float32", choices=["float32", "float16"])
    each.add_argument("--target", default="iOS16", choices=TARGETS, help="oldest system to run on (default iOS16)")
    each.add_argument("--name", help="what to call the model (default: the package's name)")
    each.add_argument("--overwrite", action="store_true", help="replace an existing package")
    each.add_argument(
        "--trust", action="store_true", help="load types skops does not know, or a pickle: runs their code"
    )
    each.add_argument(
        "--image", choices=["RGB", "BGR", "GRAYSCALE"], help="take an image; the sample is pictures of pixels, 0 to 255"
    )
    each.add_argument(
        "--scale", type=float, help="what the model was given for each pixel: scale * pixel + bias (default 1 and 0)"
    )
    each.add_argument("--bias", type=float)
    each.set_defaults(wrong_usage=each.error)
    _finish(each, _export)

    each = commands.add_parser("shrink", help="compress a package, and measure what that loses")
    shrinking.add_arguments(each, TARGETS)
    _finish(each, _shrink)

    each = commands.add_parser("run", help="run a package or .mlmodel on rows from files, on any system")
    each.add_argument("package")
    each.add_argument(
        "rows",
        nargs="?",
        help="CSV, whose columns are found by name when it has a header; .npy; or .npz with inputs by name",
    )
    each.add_argument(
        "--input", action="append", default=[], metavar="NAME=FILE", help="the rows of one of several inputs"
    )
    each.add_argument(
        "--function", help="which function of a package that holds several (default: the one it names itself)"
    )
    each.add_argument("-o", "--output", help="write CSV here instead of to the terminal")
    each.set_defaults(wrong_usage=each.error)
    _finish(each, _run)

    each = commands.add_parser("inspect", help="show what a package or .mlmodel holds")
    each.add_argument("package")
    _finish(each, _inspect)

    each = commands.add_parser("check", help="replay the proof inside a package")
    each.add_argument("package", nargs="+")
    _finish(each, _check)

    each = commands.add_parser("matrix", help="fit, export and compare every estimator now: what exports, and how well")
    each.add_argument("estimator", nargs="*", help="only these, by class name (default: all)")
    form = each.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="print a Markdown table, a line an estimator")
    each.add_argument("--default-options", action="store_true", help="leave out the runs with other options")
    _finish(each, _matrix, form)
    return parser


def _finish(parser, run, form=None):
    (form or parser).add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def _export(options):
    from . import ImageInput, export, models

    scaling = {name: getattr(options, name) for name in ("scale", "bias") if getattr(options, name) is not None}
    if scaling and not options.image:
        options.wrong_usage(
            f"--{' and --'.join(scaling)} are for pixels: say --image RGB, BGR or GRAYSCALE, or leave them out"
        )
    with _Progress() as progress:
        progress.say("reading the model")
        model = models.read(options.model, options.trust)
        progress.say("reading the sample")
        sample = _sample(options.sample, model)
        result = export(
            model,
            options.output,
            sample=sample,
            precision=options.precision,
            target=options.target,
            name=options.name,
            overwrite=options.overwrite,
            progress=progress.say,
            image_input=ImageInput(options.image, **scaling) if options.image else None,
        )
    print(json.dumps(result.plain(), indent=2, ensure_ascii=False) if options.json else result)
    return 0


def _shrink(options):
    from .compression import command

    with _Progress() as progress:
        return command.run(options, progress)


def _sample(path, model):
    """Arrays from NumPy's files; the whole rows of a CSV, with their names where it has a header."""
    from . import arrays, tables

    if path.lower().endswith(arrays.SUFFIXES):
        return arrays.sample(path)
    names, values = tables.read(path, [str(name) for name in getattr(model, "feature_names_in_", [])])
    whole = (values == values).all(axis=1)
    if not whole.all() and whole.any():
        print(f"{(~whole).sum()} of {len(values)} rows with missing values left out of the sample", file=sys.stderr)
        values = values[whole]
    return _Table(names, values) if names else values


def _run(options):
    from . import arrays, runtime
    from .runtime.calls import Calls
    from .runtime.older import flat

    if bool(options.rows) == bool(options.input):
        options.wrong_usage("give the rows as one file (CSV, .npy or .npz), or each input as --input NAME=FILE")
    package = runtime.load(options.package, options.function)
    if hasattr(package, "from_table"):
        if options.input:
            options.wrong_usage("a .mlmodel takes its inputs from one file, each by the name of its column")
        return _run_older(options, package)
    parts, calls = [], Calls(package, 5_000)
    with _Progress() as progress:
        progress.say("reading the rows")
        features = runtime.feature_names(package.program.metadata)
        inputs = arrays.inputs(package.program.inputs, features, options.rows, options.input, calls.alone)
        state = package.make_state() if package.program.states else None
        for start, given in calls.parts(inputs):
            progress.say(f"row {start:,} of {len(next(iter(inputs.values()))):,}")
            try:
                parts.append(package.predict(given, state=state))
            except BadInput as error:
                raise BadInput(f"from row {start:,} on: {error}" if start else str(error)) from None
    return _give(options, flat(calls.joined(parts)))


def _run_older(options, model):
    """The same for a ``.mlmodel``, whose inputs are found by name in a CSV and may be text."""
    from . import arrays, tables
    from .runtime.older import flat

    with _Progress() as progress:
        progress.say("reading the rows")
        if options.rows.lower().endswith(arrays.SUFFIXES):
            inputs = arrays.by_name(list(model.program.inputs), options.rows)
        else:
            inputs = model.from_table(*tables.cells(options.rows))
        progress.say("running the model")
        return _give(options, flat(model.predict(inputs)))


def _give(options, outputs):
    from . import tables

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

    found = []
    for path in options.package:
        try:
            result = runtime.check(path)
        except BeyondLabelsError as error:
            found.append({"path": path, "passed": False, "problems": [str(error)]})
            print(f"beyondlabels: {error}", file=sys.stderr)
            continue
        found.append(result.plain())
        if not options.json:
            print(result)
        if not result.passed:
            print(f"beyondlabels: {result.path}: {' '.join(result.problems)}", file=sys.stderr)
    if options.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    return 0 if all(each["passed"] for each in found) else 1


def _matrix(options):
    from .matrix import report

    rows = report.chosen(options.estimator)
    with _Progress() as progress:
        found = report.entries(rows, not options.default_options, progress.say)
    if options.json:
        print(json.dumps(report.plain(found), indent=2, ensure_ascii=False))
    else:
        print(report.markdown(found) if options.markdown else report.text(found))
    problems = [f"{entry.name}: {problem}" for entry in found for problem in entry.problems]
    for problem in problems:
        print(f"beyondlabels: {problem}", file=sys.stderr)
    return 1 if problems else 0


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
        self._timer = threading.Timer(_QUIET, self._speak)
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
