"""A saved package read back into coremltools' builder and written again: for a later system, or in half precision."""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from ..quiet import coremltools
from .program import ALONE, full_disk_as_oserror, to_proto
from .targets import TARGETS, opset


@contextmanager
def opened(path):
    """The saved package as coremltools' ``MLModel``, which is not compiled (that takes a Mac).

    coremltools writes a package's manifest anew when it opens one, so it is given a folder with a manifest of its own and
    links to the data.
    """
    with tempfile.TemporaryDirectory(prefix="beyondlabels-") as folder:
        stand_in = Path(folder) / "opened.mlpackage"
        stand_in.mkdir()
        shutil.copyfile(Path(path) / "Manifest.json", stand_in / "Manifest.json")
        (stand_in / "Data").symlink_to((Path(path) / "Data").resolve(), target_is_directory=True)
        yield coremltools().models.MLModel(str(stand_in), skip_model_load=True)


def target_of(specification):
    """The name of the oldest system that runs a package of this specification version: 7 is "iOS16"."""
    return next(name for name in TARGETS if opset(name).value >= specification)


def rewrite(path, target, precision, weights_folder):
    """The package at ``path`` as a specification for ``target``; its weights are written into ``weights_folder``.

    ``precision`` "float16" rounds weights and values in between; inputs and outputs keep their type. "float32" leaves all
    types as they are.
    """
    coremltools()
    from coremltools.converters.mil.frontend import milproto

    with opened(path) as model, ALONE:
        specification = model.get_spec()
        program = milproto.load.load(specification, opset(target).value, model.weights_dir)
        return to_proto(program, target, precision, weights_folder, specification.description)


def compressed(path, steps, weights_folder):
    """The package at ``path`` after each of ``steps``, functions from ``MLModel`` to ``MLModel``; as ``rewrite`` gives it."""
    coremltools()
    from coremltools.optimize.coreml import _quantization_passes

    with opened(path) as first:
        made = [first]
        try:
            with _no_progress_bars(_quantization_passes), full_disk_as_oserror():
                for step in steps:
                    made.append(step(made[-1]))
            for file in Path(made[-1].weights_dir).iterdir():
                (Path(weights_folder) / file.name).write_bytes(file.read_bytes())
            return made[-1].get_spec()
        finally:
            for each in made[1:]:  # coremltools keeps its temporary packages until Python ends
                shutil.rmtree(each.package_path, ignore_errors=True)


@contextmanager
def _no_progress_bars(*others):
    """coremltools draws progress bars for a few milliseconds of work: those of its pipeline of passes, and those of the modules
    ``others``; here they pass in silence."""
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
