"""Markdown-light, the way cards are written: `code`, **strong**, paragraphs; everything else is text. And small words."""

import re

from ..typeset import escaped, verbatim


def plain(text):
    """Markdown-light without its marks."""
    return re.sub(r"`([^`]*)`|\*\*([^*]*)\*\*", lambda found: found[1] or found[2] or "", text)


def markdown_light(text):
    """Markdown-light as HTML: `code` and **strong**, everything else escaped."""
    pieces = re.split(r"`([^`]*)`", text)
    pieces[::2] = [escaped(piece, quote=False) for piece in pieces[::2]]
    pieces[1::2] = [f"<code>{verbatim(piece, quote=False)}</code>" for piece in pieces[1::2]]
    return re.sub(r"\*\*([^*]*)\*\*", r"<b>\1</b>", "".join(pieces))


def together(parts):
    """ "a", "a and b", "a, b and c"."""
    *first, last = parts or [""]
    return f"{', '.join(first)} and {last}" if first else last


def kind(value):
    """The class of ``value`` with its article: "an int", "a DataFrame", "an ndarray"."""
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' or name == 'ndarray' else 'a'} {name}"
