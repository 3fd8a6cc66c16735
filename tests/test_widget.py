"""The base of every widget: one module from many, one style, and something to read where no kernel runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from beyondlabels import widget

STEMS = sorted(path.stem for path in widget.STATIC.glob("*.js") if "export default" in path.read_text("utf-8"))


class Plain(widget.Card, stem="kmeans"):
    def describe(self):
        return "a <plain> card"


def test_there_are_widgets_to_test():
    assert "kmeans" in STEMS


@pytest.mark.parametrize("stem", STEMS)
def test_a_module_imports_nothing_and_exports_once(stem):
    text = widget.module(stem)
    assert not re.search(r"^\s*import\b", text, re.M), "an import is left that no notebook could answer"
    assert re.findall(r"^export\b \w+", text, re.M) == ["export default"]


@pytest.mark.parametrize("stem", STEMS)
def test_a_module_can_be_parsed(stem, tmp_path):
    """Two neighbours with one name, however declared, would leave a card blank without a word."""
    file = tmp_path / f"{stem}.mjs"
    file.write_text(widget.module(stem), "utf-8")
    done = subprocess.run([Path(sys.executable).with_name("node"), "--check", file], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("stem", STEMS)
def test_no_two_neighbours_declare_the_same_name(stem):
    """Neighbours share one scope once they are put together."""
    declared = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", widget.module(stem), re.M)
    assert sorted(declared) == sorted(set(declared))


@pytest.mark.parametrize("stem", STEMS)
def test_a_front_end_asks_for_nothing_from_elsewhere(stem):
    for text in (widget.module(stem), widget.style(stem)):
        assert re.findall(r"https?://[^\s\"']+", text) in ([], ["http://www.w3.org/2000/svg"])
        assert "@import" not in text


def test_a_neighbour_comes_first_and_once():
    text = widget.module("kmeans")
    assert text.count("function h(") == 1
    assert (
        text.index("function h(")
        < text.index("class Stage")
        < text.index("class Handle")
        < text.index("function render")
    )


def test_a_style_is_the_base_and_its_own():
    base, style = (widget.STATIC / "base.css").read_text("utf-8"), widget.style("panel")
    assert style.startswith(base)
    assert style.endswith((widget.STATIC / "panel.css").read_text("utf-8"))
    assert widget.style("kmeans") == base


def test_repr_has_no_address():
    assert repr(Plain()) == "a <plain> card"


def test_mimebundle_has_the_view_text_and_a_picture():
    data, _ = Plain()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"] == "a <plain> card"
    assert data["text/html"] == "<p><em>a &lt;plain&gt; card</em> Run this cell to use it.</p>"
