"""The base of every widget: a card whose front end is a plain ES module, inlined here because a notebook has no URL for it.

``static/<stem>.js`` may import from its neighbours (``import { h } from "./card.js";``); ``module`` puts the
neighbour's text in front of it, so the browser gets one module and asks for nothing.
"""

import re
from functools import cache
from pathlib import Path

import anywidget
import traitlets

from .typeset import escaped

STATIC = Path(__file__).parent / "static"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.M)
_EXPORT = re.compile(r"^export (?=(async )?(function|const|class)\b)", re.M)


@cache
def module(stem):
    """The text of ``static/<stem>.js`` as one ES module, with every neighbour it imports put in front, once each."""
    order = []

    def visit(name):
        for neighbour in _IMPORT.findall((STATIC / f"{name}.js").read_text("utf-8")):
            if neighbour not in order:
                visit(neighbour)
        order.append(name)

    visit(stem)
    texts = [_IMPORT.sub("", (STATIC / f"{name}.js").read_text("utf-8")) for name in order]
    return "\n".join([*(_EXPORT.sub("", text) for text in texts[:-1]), texts[-1]])


@cache
def style(stem):
    """``static/base.css`` followed by ``static/<stem>.css``, where the widget has a look of its own."""
    sheets = (STATIC / f"{name}.css" for name in ("base", stem))
    return "\n".join(sheet.read_text("utf-8") for sheet in sheets if sheet.is_file())


class Card(anywidget.AnyWidget):
    """A widget with one look. Subclass as ``class Predict(Card, stem="predict")``.

    ``said`` is the sentence under the card: what just happened, in a learner's words, and what a screen reader hears.
    Override ``describe`` (one line of plain text) and ``picture`` (static HTML or SVG, for places without a kernel).
    """

    said = traitlets.Unicode("").tag(sync=True)

    def __init_subclass__(cls, stem=None, **kwargs):
        if stem:
            cls._esm = module(stem)
            cls._css = style(stem)
        super().__init_subclass__(**kwargs)

    def describe(self):
        """One line that stands for the widget in plain text; the same on every run."""
        return type(self).__name__

    def picture(self):
        """Static HTML shown where no kernel runs."""
        return f"<p><em>{escaped(self.describe())}</em> Run this cell to use it.</p>"

    def __repr__(self):
        return self.describe()

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "text/plain": self.describe(), "text/html": self.picture()}, metadata
