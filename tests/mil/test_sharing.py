"""Constants that are the same, bit for bit, are written once; those that only nearly are stay apart."""

import numpy as np
import pytest

from beyondlabels.mil import program as programs
from beyondlabels.mil import save
from beyondlabels.mil.blocks import builder
from beyondlabels.runtime.load import load


def constants(write, folder, precision="float32"):
    """The values of a saved program's constants."""
    package = folder / "a.mlpackage"
    package.mkdir()
    specification = programs.specify(
        programs.build(4, write, "iOS16"), 4, "iOS16", precision, save.weights_folder(package)
    )
    save.write(package, specification)
    return [np.asarray(value) for value in load(package).program.constants.values()]


def two_sums(one, other):
    def write(x):
        mb = builder()
        return {"y": mb.mul(x=mb.add(x=x, y=one), y=mb.sub(x=x, y=other))}

    return write


ROW = np.arange(1.0, 5.0, dtype=np.float32)[None]


def test_equal_small_tensors_are_one(tmp_path):
    found = constants(two_sums(ROW, ROW.copy()), tmp_path)
    assert sum(np.array_equal(each, ROW) for each in found) == 1


@pytest.mark.parametrize("change", [1e-13, 1e-30])
@pytest.mark.parametrize("width", [4, 400])
def test_numbers_that_are_tiny_are_not_taken_for_each_other(tmp_path, change, width):
    """coremltools' own pass takes numbers for the same that differ by less than 1e-12."""

    def write(x):
        mb = builder()
        wide = mb.tile(x=x, reps=[1, width // 4])
        one, other = np.zeros((2, 1, width), np.float32)
        one[0, 0], other[0, 0] = change, 2 * change
        return {"y": mb.mul(x=mb.maximum(x=wide, y=one), y=mb.minimum(x=wide, y=other))}

    found = [each for each in constants(write, tmp_path) if each.shape == (1, width)]
    assert sorted(float(each[0, 0]) for each in found) == pytest.approx([change, 2 * change], rel=1e-6, abs=0)


def test_the_sign_of_zero_counts(tmp_path):
    zeros = np.zeros((1, 4), np.float32)

    def write(x):
        mb = builder()
        return {"y": mb.real_div(x=mb.maximum(x=x, y=zeros), y=mb.minimum(x=x, y=-zeros))}

    found = [each for each in constants(write, tmp_path) if each.shape == (1, 4)]
    assert sorted(bool(np.signbit(each).all()) for each in found) == [False, True]


def test_one_late_number_keeps_long_tensors_apart(tmp_path):
    one = np.arange(400, dtype=np.float32).reshape(1, 400)
    other = one.copy()
    other[0, -1] += 1

    def write(x):
        mb = builder()
        wide = mb.tile(x=x, reps=[1, 100])
        sums = [mb.add(x=wide, y=each) for each in (one, other, one.copy())]
        return {"y": mb.concat(values=sums, axis=1)}

    found = [each for each in constants(write, tmp_path) if each.shape == (1, 400)]
    assert sorted(float(each[0, -1]) for each in found) == [399.0, 400.0]


def test_shape_and_type_count(tmp_path):
    def write(x):
        mb = builder()
        flat = mb.add(x=x, y=ROW[0])
        return {"y": mb.add(x=flat, y=ROW), "n": mb.add(x=mb.cast(x=x, dtype="int32"), y=ROW.astype(np.int32))}

    found = [each for each in constants(write, tmp_path) if each.size == 4]
    assert {(each.shape, each.dtype.kind) for each in found} == {((4,), "f"), ((1, 4), "f"), ((1, 4), "i")}


def test_axes_and_flags_are_one_each(tmp_path):
    def write(x):
        mb = builder()
        sums = [mb.reduce_sum(x=mb.mul(x=x, y=np.float32(n)), axes=[1], keep_dims=True) for n in range(2, 8)]
        return {"y": mb.concat(values=sums, axis=1)}

    found = [each for each in constants(write, tmp_path) if each.dtype.kind in "ib"]
    assert len(found) == len({(each.dtype, each.shape, each.tobytes()) for each in found})


def test_half_precision_shares_too(tmp_path):
    found = constants(two_sums(ROW, ROW.copy()), tmp_path, "float16")
    assert sum(each.size == 4 for each in found) == 1
