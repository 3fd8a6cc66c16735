"""Sentences for a learner: counts, distances and changes in words. Used by the line under every explorable."""

import math

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def one(noun):
    """The singular of a regular plural: "penguins" -> "penguin", "cities" -> "city"."""
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def count(number, noun):
    """ "no penguin", "one penguin", "four penguins", "1,300 penguins"."""
    words = _SMALL[number] if number < len(_SMALL) else f"{number:,}"
    return f"{words} {noun if number > 1 else one(noun)}"


def sentence(text):
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def listed(names):
    """ "1 and 2", "1, 2 and 3"; two names at least."""
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _decimals(value):
    return 2 if value == 0 else max(0, min(2 if abs(value) >= 1 else 9, 3 - math.floor(math.log10(abs(value)))))


def figure(value):
    """A number to about four figures, without exponents: 1,234,568 or 214.7 or 0.5217; "–" where there is none."""
    return f"{value:,.{_decimals(value)}f}" if math.isfinite(value) else "–"


def change(before, after):
    """The change of a number, to stand beside it with its decimals: "−38.0"; "" where there is nothing to compare."""
    if not (math.isfinite(before) and math.isfinite(after)):
        return ""
    told = f"{abs(after - before):,.{_decimals(after)}f}"
    if not any(digit in told for digit in "123456789"):
        return "±0"
    return f"{'−' if after < before else '+'}{told}"


def shift(before, after, axes):
    """How far and whither, in the axes' units: "12.0 mm left and 3.0 mm up"; "" if it cannot be told apart.

    A direction that is less than a tenth of the other on the stage is left out.
    """
    moves = [b - a for a, b in zip(before, after, strict=True)]
    seen = [abs(move) / (axis.high - axis.low) for move, axis in zip(moves, axes, strict=True)]
    names = (("left", "right"), ("down", "up"))
    parts = []
    for move, share, axis, ways in zip(moves, seen, axes, names, strict=True):
        told = axis.say(abs(move))
        if share >= max(seen) / 10 and share > 0 and any(digit in told for digit in "123456789"):
            parts.append(f"{told} {ways[int(move > 0)]}")
    return " and ".join(parts)


def went(name, before, after, figure=figure):
    """ "inertia fell from 252.7 to 214.7", or that it stayed, or simply what it is."""
    old, new = figure(before), figure(after)
    if not math.isfinite(before):
        return f"{name} is {new}"
    if old == new:
        return f"{name} stays at {new}"
    return f"{name} {'fell' if after < before else 'rose'} from {old} to {new}"


def inertia(before, after):
    """``went`` for the inertia."""
    return went("inertia", before, after)
