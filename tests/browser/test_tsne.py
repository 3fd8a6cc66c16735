"""The t-SNE explorable as it is used: run, dragged, picked with keys and mouse, both themes, a telephone's width."""

from explorables import drag, nothing_is_out_of_reach
from playwright.sync_api import expect


def test_run_drag_and_pick(explorables):
    lab, card = explorables, explorables.page.locator(".bl.tsne").first
    said, keys = card.locator(".said"), lab.page.keyboard
    card.get_by_role("button", name="Run t-SNE").click()
    expect(said).to_contain_text("Perplexity 30: trustworthiness", timeout=20_000)
    expect(card.locator(".reading").first).to_contain_text("in gaps from 1 to 2: 5.00")

    group = card.get_by_role("slider", name="move group 3")
    drag(lab, group, -50, 80)
    expect(said).to_contain_text("Group 3 moved", timeout=20_000)
    expect(card).to_have_attribute("data-done", "true", timeout=20_000)
    lab.page.emulate_media(reduced_motion="reduce")  # from here on a map is shown when it is done, not while it forms
    group.focus()
    keys.press("Shift+ArrowUp")
    expect(said).to_contain_text("up. Perplexity 30", timeout=20_000)

    picked = card.get_by_role("slider", name="picked point, on the map")
    picked.focus()
    keys.press("Home")
    expect(said).to_contain_text("Point 1: ")
    assert picked.get_attribute("aria-valuetext") == "point 1 of 150, group 1"
    keys.press("PageDown")
    expect(said).to_contain_text("Point 2: ")
    assert card.locator(".pair .own").count() == 2
    keys.press("Escape")
    expect(said).not_to_contain_text("Point")

    card.get_by_role("combobox", name="points").select_option("noise")
    card.get_by_role("slider", name="perplexity").fill("0")
    expect(said).to_contain_text("Perplexity 2: trustworthiness 0.6", timeout=20_000)

    tiles = lab.page.locator(".bl.tsne").nth(1)
    tiles.get_by_role("slider", name="picked point, on the picture of the data").focus()
    keys.press("End")
    expect(tiles.locator(".said")).to_contain_text("Tile 60: ")
    assert tiles.locator(".strip canvas").count() == 21
    lab.page.emulate_media(reduced_motion="no-preference")
    nothing_is_out_of_reach(lab, ".bl.tsne")
