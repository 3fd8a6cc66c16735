"""The first lesson as a learner does it, from ``make course`` to a package on disk whose proof holds."""

import re

from axe_playwright_python.sync_playwright import Axe
from lab import browser
from playwright.sync_api import expect

import beyondlabels as bl

CARDS = (
    ("When do they stop moving", ".bl.kmeans"),
    ('predict(\n    "kmeans.groups"', ".bl.bl-prediction"),
    ('exercise("kmeans.scale_first")', ".bl.bl-exercise"),
    ('path="penguins.mlpackage"', ".bl.export"),
    ("bl.ExportPanel(dense", ".bl.export"),
)

# Without waiting for the end, as a learner who is in a hurry.
SET_AND_START = """([marker, source]) => {
    const content = window.notebook.content, cells = content.model.cells;
    const at = [...Array(cells.length).keys()].find(at => cells.get(at).sharedModel.source.includes(marker)
        && cells.get(at).type === 'code');
    cells.get(at).sharedModel.setSource(source);
    content.deselectAll(); content.activeCellIndex = at;
    void window.jupyterapp.commands.execute('notebook:run-cell');
}"""


def violations(page, selector):
    """What axe finds wrong in the elements that match, as ``rule: element`` lines."""
    found = Axe().run(page, context={"include": [[selector]]}).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def test_the_course_opens_on_its_welcome(lab):
    lab.page.goto(lab.url)
    lab.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    expect(lab.page.locator(".jp-Notebook h1").first).to_contain_text("Welcome")


def test_the_first_lesson_from_the_first_cell_to_a_verified_package(lab, work):
    lab.open("01_kmeans.ipynb")
    lab.run_all()
    drag_a_centre_with_the_mouse_and_one_with_the_keyboard(lab)
    answer_an_exercise_wrongly_then_rightly(lab)
    check_while_a_cell_runs(lab)
    export_and_find_the_package(lab, work)
    read_the_refusal_and_export_a_substitute(lab, work)
    nothing_is_out_of_reach(lab)


def drag_a_centre_with_the_mouse_and_one_with_the_keyboard(lab):
    explorable = lab.cell("When do they stop moving").locator(".bl.kmeans")
    explorable.scroll_into_view_if_needed()
    said = explorable.locator(".said")
    first = explorable.get_by_role("slider", name="centre 1")
    before = first.get_attribute("aria-valuetext")
    box = first.bounding_box()
    lab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] + 90, box["y"] - 40, steps=8)
    lab.page.mouse.up()
    expect(said).to_contain_text("Centre 1 moved")
    assert first.get_attribute("aria-valuetext") != before

    second = explorable.get_by_role("slider", name="centre 2")
    before = second.get_attribute("aria-valuetext")
    second.focus()
    lab.page.keyboard.press("Shift+ArrowLeft")
    expect(said).to_contain_text("Centre 2 moved")
    assert second.get_attribute("aria-valuetext") != before

    explorable.get_by_role("button", name="one group more").click()
    expect(explorable.get_by_role("slider", name="centre 4")).to_be_visible()
    inertia = explorable.locator("dd").first
    for _ in range(60):
        if "converged" in said.inner_text():
            break
        was = explorable.get_attribute("data-frame")
        explorable.locator("button.step").click()
        expect(explorable).not_to_have_attribute("data-frame", was)
    expect(said).to_contain_text("converged")
    assert re.search(r"\d", inertia.inner_text())


def answer_an_exercise_wrongly_then_rightly(lab):
    card = lab.cell('exercise("kmeans.scale_first")').locator(".bl-exercise")
    card.get_by_role("button", name="Check").click()
    expect(card.locator(".msg").first).to_contain_text("Not attempted")
    wrong = "scaled = X\ngroups = KMeans(n_clusters=3, n_init=10, random_state=0).fit_predict(scaled)"
    lab.set_source("scaled = ...", wrong)
    lab.cell('exercise("kmeans.scale_first")')
    card.get_by_role("button", name="Check").click()
    expect(card.locator(".msg").first).to_contain_text("Not yet")
    lab.set_source("scaled = X", wrong.replace("scaled = X", "scaled = StandardScaler().fit_transform(X)"))
    lab.cell('exercise("kmeans.scale_first")')
    card.get_by_role("button", name="Check").click()
    expect(card.locator(".msg").first).to_contain_text("Right")
    expect(card.locator(".badge.ok")).to_be_visible()
    keys_alone_from_the_hints_to_the_next_cell(lab, card)


