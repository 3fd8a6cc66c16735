"""The glass box as it is used: with keys alone, in both themes, on a telephone's width, and with 300 operations."""

import re

import numpy as np
import pytest
from lab import browser
from many_operations import MANY, many, notebook
from playwright.sync_api import expect
from test_course import violations


@pytest.fixture(scope="module")
def packages(address, work):
    """Two notebooks in the course's folder: a scaler with k-means and its model, and a program of 300 operations."""
    columns = '["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]'
    (work / "glass.ipynb").write_text(
        notebook(
            "import beyondlabels as bl\nfrom sklearn.cluster import KMeans\nfrom sklearn.pipeline import make_pipeline\n"
            "from sklearn.preprocessing import StandardScaler\n"
            f'X = bl.datasets.load("penguins")[{columns}].dropna()\n'
            "model = make_pipeline(StandardScaler(), KMeans(3, n_init=2, random_state=0)).fit(X)\n"
            'bl.export(model, "glass.mlpackage", sample=X, overwrite=True)\n'
            'bl.GlassBox("glass.mlpackage", X, model=model)'
        )
    )
    (work / "heat.ipynb").write_text(
        notebook(
            "import beyondlabels as bl\nfrom sklearn.datasets import load_digits\nfrom sklearn.decomposition import PCA\n"
            "X = load_digits().data\nmodel = PCA(3, random_state=0).fit(X)\n"
            'bl.export(model, "heat.mlpackage", sample=X, overwrite=True)\n'
            'bl.GlassBox("heat.mlpackage", X, model=model)'
        )
    )
    many(work / "many.mlpackage")
    np.save(work / "many.npy", np.random.default_rng(0).normal(size=(50, 16)).astype(np.float32))
    (work / "many.ipynb").write_text(
        notebook('import numpy as np, beyondlabels as bl\nbl.GlassBox("many.mlpackage", np.load("many.npy"))')
    )


def test_with_the_keyboard_alone(lab, packages):
    lab.open("glass.ipynb", mode="doc")
    lab.run_all()
    card = lab.page.locator(".bl.glass")
    where, tree = card.locator(".where"), card.get_by_role("tree")
    expect(card).to_contain_text("3 values compared with the model on 342 rows; all agree")
    expect(card).to_contain_text("Apple's own runtime was not run here")
    press = lab.page.keyboard.press
    tree.focus()
    press("ArrowDown")
    expect(where).to_contain_text("Operation 2 of 8: real_div_0")
    assert (
        tree.get_by_role("treeitem", selected=True)
        .get_attribute("aria-label")
        .startswith("2, real_div_0, real_div of sub_0")
    )
    expect(card.locator(".detail")).to_contain_text("standardscaler of the model")
    press("End")
    expect(where).to_contain_text("Operation 8 of 8: distances")
    press("Home")
    expect(where).to_contain_text("Operation 1 of 8: sub_0")
    press("Tab")  # to the graph
    press("ArrowRight")
    expect(where).to_contain_text("real_div_0")
    expect(card.locator(".node.on .name")).to_have_text("real_div_0")
    card.get_by_role("spinbutton").focus()
    press("ControlOrMeta+a")
    lab.page.keyboard.type("7")
    press("Enter")
    expect(card.locator(".detail")).to_contain_text("row 7")
    card.get_by_label("Find operations").focus()
    lab.page.keyboard.type("reduce")
    expect(tree.get_by_role("treeitem")).to_have_count(2)
    assert lab.page.evaluate("() => window.notebook.content.widgets.length") == 1, "a key reached the notebook"


def test_play_runs_to_the_end(lab, packages):
    lab.open("glass.ipynb", mode="doc")
    lab.run_all()
    card = lab.page.locator(".bl.glass")
    card.get_by_role("treeitem").nth(5).click()
    card.get_by_role("button", name="Play").click()
    expect(card.locator(".where")).to_contain_text("Operation 8 of 8", timeout=10_000)
    expect(card.get_by_role("button", name="Play")).to_be_visible(timeout=10_000)


