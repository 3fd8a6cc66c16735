"""Models one after another: each reads features by name, from the pipeline's inputs or from a model before it.

After ``Pipeline`` in ``Model.proto`` (Core ML Model Format Specification, apple/coremltools, 2026).
"""

from ...errors import BadPackage
from .interface import Stage, interface


def read(spec, known, read_stage, depth):
    """The ``Stage`` of a pipeline, pipelineClassifier or pipelineRegressor; ``read_stage`` reads the models in it."""
    kind = spec.WhichOneof("Type")
    models = (spec.pipeline if kind == "pipeline" else getattr(spec, kind).pipeline).models
    if not len(models) or depth > 16:
        raise BadPackage(
            "the pipeline holds no models" if not len(models) else "pipelines are nested more than 16 deep"
        )
    stages = [(read_stage(model, depth + 1), interface(model)) for model in models]
    there = set(known.inputs)
    for place, (_, inner) in enumerate(stages):
        missing = set(inner.inputs) - there
        if missing:
            raise BadPackage(f"model {place} of the pipeline reads {sorted(missing)}, which nothing before it makes")
        there |= set(inner.outputs)
    if set(known.outputs) - there:
        raise BadPackage(f"the pipeline gives {sorted(set(known.outputs) - there)}, which none of its models makes")

    def values(columns):
        made = dict(columns)
        for stage, inner in stages:
            made.update(run(stage, inner, made))
        return made

    operations = tuple(operation for stage, _ in stages for operation in stage.operations)
    constants = {
        f"{place}/{name}": value for place, (stage, _) in enumerate(stages) for name, value in stage.constants.items()
    }
    return Stage(lambda columns: values(columns), operations, any(stage.nan for stage, _ in stages), values, constants)


def run(stage, known, columns):
    """The outputs of one model for the columns it reads, as its own interface declares them."""
    made = stage.evaluate({name: columns[name] for name in known.inputs if name in columns})
    missing = [name for name in known.outputs if name not in made]
    if missing:
        raise BadPackage(f"the model makes no output {missing[0]!r}; it makes {sorted(made)}")
    return {name: feature.given(made[name]) for name, feature in known.outputs.items()}
