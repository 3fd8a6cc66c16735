"""A Jupyter Server extension that sends kernel messages at once.

A browser talks to a kernel through a web socket. By default the system holds a small packet back, waiting for more
(Nagle's algorithm), and adds about 40 ms to each redraw of a widget. Tornado can switch that off for one socket;
Jupyter Server has no setting for it, so this extension wraps the method that runs when a kernel's socket opens.
"""

import functools


def _jupyter_server_extension_points():
    return [{"module": "beyondlabels.server"}]


def _load_jupyter_server_extension(serverapp):
    """Called by Jupyter Server at its start. Whatever goes wrong is logged, and Jupyter stays as it was."""
    try:
        from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

        send_at_once(KernelWebsocketHandler, serverapp.log)
    except Exception as error:  # another Jupyter Server may have moved any of this
        serverapp.log.warning("beyondlabels: kernel sockets keep their delay (%s: %s)", type(error).__name__, error)


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
