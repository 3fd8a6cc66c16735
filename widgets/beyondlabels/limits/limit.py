"""What one limit says."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Limit:
    """One limit.

    ``what`` and ``why`` are sentences for a learner; ``holds`` says since or until when; ``source`` cites a document by
    title and year, or says that it was measured here; ``instead`` says what to do. ``lesson`` is the id of the lesson that
    shows it, where one does. ``detail`` is what was found this time.
    """

    id: str
    what: str
    why: str
    holds: str
    source: str
    instead: str
    lesson: str = ""
    detail: str = ""

    def because(self, detail):
        """The same limit with what was found this time."""
        return replace(self, detail=detail)

    def __str__(self):
        found = f" ({self.detail})" if self.detail else ""
        return f"{self.id}: {self.what}{found} {self.instead}"
