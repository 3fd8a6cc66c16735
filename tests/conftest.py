"""Shared by the tests: real rows, and small packages that are exported once for each run."""

import os
import shutil

import numpy as np
import pytest

from runtime.zoo import zoo_model

os.environ.setdefault("KERAS_BACKEND", "jax")  # read when Keras is imported, by a test or by a process that it starts
os.environ.setdefault("JAX_PLATFORMS", "cpu")
FEATURES = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]


@pytest.fixture(scope="session")
def penguins():
    """The four measurements of the 333 complete penguins, float64, shape (333, 4), read-only."""
    import beyondlabels as bl

    rows = bl.datasets.load("penguins").dropna()[FEATURES].to_numpy(np.float64)
    rows.flags.writeable = False
    return rows


@pytest.fixture(scope="session")
def zoo(penguins, tmp_path_factory):
    """``zoo(name)`` gives the path of a package with a proof; each is exported once and must not be changed."""
    import beyondlabels as bl

    folder, made = tmp_path_factory.mktemp("zoo"), {}

    def path(name):
        if name not in made:
            model, options = zoo_model(name, penguins)
            bl.export(model, folder / f"{name}.mlpackage", sample=penguins, **options)
            made[name] = folder / f"{name}.mlpackage"
        return made[name]

    return path


@pytest.fixture
def copied(zoo, tmp_path):
    """``copied(name)`` gives a fresh copy of a zoo package, to be damaged."""

    def copy(name="kmeans"):
        return shutil.copytree(zoo(name), tmp_path / f"{name}.mlpackage", dirs_exist_ok=True)

    return copy
