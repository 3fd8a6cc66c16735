"""The two explorables of lesson 04 as they are used: turned and read with keys and mouse, both themes, a telephone's width."""

import pytest
from many_operations import notebook
from playwright.sync_api import expect
from test_course import violations


@pytest.fixture(scope="module")
def page(address, work):
    """A notebook in the course's folder that holds nothing but the two."""
    (work / "pca.ipynb").write_text(
        notebook(
            "import beyondlabels as bl\n"
            'penguins = bl.datasets.load("penguins").dropna(subset=["bill_length_mm"])\n'
            'display(bl.explore.PCA(penguins, x="flipper_length_mm", y="bill_length_mm", noun="penguins"))\n'
            'digits = bl.datasets.load("digits")\n'
            'pixels = digits.filter(like="pixel")\n'
            'display(bl.explore.Components(pixels, (8, 8), labels=digits["digit"], row=6, noun="digits"))'
        )
    )


def test_turn_commit_and_read(lab, page):
    lab.open("pca.ipynb", mode="doc")
    lab.run_all()
    card = lab.page.locator(".bl.pca")
    said, tip = card.locator(".said"), card.get_by_role("slider", name="end of the axis")
    tip.focus()
    lab.page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("The axis rises at 61.0°. The variance kept along it fell from 50.7 %")
    box, mouse = tip.bounding_box(), lab.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(box["x"] + 80, box["y"] + 60, steps=5)
    mouse.up()
    expect(said).to_contain_text("The variance kept along it rose from 49.2 %")
    assert card.locator("path.answer").get_attribute("d") == ""
    card.get_by_role("button", name="Commit").click()
    expect(said).to_contain_text("PCA's rises at 15.5°")
    assert card.locator("path.answer").get_attribute("d")

    card = lab.page.locator(".bl.components")
    card.get_by_role("slider", name="components k").fill("9")
    expect(card.locator(".said")).to_contain_text("Rebuilt from nine components of 64, 70.7 % of the variance")
    expect(card.get_by_role("img", name="the original, hidden until you commit")).to_be_attached()
    card.get_by_label("I read").select_option("6")
    card.get_by_role("button", name="Commit").click()
    expect(card.locator(".said")).to_contain_text("You read 6 from 9 of 64 numbers")
    expect(card.get_by_role("img", name="the original: 6")).to_be_visible()
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        lab.theme(theme)
        assert violations(lab.page, ".bl.pca") == [], theme
        assert violations(lab.page, ".bl.components") == [], theme
    lab.page.set_viewport_size({"width": 400, "height": 900})
    for kind in ("pca", "components"):
        card = lab.page.locator(f".bl.{kind}")
        lab.page.wait_for_function("each => each.clientWidth < 400", arg=card.element_handle())
        assert card.evaluate("each => each.scrollWidth <= each.clientWidth + 1")
