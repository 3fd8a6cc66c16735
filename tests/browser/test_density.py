"""The DBSCAN explorable in a real browser: with the mouse, with the keyboard alone, magnified, light and dark."""

import nbformat
import pytest
from playwright.sync_api import expect
from test_course import violations

CELL = """import beyondlabels as bl
quakes = bl.datasets.load("earthquakes")
rows = quakes[["longitude", "latitude"]]
places = {"The Geysers": (-122.8, 38.8), "Mammoth Lakes": (-118.9, 37.6)}
bl.explore.DBSCAN(rows, eps=0.7, min_samples=8, noun="quakes", places=places)"""


@pytest.fixture
def explorable(lab, work):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    notebook.metadata["kernelspec"] = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    nbformat.write(notebook, str(work / "circle.ipynb"))
    lab.open("circle.ipynb", mode="doc")
    lab.run_all()
    return lab.cell("explore.DBSCAN").locator(".bl.dbscan")


def test_the_circle_is_carried_resized_flooded_and_read(lab, explorable):
    keys, said = lab.page.keyboard, explorable.locator(".said")
    circle = explorable.get_by_role("slider", name="the circle", exact=True)
    size = explorable.get_by_role("slider", name="circle, eps", exact=True)

    carry_and_resize_with_the_mouse(lab, explorable, circle, size)

    circle.focus()
    keys.press("Shift+ArrowRight")
    expect(said).to_contain_text("of here")
    explorable.get_by_role("slider", name="radius, eps").focus()
    before = size.get_attribute("aria-valuetext")
    keys.press("ArrowLeft")
    expect(size).not_to_have_attribute("aria-valuetext", before)

    explorable.get_by_role("button", name="Step: start a cluster").press("Enter")
    expect(said).to_contain_text("Cluster 1 starts here")
    explorable.get_by_role("slider", name="zoom", exact=True).press("ArrowRight")
    explorable.get_by_role("button", name="Play").press("Enter")
    expect(explorable.get_by_role("button", name="Pause")).to_be_visible()
    expect(said).to_contain_text("noise", timeout=30_000)
    expect(explorable.get_by_role("button", name="Play")).to_be_visible()
    expect(explorable).to_contain_text("Mammoth Lakes")
    size.press("End")
    expect(said).to_contain_text("lie in the same cluster")
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        lab.theme(theme)
        assert violations(lab.page, ".bl.dbscan") == [], theme


def carry_and_resize_with_the_mouse(lab, explorable, circle, size):
    mouse, said = lab.page.mouse, explorable.locator(".said")
    for handle, shows in ((circle, circle), (explorable.locator(".knob"), size)):
        handle.scroll_into_view_if_needed()
        before = shows.get_attribute("aria-valuetext")
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + 30, y + 40, steps=6)
        mouse.up()
        expect(shows).not_to_have_attribute("aria-valuetext", before)
        expect(said).to_contain_text("within")
