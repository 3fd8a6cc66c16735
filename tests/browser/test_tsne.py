"""The t-SNE explorable as it is used: run, dragged, picked with keys and mouse, both themes, a telephone's width."""

import pytest
from many_operations import notebook
from playwright.sync_api import expect
from test_course import violations


@pytest.fixture(scope="module")
def page(address, work):
    """A notebook in the course's folder that holds nothing but the explorable, twice."""
    (work / "tsne.ipynb").write_text(
        notebook(
            "import numpy as np, beyondlabels as bl\n"
            "display(bl.explore.TSNE())\n"
            "rows = np.random.default_rng(0).uniform(size=(60, 16))\n"
            'display(bl.explore.TSNE(rows, images=rows.reshape(-1, 4, 4), noun="tiles", perplexity=10))'
        )
    )


def test_run_drag_and_pick(lab, page):
    lab.open("tsne.ipynb", mode="doc")
    lab.run_all()
    card = lab.page.locator(".bl.tsne").first
    said, keys, mouse = card.locator(".said"), lab.page.keyboard, lab.page.mouse
    card.get_by_role("button", name="Run t-SNE").click()
    expect(said).to_contain_text("Perplexity 30: trustworthiness", timeout=20_000)
    expect(card.locator(".reading").first).to_contain_text("in gaps from 1 to 2: 5.00")

    group = card.get_by_role("slider", name="move group 3")
    box = group.bounding_box()
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(box["x"] - 40, box["y"] + 90, steps=5)
    mouse.up()
    expect(said).to_contain_text("Group 3 moved", timeout=20_000)
    expect(card).to_have_attribute("data-done", "true", timeout=20_000)
    group.focus()
    keys.press("Shift+ArrowUp")
    expect(said).to_contain_text("up. Perplexity 30", timeout=20_000)

    picked = card.get_by_role("slider", name="picked point, on the map")
    picked.focus()
    keys.press("Home")
    expect(said).to_contain_text("Point 1: ")
    assert picked.get_attribute("aria-valuetext") == "point 1 of 150, group 1"
    keys.press("PageDown")
    expect(said).to_contain_text("Point 2: ")
    assert card.locator(".pair .own").count() == 2
    keys.press("Escape")
    expect(said).not_to_contain_text("Point")

    card.get_by_role("combobox", name="points").select_option("noise")
    card.get_by_role("slider", name="perplexity").fill("0")
    expect(said).to_contain_text("Perplexity 2: trustworthiness 0.6", timeout=20_000)

    tiles = lab.page.locator(".bl.tsne").nth(1)
    tiles.get_by_role("slider", name="picked point, on the picture of the data").focus()
    keys.press("End")
    expect(tiles.locator(".said")).to_contain_text("Tile 60: ")
    assert tiles.locator(".strip canvas").count() == 21
    nothing_is_out_of_reach(lab)


def nothing_is_out_of_reach(lab):
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        lab.theme(theme)
        assert violations(lab.page, ".bl.tsne") == [], theme
    lab.page.set_viewport_size({"width": 400, "height": 900})
    for number in range(2):
        card = lab.page.locator(".bl.tsne").nth(number)
        lab.page.wait_for_function("each => each.clientWidth < 400", arg=card.element_handle())
        assert card.evaluate("each => each.scrollWidth <= each.clientWidth + 1")
