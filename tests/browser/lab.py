"""The course in a real browser: `make course` in an empty folder, Chromium on its URL, everything recorded.

Pressing keys before JupyterLab is ready loses them, so ``Lab.open`` waits for what JupyterLab itself says is ready
(the app, the notebook's context, the session, the kernel), never for a time.
"""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import sync_playwright

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests"))

import chromium as chrome  # noqa: E402 - tests/ is no package, so that it never ends up in the wheel

READY = re.compile(r"Beyond Labels is ready: (\S+)")
QUIET = "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"


def free_port():
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def course(folder):
    """``make course`` into ``folder``, without a browser; yields the URL that it prints when it is ready. An environment
    other than the checkout's own, such as one of ``make compat``, opens the course that is installed in it."""
    if Path(sys.prefix) == REPOSITORY / ".venv":
        command = ["make", "--no-print-directory", "course", f"COURSE={folder}", f"PORT={free_port()}", "BROWSER=none"]
    else:
        ours = [sys.executable, "-m", "beyondlabels", "course"]
        command = [*ours, str(folder), "--port", str(free_port()), "--browser", "none"]
    with _running(command, folder) as server:
        said = []
        for line in server.stdout:
            said.append(line)
            if found := READY.search(line):
                yield found[1]
                break
        else:
            log = (Path(folder).parent / "course.log").read_text()
            raise RuntimeError(f"the course ended without being ready:\n{''.join(said)}\n{log}")


