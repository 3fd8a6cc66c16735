"""The parts of the course: each begins with the lesson of a number and goes on to the next."""

PARTS = ((0, "Groups"), (4, "Fewer dimensions"), (6, "The odd one out"))


def part_of(number):
    """The title of the part that lesson ``number`` belongs to."""
    return next(title for first, title in reversed(PARTS) if number >= first)
