"""Four detectors in a browser: a boundary pulled with the mouse or the keyboard moves all four, and nothing is out of reach."""

from explorables import nothing_is_out_of_reach
from playwright.sync_api import expect


def test_one_boundary_moves_all_four(explorables):
    lab, four = explorables, explorables.page.locator(".bl.detectors")
    said = four.locator(".said")
    expect(said).to_contain_text("Each detector flags 20 of 569 patients.")
    lines = four.locator(".line")
    before = [line.get_attribute("d") for line in lines.all()]

    four.get_by_role("slider", name="boundary of Elliptic envelope").press("Shift+ArrowLeft")
    expect(said).not_to_contain_text("flags 20 of")
    assert all(line.get_attribute("d") != was for line, was in zip(lines.all(), before, strict=True))

    told, first = said.inner_text(), four.locator("canvas").first
    first.scroll_into_view_if_needed()
    plane = first.bounding_box()
    lab.page.mouse.move(plane["x"] + 0.5 * plane["width"], plane["y"] + 0.3 * plane["height"])
    lab.page.mouse.down()
    lab.page.mouse.move(plane["x"] + 0.6 * plane["width"], plane["y"] + 0.35 * plane["height"], steps=5)
    lab.page.mouse.up()
    expect(said).not_to_have_text(told)

    expect(four.locator("figcaption").first).to_contain_text("flagged")
    four.get_by_label("show the known anomalies").check()
    expect(said).to_contain_text("Found of 212 known anomalies: isolation forest")
    expect(four.locator("figcaption").first).to_contain_text("recall")
    across = four.locator(".stage").first.locator(".grid text:not(.title)[text-anchor=middle]")
    assert across.count() >= 2  # one value alone gives an axis no scale
    nothing_is_out_of_reach(lab, ".bl.detectors")
