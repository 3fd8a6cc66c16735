"""The window on a long series as it is used: moved with keys and mouse, committed, both themes, a telephone's width."""

from explorables import drag, nothing_is_out_of_reach
from playwright.sync_api import expect


def test_move_commit_and_judge(explorables):
    lab, card = explorables, explorables.page.locator(".bl.windows")
    said, frame = card.locator(".said"), card.get_by_role("slider", name="window")
    level = card.get_by_role("slider", name="threshold")
    frame.press("Shift+ArrowRight")
    frame.press("ArrowRight")
    expect(said).to_contain_text("February 1951 to January 1952: departure")
    expect(frame).to_have_attribute("aria-valuetext", "February 1951 to January 1952")
    frame.press("End")
    expect(said).to_contain_text("January 2010 to December 2010: departure")
    drag(lab, frame, -150, 20)
    expect(said).not_to_contain_text("2010")
    card.get_by_role("button", name="Next alarm").click()
    expect(said).to_contain_text("above the threshold of 2.00 °C: an alarm")
    level.press("Shift+ArrowDown")
    expect(said).to_contain_text("Threshold 1.60 °C")
    assert card.locator("path.events").first.get_attribute("d") == ""
    card.get_by_role("button", name="Commit").press("Enter")
    expect(said).to_contain_text("Two events caught (1972–73, 1997–98), no event missed")
    assert card.locator("path.events").first.get_attribute("d")
    expect(card.locator(".frame ~ .names text")).to_have_text(["✓ 1972–73", "✓ 1997–98"])  # above the frame
    for _ in range(5):
        level.press("Shift+ArrowDown")
    expect(said).to_contain_text("one alarm, 721 windows above it")
    expect(said).to_contain_text("three false alarms (675 windows)")
    nothing_is_out_of_reach(lab, ".bl.windows")
