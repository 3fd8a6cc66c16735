"""Sums over many rows, block by block, are those over all rows at once."""

import numpy as np
import pytest

from beyondlabels.mil import many_rows

ROWS = np.random.default_rng(0).normal(size=(2_000, 100)) * np.arange(1, 101) + 1_000


@pytest.mark.parametrize("rows", [ROWS, ROWS.astype(np.float32), ROWS[:1], ROWS[:, :1], ROWS[:655], ROWS[:656]])
def test_mean_spread_and_lengths(rows):
    wide = rows.astype(np.float64)
    mean, spread = many_rows.mean_and_spread(rows)
    np.testing.assert_allclose(mean, wide.mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(spread, wide.std(axis=0), rtol=1e-12)
    np.testing.assert_allclose(many_rows.squared_lengths(rows), (wide**2).sum(axis=1), rtol=1e-14)


def test_blocks_cover_every_row_once():
    assert len(many_rows.blocks(ROWS)) > 1
    covered = np.concatenate([np.arange(len(ROWS))[block] for block in many_rows.blocks(ROWS)])
    np.testing.assert_array_equal(covered, np.arange(len(ROWS)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_packed_rounds_to_float32_after_the_shift(dtype):
    shift = ROWS.mean(axis=0)
    made = many_rows.packed(ROWS, shift, dtype)
    assert made.dtype == dtype
    np.testing.assert_array_equal(made, (ROWS - shift).astype(np.float32))
    np.testing.assert_array_equal(many_rows.packed(ROWS, None, dtype), ROWS.astype(np.float32))


@pytest.mark.parametrize("value", [1e39, np.inf, np.nan])
def test_what_float32_cannot_hold(value):
    rows = ROWS.copy()
    rows[-1, -1] = value
    with pytest.raises(OverflowError, match="not finite in float32"):
        many_rows.packed(rows)
