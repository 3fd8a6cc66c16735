"""The essay's claims as cards: read, vote, and only then the card turns and says what holds today."""

import traitlets

from ..errors import BadInput
from ..typeset import escaped
from ..widget import Card
from . import index, progress
from .essay import CLAIMS, VERDICTS


class ClaimCards(Card, stem="claims"):
    """Ten claims of 2017. ``vote(id, verdict)`` turns a card; votes are kept as predictions, named "welcome.claim.<id>"."""

    claims = traitlets.List().tag(sync=True)
    verdicts = traitlets.List(list(VERDICTS)).tag(sync=True)
    turned = traitlets.Dict().tag(sync=True)  # id -> {vote, verdict, today, source, lesson, limits}, once voted on
    note = traitlets.Unicode("").tag(sync=True)

    def __init__(self):
        record = progress.store()
        super().__init__(claims=[{"id": each.id, "said": each.said} for each in CLAIMS], note=record.trouble)
        kept = {each: [row["value"] for row in record.predictions(_name(each.id))] for each in CLAIMS}
        kept = {each: [vote for vote in votes if vote in VERDICTS] for each, votes in kept.items()}
        self.turned = {each.id: _back(each, votes[0]) for each, votes in kept.items() if votes}
        self.said = self._sentence()
        self.on_msg(self._pressed)

    def vote(self, id, verdict):
        """Vote on the claim ``id``: "still true", "half true" or "no longer true". Returns what holds today, as a sentence.

        The first vote counts; a second one is kept too and changes nothing that was shown. Raises ``BadInput``.
        """
        claim = next((each for each in CLAIMS if each.id == id), None)
        if claim is None:
            raise BadInput(f"there is no claim {id!r}; there are {', '.join(each.id for each in CLAIMS)}.")
        if verdict not in VERDICTS:
            raise BadInput(f"vote {', '.join(map(repr, VERDICTS))}; found {verdict!r}.")
        record = progress.store()
        record.record_prediction(_name(id), verdict, claim.said)
        self.note = record.trouble
        first = self.turned.get(id, {}).get("vote", verdict)
        self.turned = {**self.turned, id: _back(claim, first)}
        self.said = self._sentence(claim)
        return f"{claim.verdict.capitalize()}. {claim.today}"

    def describe(self):
        """What the cards are, and how to vote without them; the same on every run."""
        ids = ", ".join(each.id for each in CLAIMS)
        return f"Ten claims of 2017, each to vote on before its card turns: .vote(id, verdict) with id {ids}."

    def picture(self):
        """The claims as a static list, face up."""
        rows = "".join(f"<li>{escaped(each.said)}</li>" for each in CLAIMS)
        return (
            f"<p><b>Ten claims of 2017.</b> Which still hold?</p><ol>{rows}</ol><p><em>Run this cell to vote.</em></p>"
        )

    def _sentence(self, claim=None):
        """How many were voted on, and on how many the vote is what holds; after a vote, on that one first."""
        agreed = sum(back["vote"] == back["verdict"] for back in self.turned.values())
        count = f"Voted on {len(self.turned)} of {len(CLAIMS)}; on {agreed} you said what holds today."
        if claim is None:
            return count if self.turned else "No card has turned yet. Vote on each before you read its back."
        back = self.turned[claim.id]
        same = "as you said" if back["vote"] == back["verdict"] else f"you said {back['vote']}"
        return f"Claim {CLAIMS.index(claim) + 1}: {claim.verdict}, {same}. {count}"

    def _pressed(self, _widget, content, _buffers):
        """A vote of the browser: {"id", "verdict"}."""
        try:
            self.vote(content.get("id"), content.get("verdict"))
        except BadInput as error:
            self.said = str(error)


def claims():
    """The ten claims of the essay of 2017 as cards: vote on each, and it turns to what holds today."""
    return ClaimCards()


def _name(id):
    return f"welcome.claim.{id}"


def _back(claim, vote):
    """The back of a card: the vote, what holds, why, and the lesson that tries it, if it is there."""
    tried = next((one for one in index.lessons() if one.id == claim.lesson), None)
    lesson = {"title": f"{tried.number:02d} {tried.title}", "file": tried.file} if tried else None
    limits = [limit.id for limit in claim.limits]
    told = {"verdict": claim.verdict, "today": claim.today, "source": claim.source}
    return {"vote": vote, **told, "lesson": lesson, "limits": limits}
