"""The tree in a real browser: its cut by mouse and by key, another linkage, light and dark."""

from explorables import drag
from many_operations import notebook
from playwright.sync_api import expect
from test_course import violations

SOURCE = (
    'import beyondlabels as bl\nquakes = bl.datasets.load("earthquakes")\n'
    'bl.explore.Tree(quakes[["longitude", "latitude"]], noun="quakes")'
)


def test_the_cut_by_mouse_and_by_key(lab, work):
    (work / "tree.ipynb").write_text(notebook(SOURCE))
    lab.open("tree.ipynb", mode="doc")
    lab.run_all()
    card = lab.page.locator(".bl.tree")
    said, cut = card.locator(".said"), card.get_by_role("slider", name="cut", exact=True)
    expect(said).to_contain_text("six groups")

    before = cut.get_attribute("aria-valuetext")
    drag(lab, cut, 0, 120)
    expect(cut).not_to_have_attribute("aria-valuetext", before)
    expect(said).not_to_contain_text("six groups")

    cut.focus()
    before = cut.get_attribute("aria-valuenow")
    lab.page.keyboard.press("Shift+ArrowUp")
    expect(cut).not_to_have_attribute("aria-valuenow", before)
    card.get_by_role("slider", name="groups").focus()
    lab.page.keyboard.press("Home")
    expect(said).to_contain_text("one group of all 996 quakes")

    card.get_by_role("button", name="one group more").click()
    expect(said).to_contain_text("two groups")
    card.get_by_role("combobox", name="linkage").select_option("ward")
    expect(said).to_contain_text("two groups")
    expect(card.locator(".branches .group[d^='M']")).to_have_count(2)
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        lab.theme(theme)
        assert violations(lab.page, ".bl.tree") == [], theme
