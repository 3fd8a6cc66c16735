"""The Jupyter Server extension: the course's progress, a look into Core ML models, and kernel messages sent at once.

``c.BeyondLabels.low_latency = False`` in Jupyter's configuration leaves the kernels' sockets as they are.
"""

from .nodelay import send_at_once

__all__ = ["send_at_once"]


def _jupyter_server_extension_points():
    return [{"module": "beyondlabels.server"}]


def _load_jupyter_server_extension(serverapp):
    """Called by Jupyter Server at its start. Whatever goes wrong is logged, and Jupyter stays as it was."""
    for step in (_answer, _hasten):
        try:
            step(serverapp)
        except Exception as error:  # another Jupyter Server may have moved any of this
            serverapp.log.warning("beyondlabels: %s failed (%s: %s)", step.__doc__, type(error).__name__, error)


def _answer(serverapp):
    """answering the extension in the browser"""
    from .handlers import handlers

    serverapp.web_app.add_handlers(".*$", handlers(serverapp.web_app.settings["base_url"]))


def _hasten(serverapp):
    """sending kernel messages at once"""
    from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

    from .settings import BeyondLabels

    if BeyondLabels(config=serverapp.config).low_latency:
        send_at_once(KernelWebsocketHandler, serverapp.log)
