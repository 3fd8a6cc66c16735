"""The glass box on 300 operations: from the cell to the card, and from a key to the next operation's frame."""

import statistics
import tempfile
from pathlib import Path

from lab import browser, course
from many_operations import many, notebook
from report import table

SOURCE = """import time, numpy as np, beyondlabels as bl
bl.GlassBox("many.mlpackage", np.zeros((1, 16)))
begun = time.perf_counter()
box = bl.GlassBox("many.mlpackage", np.random.default_rng(0).normal(size=(50, 16)).astype("float32"))
print(f"python {1000 * (time.perf_counter() - begun):.0f}")
box"""

STEPS = """async (count) => {
    const card = document.querySelector('.bl.glass'), tree = card.querySelector('[role=tree]');
    const frame = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    tree.focus();
    const work = [], shown = [];
    for (let step = 0; step < count; step++) {
        await frame();
        const begun = performance.now();
        tree.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
        card.getBoundingClientRect();
        work.push(performance.now() - begun);
        await frame();
        shown.push(performance.now() - begun);
    }
    return [work, shown];
}"""

OPEN = """async () => {
    const button = [...document.querySelectorAll('.bl.glass button')].find(each => each.textContent === 'Open all groups');
    const begun = performance.now();
    button.click();
    document.querySelector('.bl.glass').getBoundingClientRect();
    return performance.now() - begun;
}"""

RENDER = """async () => {
    const cell = window.notebook.content.widgets[0];
    const begun = performance.now();
    window.jupyterapp.commands.execute('notebook:run-all-cells');
    document.querySelector('.bl.glass')?.remove();
    while (!document.querySelector('.bl.glass')) await new Promise(done => requestAnimationFrame(done));
    return performance.now() - begun;
}"""


def measure():
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "course"
        with course(folder) as url, browser(url) as lab:
            many(folder / "many.mlpackage")
            (folder / "many.ipynb").write_text(notebook(SOURCE))
            lab.open("many.ipynb", mode="doc")
            lab.run_all()
            lab.page.wait_for_selector(".bl.glass")
            again = [lab.page.evaluate(RENDER) for _ in range(5)]
            python = float(lab.page.locator(".jp-OutputArea-output").first.inner_text().split()[1])
            lab.page.wait_for_timeout(500)
            opened = lab.page.evaluate(OPEN)
            work, shown = lab.page.evaluate(STEPS, 100)
    rows = [
        ["in Python: read, run twice, compare", f"{python:.0f} ms"],
        ["from running the cell (two boxes) to the card, median of 5", f"{statistics.median(again):.0f} ms"],
        ["all groups opened: list and graph of 300 drawn", f"{opened:.0f} ms"],
        ["a step, all groups open: script and layout, median", f"{statistics.median(work):.1f} ms"],
        ["the same, 9 in 10 within", f"{sorted(work)[89]:.1f} ms"],
        ["from key to second frame after it, median", f"{statistics.median(shown):.0f} ms"],
    ]
    about = "A program of 300 operations in 60 groups, 50 rows. A step asks nothing of the kernel."
    return f"## Glass box\n\n{about}\n\n{table(['what', 'time'], rows)}\n"
