"""``beyondlabels course`` starts a real JupyterLab, says when it is ready, and leaves nothing running."""

import argparse
import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import psutil
import pytest
import websocket

from beyondlabels.course import command, folder, lab

PROGRAM = (
    "import argparse, sys; from beyondlabels.course import command\n"
    "parser = argparse.ArgumentParser(); command.add_arguments(parser); sys.exit(command.run(parser.parse_args()))"
)
READY = re.compile(
    r"^Beyond Labels is ready: http://127\.0\.0\.1:(\d+)(/lab(?:/tree/00_welcome\.ipynb)?)\?token=([0-9a-f]{48})$"
)


def parse(*words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(words)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def start(tmp_path):
    """Start the command in its own process with a Jupyter of its own; whatever is left is ended after the test."""
    processes = []

    def go(*words, **more):
        homes = {f"JUPYTER_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *map(str, words)],
            cwd=tmp_path,
            env={**os.environ, **homes, "BROWSER": "none", **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield go
    for process in processes:
        process.terminate()  # not kill: the command has a server to stop
        process.communicate(timeout=30)


def ready(process):
    for line in process.stdout:
        if found := READY.match(line.rstrip("\n")):
            return int(found[1]), found[2], found[3]
    pytest.fail(f"no ready line; stderr: {process.stderr.read()}")


def get(port, path, token):
    return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}?token={token}", timeout=10)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_start_fetch_stop(start, tmp_path, number):
    port = free_port()
    process = start("work", "--port", port)
    answered, path, token = ready(process)
    assert answered == port
    assert "JupyterLab" in get(port, path, token).read().decode()
    with pytest.raises(urllib.error.HTTPError, match="403"):
        get(port, "/api/contents", "0" * 48)
    assert set(folder.lessons()) <= {file.name for file in (tmp_path / "work").iterdir()}
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    assert not any(token in word for child in children for word in child.cmdline())
    process.send_signal(number)
    assert process.wait(20) == 0
    assert psutil.wait_procs(children, timeout=5)[1] == []
    with pytest.raises(OSError, match=r"refused|reset"):
        get(port, "/api", token)


def test_a_running_kernel_stops_too_and_its_socket_sends_at_once(start, tmp_path):
    process = start("work")
    port, _, token = ready(process)
    headers = {"Authorization": f"token {token}"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/kernels", b"{}", headers)
    kernel = json.load(urllib.request.urlopen(request, timeout=30))["id"]
    socket = websocket.create_connection(
        f"ws://127.0.0.1:{port}/api/kernels/{kernel}/channels?token={token}", timeout=30, suppress_origin=True
    )
    (server,) = psutil.Process(process.pid).children()
    children = [server, *server.children(recursive=True)]
    assert len(children) > 1
    socket.close()
    process.terminate()
    assert process.wait(20) == 0
    assert psutil.wait_procs(children, timeout=5)[1] == []
    log = (tmp_path / "work" / ".beyondlabels" / f"server-{port}.log").read_text()
    assert f"Connecting to kernel {kernel}" in log
    assert "beyondlabels.server | extension was successfully loaded" in log
    assert "delay" not in log
    assert token not in log


def test_no_news_pop_up(start):
    port, _, token = ready(start("work"))
    name = "@jupyterlab/apputils-extension:notification"
    schema = json.load(get(port, f"/lab/api/settings/{name}", token))["schema"]["properties"]
    assert (schema["fetchNews"]["default"], schema["checkForUpdates"]["default"]) == ("false", False)


def test_ready_within_ten_seconds(start):
    """The best of three, so that it measures the command and not what else this machine does."""
    for _ in range(3):
        begun = time.monotonic()
        process = start("work")
        ready(process)
        seconds = time.monotonic() - begun
        if seconds < 10:
            return
        process.terminate()
        process.wait(20)
    pytest.fail(f"the last of three starts took {seconds:.1f} s; expected under 10")


def test_without_a_port_the_first_free_one_is_taken(monkeypatch, taken):
    monkeypatch.setattr(lab, "FIRST_PORT", taken)
    assert lab._first_free(taken) > taken


def test_a_taken_port_is_refused(start, taken):
    process = start("work", "--port", taken)
    assert process.wait(20) == 1
    assert f"port {taken} is taken" in process.stderr.read()


def test_a_server_that_dies_says_what_it_wrote(start, tmp_path):
    fake = tmp_path / "fake" / "jupyterlab"
    fake.mkdir(parents=True)
    (fake / "__init__.py").touch()
    (fake / "__main__.py").write_text("import os, sys; sys.exit('cannot start with ' + os.environ['JUPYTER_TOKEN'])")
    process = start("work", PYTHONPATH=str(tmp_path / "fake"))
    assert process.wait(30) == 1
    assert "JupyterLab stopped before it was ready; it wrote:\n  cannot start with …" in process.stderr.read()


def test_killing_the_server_ends_the_command(start):
    process = start("work")
    ready(process)
    (server,) = psutil.Process(process.pid).children()
    server.kill()
    assert process.wait(20) == 1
    assert "JupyterLab ended with code -9" in process.stderr.read()


def test_a_file_in_the_folders_place(tmp_path, capsys):
    (tmp_path / "work").write_text("a file")
    assert command.run(parse(str(tmp_path / "work"), "--browser", "none")) == 1
    assert "it is a file" in capsys.readouterr().err


def test_jupyterlab_missing(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert command.run(parse(str(tmp_path / "work"))) == 1
    assert 'pip install "beyondlabels[course]"' in capsys.readouterr().err
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("words", [["--port", "0"], ["--port", "70000"], ["--port", "x"], ["--browser", "firefox"]])
def test_wrong_usage(words, capsys):
    with pytest.raises(SystemExit, match="2"):
        parse(*words)
    assert words[1] in capsys.readouterr().err


def test_reset_of_an_unknown_lesson(tmp_path, capsys):
    folder.prepare(tmp_path / "work")
    assert command.run(parse(str(tmp_path / "work"), "--reset", "99")) == 1
    assert "there is no lesson '99'; the lessons are:" in capsys.readouterr().err


def test_inside_a_course_folder_that_one_is_meant(tmp_path, monkeypatch, capsys):
    folder.prepare(tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    asked = []
    monkeypatch.setattr(folder, "reset", lambda place, lesson: asked.append((place, lesson)) or [])
    assert command.run(parse("--reset", "01")) == 0
    assert asked == [((tmp_path / "work").resolve(), "01")]


def test_no_browser_without_a_screen(monkeypatch):
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert not command._has_screen()
    monkeypatch.setenv("DISPLAY", ":0")
    assert command._has_screen()
    monkeypatch.setenv("BROWSER", "none")
    assert not command._has_screen()
