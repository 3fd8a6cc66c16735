"""Names that hold markup, scripts, control characters and 10,000 letters: text in every widget and all of the extension."""

import re
import shutil

import pytest
from lab import Lab, browser
from many_operations import notebook
from playwright.sync_api import expect

IMAGE = '<img src=x onerror="window.ran=1">'
SCRIPT = "<script>window.ran=2</script><svg onload=window.ran=3>`${window.ran=4}`"
CONTROL = "c\x07\x1b[31m\u202e<b>bold</b>"
LONG = "long" * 2_500
HOSTILE = (IMAGE, SCRIPT, CONTROL, LONG)
SOON = 60_000  # ms: a first export imports what it needs

CELLS = {
    "data": f"""
import numpy as np, pandas as pd, beyondlabels as bl
from sklearn import cluster
names = {HOSTILE!r}
image, script, control, long = names
X = pd.DataFrame(np.random.default_rng(0).normal(size=(60, 4)), columns=list(names))
groups = cluster.KMeans(2, random_state=0).fit(X)
bl.export(groups, "made.mlpackage", sample=X, name=image + script, overwrite=True)
own = type(image, (cluster.KMeans,), {{}})(2).fit(X)
""",
    "verdicts": "display(bl.assess(groups)); display(bl.assess(own)); display(bl.assess(cluster.DBSCAN().fit(X)))",
    "result": 'bl.export(groups, image.replace("/", "") + ".mlpackage", sample=X, name=script, overwrite=True)',
    "export": 'bl.ExportPanel(groups, X, path=image.replace("/", "") + " panel.mlpackage")',
    "refused": "bl.ExportPanel(cluster.DBSCAN(eps=2).fit(X), X)",
    "unknown": "bl.ExportPanel(own, X)",
    "glass": 'bl.GlassBox("made.mlpackage", X, model=groups)',
    "kmeans": "bl.explore.KMeans(X, noun=script, question=image, units={image: control, script: image})",
    "long": "bl.explore.KMeans(X, x=long, y=control, noun=long, question=long)",
    "dbscan": "bl.explore.DBSCAN(X, places={image: (0, 0), script: (1, 1)}, noun=image, question=script)",
    "mixture": "bl.explore.Mixture(X, noun=script, question=image)",
    "pca": "bl.explore.PCA(X, x=script, y=long, noun=image, question=script)",
    "components": """
pictures = np.random.default_rng(0).normal(size=(30, 16))
bl.explore.Components(pictures, (4, 4), labels=[image, script, long] * 10, question=image)""",
    "tsne": "bl.explore.TSNE(X, groups=[image, script, long] * 20, noun=image, question=script)",
    "detectors": "bl.explore.Detectors(X, known=np.arange(60) < 5, noun=image, question=script)",
    "windows": """
months, events = np.random.default_rng(0).normal(size=72), {image: (10, 20), script: (40, 50)}
words = {"label": image, "unit": script, "score_label": long, "noun": image, "question": script}
bl.explore.Windows(months, events=events, **words)""",
    "predict": 'bl.course.predict("hostile." + image, image + script, kind="choice", choices=[image, script, long])',
    "reveal": 'bl.course.reveal("hostile." + image, image, image + script)',
    "answer": "limit_id = ...",
    "exercise": 'bl.course.exercise("welcome.read_verdict")',
}
# Cards that show one of the names; the others must merely survive them.
NAMED = (
    "kmeans",
    "long",
    "dbscan",
    "mixture",
    "pca",
    "components",
    "tsne",
    "detectors",
    "windows",
    "predict",
    "result",
)


@pytest.fixture(scope="module")
def page(address, work):
    (work / "hostile.ipynb").write_text(notebook(*CELLS.values()))
    with browser(address) as lab:
        lab.forget()
        lab.open("hostile.ipynb")
        lab.run_all()
        yield lab
    (work / "hostile.ipynb").unlink()
    for package in work.glob("*.mlpackage"):
        shutil.rmtree(package)


@pytest.fixture
def lab(page, address):
    """A second page beside the notebook's."""
    tab = page.page.context.browser.new_page(viewport={"width": 1280, "height": 1000})
    yield Lab(tab, address)
    tab.close()


