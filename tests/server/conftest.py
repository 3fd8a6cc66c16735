"""A real Jupyter server with the extension, under an address with a prefix as behind JupyterHub."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from sklearn.cluster import KMeans
from sklearn.neighbors import NearestNeighbors

import beyondlabels as bl
from beyondlabels.course import folder

HOSTILE = "<img src=x onerror=alert(1)>\x07‮" + "e" * 200


class Server:
    """``ask`` gives (status, JSON) of a request to the extension."""

    def __init__(self, root, port, token):
        self.root, self.token = root, token
        self.address = f"http://127.0.0.1:{port}/user/ann/"

    def ask(self, name, body=None, token=None, **query):
        request = urllib.request.Request(
            f"{self.address}beyondlabels/{name}{'?' if query else ''}{urllib.parse.urlencode(query)}",
            data=None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token if token is None else token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            return error.code, json.loads(text) if text.startswith("{") else text


@pytest.fixture(scope="session")
def root(tmp_path_factory, numbers):
    """A folder with a course, two packages, a damaged one and one with hostile names."""
    import pandas as pd

    root = tmp_path_factory.mktemp("root")
    folder.prepare(root / "beyondlabels-course")
    bl.export(KMeans(3, random_state=0).fit(numbers), root / "groups.mlpackage", sample=numbers)
    bl.export(NearestNeighbors(n_neighbors=3).fit(numbers), root / "rows.mlpackage", sample=numbers)
    named = pd.DataFrame(numbers, columns=[HOSTILE, "b", "c", "d"])
    bl.export(KMeans(2, random_state=0).fit(named), root / "hostile.mlpackage", sample=named, name=HOSTILE)
    (root / "broken.mlmodel").write_bytes(b"nothing")
    (root / ".hidden.mlmodel").write_bytes(b"nothing")
    (root.parent / "outside.mlmodel").write_bytes(b"nothing")
    (root / "link.mlmodel").symlink_to(root.parent / "outside.mlmodel")
    return root


@pytest.fixture(scope="session")
def numbers():
    import numpy as np

    return np.random.default_rng(0).normal(size=(60, 4))


@pytest.fixture(scope="session")
def server(root, tmp_path_factory):
    state = tmp_path_factory.mktemp("jupyter")
    config = state / "jupyter_server_config.json"
    config.write_text((Path(bl.__file__).parent / "server" / "jupyter_server_config.json").read_text())
    token, port = secrets.token_hex(8), _free()
    places = {name: str(state) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    settings = {
        "root_dir": root,
        "ip": "127.0.0.1",
        "port": port,
        "port_retries": 0,
        "base_url": "/user/ann/",
        "allow_root": True,
        "open_browser": False,
    }
    command = [
        sys.executable,
        "-m",
        "jupyter_server",
        *(f"--ServerApp.{name}={value}" for name, value in settings.items()),
    ]
    log = state / "server.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, env={**os.environ, **places, "JUPYTER_TOKEN": token}, stdout=file, stderr=file, cwd=state
        )
    found = Server(root, port, token)
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise RuntimeError(log.read_text())
            try:
                found.ask("course")
                break
            except OSError:
                time.sleep(0.1)
        yield found
    finally:
        process.terminate()
        process.wait(20)


def _free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
