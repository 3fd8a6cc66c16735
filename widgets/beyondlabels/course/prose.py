"""Markdown-light, the way cards are written: `code`, **strong**, paragraphs; everything else is text."""

import html
import re


def plain(text):
    """Markdown-light without its marks."""
    return re.sub(r"`([^`]*)`|\*\*([^*]*)\*\*", lambda found: found[1] or found[2] or "", text)


def markdown_light(text):
    """Markdown-light as HTML: `code` and **strong**, everything else escaped."""
    escaped = html.escape(text, quote=False)
    return re.sub(r"\*\*([^*]*)\*\*", r"<b>\1</b>", re.sub(r"`([^`]*)`", r"<code>\1</code>", escaped))
