"""A model of 100 MB opened in the viewer: how long until it is shown, and whether page and server go on meanwhile."""

import tempfile
from pathlib import Path

import numpy as np
import psutil
from lab import browser, course
from report import table

from beyondlabels.quiet import coremltools

WIDTH, LAYERS = 1_024, 25  # 25 matrices of 1024 by 1024 numbers of four bytes: 105 MB

# From the command to the heading; meanwhile the longest time between two frames, and the longest answer of the server.
OPEN = """async ([path, base, token]) => {
    const shown = name => [...document.querySelectorAll('.bl-model h2')].some(each => each.checkVisibility());
    let frame = performance.now(), still = 0, waited = 0, going = true;
    const count = now => { still = Math.max(still, now - frame); frame = now; if (going) requestAnimationFrame(count); };
    requestAnimationFrame(count);
    const asking = (async () => {
        while (going) {
            const before = performance.now();
            await (await fetch(`${base}/api/status?token=${token}`)).text();
            waited = Math.max(waited, performance.now() - before);
            await new Promise(done => setTimeout(done, 20));
        }
    })();
    const begun = performance.now();
    window.jupyterapp.commands.execute('beyondlabels:open-model', { path });
    while (!shown()) await new Promise(done => setTimeout(done, 5));
    const took = performance.now() - begun;
    await new Promise(done => setTimeout(done, 300));
    going = false;
    await asking;
    return [took, still, waited];
}"""


def large(path):
    """A network of ``LAYERS`` square matrices."""
    ct = coremltools()
    from coremltools.converters.mil import Builder as mb

    rng = np.random.default_rng(0)

    @mb.program(input_specs=[mb.TensorSpec(shape=(1, WIDTH))], opset_version=ct.target.iOS16)
    def program(x):
        for _ in range(LAYERS):
            x = mb.relu(x=mb.linear(x=x, weight=rng.normal(0, 0.02, (WIDTH, WIDTH)).astype(np.float32)))
        return x

    ct.convert(program, compute_precision=ct.precision.FLOAT32, minimum_deployment_target=ct.target.iOS16).save(
        str(path)
    )


def server():
    """The JupyterLab process that the bench started."""
    ours = psutil.Process().children(recursive=True)
    return next(each for each in ours if "jupyterlab" in each.cmdline())


def measure():
    rows = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "course"
        with course(folder) as url, browser(url) as lab:
            large(folder / "large.mlpackage")
            megabytes = (
                sum(file.stat().st_size for file in (folder / "large.mlpackage").rglob("*") if file.is_file()) / 1e6
            )
            process = server()
            for what in ("first model since the server began", "again, in a new page"):
                lab.forget()
                lab.open("00_welcome.ipynb")
                before = sum(process.cpu_times()[:2])
                took, still, waited = lab.page.evaluate(OPEN, ["large.mlpackage", lab.base, lab.token])
                spent = sum(process.cpu_times()[:2]) - before
                rows.append([what, f"{took / 1000:.2f} s", f"{spent:.2f} s", f"{still:.0f} ms", f"{waited:.0f} ms"])
    head = ["opened", "until it is shown", "CPU of the server", "longest gap between frames", "longest other answer"]
    return f"## The viewer on a model of {megabytes:.0f} MB\n\nThe aim is 3 s and a page that goes on.\n\n{table(head, rows)}"