@contextmanager
def jupyterlab(folder, base_url):
    """A plain JupyterLab on ``folder`` under ``base_url``, as JupyterHub starts one; yields its URL when it answers."""
    port, token = free_port(), secrets.token_hex(8)
    settings = {
        "ServerApp.root_dir": folder,
        "ServerApp.base_url": base_url,
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.allow_root": True,
        "ServerApp.open_browser": False,
        "LabApp.expose_app_in_browser": True,
    }
    command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in settings.items())]
    with _running(command, folder, JUPYTER_TOKEN=token) as server:
        address = f"http://127.0.0.1:{port}{base_url}"
        for _ in range(600):
            if server.poll() is not None:
                raise RuntimeError((Path(folder).parent / "course.log").read_text())
            try:
                urllib.request.urlopen(f"{address}api/status?token={token}", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"{address}lab?token={token}"


@contextmanager
def _running(command, folder, **variables):
    """A server with a Jupyter configuration of its own beside ``folder``; ended with all that it started."""
    state = Path(folder).parent / "jupyter-state"
    places = {
        name: str(state / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    config = state / "JUPYTER_CONFIG_DIR" / "jupyter_server_config.json"
    config.parent.mkdir(parents=True, exist_ok=True)
    if not config.exists():
        config.write_text('{"JupyterNotebookApp": {"expose_app_in_browser": true}}')
    with (Path(folder).parent / "course.log").open("w") as file:
        server = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env={**os.environ, **places, "BEYONDLABELS_EXPOSE_APP": "1", **variables},
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            start_new_session=True,
        )
    try:
        yield server
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(10)
        server.stdout.close()


# Errors of the table of contents: it asks a kernel for "isRunning" whenever all cells are run, with this extension disabled
# as well; and it looks for the heading in an output, such as a data card's, of a cell that is just being run again, which 4.6
# forgives.
OF_ITS_OWN = (("4.5.", "isRunning"), ("4.4.", "(reading 'node')"), ("4.5.", "(reading 'node')"))


class Lab:
    """One browser page on the course. ``outside`` lists requests that left this machine, ``errors`` what the console said."""

    def __init__(self, page, url):
        self.page, self.url = page, url
        self.base = url.partition("?")[0].partition("/lab")[0]
        self.token = url.partition("token=")[2]
        self.outside, self.errors = [], []
        page.on("request", self._request)
        page.on("websocket", lambda socket: self._note(socket.url))
        page.on("console", lambda message: self._error(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._error(error.stack or str(error)))

    def _error(self, text):
        """Count an error; but not what JupyterLab says of its own table of contents (``OF_ITS_OWN``) with nothing but its own
        code on the stack."""
        running = version("jupyterlab")
        own = any(running.startswith(start) and words in text for start, words in OF_ITS_OWN)
        if not own or "labextensions/beyondlabels" in text:
            self.errors.append(text)

    def _request(self, request):
        self._note(request.url)

    def _note(self, url):
        base = f"{self.base}/"
        local = (base, base.replace("http", "ws", 1), "data:", "blob:", "about:")
        if not url.startswith(local):
            self.outside.append(url)

    def forget(self):
        """Close the tabs that the last page on this server left open."""
        self.page.request.delete(f"{self.base}/lab/api/workspaces/default?token={self.token}")

    def open(self, notebook, mode="lab"):
        """Open a notebook and wait until its kernel is idle. ``mode`` "doc" shows it alone, for narrow screens;
        "notebooks" opens it in Notebook 7."""
        place = notebook if mode == "notebooks" else f"tree/{notebook}"
        self.page.goto(f"{self.base}/{mode}/{place}?token={self.token}")
        # Not any cell: another notebook may be open behind, as the last page on this server left it.
        self.page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell", timeout=60_000)
        self.notebook = self.page.evaluate(
            """async ([path, mode]) => {
                const pause = () => new Promise(done => setTimeout(done, 50));
                const app = window.jupyterapp;
                await app.restored;
                let notebook;
                const wanted = each => each.sessionContext && each.context.path.endsWith(path);
                while (!(notebook = [...app.shell.widgets('main')].find(wanted))) await pause();
                window.notebook = notebook;
                app.shell.activateById(notebook.id);
                if (mode !== 'lab') { app.shell.collapseLeft(); app.shell.collapseRight(); }
                await notebook.context.ready;
                await notebook.sessionContext.ready;
                await notebook.sessionContext.session.kernel.info;
                while (notebook.sessionContext.session.kernel.status !== 'idle') await pause();
                return notebook.id;
            }""",
            [notebook, mode],
        )

    def run_all(self, timeout=120_000):
        """Run every cell and wait until the kernel is idle again; raises when a cell failed."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        self.page.wait_for_function(
            """() => {
                const cells = window.notebook.content.model.cells;
                const code = [...Array(cells.length).keys()].map(at => cells.get(at)).filter(cell => cell.type === 'code');
                const failed = code.some(cell => cell.outputs.toJSON().some(output => output.output_type === 'error'));
                const done = code.filter(cell => cell.sharedModel.source.trim()).every(cell => cell.executionCount);
                return (failed || done) && window.notebook.sessionContext.session.kernel.status === 'idle';
            }""",
            timeout=timeout,
        )
        failed = self.page.evaluate(
            """() => {
                const cells = window.notebook.content.model.cells;
                return [...Array(cells.length).keys()].map(at => cells.get(at)).filter(cell => cell.type === 'code')
                    .flatMap(cell => cell.outputs.toJSON()).filter(output => output.output_type === 'error')
                    .map(output => `${output.ename}: ${output.evalue}`);
            }"""
        )
        assert not failed, failed

    def cell(self, marker):
        """The cell that contains ``marker``, scrolled into view; JupyterLab keeps only cells near the screen in the page."""
        at = self.page.evaluate(
            """async (marker) => {
                const content = window.notebook.content, cells = content.model.cells;
                const at = [...Array(cells.length).keys()].find(at => cells.get(at).sharedModel.source.includes(marker));
                if (at === undefined) throw new Error(`no cell contains ${marker}`);
                await content.scrollToItem(at, 'center');
                return at;
            }""",
            marker,
        )
        found = self.page.locator(f'[id="{self.notebook}"] .jp-Cell[data-windowed-list-index="{at}"]')
        found.wait_for()
        return found

    def set_source(self, marker, source):
        """Replace the text of the code cell that contains ``marker`` and run it; returns when the kernel is idle."""
        self.page.evaluate(
            """async ([marker, source]) => {
                const content = window.notebook.content, cells = content.model.cells;
                for (let at = 0; at < cells.length; at++) {
                    const cell = cells.get(at);
                    if (cell.type !== 'code' || !cell.sharedModel.source.includes(marker)) continue;
                    cell.sharedModel.setSource(source);
                    content.deselectAll(); content.activeCellIndex = at;
                    await window.jupyterapp.commands.execute('notebook:run-cell');
                    return;
                }
                throw new Error(`no code cell contains ${marker}`);
            }""",
            [marker, source],
        )

    def forgive_reload(self):
        """Drop what JupyterLab 4.4 logs whenever a notebook is loaded again from disk, by its own menu as well: it takes
        cells out of the page that are not in it."""
        if version("jupyterlab").startswith("4.4."):
            self.errors[:] = [each for each in self.errors if "detachWidget" not in each]

    def theme(self, name):
        """Switch to "JupyterLab Dark" or "JupyterLab Light" and wait until the page has changed."""
        light = "true" if name.endswith("Light") else "false"
        self.page.evaluate("name => window.jupyterapp.commands.execute('apputils:change-theme', { theme: name })", name)
        self.page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=light)


_OPEN = []  # the Chromium that runs


@contextmanager
def _chromium():
    """Headless Chromium. Inside another one it is that one: Playwright allows a thread no second."""
    if _OPEN:
        yield _OPEN[0]
        return
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        _OPEN.append(playwright.chromium.launch(executable_path=chrome.find(), args=[*sandbox, *QUIET.split()]))
        try:
            yield _OPEN[0]
        finally:
            _OPEN.pop().close()


@contextmanager
def browser(url, width=1280, height=1000):
    """A ``Lab`` on ``url`` in headless Chromium, with cookies and storage of its own."""
    with _chromium() as chromium:
        context = chromium.new_context(viewport={"width": width, "height": height})
        try:
            yield Lab(context.new_page(), url)
        finally:
            context.close()
