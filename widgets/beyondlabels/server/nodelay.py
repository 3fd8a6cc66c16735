"""Kernel messages sent at once.

A browser talks to a kernel through a web socket. By default the system holds a small packet back, waiting for more
(Nagle's algorithm), and adds about 40 ms to each redraw of a widget. Tornado can switch that off for one socket;
Jupyter Server has no setting for it, so the method that runs when a kernel's socket opens is wrapped.
"""

import functools


def send_at_once(handler, log):
    """Wrap ``handler.open`` so that each socket it opens has ``TCP_NODELAY``; once, however often called."""
    inner = handler.open
    if getattr(inner, "sends_at_once", False):
        return

    @functools.wraps(inner)
    def open_and_send_at_once(self, *args, **kwargs):
        try:
            self.set_nodelay(True)
        except Exception as error:  # a slower socket is better than none
            log.warning("beyondlabels: this kernel socket keeps its delay (%s: %s)", type(error).__name__, error)
        return inner(self, *args, **kwargs)

    open_and_send_at_once.sends_at_once = True
    handler.open = open_and_send_at_once