def test_three_hundred_operations(lab, packages):
    lab.open("many.ipynb", mode="doc")
    lab.run_all()
    card = lab.page.locator(".bl.glass")
    where, tree = card.locator(".where"), card.get_by_role("tree")
    expect(tree.get_by_role("treeitem")).to_have_count(MANY // 5)
    tree.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowDown"):  # the second block, into it, its first operation
        lab.page.keyboard.press(key)
    expect(where).to_contain_text("Operation 6 of 300: block01_linear")
    lab.page.keyboard.press("ArrowLeft")
    expect(where).to_contain_text("Operations 6 to 10 of 300: block01")
    card.get_by_role("button", name="Open all groups").click()
    expect(card.locator(".node.step")).to_have_count(MANY)
    tree.focus()
    lab.page.keyboard.press("End")
    expect(where).to_contain_text("Operation 300 of 300")
    expect(card.locator(".node.on")).to_be_in_viewport()


def test_heat_maps_have_their_colours_from_the_start(lab, packages):
    """A canvas that is painted before it is in the page knows none of the theme's colours, and stays black."""
    lab.open("heat.ipynb", mode="doc")
    lab.run_all()
    canvas = lab.page.locator(".bl.glass canvas.heat").first
    canvas.scroll_into_view_if_needed()
    coloured = """each => {
        const { data } = each.getContext("2d").getImageData(0, 0, each.width, each.height);
        return [...data.keys()].filter(at => at % 4 === 0 && data[at + 3] > 99).map(at => Math.abs(data[at] - data[at + 2]));
    }"""
    expect(canvas).to_be_visible()
    found = canvas.evaluate(coloured)
    assert found, "nothing was painted"
    assert min(found) > 60, "neither blue nor orange"


@pytest.mark.parametrize("width", [1280, 560])
def test_a_small_graph_opens_whole(address, packages, width):
    """Its frame has no size yet when it is drawn first; and once the reader has chosen a scale, that one stays."""
    with browser(address, width=width) as lab:
        lab.open("glass.ipynb", mode="doc")
        lab.run_all()
        frame = lab.page.locator(".bl.glass .frame")
        expect(frame).to_be_visible()
        settled = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        cut = "each => each.scrollWidth - each.clientWidth"
        lab.page.evaluate(settled)
        assert frame.evaluate(cut) <= 0
        drawn = frame.evaluate("each => each.querySelector('svg').getBoundingClientRect().width")
        assert drawn > 0.8 * frame.evaluate("each => each.clientWidth") or drawn > 400, "fitted, and not made small"
        lab.page.set_viewport_size({"width": 560, "height": 900})
        lab.page.evaluate(settled)
        assert frame.evaluate(cut) <= 0
        larger = lab.page.get_by_role("button", name="larger", exact=True)
        for _ in range(6):
            larger.click()
        wide = frame.evaluate("each => each.querySelector('svg').getBoundingClientRect().width")
        lab.page.set_viewport_size({"width": 500, "height": 900})
        lab.page.evaluate(settled)
        assert frame.evaluate("each => each.querySelector('svg').getBoundingClientRect().width") == wide
        lab.page.get_by_role("button", name="fit the width").click()
        assert frame.evaluate(cut) <= 0
        assert (lab.outside, lab.errors) == ([], [])


def test_nothing_is_out_of_reach(lab, packages):
    lab.open("glass.ipynb", mode="doc")
    lab.run_all()
    lab.page.locator(".bl.glass").wait_for()
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        lab.theme(theme)
        assert violations(lab.page, ".bl.glass") == [], theme


def test_a_narrow_screen_shows_one_at_a_time(address, packages):
    with browser(address, width=400, height=900) as lab:
        lab.open("glass.ipynb", mode="doc")
        lab.run_all()
        card = lab.page.locator(".bl.glass")
        expect(card.locator(".graph")).to_be_visible()
        expect(card.get_by_role("tree")).to_be_hidden()
        card.get_by_role("button", name=re.compile("^List$")).click()
        expect(card.get_by_role("tree")).to_be_visible()
        assert card.evaluate("each => each.scrollWidth <= each.clientWidth + 1")
        assert (lab.outside, lab.errors) == ([], [])
