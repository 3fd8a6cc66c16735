"""Ellipses of a mixture in a real browser: dragged, turned with keys, played to the end, read by a screen reader."""

import re

from explorables import drag
from many_operations import notebook
from playwright.sync_api import expect
from test_course import violations

SOURCE = (
    'import beyondlabels as bl\nX = bl.datasets.load("old_faithful")\n'
    'bl.explore.Mixture(X, k=2, scale=False, noun="eruptions", probe=(3.0, 66.0))'
)

# Press a key that changes nothing, on the side of an ellipse, when it has begun to travel.
KEY_ON_THE_WAY = """side => {
    const told = side.getAttribute("aria-valuetext");
    const seen = new MutationObserver(() => {
        if (side.getAttribute("aria-valuetext") === told) return;
        seen.disconnect();
        side.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true, cancelable: true }));
    });
    seen.observe(side, { attributes: true });
}"""


def test_ellipses_by_mouse_and_by_key(lab, work):
    (work / "mixture.ipynb").write_text(notebook(SOURCE))
    lab.open("mixture.ipynb", mode="doc")
    lab.run_all()
    card = lab.page.locator(".bl.mixture")
    said, press = card.locator(".said"), lab.page.keyboard.press
    card.get_by_role("button", name="Step: E").click()
    expect(said).to_contain_text("36 eruptions are in doubt")
    drag(lab, card.get_by_role("slider", name="ellipse 2 (square)", exact=True), 120, -90)
    expect(said).to_contain_text(re.compile("Ellipse 2 moved .* right and .* up"))

    end = card.get_by_role("slider", name="ellipse 1 (circle), end of an axis")
    drag(lab, end, -40, 50)
    expect(said).to_contain_text("Ellipse 1 changed: duration ±")
    before = end.get_attribute("aria-valuenow")
    end.focus()
    press("Shift+ArrowLeft")
    expect(end).not_to_have_attribute("aria-valuenow", before)
    card.get_by_label("covariance").select_option("spherical")
    expect(said).to_contain_text("Shape spherical: circles")
    expect(end).to_have_attribute("aria-valuenow", "0")  # along the axes, when it has travelled there
    end.focus()
    press("Shift+ArrowLeft")
    expect(said).to_contain_text("Ellipse 1 stayed where it was")
    press("ArrowUp")
    expect(said).to_contain_text("correlation 0.00")
    assert end.get_attribute("aria-valuenow") == "0", "a circle was turned"

    card.get_by_label("covariance").select_option("full")
    card.get_by_role("slider", name="ellipse 2 (square), side").evaluate(KEY_ON_THE_WAY)
    card.get_by_role("button", name="Reset").click()
    expect(said).to_contain_text("Ellipse 2 stayed where it was")  # there, not half-way
    card.get_by_role("button", name="Play").click()
    expect(said).to_contain_text("EM has converged", timeout=20_000)
    expect(card.locator("dd").first).to_contain_text("−1,130.3")
    card.get_by_role("slider", name="a new eruption").focus()
    press("Shift+ArrowDown")
    expect(said).to_contain_text(
        re.compile(r"The new point \(.*\): ellipse 1 [\d.]+\s%, ellipse 2 [\d.]+\s%\. ln density")
    )
    card.get_by_role("slider", name=re.compile("^eruption 1 of 272")).focus()
    press("PageDown")
    expect(said).to_contain_text("Eruption 2 (duration 1.80 min, waiting 54.0 min)")
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        lab.theme(theme)
        assert violations(lab.page, ".bl.mixture") == [], theme
