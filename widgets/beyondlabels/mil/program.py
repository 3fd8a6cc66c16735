"""From a function that writes operations to Core ML's model format, through coremltools' MIL builder.

The graph passes and the writer are those that ``ct.convert`` calls inside. Calling them directly leaves out a full garbage
collection (0.1 s of the 0.11 s that a small program takes), the passes made for neural networks, and a validation and a
printout of the whole program around every pass: here it is validated once, before it is written. They are no part of
coremltools' documented interface, so they are called here and nowhere else.
"""

import errno
from contextlib import contextmanager
from threading import RLock

import numpy as np

from ..quiet import coremltools
from .targets import opset

MOST_ROWS = 100_000
ALONE = RLock()  # the builder numbers names and keeps open blocks for the whole process: one program at a time
_CLEAN = [
    "common::const_elimination",
    "common::noop_elimination",
    "common::dead_code_elimination",
]
_HALF = [
    "common::add_fp16_cast",
    "common::cast_optimization",
    "common::const_elimination",
]
_FINISH = [  # what coremltools does to every program before it is written, less what concerns only images
    "mil_backend::adjust_io_to_supported_types",
    "mil_backend::fuse_activation_silu",
    "mil_backend::fuse_pow2_sqrt",
    "beyondlabels::share_constants",
    "common::dead_code_elimination",
    "mil_backend::sanitize_name_strings",
    "nn_backend::handle_unused_inputs",
]


def build(inputs, write, target):
    """A MIL program with these inputs: objects with ``name``, ``shape`` (of one row) and ``dtype`` ("float32" or "int32"),
    or a number for one input ``x``, float32, of shape (rows, number). All inputs share their number of rows, which is 1 where
    one of them has an ``image`` (with its ``color``): its shape is (channels, height, width).

    ``write(x)`` returns output name -> Var, using the ops of ``coremltools.converters.mil.Builder``; x is a Var, or a dict
    of Vars by name where there are several inputs.
    """
    coremltools()
    from coremltools.converters.mil import Builder as mb
    from coremltools.converters.mil.mil import Program, get_new_symbol, types

    mb.name_count.clear()  # operations are numbered from 0 in every program, so the same model gives the same file
    program = Program()
    rows = 1 if _has_image(inputs) else get_new_symbol()
    kinds = {"float32": types.fp32, "int32": types.int32}
    places = {name: mb.placeholder(shape=(rows, *shape), dtype=kinds[dtype]) for name, shape, dtype in _ports(inputs)}
    with _function(places, target) as function:
        given = dict(function.inputs)
        made = write(given if len(given) > 1 else next(iter(given.values())))
        function.set_outputs([_named(mb, value, name, made) for name, value in made.items()])
    program.add_function("main", function)
    return program


def _function(places, target):
    """A MIL function with these inputs. Leaving it, which every graph pass does, walks over all operations to carry forward
    which compressed constants a value depends on; our programs have none, so there is nothing to carry."""
    from coremltools.converters.mil.mil import Function

    function = Function(places, opset_version=opset(target))
    function._propagate_nonreplaceable_vars = lambda: None
    return function


def _ports(inputs):
    """(name, shape of one row, dtype) of each input."""
    if isinstance(inputs, int):
        return [("x", (inputs,), "float32")]
    return [(each.name, each.shape, each.dtype) for each in inputs]


def _has_image(inputs):
    return not isinstance(inputs, int) and any(getattr(each, "image", None) is not None for each in inputs)


def _types(ct, inputs):
    """What the interface says of each input."""
    if _has_image(inputs):
        colors = {each.name: each.image.color for each in inputs if each.image is not None}
        return [
            ct.ImageType(name=name, shape=(1, *shape), color_layout=ct.colorlayout[colors[name]], channel_first=True)
            if name in colors
            else ct.TensorType(name=name, shape=(1, *shape), dtype=getattr(np, dtype))
            for name, shape, dtype in _ports(inputs)
        ]
    rows = ct.RangeDim(lower_bound=1, upper_bound=MOST_ROWS, default=1)
    return [
        ct.TensorType(name=name, shape=ct.Shape((rows, *shape)), dtype=getattr(np, dtype))
        for name, shape, dtype in _ports(inputs)
    ]


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
    program.functions["main"].set_input_types(tuple(_types(ct, inputs)))
    return to_proto(program, target, precision, weights_folder)


def to_proto(program, target, precision, weights_folder, description=None):
    """A program whose input types are set as a Core ML specification; its weights are written into ``weights_folder``.

    ``description``: that of a package which is written again, with its interface and metadata; a new one where None.
    """
    coremltools()
    from coremltools.converters.mil.backend.mil.load import load
    from coremltools.converters.mil.mil.passes.pass_registry import PASS_REGISTRY

    from . import sharing  # noqa: F401  registers the pass that shares constants

    for name in _CLEAN + (_HALF if precision == "float16" else []) + _FINISH:
        PASS_REGISTRY[name](program)
    program._check_early_error_out_for_invalid_program()
    with full_disk_as_oserror():
        return load(
            program,
            str(weights_folder),
            specification_version=opset(target).value,
            convert_to="mlprogram",
            model_description=description,
        )  # validates the program first


@contextmanager
def full_disk_as_oserror():
    """coremltools' native writer of weights knows only a RuntimeError, whatever went wrong on the disk. The error forgets
    where it came from: the writer there keeps its file open, and so its space on the full disk."""
    try:
        yield
    except RuntimeError as error:
        if "FileWriter" not in str(error):
            raise
        raise OSError(errno.EIO, "the weights could not be written; is the disk full?") from error.with_traceback(None)
