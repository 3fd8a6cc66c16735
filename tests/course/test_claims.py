"""The ten claims: each says what holds by which source, is voted on before it turns, and a vote is kept."""

import re
from collections import Counter

import pytest

import beyondlabels as bl
from beyondlabels.course import progress
from beyondlabels.course.essay import CLAIMS, HALF, NO_LONGER, STILL, VERDICTS


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda one: one.id)
def test_a_claim_is_whole(claim):
    assert claim.verdict in VERDICTS
    assert claim.said.endswith(".")
    assert claim.today.endswith(".")
    assert re.search(r"\(20\d\d\)", claim.source) or "measured here" in claim.source


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda one: one.id)
def test_a_claim_agrees_with_the_catalogue_of_limits(claim):
    """Every system that a card names stands in an entry behind it, and what no longer holds does so there too."""
    told = " ".join(f"{limit.why} {limit.holds} {limit.instead}" for limit in claim.limits)
    systems = set(re.findall(r"iOS (\d+(?:\.\d+)?)", claim.today)) if claim.limits else set()
    assert systems <= set(re.findall(r"iOS (\d+(?:\.\d+)?)", told))
    assert all(bl.limits.get(limit.id) == limit for limit in claim.limits)
    if claim.verdict == NO_LONGER:
        assert all(limit.holds.startswith("No longer") for limit in claim.limits)
        assert claim.limits


def test_only_one_claim_is_about_no_limit():
    assert [claim.id for claim in CLAIMS if not claim.limits] == ["only_way"]


def test_they_are_ten_and_the_recap_counts_them():
    assert len({claim.id for claim in CLAIMS}) == 10
    assert Counter(claim.verdict for claim in CLAIMS) == {NO_LONGER: 2, STILL: 2, HALF: 6}
    welcome = bl.course.lessons()[0].path.read_text("utf-8")
    assert "Of the ten claims of 2017 two hold no longer, two hold as they did, and six hold in part" in welcome


def test_nothing_is_shown_before_a_vote():
    cards = bl.course.claims()
    assert cards.turned == {}
    seen = f"{cards.claims} {cards.said} {cards.describe()} {cards.picture()}"
    assert not [claim.id for claim in CLAIMS if claim.today[:30] in seen]


def test_a_vote_turns_one_card_and_is_kept():
    cards = bl.course.claims()
    assert cards.vote("size", STILL).startswith("No longer true. coremltools.optimize")
    assert (
        cards.said == "Claim 7: no longer true, you said still true. Voted on 1 of 10; on 0 you said what holds today."
    )
    assert list(cards.turned) == ["size"]
    assert cards.turned["size"]["limits"] == ["full-size-weights"]
    assert cards.turned["size"]["vote"] == STILL
    assert [row["value"] for row in progress.store().predictions("welcome.claim.size")] == [STILL]
    again = bl.course.claims()
    assert again.turned == cards.turned
    assert again.said == "Voted on 1 of 10; on 0 you said what holds today."


def test_a_second_vote_does_not_rewrite_the_first():
    cards = bl.course.claims()
    cards.vote("only_way", HALF)
    cards.vote("only_way", STILL)
    assert cards.turned["only_way"]["vote"] == HALF
    assert bl.course.claims().turned["only_way"]["vote"] == HALF


def test_a_lesson_is_named_only_when_it_is_there():
    cards = bl.course.claims()
    cards.vote("kinds", HALF)
    cards.vote("replace", HALF)
    assert cards.turned["kinds"]["lesson"]["file"] == "01_kmeans.ipynb"
    assert cards.turned["replace"]["lesson"] is None


@pytest.mark.parametrize(
    ("id", "verdict", "said"), [("nope", STILL, "no claim 'nope'"), ("size", "maybe", "found 'maybe'")]
)
def test_what_cannot_be_voted(id, verdict, said):
    cards = bl.course.claims()
    with pytest.raises(bl.BadInput, match=said):
        cards.vote(id, verdict)
    cards._pressed(cards, {"id": id, "verdict": verdict}, [])
    assert said in cards.said
    assert cards.turned == {}
