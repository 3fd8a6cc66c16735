"""One JupyterLab server for one course folder: started, waited for, and stopped without leaving anything behind."""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

from ..errors import BeyondLabelsError
from .folder import HIDDEN

FIRST_PORT = 8888
_PORTS_TRIED = 100
_PATIENCE = 120  # seconds for a first start on a slow disk; a usual one takes 2 to 3
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Stop(BaseException):
    """Ctrl-C, a terminated process or a closed terminal: stop the server and leave."""


class LabError(BeyondLabelsError):
    """JupyterLab did not start or died; the message holds the end of what it wrote."""


class Lab:
    """``Lab(folder, port).start()``, then ``wait()`` until it ends, then ``stop()``; ``port`` None takes a free one."""

    def __init__(self, folder, port=None):
        self.folder, self.port, self.fixed = folder, port, port is not None
        self.token = secrets.token_hex(24)
        self.process = None
        self.log = None

    def start(self):
        """Start the server and return when it answers. Raises ``LabError`` when the port is taken or it does not."""
        if self.fixed and not _is_free(self.port):
            raise LabError(f"port {self.port} is taken by another program; choose another, or leave out the port")
        port = self.port if self.fixed else FIRST_PORT
        while True:
            self.port = port if self.fixed else _first_free(port)
            self._spawn()
            if self._answers():
                return
            # Someone else may have taken the port between our look and the server's: try the next, if we may choose.
            if self.fixed or _is_free(self.port):
                raise LabError(f"JupyterLab stopped before it was ready; it wrote:\n{self._tail()}")
            port = self.port + 1

    def wait(self):
        """Return when the server was shut down from its menu. Raises ``LabError`` when it died."""
        if self.process.wait() != 0:
            raise LabError(f"JupyterLab ended with code {self.process.returncode}; it wrote:\n{self._tail()}")

    def stop(self):
        """Ask the server to stop, which also stops its kernels; end it after ten seconds. Safe to call twice."""
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave the kernels running
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _spawn(self):
        self.log = self.folder / HIDDEN / f"server-{self.port}.log"
        settings = {
            "ServerApp.root_dir": self.folder,
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.base_url": "/",  # whatever else this machine's Jupyter is set up for: we ask and print this address
            "ServerApp.open_browser": False,
            "ServerApp.allow_root": True,  # containers; it listens to this machine only, with a token
            "LabApp.extension_manager": "readonly",
            "LabApp.workspaces_dir": self.folder / HIDDEN / "workspaces",  # not the tabs of another project
        }
        if os.environ.get("BEYONDLABELS_EXPOSE_APP") == "1":
            settings["LabApp.expose_app_in_browser"] = True
        command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in settings.items())]
        # The token goes by the environment: other users of the machine can read a command line.
        environment = {**os.environ, "JUPYTER_TOKEN": self.token, "BEYONDLABELS_COURSE": str(self.folder)}
        with self.log.open("wb") as log:
            # Its own session, so that Ctrl-C reaches us alone and Jupyter does not ask "Shut down? (y/n)".
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def _answers(self):
        """True once the server answers to our token, False when it ended. Raises ``LabError`` after two minutes."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if self.process.poll() is not None:
                return False
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/api/status", headers={"Authorization": f"token {self.token}"})
                if connection.getresponse().status == 200:
                    return True
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()
            time.sleep(0.1)
        raise LabError(f"JupyterLab did not answer within {_PATIENCE} seconds; it wrote:\n{self._tail()}")

    def _tail(self):
        lines = self.log.read_text("utf-8", "replace").splitlines()[-20:]
        return "\n".join(f"  {line.replace(self.token, '…')}" for line in lines) or "  nothing"


@contextmanager
def stopping_on_signals():
    """Within this block the signals that end a program raise ``Stop``; afterwards they do what they did before."""

    def stop(number, frame):
        raise Stop

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)


def _first_free(start):
    for port in range(start, min(start + _PORTS_TRIED, 65536)):
        if _is_free(port):
            return port
    raise LabError(f"ports {start} to {start + _PORTS_TRIED - 1} are all taken; close a server, or give a port")


def _is_free(port):
    """Nothing answers there and it can be bound. Both are asked: each alone is wrong on one of Linux and macOS."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
