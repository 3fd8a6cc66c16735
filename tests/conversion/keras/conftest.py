"""What the tests of Keras models share."""

import pytest


@pytest.fixture(scope="module")
def keras():
    """Keras, seeded; imported only where a test asks for it."""
    import keras

    keras.utils.set_random_seed(0)
    return keras


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.mlpackage"
