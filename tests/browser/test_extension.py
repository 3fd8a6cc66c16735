"""The JupyterLab extension in a real browser: the panel follows the learner, a model is taken apart."""

import re
import shutil

import numpy as np
import pytest
from lab import browser
from playwright.sync_api import expect
from sklearn.neighbors import NearestNeighbors
from test_course import violations

import beyondlabels as bl

SOON = 20_000  # ms: the first model that is opened also loads what reads it
THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")


@pytest.fixture(scope="module")
def models(address, work):
    """A package and a damaged file in the course folder; the folder is left as it was."""
    rows = np.random.default_rng(0).normal(size=(60, 3))
    bl.export(NearestNeighbors(n_neighbors=3).fit(rows), work / "neighbours.mlpackage", sample=rows)
    (work / "broken.mlmodel").write_bytes(b"nothing")
    yield work
    shutil.rmtree(work / "neighbours.mlpackage")
    (work / "broken.mlmodel").unlink()


def panel(lab):
    lab.page.evaluate("() => window.jupyterapp.commands.execute('beyondlabels:show')")
    found = lab.page.locator(".bl-course")
    expect(found.locator(".bl-lesson").first).to_be_visible()
    return found


def model(lab, path):
    lab.page.evaluate("path => { window.jupyterapp.commands.execute('beyondlabels:open-model', { path }); }", path)
    return lab.page.locator(".bl-model:visible")


def test_the_panel_follows_the_learner(lab):
    lab.open("00_welcome.ipynb")
    course = panel(lab)
    expect(course.locator("[aria-current=true]")).to_contain_text("00 Welcome")
    lab.page.locator(".jp-Toolbar:visible").get_by_role("button", name="Run to here and predict").click()
    expect(lab.page.locator(".jp-Cell.jp-mod-active .bl.bl-prediction")).to_be_visible(timeout=SOON)
    course.get_by_role("button", name=re.compile("Read a verdict")).click()
    lab.page.wait_for_function(
        "() => window.notebook.content.activeCell.model.sharedModel.source.includes('read_verdict')"
    )
    lab.run_all()
    lab.set_source("limit_id = ...", "verdict = bl.assess(DBSCAN().fit(X))\nlimit_id = verdict.refused[0].id")
    lab.cell('exercise("welcome.read_verdict")').get_by_role("button", name="Check").click()
    expect(course.get_by_role("button", name=re.compile(r"Read a verdict\s*, done"))).to_be_visible(timeout=SOON)
    expect(course.locator("header")).to_contain_text(re.compile(r"^Beyond Labels\d+ of \d+"))


def test_a_lesson_is_reset_from_the_panel(lab, work):
    lab.open("01_kmeans.ipynb")
    lab.set_source("import beyondlabels", "my_own_words = 1\nimport beyondlabels as bl")
    panel(lab).get_by_role("button", name="Reset this lesson").click()
    dialog = lab.page.get_by_role("dialog")
    expect(dialog).to_contain_text("kept beside it as a backup")
    dialog.get_by_role("button", name="Reset").click()
    lab.page.wait_for_function(
        "() => !window.notebook.content.model.cells.get(1).sharedModel.source.includes('my_own_words')"
    )
    assert any("my_own_words" in backup.read_text() for backup in work.glob("01_kmeans.backup-*.ipynb"))
    assert "my_own_words" not in (work / "01_kmeans.ipynb").read_text()
    lab.forgive_reload()


def test_the_launchers_card_and_the_palette_start_the_course(lab):
    lab.open("01_kmeans.ipynb")
    palette = lab.page.evaluate("() => window.jupyterapp.commands.label('beyondlabels:start', { isPalette: true })")
    assert palette == "Start the course"
    lab.page.evaluate("() => { window.jupyterapp.commands.execute('launcher:create'); }")
    lab.page.locator(".jp-LauncherCard:visible", has_text="Beyond Labels").first.click()
    expect(lab.page.locator(".bl-course [aria-current=true]")).to_be_visible()


def test_the_panel_from_the_keyboard(lab):
    lab.open("01_kmeans.ipynb")
    course = panel(lab)
    course.locator("button").first.focus()
    for _ in range(12):
        if lab.page.evaluate("() => document.activeElement.dataset.key") == "welcome":
            break
        lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("Enter")
    expect(course.locator("[aria-current=true]")).to_contain_text("00 Welcome")


def test_a_package_from_its_context_menu(lab, models):
    lab.open("00_welcome.ipynb")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('filebrowser:activate')")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('filebrowser:refresh')")
    lab.page.locator(".jp-DirListing-item", has_text="neighbours.mlpackage").click(button="right")
    lab.page.get_by_text("Look into this Core ML package").click()
    view = lab.page.locator(".bl-model:visible")
    expect(view.get_by_role("heading", name="NearestNeighbors")).to_be_visible(timeout=SOON)
    expect(view.locator(".bl-training figcaption").first).to_contain_text("Rows of the training data")
    view.get_by_role("button", name="Replay the proof").click()
    expect(view.locator(".bl-answer")).to_contain_text("the proof holds")
    view.get_by_role("searchbox").fill("sub")
    expect(view.locator(".bl-row [role=status]")).to_contain_text(re.compile(r"\d of \d+ operations"))
    graph = view.locator(".bl-graph")
    expect(graph).to_be_visible()
    view.get_by_role("button", name="Graph").click()
    expect(graph).to_have_count(0)
    view.get_by_role("button", name="Graph").click()
    graph.focus()
    lab.page.keyboard.press("ArrowDown")
    expect(view.locator("[role=status]", has_text="Operation 1")).to_be_visible()


def test_a_damaged_model_says_what_is_wrong(lab, models):
    lab.open("00_welcome.ipynb")
    lab.page.evaluate("() => { window.jupyterapp.commands.execute('docmanager:open', { path: 'broken.mlmodel' }); }")
    expect(lab.page.get_by_role("alert")).to_contain_text("broken.mlmodel: the model file is damaged", timeout=SOON)
    assert [text for text in lab.errors if "422" not in text] == []
    lab.errors.clear()  # the browser itself logs an answer of 422


def test_nothing_is_out_of_reach_in_any_theme(lab, models):
    lab.open("00_welcome.ipynb")
    panel(lab)
    view = model(lab, "neighbours.mlpackage")
    expect(view.locator(".bl-graph")).to_be_visible(timeout=SOON)
    for theme in THEMES:
        lab.page.evaluate("name => window.jupyterapp.commands.execute('apputils:change-theme', { theme: name })", theme)
        lab.page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=theme)
        assert violations(lab.page, ".bl-course") == [], theme
        assert violations(lab.page, ".bl-model") == [], theme


def test_a_narrow_window(address, models):
    with browser(address, 480, 800) as lab:
        lab.open("00_welcome.ipynb")
        lab.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
        view = model(lab, "neighbours.mlpackage")
        expect(view.get_by_role("heading", name="NearestNeighbors")).to_be_visible(timeout=SOON)
        assert view.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
