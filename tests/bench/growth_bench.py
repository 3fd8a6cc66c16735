"""How time and memory grow when one thing is ten and a hundred times larger, and one large package of neighbours.

Each measurement runs in a process of its own, so that what one needs is not hidden by what another has freed. Times are
those of export (write, save, read back, compare on 200 rows) and of running the saved package; memory is the most that is
held beyond what was held before. Aim: ×100 costs at most 100 times as much.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path

import numpy as np

SCALES = (1, 10, 100)
BIG = (60_000, 784)  # rows and features of the large package
BIG_SECONDS, BIG_TIMES = 10, 3


def _rows(count, width, seed=0):
    return np.random.default_rng(seed).normal(size=(count, width))


def _kmeans(groups, width):
    """K-means with centres that are given: what grows is the package, not the fit."""
    from sklearn.cluster import KMeans

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        centres = _rows(groups, width, 1)
        return KMeans(groups, init=centres, n_init=1, max_iter=1).fit(np.concatenate([centres, _rows(10, width)]))


def rows(scale):
    return _kmeans(8, 16), _rows(1_000 * scale, 16), 1_000 * scale


def features(scale):
    return _kmeans(8, 10 * scale), _rows(1_000, 10 * scale), 1_000


def centres(scale):
    return _kmeans(20 * scale, 16), _rows(1_000, 16), 1_000


def trees(scale):
    from sklearn.ensemble import IsolationForest

    data = _rows(1_000, 8)
    return IsolationForest(n_estimators=5 * scale, random_state=0).fit(data), data, 1_000


def support_vectors(scale):
    from sklearn.svm import OneClassSVM

    data = _rows(100 * scale, 8)
    return OneClassSVM(nu=0.5).fit(data), data, 1_000


def neighbours(scale):
    from sklearn.neighbors import NearestNeighbors

    data = _rows(300 * scale, 16)
    return NearestNeighbors(n_neighbors=5).fit(data), data, 1_000


def big(scale):
    from sklearn.neighbors import NearestNeighbors

    data = _rows(*BIG).astype(np.float32)
    return NearestNeighbors(n_neighbors=5, algorithm="brute").fit(data), data, 100


GROWS = {each.__name__: each for each in (rows, features, centres, trees, support_vectors, neighbours)}


class _Peak:
    """The most memory held within a block beyond what was held before, in bytes, looked at every few milliseconds."""

    def __enter__(self):
        import psutil

        self._process = psutil.Process()
        self._before = self.most = self._process.memory_info().rss
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self):
        while not self._done.wait(0.002):
            self.most = max(self.most, self._process.memory_info().rss)

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()
        self.most = max(self.most, self._process.memory_info().rss)

    @property
    def bytes(self):
        return self.most - self._before


def one(name, scale):
    """Seconds and bytes for one model: a dict that ``json`` can write."""
    import beyondlabels as bl

    model, sample, run_rows = {**GROWS, "big": big}[name](scale)
    with tempfile.TemporaryDirectory() as folder:
        path, small = Path(folder) / "m.mlpackage", _kmeans(2, 2)
        bl.export(small, Path(folder) / "warm.mlpackage", sample=_rows(10, 2))  # what only the first export costs
        with _Peak() as peak:
            begun = time.perf_counter()
            result = bl.export(model, path, sample=sample[:200] if name != "big" else sample[:100])
            seconds = time.perf_counter() - begun
        package = bl.runtime.load(path)
        given = np.resize(sample, (run_rows, sample.shape[1]))
        with _Peak() as run_peak:
            begun = time.perf_counter()
            for start in range(0, run_rows, 1_000):
                package.predict({"x": given[start : start + 1_000]})
            running = time.perf_counter() - begun
    return {
        "export": seconds,
        "export_bytes": peak.bytes,
        "run": running,
        "run_bytes": run_peak.bytes,
        "size": result.size,
    }


def _measured(name, scale):
    command = [sys.executable, str(Path(__file__).resolve()), name, str(scale)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise RuntimeError(f"{name} ×{scale}: {done.stderr[-500:]}")
    return json.loads(done.stdout.splitlines()[-1])


def measure():
    """The part of the report."""
    from report import table

    lines = []
    for name in GROWS:
        found = {scale: _measured(name, scale) for scale in SCALES}
        for key, words in (("export", "export, s"), ("run", "run, s"), ("size", "package, kB")):
            unit = 1e-3 if key == "size" else 1
            cells = [f"{found[scale][key] * unit:.3g}" for scale in SCALES]
            times = [f"{found[scale][key] / found[1][key]:.1f}" for scale in SCALES[1:]]
            lines.append([name.replace("_", " "), words, *cells, *times])
        held = [f"{max(found[scale]['export_bytes'], found[scale]['run_bytes']) / 1e6:.1f}" for scale in SCALES]
        lines.append([name.replace("_", " "), "most held, MB", *held, "", ""])
    head = ["what grows", "", "×1", "×10", "×100", "×10 costs", "×100 costs"]
    return f"## Growth\n\n{table(head, lines)}\n\n{_big()}\n"


def _big():
    found, own = _measured("big", 1), BIG[0] * BIG[1] * 4
    seconds, held = found["export"], max(found["export_bytes"], found["run_bytes"]) / own
    count, width = (f"{number:,}" for number in BIG)
    return (
        f"Nearest neighbours among {count} × {width}: exported, saved and compared on 100 rows in {seconds:.1f} s "
        f"(aim {BIG_SECONDS}), run on 100 rows in {found['run']:.2f} s; at most {held:.1f} times its own {own / 1e6:.0f} MB "
        f"held beside the model (aim {BIG_TIMES}); package {found['size'] / 1e6:.0f} MB."
    )


if __name__ == "__main__":
    print(json.dumps(one(sys.argv[1], int(sys.argv[2]))))
