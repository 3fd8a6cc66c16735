"""Marching squares: lines where they belong, closed, and nothing where the level is not reached."""

import numpy as np
import pytest

from beyondlabels.explore import contour


def field(function, side=41):
    return function(*contour.places(side).T).reshape(side, side)


def test_a_circle_is_closed_and_has_its_radius():
    lines = contour.segments(field(lambda x, y: np.hypot(x - 0.5, y - 0.5)), 0.3)
    ends = lines.reshape(-1, 2)
    assert np.abs(np.hypot(*(ends - 0.5).T) - 0.3).max() < 1e-3
    _, times = np.unique(ends.round(9), axis=0, return_counts=True)
    assert set(times) == {2}  # each end is the beginning of another segment
    assert np.linalg.norm(lines[:, :2] - lines[:, 2:], axis=1).sum() == pytest.approx(2 * np.pi * 0.3, rel=0.01)


def test_a_plane_gives_a_straight_line_from_border_to_border():
    lines = contour.segments(field(lambda x, y: y + 0 * x), 0.26)
    assert np.allclose(lines[:, [1, 3]], 0.26)
    assert (lines[:, [0, 2]].min(), lines[:, [0, 2]].max()) == (0, 1)


@pytest.mark.parametrize("corners", [[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[3, 0], [0, 3]], [[1, -2], [-2, 1]]])
def test_a_saddle_is_cut_as_its_middle_says(corners):
    corners = np.array(corners, float)
    lines = contour.segments(corners, 0.5)
    assert lines.shape == (2, 4)
    middle_is_above = corners.mean() >= 0.5
    high = [(x, y) for y in (0, 1) for x in (0, 1) if corners[y, x] >= 0.5]
    # where the middle is below, each line cuts off a high corner, and no line lies near a low one
    near = [min(np.hypot(*(line.reshape(2, 2).mean(axis=0) - corner)) for line in lines) for corner in high]
    assert all(distance > 0.5 for distance in near) == middle_is_above


def test_a_level_beyond_the_field_gives_no_line_and_the_place_stays():
    lines = contour.segments(field(lambda x, y: x + y), 9)
    assert lines.shape == (0, 4)
    assert contour.nearest(lines, np.array([0.2, 0.3])).tolist() == [0.2, 0.3]


def test_the_nearest_point_lies_on_the_line():
    lines = contour.segments(field(lambda x, y: x + 0 * y), 0.4)
    assert np.allclose(contour.nearest(lines, np.array([0.9, 0.33])), [0.4, 0.33])


@pytest.mark.parametrize("place", [(0, 0), (1, 1), (0.13, 0.77), (1, 0.5)])
def test_the_value_between_samples(place):
    assert contour.value(field(lambda x, y: 3 * x - y + x * y), place) == pytest.approx(
        3 * place[0] - place[1] + place[0] * place[1]
    )
