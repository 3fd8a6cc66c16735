"""The window on a long series as it is used: moved with keys and mouse, committed, both themes, a telephone's width."""

import pytest
from many_operations import notebook
from playwright.sync_api import expect
from test_course import violations


@pytest.fixture(scope="module")
def page(address, work):
    """A notebook in the course's folder that holds nothing but the explorable."""
    (work / "windows.ipynb").write_text(
        notebook(
            "import beyondlabels as bl\n"
            'sea = bl.datasets.load("elnino")["temperature_c"].to_numpy()\n'
            'events = {"1972–73": (270, 282), "1997–98": (570, 582)}\n'
            'bl.explore.Windows(sea, events=events, label="sea surface", unit="°C", threshold=2.0)'
        )
    )


def test_move_commit_and_judge(lab, page):
    lab.open("windows.ipynb", mode="doc")
    lab.run_all()
    card = lab.page.locator(".bl.windows")
    said, frame = card.locator(".said"), card.get_by_role("slider", name="window")
    level, keys, mouse = card.get_by_role("slider", name="threshold"), lab.page.keyboard, lab.page.mouse
    frame.focus()
    keys.press("Shift+ArrowRight")
    keys.press("ArrowRight")
    expect(said).to_contain_text("February 1951 to January 1952: departure")
    expect(frame).to_have_attribute("aria-valuetext", "February 1951 to January 1952")
    keys.press("End")
    expect(said).to_contain_text("January 2010 to December 2010: departure")
    box = frame.bounding_box()
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(box["x"] - 150, box["y"] + 20, steps=5)
    mouse.up()
    expect(said).not_to_contain_text("2010")
    card.get_by_role("button", name="Next alarm").click()
    expect(said).to_contain_text("above the threshold of 2.00 °C: an alarm")
    level.focus()
    keys.press("Shift+ArrowDown")
    expect(said).to_contain_text("Threshold 1.60 °C")
    assert card.locator("path.events").first.get_attribute("d") == ""
    card.get_by_role("button", name="Commit").click()
    expect(said).to_contain_text("Two events caught (1972–73, 1997–98), no event missed")
    assert card.locator("path.events").first.get_attribute("d")
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        lab.theme(theme)
        assert violations(lab.page, ".bl.windows") == [], theme
    lab.page.set_viewport_size({"width": 400, "height": 900})
    lab.page.wait_for_function("each => each.clientWidth < 400", arg=card.element_handle())
    assert card.evaluate("each => each.scrollWidth <= each.clientWidth + 1")
