"""What is run on which versions, and what is installed beside each."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_OURS = ("coremltools==9.0", "skops==0.16.0", "anywidget==0.11.0", "ipywidgets==8.1.9", "pytest")


@dataclass(frozen=True)
class Table:
    """A table of COMPAT.md: a row for each of ``versions``, which are named by the first of the packages ``shown``."""

    name: str
    title: str
    introduction: str
    versions: dict  # version -> what pip is asked for
    beside: tuple  # what pip is asked for with every version
    shown: tuple  # packages whose versions are columns
    tests: tuple  # pytest's arguments
    options: tuple = ()  # pytest's, of how to run
    wheel: bool = False  # install the built wheel, not this checkout

    @property
    def columns(self):
        return (*self.shown, "passed", "failed", "skipped", "minutes", "run on")


SCIKIT_LEARN = Table(
    name="scikit-learn",
    title="Parity tests on every supported scikit-learn",
    introduction="Each version has the numpy, scipy and pandas of its months beside it, and no Keras.",
    # numpy and scipy of the months in which each scikit-learn was made: that is what its users have beside it.
    versions={
        "1.6": ("scikit-learn>=1.6,<1.7", "numpy>=2.2,<2.3", "scipy>=1.15,<1.16", "pandas>=2.2,<3"),
        "1.7": ("scikit-learn>=1.7,<1.8", "numpy>=2.3,<2.4", "scipy>=1.15,<1.16", "pandas>=2.2,<3"),
        "1.8": ("scikit-learn>=1.8,<1.9", "numpy>=2.3,<2.4", "scipy>=1.16,<1.17", "pandas>=2.2,<3"),
        "1.9": ("scikit-learn>=1.9,<1.10", "numpy>=2.4,<2.5", "scipy>=1.17,<1.18", "pandas>=3,<4"),
    },
    beside=(*_OURS, "pytest-xdist"),
    shown=("scikit-learn", "numpy", "scipy", "pandas", "coremltools"),
    # No Keras in these environments; and the mutants judge how proofs are chosen, which no version of scikit-learn changes.
    tests=(
        "tests/matrix",
        "tests/conversion",
        "--ignore=tests/conversion/keras",
        "--ignore=tests/matrix/test_mutants.py",
    ),
    options=("-n", "2"),
)

JUPYTERLAB = Table(
    name="JupyterLab",
    title="Browser tests on every supported JupyterLab, with its Notebook 7",
    introduction="Each version has the built wheel, the Notebook 7 that is made of it, and no Keras; Chromium opens both.",
    versions={
        "4.4": ("jupyterlab>=4.4,<4.5", "notebook>=7.4,<7.5"),
        "4.5": ("jupyterlab>=4.5,<4.6", "notebook>=7.5,<7.6"),
        "4.6": ("jupyterlab>=4.6,<4.7", "notebook>=7.6,<7.7"),
    },
    beside=(*_OURS, "matplotlib>=3.9,<4", "pandas>=2.2,<4", "playwright>=1.50,<2", "axe-playwright-python>=0.1.4,<1"),
    shown=("jupyterlab", "notebook", "jupyter_server", "ipywidgets", "anywidget"),
    tests=("tests/browser/test_extension.py", "tests/browser/test_prefix.py", "tests/notebook"),
    wheel=True,
)

TABLES = (SCIKIT_LEARN, JUPYTERLAB)
