"""Markdown-light, the way cards are written: `code`, **strong**, paragraphs; everything else is text. And small words."""

import html
import re


def plain(text):
    """Markdown-light without its marks."""
    return re.sub(r"`([^`]*)`|\*\*([^*]*)\*\*", lambda found: found[1] or found[2] or "", text)


def markdown_light(text):
    """Markdown-light as HTML: `code` and **strong**, everything else escaped."""
    escaped = html.escape(text, quote=False)
    return re.sub(r"\*\*([^*]*)\*\*", r"<b>\1</b>", re.sub(r"`([^`]*)`", r"<code>\1</code>", escaped))


def together(parts):
    """ "a", "a and b", "a, b and c"."""
    *first, last = parts or [""]
    return f"{', '.join(first)} and {last}" if first else last


def kind(value):
    """The class of ``value`` with its article: "an int", "a DataFrame"."""
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
