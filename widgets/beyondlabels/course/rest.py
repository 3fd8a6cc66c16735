"""Whether a notebook is at rest, so that a check never judges a value that a running cell is about to change.

JupyterLab sends a widget's messages to a thread beside the cells (a subshell), so a press is handled while a cell runs.
Elsewhere it waits behind the cell, and the notebook is at rest when it arrives.
"""

import sys
import threading

QUIET = 0.4  # seconds without a running cell: cells that wait their turn follow each other faster


class Cells:
    """Follows the cells of one IPython shell by its ``events``. It is made by a cell, so one is running at first."""

    def __init__(self, events, quiet=QUIET):
        self._lock = threading.Lock()
        self._running, self._quiet = True, quiet
        self._waiting = {}
        self._timer = None
        events.register("pre_run_cell", self._began)
        events.register("post_run_cell", self._ended)

    def at_rest(self, act):
        """Whether nothing runs; if something does, ``act()`` is called once when it and what follows it has ended."""
        with self._lock:
            if self._running or self._timer:
                self._waiting[act] = None
                return False
        return True

    def _began(self, *_):
        with self._lock:
            self._running = True
            self._stop()

    def _ended(self, *_):
        with self._lock:
            self._running = False
            self._stop()
            if self._waiting:
                self._timer = threading.Timer(self._quiet, self._rested)
                self._timer.daemon = True
                self._timer.start()

    def _rested(self):
        with self._lock:
            if threading.current_thread() is not self._timer:  # a cell began in the meantime
                return
            self._timer, waiting, self._waiting = None, list(self._waiting), {}
        for act in waiting:
            act()

    def _stop(self):
        if self._timer:
            self._timer.cancel()
            self._timer = None


def of_this_notebook():
    """The ``Cells`` of the running IPython shell, made once; ``None`` without one."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return None
    if not hasattr(shell, "_beyondlabels_cells"):
        shell._beyondlabels_cells = Cells(shell.events)
    return shell._beyondlabels_cells
