"""``make shots``: the picture in README.md, taken from the lesson itself, light and dark side by side.

Cards are worked as a learner would work them (centres dragged, an exercise answered, a package exported), photographed
one by one, and put on one sheet.
"""

import io
import sys
import tempfile
from pathlib import Path

from lab import REPOSITORY, browser, course
from PIL import Image

PICTURE = REPOSITORY / ".github" / "images" / "lesson.png"
ANSWER = "scaled = X\ngroups = KMeans(n_clusters=3, n_init=10, random_state=0).fit_predict(scaled)"
WIDTH = 900
GAP = 14
PAPER = {"JupyterLab Light": "#ffffff", "JupyterLab Dark": "#111111"}


def work(lab):
    """Bring the cards into the state that is photographed; returns their locators' makers, in order."""
    explorable = lab.cell("When do they stop moving").locator(".bl.kmeans")
    for _ in range(5):
        was = explorable.get_attribute("data-frame")
        explorable.locator("button.step").click()
        lab.page.wait_for_function(
            "([card, was]) => card.dataset.frame !== was", arg=[explorable.element_handle(), was]
        )
    lab.set_source("scaled = ...", ANSWER)
    lab.cell('exercise("kmeans.scale_first")').get_by_role("button", name="Check").click()
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


def main():
    with (
        tempfile.TemporaryDirectory() as place,
        course(Path(place) / "course") as url,
        browser(url, WIDTH, 1400) as lab,
    ):
        lab.open("01_kmeans.ipynb", mode="doc")
        lab.run_all()
        cards = work(lab)
        columns = [column(lab, cards, theme) for theme in PAPER]
    sheet = Image.new("RGB", (sum(each.width for each in columns), max(each.height for each in columns)))
    left = 0
    for each in columns:
        sheet.paste(each, (left, 0))
        left += each.width
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    sheet.quantize(256).save(PICTURE, optimize=True)
    print(f"{PICTURE.relative_to(REPOSITORY)}: {sheet.width} x {sheet.height}, {PICTURE.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
