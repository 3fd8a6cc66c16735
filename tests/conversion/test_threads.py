"""Several threads at once: each gets its own model's verdict and package."""

import subprocess
import sys
import threading

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import beyondlabels as bl

FIRST_USE = """
import threading, numpy as np, beyondlabels as bl
from sklearn.cluster import KMeans
model, found = KMeans(2, n_init=1).fit(np.eye(4)), []
threads = [threading.Thread(target=lambda: found.append(bl.assess(model).kind)) for _ in range(4)]
[each.start() for each in threads], [each.join() for each in threads]
assert found == ["exact"] * 4, found
"""

INTERRUPTED = """
import numpy as np, beyondlabels as bl
from beyondlabels.conversion import registry
from sklearn.cluster import KMeans
model, real = KMeans(2, n_init=1).fit(np.eye(4)), registry.import_module
def stopped(*names):
    raise KeyboardInterrupt
registry.import_module = stopped
try:
    bl.assess(model)
except KeyboardInterrupt:
    registry.import_module = real
assert bl.assess(model).kind == "exact"
"""


def _passes(code):
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_the_first_use_may_come_from_several_threads():
    _passes(FIRST_USE)


def test_a_first_use_that_was_interrupted_is_made_again():
    _passes(INTERRUPTED)


def test_exports_side_by_side(tmp_path):
    rows, wrong = np.random.default_rng(0).normal(size=(200, 6)), []

    def export(number):
        model = make_pipeline(StandardScaler(), PCA(3) if number % 2 else KMeans(4, n_init=1, random_state=number))
        try:
            for turn in range(4):
                bl.export(model.fit(rows), tmp_path / f"{number}-{turn}.mlpackage", sample=rows)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=export, args=[number]) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong == []
