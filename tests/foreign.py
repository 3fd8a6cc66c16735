"""Packages of another maker: programs written with coremltools' own builder, without our metadata and proof."""

import logging

from beyondlabels.quiet import coremltools


def build(path, write, shapes, target="iOS18", states=None, **options):
    """Save the program whose outputs ``write(mb, *inputs)`` returns, one or a list; ``shapes``: input name -> shape;
    ``states``: name -> shape. Returns ``path``."""
    ct = coremltools()
    from coremltools.converters.mil import Builder as mb
    from coremltools.converters.mil.mil import Function, Program, types

    places = {name: mb.placeholder(shape=shape) for name, shape in shapes.items()}
    places |= {
        name: mb.state_tensor_placeholder(shape=shape, dtype=types.fp16) for name, shape in (states or {}).items()
    }
    program = Program()
    with Function(places, opset_version=getattr(ct.target, target)) as function:
        made = write(mb, *function.inputs.values())
        function.set_outputs(made if isinstance(made, list) else [made])
    program.add_function("main", function)
    save(program, path, target, **options)
    return path


def save(program, path, target="iOS18", **options):
    """Convert and save a MIL program, in float32 unless ``precision`` says otherwise."""
    ct = coremltools()
    logging.getLogger("coremltools").setLevel(logging.ERROR)
    precision = options.pop("precision", ct.precision.FLOAT32)
    options |= {"minimum_deployment_target": getattr(ct.target, target), "compute_precision": precision}
    ct.convert(program, convert_to="mlprogram", skip_model_load=True, **options).save(str(path))
