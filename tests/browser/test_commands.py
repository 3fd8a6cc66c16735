"""Every command, button and fold of the extension, pressed once in a course of its own. What is listed here is all there is."""

import json
import re
import shutil

import pytest
from lab import browser, course
from playwright.sync_api import expect

import beyondlabels as bl

SOON = 30_000  # ms
COMMANDS = {
    "beyondlabels:start": "test_starting_and_the_welcome_that_is_shown_once",
    "beyondlabels:show": "test_starting_and_the_welcome_that_is_shown_once",
    "beyondlabels:reset": "test_reset_from_the_toolbar_keeps_what_was_not_saved",
    "beyondlabels:open-model": "test_a_package_is_looked_into_and_searched",
}
TOOLBAR = ["Run to here and predict", "Export again", "Reset this lesson"]


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    return tmp_path_factory.mktemp("commands") / "course"


@pytest.fixture(scope="module")
def address(work):
    with course(work) as url:
        yield url


@pytest.fixture
def lab(address):
    with browser(address, 1400, 1000) as page:
        page.forget()
        yield page
        assert page.outside == [], "requests left the machine"
        assert page.errors == []


def run(lab, command, **args):
    lab.page.evaluate("([name, args]) => { window.jupyterapp.commands.execute(name, args); }", [command, args])


def remembered(lab, name):
    """Wait until the server has the layout with ``name`` in it: JupyterLab sends it some time after a change."""
    address = f"{lab.base}/lab/api/workspaces/default?token={lab.token}"
    for _ in range(150):
        found = lab.page.request.get(address)
        if found.ok and name in json.dumps(found.json()["data"].get("layout-restorer:data")):
            return
        lab.page.wait_for_timeout(200)
    raise AssertionError(f"the layout with {name} was not saved in 30 s")


def toolbar(lab):
    return lab.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Toolbar")


def test_starting_and_the_welcome_that_is_shown_once(lab):
    lab.page.goto(lab.url)
    panel = lab.page.locator(".bl-course")
    welcome = panel.get_by_role("region", name="Welcome")
    expect(welcome).to_be_visible(timeout=SOON)
    welcome.get_by_role("button", name="Open lesson 0").click()
    expect(panel.locator("[aria-current=true]")).to_contain_text("00 Welcome")
    welcome.get_by_role("button", name="Close").click()
    expect(welcome).to_have_count(0)
    lab.open("00_welcome.ipynb")
    run(lab, "beyondlabels:show")
    expect(panel.locator(".bl-lesson").first).to_be_visible(timeout=SOON)
    expect(welcome).to_have_count(0)

    run(lab, "filebrowser:activate")
    expect(panel).to_be_hidden()
    run(lab, "beyondlabels:show")
    expect(panel).to_be_visible()
    run(lab, "apputils:activate-command-palette")
    lab.page.locator(".lm-CommandPalette-input").fill("start the course")
    lab.page.keyboard.press("Enter")
    expect(panel.locator("[aria-current=true]")).to_contain_text("00 Welcome", timeout=SOON)


def test_nothing_else_is_registered(lab):
    lab.open("00_welcome.ipynb")
    names = lab.page.evaluate(
        "() => window.jupyterapp.commands.listCommands().filter(each => each.startsWith('beyond'))"
    )
    assert set(names) == set(COMMANDS)
    assert set(COMMANDS.values()) <= set(globals())
    bar = lab.page.evaluate("() => [...window.notebook.toolbar.names()]")
    at = bar.index("cellType")
    assert bar[at + 1 : at + 4] == ["beyondlabels-predict", "beyondlabels-export", "beyondlabels-reset"]
    for name in TOOLBAR:
        expect(toolbar(lab).get_by_role("button", name=name)).to_be_visible()


def test_a_notebook_that_is_no_lesson_has_none_of_it(lab, work):
    shutil.copy(work / "00_welcome.ipynb", work / "mine.ipynb")
    lab.open("mine.ipynb")
    expect(toolbar(lab).get_by_role("button", name=re.compile("Restart", re.I)).first).to_be_visible()
    for name in TOOLBAR:
        expect(toolbar(lab).get_by_role("button", name=name)).to_have_count(0)
    assert lab.page.locator(".jp-NotebookPanel.bl-reading:not(.lm-mod-hidden)").count() == 0
    (work / "mine.ipynb").unlink()


