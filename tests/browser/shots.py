"""``make shots``: the pictures in README.md. ``shots.py NAME …`` takes only some of lesson, course and viewer.

Cards of the lesson are worked as a learner would work them (centres dragged, an exercise answered, a package exported),
photographed one by one, and put on one sheet, light and dark. The course panel stands beside its lesson, the viewer alone.
"""

import io
import re
import sys
import tempfile
from pathlib import Path

from lab import REPOSITORY, browser, course
from PIL import Image
from sklearn.cluster import KMeans
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import beyondlabels as bl

IMAGES = REPOSITORY / ".github" / "images"
ANSWER = "scaled = X\ngroups = KMeans(n_clusters=3, n_init=10, random_state=0).fit_predict(scaled)"
WIDTH = 900
GAP = 14
PAPER = {"JupyterLab Light": "#ffffff", "JupyterLab Dark": "#111111"}


def begin(lab):
    """Step the explorable and answer an exercise, not yet rightly."""
    explorable = lab.cell("When do they stop moving").locator(".bl.kmeans")
    for _ in range(5):
        was = explorable.get_attribute("data-frame")
        explorable.locator("button.step").click()
        lab.page.wait_for_function(
            "([card, was]) => card.dataset.frame !== was", arg=[explorable.element_handle(), was]
        )
    lab.set_source("scaled = ...", ANSWER)
    lab.cell('exercise("kmeans.scale_first")').get_by_role("button", name="Check").click()


def work(lab):
    """Bring the cards into the state that is photographed; returns their locators' makers, in order."""
    begin(lab)
    panel = lab.cell('path="penguins.mlpackage"').locator(".bl.export")
    panel.get_by_role("button", name="Export", exact=True).click()
    panel.locator(".package").wait_for()
    return [
        lambda: lab.cell("When do they stop moving").locator(".bl.kmeans"),
        lambda: lab.cell('exercise("kmeans.scale_first")').locator(".bl"),
        lambda: lab.cell('path="penguins.mlpackage"').locator(".bl.export"),
        lambda: lab.cell("bl.ExportPanel(dense").locator(".bl.export"),
    ]


def column(lab, cards, theme):
    """The cards one above the other, on the theme's own paper."""
    lab.theme(theme)
    lab.page.wait_for_timeout(400)  # the theme's own transition
    shots = [Image.open(io.BytesIO(find().screenshot())).convert("RGB") for find in cards]
    height = sum(shot.height for shot in shots) + GAP * (len(shots) + 1)
    sheet = Image.new("RGB", (max(shot.width for shot in shots) + 2 * GAP, height), PAPER[theme])
    top = GAP
    for shot in shots:
        sheet.paste(shot, (GAP, top))
        top += shot.height + GAP
    return sheet


def lesson(lab):
    """The cards of lesson 1, light beside dark."""
    lab.page.set_viewport_size({"width": WIDTH, "height": 1400})
    lab.open("01_kmeans.ipynb", mode="doc")
    lab.run_all()
    cards = work(lab)
    columns = [column(lab, cards, theme) for theme in PAPER]
    lab.theme("JupyterLab Light")
    sheet = Image.new("RGB", (sum(each.width for each in columns), max(each.height for each in columns)))
    left = 0
    for each in columns:
        sheet.paste(each, (left, 0))
        left += each.width
    return sheet


def beside(lab):
    """The course panel beside a lesson that has been begun."""
    lab.page.set_viewport_size({"width": 1280, "height": 800})
    lab.open("01_kmeans.ipynb")
    lab.run_all()
    begin(lab)
    lab.set_source("scaled = X", ANSWER.replace("scaled = X", "scaled = StandardScaler().fit_transform(X)"))
    lab.cell('exercise("kmeans.scale_first")').get_by_role("button", name="Check").click()
    lab.page.evaluate("() => window.jupyterapp.commands.execute('beyondlabels:show')")
    panel = lab.page.locator(".bl-course")
    panel.get_by_role("button", name=re.compile(r"Scale first\s*, done")).wait_for()
    close = panel.get_by_role("button", name="Close", exact=True)
    if close.count():
        close.click()
    lab.cell("When do they stop moving").locator(".bl.kmeans").wait_for()
    lab.page.wait_for_timeout(600)  # the list of cells comes to rest
    return Image.open(io.BytesIO(lab.page.screenshot())).convert("RGB")


def viewer(lab):
    """The viewer on the package that the lesson exports."""
    penguins = bl.datasets.load("penguins").dropna()
    X = penguins[["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]]
    model = make_pipeline(StandardScaler(), KMeans(3, random_state=0)).fit(X)
    package = Path(lab.folder) / "three_groups.mlpackage"
    bl.export(model, package, sample=X)
    lab.page.set_viewport_size({"width": 1180, "height": 1250})
    lab.open("00_welcome.ipynb")
    lab.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    lab.page.evaluate(
        "path => { window.jupyterapp.commands.execute('beyondlabels:open-model', { path }); }", package.name
    )
    view = lab.page.locator(".bl-model:visible")
    view.get_by_role("button", name="Replay the proof").click()
    view.locator(".bl-answer.bl-ok").wait_for()
    lab.page.wait_for_timeout(400)
    return Image.open(io.BytesIO(view.screenshot())).convert("RGB")


PICTURES = {"lesson": lesson, "course": beside, "viewer": viewer}


def main(names):
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name in names or PICTURES:
        with tempfile.TemporaryDirectory() as place, course(Path(place) / "course") as url, browser(url) as lab:
            lab.folder = Path(place) / "course"
            picture, file = PICTURES[name](lab), IMAGES / f"{name}.png"
        picture.quantize(256).save(file, optimize=True)
        print(f"{name}: {picture.width} x {picture.height}, {file.stat().st_size // 1000} kB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