def keys_alone_from_the_hints_to_the_next_cell(lab, card):
    """The last hint leaves the focus where it is; Escape leads out of the card, and the notebook takes its keys again."""
    hint = card.get_by_role("button", name=re.compile("[Hh]int"))
    hint.focus()
    for _ in range(6):
        lab.page.keyboard.press("Enter")
        if "All" in hint.inner_text():
            break
        lab.page.wait_for_timeout(200)
    expect(hint).to_have_text("All hints shown")
    expect(hint).to_be_focused()
    lab.page.keyboard.press("Escape")
    was = lab.page.evaluate("() => window.notebook.content.activeCellIndex")
    lab.page.keyboard.press("ArrowDown")
    lab.page.wait_for_function("was => window.notebook.content.activeCellIndex === was + 1", arg=was)


def check_while_a_cell_runs(lab):
    """The check waits, says so, and judges what the cell has left."""
    card = lab.cell('exercise("kmeans.scale_first")').locator(".bl-exercise")
    slow = "import time; time.sleep(2); scaled = StandardScaler().fit_transform(X); groups = groups[:5]"
    lab.page.evaluate(SET_AND_START, ["scaled = Standard", slow])
    lab.cell('exercise("kmeans.scale_first")')
    card.get_by_role("button", name="Check").click()
    expect(card.locator(".msg").first).to_contain_text("A cell is still running")
    expect(card.locator(".msg").first).to_contain_text("the shape 5", timeout=10_000)


def export_and_find_the_package(lab, work):
    panel = lab.cell('path="penguins.mlpackage"').locator(".bl.export")
    panel.get_by_role("button", name="Export", exact=True).click()
    expect(panel).to_contain_text("342 of 342", timeout=30_000)
    expect(panel).to_contain_text("Apple's own runtime was not run here")
    expect(panel).to_contain_text("None of your rows")
    package = work / "penguins.mlpackage"
    assert package.is_dir()
    result = bl.runtime.check(package)
    assert result.passed, str(result)
    assert result.rows == 16


def read_the_refusal_and_export_a_substitute(lab, work):
    panel = lab.cell("bl.ExportPanel(dense").locator(".bl.export")
    expect(panel.locator(".badge")).to_contain_text("No function to export")
    expect(panel).to_contain_text("of your rows word for word")
    was = set(work.glob("*.mlpackage"))
    panel.get_by_role("button", name=re.compile("Export this: nearest core point")).click()
    expect(panel.locator(".package")).to_contain_text("342 of 342 equal", timeout=30_000)
    (new,) = set(work.glob("*.mlpackage")) - was
    assert bl.runtime.check(new).passed


def nothing_is_out_of_reach(lab):
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        lab.theme(theme)
        for marker, selector in CARDS:
            lab.cell(marker).locator(selector).wait_for()
            assert violations(lab.page, selector) == [], f"{theme}, {selector}"


def test_a_narrow_screen_scrolls_down_only(address):
    with browser(address, width=360, height=800) as lab:
        lab.open("01_kmeans.ipynb", mode="doc")
        lab.run_all()
        cards = lab.page.evaluate(
            """() => [...document.querySelectorAll('.bl')].filter(card => card.checkVisibility())
                .map(card => [card.scrollWidth, card.clientWidth])"""
        )
        assert cards
        assert min(width for _, width in cards) > 200, "the cards are narrower than a telephone shows them"
        wide = lab.page.evaluate(
            """() => [...document.querySelectorAll('.bl')].filter(card => card.scrollWidth > card.clientWidth + 1)
                .map(card => `${card.className}: ${card.scrollWidth} in ${card.clientWidth}`)"""
        )
        assert wide == []