def test_going_on_where_the_course_was_left(lab, work):
    lab.open("00_welcome.ipynb")
    panel = lab.page.locator(".bl-course")
    run(lab, "beyondlabels:show")
    toolbar(lab).get_by_role("button", name="Run to here and predict").click()
    card = lab.page.locator(".jp-Cell.jp-mod-active .bl.bl-prediction")
    card.get_by_role("button", name="Commit").click(timeout=SOON)
    expect(panel.locator("[aria-current=true]")).to_contain_text("predictions made", timeout=SOON)
    panel.get_by_role("button", name="Continue: Try the buttons").click()
    lab.page.wait_for_function(
        "() => window.notebook.content.activeCell.model.sharedModel.source.includes('welcome.')", timeout=SOON
    )
    (work / "03_mixtures.ipynb").unlink()
    lab.page.reload()
    panel.get_by_role("button", name=re.compile("03 Mixtures")).click(timeout=SOON)
    expect(panel.locator("[aria-current=true]")).to_contain_text("03 Mixtures", timeout=SOON)
    assert (work / "03_mixtures.ipynb").is_file()


def test_notes_for_whoever_teaches(lab):
    lab.open("01_kmeans.ipynb")
    run(lab, "beyondlabels:show")
    notes = lab.page.locator(".bl-course details")
    notes.get_by_text("For whoever teaches it").click()
    expect(notes).to_contain_text(bl.course.instructor_notes("kmeans").question[:40])


def test_export_again(lab, work):
    lab.open("01_kmeans.ipynb")
    lab.run_all()
    lab.cell('path="penguins.mlpackage"')
    lab.page.evaluate("() => { window.notebook.content.activeCellIndex = 0; }")
    toolbar(lab).get_by_role("button", name="Export again").click()
    lab.page.wait_for_function(
        "() => /ExportPanel\\(|bl\\.export\\(/.test(window.notebook.content.activeCell.model.sharedModel.source)"
    )
    panel = lab.page.locator(".jp-Cell.jp-mod-active .bl.export")
    panel.get_by_role("button", name="Export", exact=True).click(timeout=SOON)
    expect(panel.locator(".package")).to_be_visible(timeout=SOON)
    assert bl.runtime.check(work / "penguins.mlpackage").passed


def test_a_package_is_looked_into_and_searched(lab):
    lab.open("00_welcome.ipynb")
    run(lab, "beyondlabels:open-model", path="penguins.mlpackage")
    view = lab.page.locator(".bl-model:visible")
    expect(view.get_by_role("heading", name="StandardScaler → KMeans")).to_be_visible(timeout=SOON)
    expect(view.locator(".bl-head")).to_contain_text("not updatable")
    view.get_by_role("searchbox").fill("arg")
    expect(view.locator(".bl-operations li:visible")).to_have_count(1)
    view.locator(".bl-operations li:visible summary").click()
    expect(view.locator(".bl-operations dl:visible")).to_contain_text("from ")
    view.locator(".bl-node.bl-operation").first.click()
    expect(view.locator(".bl-operations li:visible")).not_to_have_count(1)
    swift = view.locator("details", has_text="Swift that calls it").last
    swift.locator("summary").click()
    expect(swift.locator("pre")).to_contain_text("import CoreML")
    files = view.locator("details", has_text="Files and metadata").last
    files.locator("summary").click()
    expect(files).to_contain_text("weight.bin")
    view.get_by_role("button", name="Replay the proof").click()
    expect(view.locator(".bl-answer.bl-ok")).to_contain_text("the proof holds", timeout=SOON)
    remembered(lab, "penguins.mlpackage")
    lab.page.reload()
    expect(view.get_by_role("heading", name="StandardScaler → KMeans")).to_be_visible(timeout=SOON)


def test_reset_from_the_toolbar_keeps_what_was_not_saved(lab, work):
    lab.open("02_density.ipynb")
    lab.page.evaluate("() => window.notebook.content.model.cells.get(1).sharedModel.setSource('not_saved = 1')")
    toolbar(lab).get_by_role("button", name="Reset this lesson").click()
    dialog = lab.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Cancel").click()
    assert not list(work.glob("02_density.backup-*"))
    toolbar(lab).get_by_role("button", name="Reset this lesson").click()
    dialog.get_by_role("button", name="Reset").click()
    lab.page.wait_for_function(
        "() => window.notebook.content.model.cells.get(1).sharedModel.source !== 'not_saved = 1'"
    )
    (backup,) = work.glob("02_density.backup-*.ipynb")
    assert "not_saved = 1" in backup.read_text()
    lab.forgive_reload()
