"""A network small enough to be quick and large enough to shrink, and packages of another maker around one known weight."""

import shutil

import pytest
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

import beyondlabels as bl
from beyondlabels.quiet import coremltools
from compression.known import WEIGHT
from foreign import build, save


@pytest.fixture(scope="session")
def digits():
    """(images in 0 … 1 of shape (1797, 64), the digits)."""
    X, y = load_digits(return_X_y=True)
    return X / 16, y


@pytest.fixture(scope="session")
def _network(digits, tmp_path_factory):
    X, y = digits
    path = tmp_path_factory.mktemp("network") / "mlp.mlpackage"
    model = MLPClassifier((96, 48), max_iter=25, random_state=0)
    model.fit(X[:1200], y[:1200])
    bl.export(model, path, sample=X[1200:])
    return path


@pytest.fixture
def network(_network, tmp_path):
    """A copy of the network's package; two weights of it have 2,048 numbers or more."""
    return shutil.copytree(_network, tmp_path / "mlp.mlpackage")


@pytest.fixture(scope="session")
def _product(tmp_path_factory):
    """data (rows, 64) times ``WEIGHT``, as another maker would save it: without metadata and proof."""
    ct = coremltools()
    from coremltools.converters.mil import Builder as mb
    from coremltools.converters.mil.mil import get_new_symbol

    @mb.program(input_specs=[mb.TensorSpec(shape=(get_new_symbol(), 64))], opset_version=ct.target.iOS16)
    def product(data):
        return mb.matmul(x=data, y=WEIGHT, name="out")

    path = tmp_path_factory.mktemp("product") / "product.mlpackage"
    shape = ct.Shape((ct.RangeDim(1, 500, 1), 64))
    save(product, path, "iOS16", inputs=[ct.TensorType(name="data", shape=shape)])
    return path


@pytest.fixture
def product(_product, tmp_path):
    return shutil.copytree(_product, tmp_path / "product.mlpackage")


@pytest.fixture
def another(tmp_path):
    """``another(write, *shapes)`` saves a program of another maker with fixed shapes; ``write(mb, *inputs)`` returns its
    output."""

    def make(write, *shapes, target="iOS16", **options):
        return build(tmp_path / "another.mlpackage", write, dict(zip("abc", shapes, strict=False)), target, **options)

    return make
