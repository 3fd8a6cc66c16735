"""The export panel of a model without a rule for new points: what each substitute would carry, and shares that stay whole."""

import pytest
from lab import browser
from many_operations import notebook
from playwright.sync_api import expect

CELL = """
import beyondlabels as bl
from sklearn.cluster import DBSCAN
from sklearn.datasets import load_digits
from sklearn.manifold import TSNE
digits = load_digits().data[:400]
display(bl.ExportPanel(TSNE(random_state=0, max_iter=300).fit(digits), digits, path="map.mlpackage"))
penguins = bl.datasets.load("penguins").select_dtypes("number").iloc[:, :4].dropna()
display(bl.ExportPanel(DBSCAN(eps=200, min_samples=5).fit(penguins), penguins, path="groups.mlpackage"))
"""
LOOSE = """card => {
    const found = [], walk = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
    for (let node; (node = walk.nextNode());)
        if (/\\d %/.test(node.data) && !node.parentElement.closest('code, pre')) found.push(node.data);
    return found;
}"""


@pytest.fixture(scope="module")
def panels(address, work):
    (work / "panels.ipynb").write_text(notebook(CELL.strip()))
    with browser(address, width=600) as lab:
        lab.open("panels.ipynb", mode="doc")
        lab.run_all(timeout=300_000)
        cards = lab.page.locator(".bl.export")
        expect(cards).to_have_count(2)
        for number in range(2):
            measure = cards.nth(number).get_by_role("button", name="Measure how often they agree")
            if measure.count():
                measure.click()
        for number in range(2):
            expect(cards.nth(number).locator("caption").first).to_contain_text("Measured substitutes", timeout=200_000)
        yield cards
        assert (lab.outside, lab.errors) == ([], [])


def test_each_substitute_says_what_it_would_carry_itself(panels):
    rows = panels.first.locator("tr")
    said = {row.locator("th").inner_text().splitlines()[0]: row.inner_text() for row in rows.all()}
    network = next(words for name, words in said.items() if "network" in name)
    assert "None of your rows" in network
    assert "word for word" not in network
    kept = next(words for name, words in said.items() if "network" not in name)
    assert "of your rows word for word" in kept
    assert "They would carry" not in panels.first.inner_text()
    assert rows.filter(has_text="network").locator(".keeps").count() == 0
    assert rows.filter(has_text="word for word").locator(".keeps").count() == 1


def test_a_share_is_never_broken_over_a_line(panels):
    assert "\u00a0%" in panels.nth(1).inner_text()
    assert [panels.nth(number).evaluate(LOOSE) for number in range(2)] == [[], []]
