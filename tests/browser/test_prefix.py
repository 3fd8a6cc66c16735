"""Everything of the extension under a base URL, as JupyterHub gives each user one."""

import re

from lab import browser, jupyterlab
from playwright.sync_api import expect

from beyondlabels.course import folder

BASE = "/user/ada/"
SOON = 30_000  # ms


def test_panel_exercise_export_viewer_and_reset(tmp_path):
    work = tmp_path / "course"
    folder.prepare(work)
    with jupyterlab(work, BASE) as url, browser(url) as lab:
        lab.open("01_kmeans.ipynb")
        lab.run_all()
        course = lab.page.locator(".bl-course")
        expect(course.locator("[aria-current=true]")).to_contain_text("01 K-means")

        answer = "from sklearn.preprocessing import StandardScaler\nscaled = StandardScaler().fit_transform(X)\n"
        lab.set_source("scaled = ...", f"{answer}groups = KMeans(3, n_init=10, random_state=0).fit_predict(scaled)")
        lab.cell('exercise("kmeans.scale_first")').get_by_role("button", name="Check").click()
        expect(course.get_by_role("button", name=re.compile(r"\w\s*, done$"))).to_be_visible(timeout=SOON)

        panel = lab.cell('path="penguins.mlpackage"').locator(".bl.export")
        panel.get_by_role("button", name="Export", exact=True).click()
        expect(panel.locator(".package")).to_be_visible(timeout=SOON)
        expect(course).to_contain_text("exported: penguins.mlpackage", timeout=SOON)

        open_model = (
            "() => { window.jupyterapp.commands.execute('beyondlabels:open-model', { path: 'penguins.mlpackage' }); }"
        )
        lab.page.evaluate(open_model)
        view = lab.page.locator(".bl-model:visible")
        view.get_by_role("button", name="Replay the proof").click(timeout=SOON)
        expect(view.locator(".bl-answer")).to_contain_text("the proof holds", timeout=SOON)

        course.get_by_role("button", name=re.compile("01 K-means")).click()
        course.get_by_role("button", name="Reset this lesson").click()
        lab.page.get_by_role("dialog").get_by_role("button", name="Reset").click()
        expect(lab.page.get_by_text("kept as 01_kmeans.backup-").first).to_be_visible(timeout=SOON)
        assert list(work.glob("01_kmeans.backup-*.ipynb"))
        lab.forgive_reload()
        assert lab.outside == [], "requests beyond the base URL"
        assert lab.errors == []
