"""The explorables of lessons 04 to 07 on one page, opened once for all their tests: to open it takes longer than to use them."""

from contextlib import contextmanager

from lab import browser
from many_operations import notebook
from test_course import violations

CELL = """
import numpy as np, beyondlabels as bl
penguins = bl.datasets.load("penguins").dropna(subset=["bill_length_mm"])
display(bl.explore.PCA(penguins, x="flipper_length_mm", y="bill_length_mm", noun="penguins"))
digits = bl.datasets.load("digits")
pixels = digits.filter(like="pixel")
display(bl.explore.Components(pixels, (8, 8), labels=digits["digit"], row=6, noun="digits"))
display(bl.explore.TSNE())
rows = np.random.default_rng(0).uniform(size=(60, 16))
display(bl.explore.TSNE(rows, images=rows.reshape(-1, 4, 4), noun="tiles", perplexity=10))
patients = bl.datasets.load("biopsies")
known, table = patients["diagnosis"] == "malignant", patients.drop(columns="diagnosis")
display(bl.explore.Detectors(table, known=known, x="worst_area", y="worst_smoothness", noun="patients"))
sea = bl.datasets.load("elnino")["temperature_c"].to_numpy()
events = {"1972–73": (270, 282), "1997–98": (570, 582)}
display(bl.explore.Windows(sea, events=events, label="sea surface", unit="°C", threshold=2.0))
"""


@contextmanager
def opened(address, work):
    """A ``Lab`` on a notebook in the course's folder that shows all of them."""
    (work / "explorables.ipynb").write_text(notebook(CELL.strip()))
    with browser(address) as page:
        page.open("explorables.ipynb", mode="doc")
        page.run_all()
        # The course's panel opens by itself on the first page of a server, and may come after `open` closed the sidebars.
        page.page.evaluate("() => { window.jupyterapp.shell.collapseLeft(); window.jupyterapp.shell.collapseRight(); }")
        yield page


def nothing_is_out_of_reach(lab, *selectors):
    """axe finds nothing in either theme, and nothing is cut off on a telephone. The page stays in the second theme."""
    light = lab.page.evaluate("document.body.dataset.jpThemeLight === 'true'")
    for theme in ("JupyterLab Light", "JupyterLab Dark")[:: 1 if light else -1]:  # to change it takes a second
        lab.theme(theme)
        for selector in selectors:
            assert violations(lab.page, selector) == [], theme
    before = lab.page.viewport_size
    lab.page.set_viewport_size({"width": 400, "height": 900})
    for card in (each for selector in selectors for each in lab.page.locator(selector).all()):
        lab.page.wait_for_function("each => each.clientWidth < 400", arg=card.element_handle())
        assert card.evaluate("each => each.scrollWidth <= each.clientWidth + 1")
    lab.page.set_viewport_size(before)


def drag(lab, handle, across, down):
    """Drag an element by so many pixels with the mouse."""
    handle.scroll_into_view_if_needed()
    box, mouse = handle.bounding_box(), lab.page.mouse
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + across, y + down, steps=5)
    mouse.up()
