"""Notes for whoever teaches a lesson in a room: how to spend 45 minutes, what to discuss, which two misunderstandings to expect.

They stand in the notebook's metadata beside the lesson's other facts, so a learner does not meet them by accident.
"""

from dataclasses import dataclass

from ..typeset import escaped

SESSION = 45  # minutes


@dataclass(frozen=True)
class Notes:
    """``session``: (minutes, what to do) in order, 45 minutes together. ``question``: to discuss. ``misconceptions``: two."""

    title: str
    session: tuple
    question: str
    misconceptions: tuple

    @classmethod
    def read(cls, title, data):
        """The notes in a notebook's metadata, once ``wrong`` found nothing."""
        session = tuple((minutes, what) for minutes, what in data["session"])
        return cls(title, session, data["question"], tuple(data["misconceptions"]))

    def __repr__(self):
        lines = [f"{self.title}: a session of {SESSION} minutes"]
        lines += [f"{minutes:>3} min  {what}" for minutes, what in self.session]
        lines += ["", f"To discuss: {self.question}", ""]
        return "\n".join([*lines, *(f"To expect: {one}" for one in self.misconceptions)])

    def _repr_html_(self):
        rows = "".join(
            f'<tr><td style="white-space:nowrap">{minutes} min</td><td style="text-align:left">{escaped(what)}</td></tr>'
            for minutes, what in self.session
        )
        expected = "".join(f"<li>{escaped(one)}</li>" for one in self.misconceptions)
        return (
            f"<p><b>{escaped(self.title)}: a session of {SESSION} minutes</b></p><table><tbody>{rows}</tbody></table>"
            f"<p><b>To discuss:</b> {escaped(self.question)}</p><p><b>To expect:</b></p><ul>{expected}</ul>"
        )


def wrong(data):
    """What is wrong with an entry ``instructor``, in words, or None."""
    if not isinstance(data, dict) or set(data) != {"session", "question", "misconceptions"}:
        return "must have the entries session, question and misconceptions, and no others"
    session = data["session"]
    if not isinstance(session, list) or not all(map(_is_part, session)):
        return "session must be a list of [minutes, what to do]"
    if sum(minutes for minutes, _ in session) != SESSION:
        return f"session must take {SESSION} minutes together; it takes {sum(minutes for minutes, _ in session)}"
    if not _is_text(data["question"]):
        return "question must be a text"
    expected = data["misconceptions"]
    if not isinstance(expected, list) or len(expected) != 2 or not all(map(_is_text, expected)):
        return "misconceptions must be two texts"
    return None


def _is_part(one):
    return isinstance(one, list) and len(one) == 2 and type(one[0]) is int and one[0] > 0 and _is_text(one[1])


def _is_text(one):
    return isinstance(one, str) and one.strip() != ""
