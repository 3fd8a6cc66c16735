"""Every layer on its own: written, saved, read back, run, and compared with what the layer gives, at 2e-6."""

import numpy as np
import pytest

import beyondlabels as bl
from conversion.keras.cases import layer_cases, randomised, rows_for, start_without_drawing

CASES = layer_cases()


@pytest.fixture(scope="module", autouse=True)
def zeros():
    with pytest.MonkeyPatch.context() as patch:
        start_without_drawing(patch)
        yield


def test_there_are_enough():
    assert len(CASES) >= 200


@pytest.mark.parametrize("name", CASES)
def test_layer(name, tmp_path):
    model = randomised(CASES[name]())
    rows = rows_for(model, name)
    result = bl.export(model, tmp_path / "layer.mlpackage", sample=rows if len(rows) > 1 else rows[0])
    worst = max(part.worst_relative for part in result.parity.values())
    assert worst <= 2e-6, result.parity
    assert bl.runtime.check(tmp_path / "layer.mlpackage").passed
    again = bl.runtime.load(tmp_path / "layer.mlpackage").predict(
        {port: value[:1] for port, value in zip(_names(tmp_path), rows, strict=True)}
    )
    assert all(len(value) == 1 for value in again.values())
    assert not any(np.isnan(value).any() for value in again.values())


def _names(folder):
    return list(bl.runtime.load(folder / "layer.mlpackage").program.inputs)