def innocent(lab):
    """No name has become an element, none has run, and no request was made for one."""
    foreign = """() => [...document.querySelectorAll("img[src=x], svg[onload], script, [onerror]")]
        .filter(each => each.tagName !== "SCRIPT" || each.textContent.includes("window.ran")).map(each => each.outerHTML)"""
    assert lab.page.evaluate(foreign) == []
    assert lab.page.evaluate("() => window.ran") is None
    assert lab.outside == []
    assert lab.errors == []


def narrow(place):
    """What inside the card or view is wider than itself."""
    return place.evaluate("""node => [node, ...node.querySelectorAll(".bl")]
        .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.className)""")


@pytest.mark.parametrize("name", [name for name in CELLS if name not in ("data", "answer")])
def test_a_widget_of(page, name):
    output = page.cell(CELLS[name]).locator(".jp-OutputArea-output").first
    expect(output).to_be_visible(timeout=SOON)
    assert narrow(output) == []
    innocent(page)
    if name in NAMED:
        assert re.search("window.ran|longlong", output.inner_text())


def test_an_export_by_hand(page, work):
    output = page.cell(CELLS["export"]).locator(".bl.export")
    output.get_by_role("button", name="Export", exact=True).click()
    expect(output.locator(".package")).to_contain_text("window.ran", timeout=SOON)
    assert (work / f"{IMAGE} panel.mlpackage".replace("/", "")).is_dir()
    innocent(page)


def test_a_prediction_and_an_answer_by_hand(page):
    card = page.cell(CELLS["predict"]).locator(".bl-prediction")
    card.get_by_role("radio").first.check()
    card.get_by_role("button", name="Commit").click()
    expect(card).to_contain_text(IMAGE)
    page.set_source(CELLS["answer"], f"limit_id = {IMAGE + SCRIPT!r}")
    exercise = page.cell(CELLS["exercise"]).locator(".bl-exercise")
    exercise.get_by_role("button", name="Check").click()
    expect(exercise.locator(".msg").first).to_contain_text("Not yet", timeout=SOON)
    innocent(page)


def test_a_step_through_the_glass_box(page):
    card = page.cell(CELLS["glass"]).locator(".bl").first
    for _ in range(4):
        page.page.keyboard.press("ArrowRight")
    expect(card).to_contain_text("made.mlpackage")
    innocent(page)


def spoiled(value, name="", kept=()):
    """An answer of the server in which every text is a hostile one."""
    if isinstance(value, dict):
        return {key: spoiled(each, key, kept) for key, each in value.items()}
    if isinstance(value, list):
        return [spoiled(each, name, kept) for each in value]
    return IMAGE + SCRIPT + CONTROL + LONG if isinstance(value, str) and name not in kept else value


def answered(lab, address, **options):
    """Let the page be given ``spoiled`` answers of an address of the extension."""

    def change(route):
        found = route.fetch()
        route.fulfill(response=found, json=spoiled(found.json(), **options))

    lab.page.route(re.compile(rf"/beyondlabels/{address}(\?|$)"), change)


def test_the_course_panel(lab):
    answered(lab, "course", kept=("folder", "file", "id", "lesson", "state", "exercise"))
    lab.open("01_kmeans.ipynb")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('beyondlabels:show')")
    panel = lab.page.locator(".bl-course")
    expect(panel.locator("[aria-current=true]")).to_contain_text(IMAGE)
    panel.get_by_text("For whoever teaches it").click()
    assert narrow(panel) == []
    innocent(lab)
    panel.get_by_role("button", name="Reset this lesson").click()
    dialog = lab.page.get_by_role("dialog")
    expect(dialog).to_contain_text("window.ran")
    dialog.get_by_role("button", name="Cancel").click()
    innocent(lab)


def test_the_model_viewer(lab):
    answered(lab, "model", kept=("verdict",))
    lab.open("00_welcome.ipynb")
    lab.page.evaluate(
        "() => { window.jupyterapp.commands.execute('beyondlabels:open-model', { path: 'made.mlpackage' }); }"
    )
    view = lab.page.locator(".bl-model:visible")
    expect(view.get_by_role("heading").first).to_contain_text("window.ran", timeout=SOON)
    view.locator("details").evaluate_all("folds => folds.forEach(fold => { fold.open = true; })")
    expect(view.locator("pre")).to_contain_text("window.ran")
    assert narrow(view) == []
    innocent(lab)
