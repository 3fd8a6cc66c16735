"""Scatter plots side by side: what their axes are called."""

import numpy as np
import pytest

from beyondlabels.course import figures

ROWS, LABELS = np.arange(12.0).reshape(6, 2), np.array(["a", "b"] * 3)


def axis_labels(monkeypatch, x, y):
    """The axis labels of two panels drawn with these names."""
    drawn = []
    monkeypatch.setattr(figures, "figure", lambda figure, caption, alt: drawn.extend(figure.axes))
    figures.plot_groups([("one", ROWS, LABELS), ("two", ROWS, LABELS)], x, y, "caption", "alt")
    return [(axis.get_xlabel(), axis.get_ylabel()) for axis in drawn]


def test_one_name_is_for_all_panels(monkeypatch):
    assert axis_labels(monkeypatch, "first", "second") == [("first", "second")] * 2


def test_each_panel_may_have_a_name_of_its_own(monkeypatch):
    assert axis_labels(monkeypatch, ["raw_mm", "first"], "second") == [("raw, mm", "second"), ("first", "second")]


def test_a_name_too_few_is_an_error(monkeypatch):
    with pytest.raises(ValueError, match="zip"):
        axis_labels(monkeypatch, ["raw"], "second")
