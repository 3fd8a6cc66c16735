"""What every table of cases worked out by hand goes through: written, saved, read back from the file, run."""

import numpy as np

import beyondlabels as bl

WHOLE = {"label", "inlier", "neighbors"}  # outputs of whole numbers


def agrees(model, rows, expected, folder, *, rtol=1e-6, atol=0.0):
    """Export ``model`` into ``folder``, run the saved file on ``rows`` and compare each output with ``expected``.

    ``expected``: output name -> values, (rows, …), in the order of the outputs. Names, order, shapes, types and values must
    all agree, values within ``atol + rtol |expected|``; then the proof in the package is replayed.
    """
    rows, path = np.array(rows, float), folder / "hand.mlpackage"
    result = bl.export(model, path, sample=rows)
    found = bl.runtime.load(path).predict({"x": rows})
    assert list(found) == list(expected) == list(result.outputs)
    for name, wanted in expected.items():
        assert found[name].dtype == (np.int32 if name in WHOLE else np.float32), name
        assert found[name].shape == np.shape(wanted), name
        np.testing.assert_allclose(found[name], wanted, rtol=rtol, atol=atol, err_msg=name)
    assert bl.runtime.check(path).passed
