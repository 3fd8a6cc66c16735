"""The one exercise of the welcome: to try the buttons of a card."""

from ..exercises import Exercise, NotYet
from ._tools import begun


def _judge_first_check(namespace):
    word = begun(namespace, "island_bird")
    if not isinstance(word, str):
        raise NotYet(f"`island_bird` is a {type(word).__name__}; a text was expected, in quotation marks.", "not_text")
    if word != word.lower():
        raise NotYet(
            f"You wrote {word!r} with a capital; the exercise asks for small letters. `.lower()` makes them.", "capital"
        )
    if word.strip().rstrip("s") != "penguin":
        raise NotYet(
            f"{word!r} is an answer, though not this one. Which birds were measured on those islands?", "other_bird"
        )
    return "That is all a check does: it reads the names in your notebook and says what it saw."


FIRST_CHECK = Exercise(
    id="welcome.first_check",
    title="Try the buttons",
    text=(
        "Put the bird of lesson 01 into `island_bird`, as a text in small letters. Press Check before you "
        "write anything, then take a hint, then answer wrongly on purpose."
    ),
    starter="island_bird = ...",
    solution='island_bird = "penguin"',
    another='island_bird = "penguins"',
    judge=_judge_first_check,
    hints=("It swims well and does not fly.", "The data set is called `penguins`."),
    misconceptions={
        "capital": 'island_bird = "Penguin"',
        "other_bird": 'island_bird = "albatross"',
        "not_text": "island_bird = 342",
    },
)

EXERCISES = [FIRST_CHECK]
