"""The server extension: sockets of kernels send at once, and Jupyter survives whatever it finds."""

import asyncio
import json
import logging
from pathlib import Path
from types import SimpleNamespace

import pytest
from traitlets.config import Config

from beyondlabels import server

LOG = logging.getLogger("nodelay")


def handler(fails=False):
    """A class like Jupyter's: ``open`` is a coroutine, ``set_nodelay`` comes from Tornado."""

    class Handler:
        seen = ()

        def set_nodelay(self, value):
            if fails:
                raise RuntimeError("no stream")
            self.seen += (f"nodelay {value}",)

        async def open(self, kernel_id):
            self.seen += (f"open {kernel_id}",)
            return "opened"

    return Handler


def test_it_is_set_before_the_socket_opens():
    Handler = handler()
    server.send_at_once(Handler, LOG)
    one = Handler()
    assert asyncio.run(one.open("k1")) == "opened"
    assert one.seen == ("nodelay True", "open k1")


def test_wrapping_twice_wraps_once():
    Handler = handler()
    server.send_at_once(Handler, LOG)
    wrapped = Handler.open
    server.send_at_once(Handler, LOG)
    assert Handler.open is wrapped


def test_a_socket_that_refuses_still_opens(caplog):
    Handler = handler(fails=True)
    server.send_at_once(Handler, LOG)
    one = Handler()
    assert asyncio.run(one.open("k1")) == "opened"
    assert "this kernel socket keeps its delay (RuntimeError: no stream)" in caplog.text


def app(settings=None):
    """As much of a ServerApp as the extension looks at."""
    web = SimpleNamespace(settings={"base_url": "/"}, add_handlers=lambda hosts, handlers: None)
    return SimpleNamespace(log=LOG, web_app=web, config=settings or Config())


def test_another_jupyter_stays_as_it_was(caplog, monkeypatch):
    websocket = pytest.importorskip("jupyter_server.services.kernels.websocket")
    monkeypatch.delattr(websocket, "KernelWebsocketHandler")
    server._load_jupyter_server_extension(app())
    assert "sending kernel messages at once failed (ImportError" in caplog.text


def test_on_the_jupyter_that_is_installed(monkeypatch):
    websocket = pytest.importorskip("jupyter_server.services.kernels.websocket")
    Handler = websocket.KernelWebsocketHandler
    monkeypatch.setattr(Handler, "open", Handler.open)
    server._load_jupyter_server_extension(app())
    assert Handler.open.sends_at_once
    assert callable(Handler.set_nodelay)


def test_it_can_be_switched_off(monkeypatch):
    websocket = pytest.importorskip("jupyter_server.services.kernels.websocket")
    Handler, settings = websocket.KernelWebsocketHandler, Config()
    monkeypatch.setattr(Handler, "open", Handler.open)
    settings.BeyondLabels.low_latency = False
    server._load_jupyter_server_extension(app(settings))
    assert not hasattr(Handler.open, "sends_at_once")


def test_the_file_that_enables_it_names_it():
    place = Path(server.__file__).parent
    (point,) = server._jupyter_server_extension_points()
    config = json.loads((place / "jupyter_server_config.json").read_text())
    assert config == {"ServerApp": {"jpserver_extensions": {point["module"]: True}}}


def test_the_news_are_off():
    overrides = json.loads((Path(server.__file__).parent / "overrides.json").read_text())
    assert overrides == {
        "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"}
    }
