"""Four detectors in a browser: a boundary pulled with the mouse or the keyboard moves all four, and nothing is out of reach."""

import nbformat
from playwright.sync_api import expect
from test_course import violations

NOTEBOOK = """
import beyondlabels as bl
rows = bl.datasets.load("biopsies")
bl.explore.Detectors(
    rows.drop(columns="diagnosis"), known=rows["diagnosis"] == "malignant", x="worst_area", y="worst_smoothness", noun="patients"
)
"""


def test_one_boundary_moves_all_four(lab, work):
    cell = nbformat.v4.new_code_cell(NOTEBOOK.strip())
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel}), work / "four.ipynb")
    lab.open("four.ipynb")
    lab.run_all()
    four = lab.cell("bl.explore.Detectors").locator(".bl.detectors")
    said = four.locator(".said")
    expect(said).to_contain_text("Each detector flags 20 of 569 patients.")
    lines = four.locator(".line")
    before = [line.get_attribute("d") for line in lines.all()]

    handle = four.get_by_role("slider", name="boundary of Elliptic envelope")
    handle.focus()
    lab.page.keyboard.press("Shift+ArrowLeft")
    expect(said).not_to_contain_text("flags 20 of")
    assert all(line.get_attribute("d") != was for line, was in zip(lines.all(), before, strict=True))

    told = said.inner_text()
    plane = four.locator("canvas").first.bounding_box()
    lab.page.mouse.move(plane["x"] + 0.5 * plane["width"], plane["y"] + 0.3 * plane["height"])
    lab.page.mouse.down()
    lab.page.mouse.move(plane["x"] + 0.6 * plane["width"], plane["y"] + 0.35 * plane["height"], steps=5)
    lab.page.mouse.up()
    expect(said).not_to_have_text(told)

    expect(four.locator("figcaption").first).to_contain_text("flagged")
    four.get_by_label("show the known anomalies").check()
    expect(said).to_contain_text("Found of 212 known anomalies: isolation forest")
    expect(four.locator("figcaption").first).to_contain_text("recall")
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        lab.theme(theme)
        assert violations(lab.page, ".bl.detectors") == [], theme
