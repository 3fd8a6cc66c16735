"""``beyondlabels course``: bring the learner's folder up to date and open JupyterLab in it."""

import argparse
import importlib.util
import os
import sys
import webbrowser
from pathlib import Path

from ..errors import BeyondLabelsError
from . import folder
from .lab import FIRST_PORT, Lab, Stop, stopping_on_signals


def add_arguments(parser):
    """Add the options of ``beyondlabels course`` to an ``argparse`` parser; ``run`` takes what it parses."""
    parser.add_argument(
        "folder",
        nargs="?",
        metavar="DIR",
        type=Path,
        help='work folder for your copies of the lessons (default: the course folder you are in, else "course")',
    )
    parser.add_argument("--reset", metavar="LESSON", help='fresh copy of one lesson ("01" or "kmeans"), keeping yours')
    parser.add_argument("--port", type=_port, help=f"exactly this port (default: the first free from {FIRST_PORT})")
    parser.add_argument("--browser", choices=("none", "default"), default="default", help="none: only print the URL")
    parser.add_argument("--check", action="store_true", help="check lessons, data sets, exercises and an export")


def run(args):
    """Do what ``args`` ask for. Returns the exit code: 0 done, 1 failed, with the reason on stderr."""
    try:
        if args.check:
            from .selfcheck import check

            return 0 if check() else 1
        place = args.folder.expanduser() if args.folder else folder.find() or Path("course")
        if args.reset is not None:
            _say(folder.reset(place, args.reset))
            return 0
        return _open(place, args)
    except BeyondLabelsError as error:
        print(f"beyondlabels: {error}", file=sys.stderr)
        return 1


def _open(place, args):
    if importlib.util.find_spec("jupyterlab") is None:
        print(
            'beyondlabels: the course opens in JupyterLab, which is not installed; pip install "beyondlabels[course]"',
            file=sys.stderr,
        )
        return 1
    _say(folder.prepare(place))
    place = place.resolve()
    start = f"/lab/tree/{folder.WELCOME}" if (place / folder.WELCOME).is_file() else "/lab"
    with stopping_on_signals():
        lab = Lab(place, args.port)
        try:
            lab.start()
            url = f"http://127.0.0.1:{lab.port}{start}?token={lab.token}"
            print(f"Beyond Labels is ready: {url}", flush=True)
            if args.browser == "default" and _has_screen():
                webbrowser.open(url)
            lab.wait()
        except Stop:
            print("Beyond Labels stopped", flush=True)
        finally:
            lab.stop()
    return 0


def _has_screen():
    """Whether opening a browser makes sense; without a screen Linux would start a text browser in this terminal."""
    chosen = os.environ.get("BROWSER")
    if chosen:
        return chosen != "none"
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _say(events):
    for event in events:
        if event.line:
            print(event.line, file=sys.stderr if event.kind == "warning" else sys.stdout, flush=True)


def _port(text):
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a number from 1 to 65535")
    return int(text)
