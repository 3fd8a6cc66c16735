"""The widgets in Notebook 7: a lesson's explorable, an exercise and the export panel. Run by ``make compat``, whose environments
have a Notebook beside their JupyterLab; `make test` has none."""

import pytest
from lab import browser, course
from playwright.sync_api import expect
from test_course import (
    answer_an_exercise_wrongly_then_rightly,
    drag_a_centre_with_the_mouse_and_one_with_the_keyboard,
    export_and_find_the_package,
    read_the_refusal_and_export_a_substitute,
)


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    return tmp_path_factory.mktemp("notebook") / "course"


@pytest.fixture(scope="module")
def address(work):
    with course(work) as url:
        yield url


def own(errors):
    """Without what Notebook 7.6 says of itself on every notebook, our extension disabled or not (its toolbars' settings)."""
    return [each for each in errors if "reading 'schema'" not in each]


def test_the_first_lesson(address, work):
    with browser(address) as lab:
        lab.open("01_kmeans.ipynb", mode="notebooks")
        assert lab.page.evaluate("() => window.jupyterapp.name") == "Jupyter Notebook"
        lab.run_all()
        drag_a_centre_with_the_mouse_and_one_with_the_keyboard(lab)
        answer_an_exercise_wrongly_then_rightly(lab)
        export_and_find_the_package(lab, work)
        read_the_refusal_and_export_a_substitute(lab, work)
        assert lab.outside == [], "requests left the machine"
        assert own(lab.errors) == [], "the browser's console reported errors"


def test_the_panel_and_the_toolbar_of_the_extension(address):
    with browser(address) as lab:
        lab.open("00_welcome.ipynb", mode="notebooks")
        lab.page.evaluate("() => window.jupyterapp.commands.execute('beyondlabels:show')")
        expect(lab.page.locator(".bl-course [aria-current=true]")).to_contain_text("00 Welcome")
        lab.page.get_by_role("button", name="Run to here and predict").click()
        expect(lab.page.locator(".jp-Cell.jp-mod-active .bl.bl-prediction")).to_be_visible(timeout=60_000)
        assert own(lab.errors) == []
