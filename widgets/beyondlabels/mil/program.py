"""From a function that writes operations to Core ML's model format, through coremltools' MIL builder.

``mil_convert_to_proto`` is what ``ct.convert`` calls inside; calling it directly leaves out a full garbage collection
(0.1 s of the 0.11 s that a small program takes) and a list of graph passes made for neural networks. It is not part of
coremltools' documented interface, so it is called here and nowhere else.
"""

import errno
from contextlib import contextmanager

import numpy as np

from ..quiet import coremltools
from .targets import opset

MOST_ROWS = 100_000
CLEAN = [
    "common::const_elimination",
    "common::noop_elimination",
    "beyondlabels::share_constants",
    "common::dead_code_elimination",
]
HALF = [
    "common::add_fp16_cast",
    "common::cast_optimization",
    "common::const_elimination",
    "beyondlabels::share_constants",
    "common::dead_code_elimination",
]


def build(inputs, write, target):
    """A MIL program with these inputs: objects with ``name``, ``shape`` (of one row) and ``dtype`` ("float32" or "int32"),
    or a number for one input ``x``, float32, of shape (rows, number). All inputs share their number of rows.

    ``write(x)`` returns output name -> Var, using the ops of ``coremltools.converters.mil.Builder``; x is a Var, or a dict
    of Vars by name where there are several inputs.
    """
    coremltools()
    from coremltools.converters.mil import Builder as mb
    from coremltools.converters.mil.mil import Function, Program, get_new_symbol, types

    mb.name_count.clear()  # operations are numbered from 0 in every program, so the same model gives the same file
    program = Program()
    rows, kinds = get_new_symbol(), {"float32": types.fp32, "int32": types.int32}
    places = {name: mb.placeholder(shape=(rows, *shape), dtype=kinds[dtype]) for name, shape, dtype in _ports(inputs)}
    with Function(places, opset_version=opset(target)) as function:
        given = dict(function.inputs)
        made = write(given if len(given) > 1 else next(iter(given.values())))
        function.set_outputs([_named(mb, value, name, made) for name, value in made.items()])
    program.add_function("main", function)
    return program


def _ports(inputs):
    """(name, shape of one row, dtype) of each input."""
    if isinstance(inputs, int):
        return [("x", (inputs,), "float32")]
    return [(each.name, each.shape, each.dtype) for each in inputs]


def _named(mb, value, name, made):
    """``value`` under the output's name; through an identity where it is an input, a constant or an output twice over."""
    alone = sum(other is value for other in made.values()) == 1
    if value.op is None or value.op.op_type == "const" or not alone:
        return mb.identity(x=value, name=name)
    value.name = value.op.name = name
    return value


def specify(program, inputs, target, precision, weights_folder):
    """The program as a Core ML specification (``Model_pb2.Model``); its weights are written into ``weights_folder``.

    ``inputs`` as for ``build``.
    """
    ct = coremltools()
    rows = ct.RangeDim(lower_bound=1, upper_bound=MOST_ROWS, default=1)
    types = [
        ct.TensorType(name=name, shape=ct.Shape((rows, *shape)), dtype=getattr(np, dtype))
        for name, shape, dtype in _ports(inputs)
    ]
    return to_proto(program, CLEAN + (HALF if precision == "float16" else []), target, weights_folder, inputs=types)


def to_proto(program, passes, target, weights_folder, **interface):
    """The program after these graph passes as a Core ML specification; its weights are written into ``weights_folder``.

    ``interface`` is ``inputs`` (coremltools' types) or ``model_description`` (that of a package which is written again).
    """
    coremltools()
    from coremltools.converters.mil.converter import ConverterRegistry, mil_convert_to_proto
    from coremltools.converters.mil.mil.passes.pass_pipeline import PassPipeline

    from .sharing import only_exact  # registers the pass

    with no_progress_bars(), full_disk_as_oserror(), only_exact():
        specification, _ = mil_convert_to_proto(
            program,
            "milinternal",
            "mlprogram",
            ConverterRegistry,
            main_pipeline=PassPipeline(passes, "beyondlabels"),
            weights_dir=str(weights_folder),
            specification_version=opset(target).value,
            minimum_deployment_target=opset(target),
            **interface,
        )
    return specification


@contextmanager
def full_disk_as_oserror():
    """coremltools' native writer of weights knows only a RuntimeError, whatever went wrong on the disk."""
    try:
        yield
    except RuntimeError as error:
        if "FileWriter" not in str(error):
            raise
        raise OSError(errno.EIO, "the weights could not be written; is the disk full?") from error


@contextmanager
def no_progress_bars(*others):
    """The graph passes draw three progress bars for a few milliseconds of work; here they pass in silence, as do those of
    the modules ``others``."""
    from coremltools.converters.mil.mil.passes import pass_pipeline

    modules = (pass_pipeline, *others)
    bars = [module.tqdm for module in modules]
    for module in modules:
        module.tqdm = lambda passes, **_: passes
    try:
        yield
    finally:
        for module, bar in zip(modules, bars, strict=True):
            module.tqdm = bar
