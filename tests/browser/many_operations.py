"""A program of 300 operations, and a notebook of a few cells, for the browser and for measuring."""

import json

import numpy as np

import beyondlabels as bl
from beyondlabels.quiet import coremltools

MANY = 300


def notebook(*sources):
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**empty, "id": f"cell-{at}", "source": source} for at, source in enumerate(sources)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def many(path):
    """A package of 300 operations in 60 blocks of five, each block read by the next but one as well."""
    ct = coremltools()
    from coremltools.converters.mil import Builder as mb

    weight = np.random.default_rng(1).normal(0, 0.2, (16, 16)).astype(np.float32)

    @mb.program(input_specs=[mb.TensorSpec(shape=(1, 16))], opset_version=ct.target.iOS16)
    def program(x):
        before = x
        for at in range(MANY // 5):
            name = f"block{at:02d}"
            y = mb.linear(x=x, weight=weight + np.float32(at / 1000), name=f"{name}_linear")
            y = mb.mul(x=y, y=np.float32(0.5), name=f"{name}_scale_mul")
            y = mb.tanh(x=y, name=f"{name}_scale")
            y = mb.add(x=y, y=before, name=f"{name}_add_before")
            before, x = x, mb.softsign(x=y, name=f"{name}_out")
        return x

    made = ct.convert(
        program,
        minimum_deployment_target=ct.target.iOS16,
        compute_precision=ct.precision.FLOAT32,
        pass_pipeline=ct.PassPipeline.EMPTY,
    )
    made.save(str(path))
    assert len(bl.runtime.load(path).program.operations) == MANY
