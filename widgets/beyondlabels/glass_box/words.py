"""How the glass box writes names, types and numbers."""

import math
import unicodedata

import numpy as np

from beyondlabels.panel_words import typeset

LONGEST = 80  # letters of a name that are shown


def name(text):
    """A name as it can be shown: control and direction characters written out, a long one cut in the middle."""
    text = str(text)
    count = len(text)
    if count > LONGEST:
        text = f"{text[: LONGEST // 2]}…{text[-LONGEST // 4 :]}"
    return f"{visible(text)} ({count:,} letters)" if count > LONGEST else visible(text)


def visible(text):
    """The text with control and direction characters written out, such as \\u202e."""
    hidden = (each != " " and unicodedata.category(each)[0] in "CZ" for each in text)
    return "".join(f"\\u{ord(each):04x}" if hides else each for each, hides in zip(text, hidden, strict=True))


def type_of(dtype, shape):
    """``float32 (rows, 4)`` for a declared type; an axis that only a run knows is ``rows`` when it comes first."""
    if shape is None:
        return f"{dtype} (any shape)"
    sizes = ["rows" if index == 0 else "?" for index in range(len(shape))]
    sizes = [each if size is None else str(size) for each, size in zip(sizes, shape, strict=True)]
    return f"{dtype} ({', '.join(sizes)})" if sizes else f"{dtype}"


def number(value):
    """A number with five digits at most."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, np.integer)):
        return f"{int(value):,}".replace("-", "−")
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return typeset(f"{value:.5g}").replace("-", "−")


def short(value):
    """An error or a tolerance with two digits: 0.01, 2.4 × 10⁻⁷."""
    value = float(value)
    if value == 0 or not math.isfinite(value):
        return number(value)
    return f"{value:.2g}" if 1e-3 <= value < 100 else typeset(f"{value:.1e}")
