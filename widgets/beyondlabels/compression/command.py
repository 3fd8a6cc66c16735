"""``beyondlabels shrink``: smaller packages from a saved one, and what each loses."""

import json

from .. import arrays, tables


def add_arguments(parser, targets):
    """Add the options of ``beyondlabels shrink`` to an ``argparse`` parser."""
    parser.add_argument("package")
    parser.add_argument(
        "--sample", required=True, help="rows to measure the loss on: CSV, .npy, or .npz with the inputs by name"
    )
    parser.add_argument(
        "--method",
        action="append",
        help="float16, int8, int4, palette4, pruned-50, palette4+int8 … (again for more; default: all the target allows)",
    )
    parser.add_argument("--target", choices=targets, help="oldest system to run on (default: the package's own)")
    parser.add_argument("--into", metavar="DIR", help="folder for the variants (default: beside the package)")
    parser.add_argument(
        "--smallest-weight", type=int, default=2048, help="leave weights with fewer numbers (default 2048)"
    )
    parser.add_argument("--plot", metavar="FILE.svg", help="write a plot of size against loss here")
    parser.add_argument("--overwrite", action="store_true", help="replace existing variants")


def run(options, progress):
    """Do what ``options`` ask for; ``progress`` says what is being done. Returns the exit code."""
    from .. import runtime, shrink
    from . import plot

    if options.plot:
        plot.checked(options.plot)
    progress.say("reading the sample")
    package = runtime.load(options.package)
    if options.sample.lower().endswith(arrays.SUFFIXES):
        values = arrays.sample(options.sample)
    else:
        _, values = tables.read(options.sample, runtime.feature_names(package.program.metadata))
    method = "all" if options.method in (None, ["all"]) else options.method
    result = shrink(
        options.package,
        sample=values,
        method=method,
        target=options.target,
        into=options.into,
        smallest_weight=options.smallest_weight,
        overwrite=options.overwrite,
        progress=progress.say,
    )
    if options.plot:
        result.plot().save(options.plot)
    print(json.dumps(result.plain(), indent=2, ensure_ascii=False) if options.json else result)
    return 0
