"""The comparison of two sets of outputs: what passes, what does not, and what is said of it."""

import json

import numpy as np
import pytest

from beyondlabels.runtime import compare

INF, NAN = np.inf, np.nan


def one(wanted, found, tolerance=1e-5, **options):
    return compare({"y": np.asarray(wanted)}, {"y": np.asarray(found)}, tolerance, **options)["y"]


def test_equal_numbers():
    part = one([[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [3.0, 4.0]])
    assert (part.passed, part.rows, part.worst_absolute, part.worst_relative) == (True, 2, 0.0, 0.0)
    assert part.sentence() == "largest y error 0, 0 relative (allowed 1.0e-05)"


def test_the_worst_row_and_its_errors():
    """Scale of one column of 3, 4: root mean square sqrt(12.5); |error| 0.5 on row 1: 0.5 / (4 + sqrt(12.5))."""
    part = one([3.0, 4.0], [3.0, 4.5])
    assert not part.passed
    assert (part.worst_row, part.worst_absolute) == (1, 0.5)
    assert part.worst_relative == pytest.approx(0.5 / (4 + np.sqrt(12.5)))


@pytest.mark.parametrize(("error", "passes"), [(0.99e-5, True), (1.01e-5, False), (-0.99e-5, True), (-1.01e-5, False)])
def test_the_tolerance_is_relative_to_value_and_scale(error, passes):
    """A column of ones has scale 1, so 2e-5 is allowed in all at 1e-5."""
    assert one(np.ones(4), np.ones(4) + 2 * error).passed == passes


def test_each_column_has_its_own_scale_but_not_below_a_share_of_the_whole():
    large, small = np.full(100, 1000.0), np.full(100, 1e-9)
    wanted = np.column_stack([large, small])
    # 1000 / sqrt(2) is the whole's root mean square; 1/32 of it is 22.1, and 1e-5 of that is 2.2e-4
    assert one(wanted, wanted + np.array([0, 2.0e-4])).passed
    assert not one(wanted, wanted + np.array([0, 2.4e-4])).passed
    assert not one(wanted, wanted + np.array([0, 0.01])).passed


def test_the_floor_is_the_smallest_scale():
    assert not one(np.zeros(3), np.full(3, 1e-9)).passed
    assert one(np.zeros(3), np.full(3, 1e-9), floor=1e-3).passed
    assert not one(np.zeros(3), np.full(3, 1e-7), floor=1e-3).passed


@pytest.mark.parametrize(
    ("wanted", "found", "passes"),
    [
        ([1.0, INF], [1.0, INF], True),
        ([1.0, INF], [1.0, -INF], False),
        ([1.0, INF], [1.0, 1e30], False),
        ([1.0, 2.0], [1.0, INF], False),
        ([1.0, NAN], [1.0, NAN], True),
        ([1.0, NAN], [1.0, 2.0], False),
        ([1.0, 2.0], [1.0, NAN], False),
        ([NAN, NAN], [NAN, NAN], True),
    ],
)
def test_what_is_not_finite_must_be_the_same(wanted, found, passes):
    part = one(wanted, found)
    assert part.passed == passes
    assert passes or part.worst_row == 1


def test_huge_numbers_do_not_overflow_the_scale():
    wanted = np.array([1e300, 2e300])
    assert one(wanted, wanted * (1 + 1e-7)).passed
    assert not one(wanted, wanted * 1.01).passed


def test_labels_must_be_equal():
    part = one(np.array([0, 1, 2, 2]), np.array([0, 1, 1, 2]))
    assert (part.passed, part.labels_differ, part.worst_row, part.ties) == (False, 1, 2, 0)
    assert part.sentence() == "3 of 4 ys equal"
    assert one(np.array([3, 4]), np.array([3, 4])).sentence() == "2 of 2 ys equal"


def test_labels_that_differ_on_ties_pass_and_are_counted():
    asked = []

    def is_tie(name, rows):
        asked.append((name, rows.tolist()))
        return np.isin(rows, [1, 3])

    wanted, found = np.array([0, 1, 2, 3]), np.array([0, 9, 2, 9])
    part = one(wanted, found, is_tie=is_tie)
    assert (part.passed, part.labels_differ, part.ties) == (True, 2, 2)
    assert part.sentence() == "2 of 4 ys equal, 2 within the tie margin"
    assert asked == [("y", [1, 3])]
    mixed = one(wanted, np.array([9, 9, 9, 3]), is_tie=is_tie)
    assert (mixed.passed, mixed.labels_differ, mixed.ties, mixed.worst_row) == (False, 3, 1, 0)


def test_no_tie_is_asked_for_when_nothing_differs():
    assert one(np.array([1]), np.array([1]), is_tie=lambda name, rows: pytest.fail("asked")).passed


def test_labels_with_several_columns_are_compared_by_row():
    part = one(np.array([[0, 1], [2, 3]]), np.array([[0, 1], [2, 4]]))
    assert (part.labels_differ, part.worst_row) == (1, 1)


@pytest.mark.parametrize(
    ("found", "note"),
    [({}, "found missing"), ({"y": np.zeros((3, 1))}, r"found (3, 1)"), ({"y": np.zeros(2)}, "found (2,)")],
)
def test_a_missing_output_or_another_shape_fails(found, note):
    part = compare({"y": np.zeros(3)}, found, 1e-5)["y"]
    assert not part.passed
    assert part.note == f"expected shape (3,), {note}"


def test_all_outputs_together():
    parity = compare({"a": np.ones(2), "b": np.array([1, 2])}, {"a": np.ones(2), "b": np.array([1, 3])}, 1e-5)
    assert not parity.passed
    assert parity.worst.name == "b"
    assert str(parity) == "largest a error 0, 0 relative (allowed 1.0e-05); 1 of 2 bs equal"
    plain = json.loads(json.dumps(parity.plain()))
    assert plain["b"]["labels_differ"] == 1
    assert plain["b"]["sentence"] == "1 of 2 bs equal"
    assert compare({"a": np.ones(2)}, {"a": np.ones(2)}, 1e-5).worst is None


def test_outputs_that_nobody_expected_are_left_out():
    assert list(compare({"a": np.ones(1)}, {"a": np.ones(1), "more": np.ones(1)}, 1e-5)) == ["a"]


def test_large_counts_are_readable():
    assert one(np.zeros(10_000, int), np.zeros(10_000, int)).sentence() == "10,000 of 10,000 ys equal"
