"""Sentences: counts with their nouns, and the way into HTML. A terminal gets them as they are."""

import html
import re


def counted(many, one, more=None):
    """``1 operation``, ``8 operations``, ``1,200 categories`` (``more``: a plural that is not made with an s)."""
    return f"{many:,} {one if many == 1 else more or one + 's'}"


def unbroken(text):
    """The text with each number held to its "%" by a no-break space, so that no line ends between them."""
    return re.sub(r"(?<=\d) (?=%)", "\u00a0", text)


def escaped(text, quote=True):
    """Prose as HTML text; with ``quote`` as an attribute's value too."""
    return html.escape(unbroken(str(text)), quote)


def verbatim(text, quote=True):
    """Code, or the name of a file, as HTML text: it is copied, so not a character of it may change."""
    return html.escape(str(text), quote)
