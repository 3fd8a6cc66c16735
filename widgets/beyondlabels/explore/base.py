"""What every explorable shares: the stage's traits, one answer at a time, and a still picture for places without a kernel.

The front end's half is ``static/stage.js`` (the stage), ``static/controls.js`` (the controls beside it) and
``static/questions.js`` (what it asks).
"""

import base64
from threading import RLock

import numpy as np
import traitlets

from beyondlabels.errors import BadInput
from beyondlabels.widget import Card

from ..typeset import escaped


class Explorable(Card):
    """A card with a stage. A subclass writes ``act`` and ``publish``; both run under one lock.

    ``axes``: two axes as from ``stage.Axis.state``. ``text``: words that never change ("question", "noun", ...).
    ``positions``: float32 (n, 2) fractions of the axes' range. ``groups``: uint8 (n,), 255 for none. ``state``: what changes,
    with the "token" of the question it answers. ``frame`` counts the answers; the front end draws when it changes.
    """

    axes = traitlets.List().tag(sync=True)
    text = traitlets.Dict().tag(sync=True)
    positions = traitlets.Bytes().tag(sync=True)
    groups = traitlets.Bytes().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    frame = traitlets.Int(0).tag(sync=True)

    def __init__(self, axes, text):
        self.lock = RLock()  # JupyterLab handles a widget's messages in a thread beside the cells
        self._axes = axes
        super().__init__(axes=[axis.state() for axis in axes], text=text)
        self.on_msg(self._receive)

    def act(self, do, **what):
        """Do what the learner did, and ``publish``. Raises ``BadInput`` for what cannot be done."""
        raise NotImplementedError

    def publish(self, said, token=None, **what):
        """Send the state and the sentence ``said`` in one message, and count ``frame``."""
        raise NotImplementedError

    def place(self, points):
        """Points (n, 2) in the axes' units as the bytes of ``positions``."""
        fractions = [axis.fraction(points[:, i]) for i, axis in enumerate(self._axes)]
        return np.column_stack(fractions).astype("<f4").tobytes()

    def image(self, drawing, told):
        """The SVG text ``drawing`` as a figure with the caption and text alternative ``told``."""
        # As an image: JupyterLab takes SVG elements out of an output until the notebook is trusted.
        source = base64.b64encode(drawing.encode()).decode("ascii")
        image = f'<img alt="{escaped(told)}" src="data:image/svg+xml;base64,{source}" style="max-width:100%">'
        caption = f"<figcaption><em>{escaped(told)}</em> Run this cell to use it.</figcaption>"
        return f'<figure style="margin:0">{image}{caption}</figure>'

    def _receive(self, _widget, content, _buffers):
        """One message of a browser: {"do", "token", ...}. Always answered, so that the browser may send the next."""
        with self.lock:
            try:
                self.act(**content)
            except BadInput as problem:
                self.publish(str(problem), content.get("token"))
            except Exception as problem:  # ours, not the learner's: answer, and leave the trace in the log
                self.publish(f"This did not work: {problem}.", content.get("token"))
                raise
