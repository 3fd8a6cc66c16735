"""From a moved slider to the redrawn frame, through Python and back, in real Chromium and JupyterLab.

Measured with the course's socket setting and, as the peer, with JupyterLab as it comes.
"""

import json
import statistics
import tempfile
from pathlib import Path

from lab import browser, course
from report import table

SIZES = (1_000, 10_000, 100_000)
AIMS = {1_000: 25, 10_000: 25, 100_000: 50}
MOVES = 50

CELL = """import numpy as np
import beyondlabels as bl
points = np.random.default_rng(0).normal(size=({rows}, 2))
bl.explore.KMeans(points, k=3)"""

MOVE = """async ([selector, moves]) => {
    const card = document.querySelector(selector);
    const slider = card.querySelector('input[type=range]');
    const times = [];
    for (let move = 0; move < moves; move++) {
        const before = card.dataset.frame;
        const redrawn = new Promise(done => {
            const watch = new MutationObserver(() => {
                if (card.dataset.frame === before) return;
                watch.disconnect();
                requestAnimationFrame(() => done(performance.now()));
            });
            watch.observe(card, { attributes: true, attributeFilter: ['data-frame'] });
        });
        const start = performance.now();
        slider.value = move % 2 ? 3 : 4;
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        times.push(await redrawn - start);
        await new Promise(done => setTimeout(done, 60));
    }
    return times;
}"""


def notebook(rows):
    """A notebook with one explorable of ``rows`` points."""
    cell = {"cell_type": "code", "id": "only", "metadata": {}, "outputs": [], "execution_count": None}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [{**cell, "source": CELL.format(rows=rows)}]
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def times(fixed):
    """Rows -> milliseconds of each move; ``fixed`` with the course's socket setting, else with JupyterLab's own."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "course"
        if not fixed:
            settings = Path(place) / "jupyter-state" / "JUPYTER_CONFIG_DIR" / "jupyter_server_config.json"
            settings.parent.mkdir(parents=True)
            settings.write_text(json.dumps({"ServerApp": {"jpserver_extensions": {"beyondlabels.server": False}}}))
        found = {}
        with course(folder) as url:
            for rows in SIZES:
                (folder / f"bench_{rows}.ipynb").write_text(json.dumps(notebook(rows)))
                with browser(url) as lab:
                    lab.open(f"bench_{rows}.ipynb", mode="doc")
                    lab.run_all()
                    lab.page.wait_for_selector(".bl.kmeans[data-frame]")
                    lab.page.evaluate(MOVE, [".bl.kmeans", 5])
                    found[rows] = lab.page.evaluate(MOVE, [".bl.kmeans", MOVES])
        return found


def measure():
    ours, peer = times(fixed=True), times(fixed=False)
    lines = []
    for rows in SIZES:
        here, there = statistics.median(ours[rows]), statistics.median(peer[rows])
        slow = sorted(ours[rows])[int(0.9 * MOVES)]
        figures = [f"{here:.0f} ms", f"{slow:.0f} ms", f"{there:.0f} ms", f"{here / there:.2f}", f"{AIMS[rows]} ms"]
        lines.append([f"{rows:,}", *figures])
    head = ["points", "median", "9 in 10 within", "JupyterLab as it comes, median", "ratio", "aim"]
    about = (
        f"From the K slider of the k-means explorable to its redrawn frame, {MOVES} moves, through the kernel and back."
    )
    return f"## Widget latency\n\n{about}\n\n{table(head, lines)}\n"
