"""The two explorables of lesson 04 as they are used: turned and read with keys and mouse, both themes, a telephone's width."""

from explorables import drag, nothing_is_out_of_reach
from playwright.sync_api import expect


def test_turn_and_commit(explorables):
    lab, card = explorables, explorables.page.locator(".bl.pca")
    said, tip = card.locator(".said"), card.get_by_role("slider", name="end of the axis")
    tip.press("ArrowRight")
    expect(said).to_contain_text("The axis rises at 61.0°. The variance kept along it fell from 50.7 %")
    drag(lab, tip, 70, 50)
    expect(said).to_contain_text("The variance kept along it rose from 49.2 %")
    assert card.locator("path.answer").get_attribute("d") == ""
    card.get_by_role("button", name="Commit").press("Enter")
    expect(said).to_contain_text("PCA's rises at 15.5°")
    assert card.locator("path.answer").get_attribute("d")
    nothing_is_out_of_reach(lab, ".bl.pca")


def test_rebuild_and_read(explorables):
    card = explorables.page.locator(".bl.components")
    card.get_by_role("slider", name="components k").fill("9")
    expect(card.locator(".said")).to_contain_text("Rebuilt from nine components of 64, 70.7 % of the variance")
    expect(card.get_by_role("img", name="the original, hidden until you commit")).to_be_attached()
    card.get_by_label("I read").select_option("6")
    card.get_by_role("button", name="Commit").press("Enter")
    expect(card.locator(".said")).to_contain_text("You read 6 from 9 of 64 numbers")
    expect(card.get_by_role("img", name="the original: 6")).to_be_visible()
    nothing_is_out_of_reach(explorables, ".bl.components")
