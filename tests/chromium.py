"""Find a Chromium or Chrome, or install one where that is allowed; else say exactly what to install.

``python tests/chromium.py`` prints the path of the program.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = ("Chromium", "Google Chrome")


def find():
    """The path of a Chromium or Chrome, or None. The environment variable CHROMIUM goes first."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    for name in NAMES:
        if path := shutil.which(name):
            return path
    for folder in (Path("/Applications"), Path.home() / "Applications"):
        for app in MAC_APPS:
            path = folder / f"{app}.app" / "Contents" / "MacOS" / app
            if os.access(path, os.X_OK):
                return str(path)
    return None


def install():
    """Install Chromium with the system's package manager where this user may; a failed command raises."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update"], check=True, stdout=sys.stderr, env=environment)
        command = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
        subprocess.run(command, check=True, stdout=sys.stderr, env=environment)
    elif sys.platform == "darwin" and shutil.which("brew"):
        subprocess.run(["brew", "install", "--cask", "google-chrome"], check=True, stdout=sys.stderr)


def ensure():
    """The path of a Chromium, installed if need be. Raises ``RuntimeError`` that says what to install."""
    chosen = os.environ.get("CHROMIUM")
    if chosen and not find():
        raise RuntimeError(f"CHROMIUM names {chosen}, which is not a program; give the path of a Chromium or Chrome")
    if not find():
        try:
            install()
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"installing Chromium failed: {error}", file=sys.stderr)
    path = find()
    if path is None:
        if sys.platform == "darwin":
            remedy = "install Google Chrome, or Homebrew and then: brew install --cask google-chrome"
        else:
            remedy = "on Debian: sudo apt-get install --no-install-recommends chromium"
        raise RuntimeError(
            f"the browser tests need Chromium or Chrome, and none was found; {remedy}; "
            "or set CHROMIUM to the path of one"
        )
    return path


if __name__ == "__main__":
    try:
        print(ensure())
    except RuntimeError as error:
        sys.exit(f"tests/chromium.py: {error}")
