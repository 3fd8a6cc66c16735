"""The glass box: look into a saved package, one operation after the other."""

import numpy as np
import traitlets

import beyondlabels as bl
from beyondlabels.errors import BadInput, BeyondLabelsError
from beyondlabels.widget import Card

from . import against, findings, shown
from .rows import Rows

_MOST_ROWS, _MOST_NUMBERS = 1_000, 20_000_000  # compared: so many rows, and so many numbers kept at once
HALF = 1e-2  # what an export in half precision is allowed
NOTE = "Values are computed by the NumPy runtime of Beyond Labels. Apple's own runtime was not run here."


class GlassBox(Card, stem="glass_box"):
    """The program of a saved package as a graph and a list, with every value it computes for a row of X.

    >>> bl.GlassBox("penguins.mlpackage", X)                      # step through it: arrow keys, or the buttons
    >>> bl.GlassBox("penguins.mlpackage", X, model=model)         # and hold it against the model that it was made from
    >>> box = bl.GlassBox("encoder.mlpackage", X, model=keras_model, row=12)
    >>> print(box)                                                # the whole program as text, with what was found
    >>> box.first_beyond, box.first_beyond_half                   # names of the first operations to leave a tolerance

    ``X``: rows for the package's inputs, an array or DataFrame, or a dict (or list) of arrays where it has several.
    ``model``: the fitted model itself; for a package that takes an image, it is given the pixels as the program scales them.
    A Keras model is compared layer by layer, a scikit-learn pipeline step by step, any other by its outputs; by name, and
    where no operation bears it, by value. ``row``: the row whose values are shown.

    Comparisons are on all rows of X, on 1,000 spread evenly over it when there are more (fewer for a large program). A value
    passes when |difference| <= tolerance * (|value| + root mean square), that of its column for an output, of the whole value
    for one between; see ``bl.runtime.compare``.
    ``tolerance`` is for the model, by default that of its export (1e-5 for most; 1e-2 for a float16 package);
    ``half_tolerance`` is for float16 against float32. One of these two runs is the package's own, the other is the same
    program in the other precision, simulated in NumPy (``bl.runtime.in_precision``).

    ``against_model`` lists what was compared with the model, ``against_half`` maps an operation's number to what float16
    changes there; the values themselves are ``bl.runtime.load(path).values(…)``. Raises ``BadPackage`` for a package that
    cannot be read or run, ``BadInput`` for rows that it does not take, ``NotExportable`` for a model without a function.
    """

    row = traitlets.Int().tag(sync=True)
    at = traitlets.Int(0).tag(sync=True)  # number of the operation looked at
    program = traitlets.Dict().tag(sync=True)
    verdicts = traitlets.List().tag(sync=True)
    marks = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)

    def __init__(self, path, X, *, model=None, row=0, tolerance=None, half_tolerance=HALF):
        _check(tolerance=tolerance, half_tolerance=half_tolerance)
        self._package = bl.runtime.load(path)
        if hasattr(self._package, "kind"):  # of a kind from before ML Programs: layers or tables, and no operations
            raise bl.BadInput(
                f"{path} is a model of the kind {self._package.kind}; the glass box shows ML Programs, which packages of "
                "bl.export are. `beyondlabels inspect` lists what this one holds."
            )
        self.steps = bl.runtime.walk_through(self._package)
        self._rows = Rows(self._package, X)
        row = self._checked_row(row)
        types = {dtype for step in self.steps for _, dtype, _ in step.outputs}
        self.precision = "float16" if "float16" in types else "float32"
        self._simulated = "float32" if self.precision == "float16" else "float16"
        self._other = bl.runtime.in_precision(self._package, self._simulated)
        one = self._rows.run(self._package, row)
        self._which = self._chosen(one)
        self.half_tolerance, self.tolerance = half_tolerance, tolerance
        self.compared_with_model = model is not None
        self._compare(model)
        program = shown.program(self._package, self.steps, one)
        about = {"rows": self._rows.count, "precision": self.precision, "note": NOTE}
        super().__init__(row=row, program=program | about, values=self._values_of(row, one), said=NOTE)
        self.verdicts, self.marks = findings.verdicts(self), findings.marks(self)
        self.observe(self._another_row, "row")

    @property
    def compared(self):
        """How many rows the comparisons are on."""
        return len(self._which)

    @property
    def first_beyond(self):
        """The first operation whose value leaves the tolerance against the model, ``None`` when none does."""
        return next((self.steps[mark.step].name for mark in self.against_model if not mark.passed), None)

    @property
    def first_beyond_half(self):
        """The first operation at which float16 leaves its tolerance or overflows, ``None`` when none does."""
        return next((self.steps[at].name for at, mark in sorted(self.against_half.items()) if not mark.passed), None)

    def describe(self):
        """The package in a line: its size, what it takes and gives; the same on every run."""
        return findings.headline(self)

    def picture(self):
        """The findings and the first 60 operations as static HTML."""
        return findings.picture(self)

    def __repr__(self):
        return findings.listing(self, findings.LINES)

    def __str__(self):
        return findings.listing(self)

    def _compare(self, model):
        """Fill ``against_half``, ``against_model`` and ``missing``: what they hold is needed no longer afterwards."""
        own, other = (self._rows.run(each, self._which) for each in (self._package, self._other))
        single, half = (other, own) if self.precision == "float16" else (own, other)
        self.against_half = against.precisions(
            self.steps, single, half, self.compared, self.half_tolerance, self._package.program.results
        )
        self.against_model, self.missing = [], []
        if model is not None:
            is_half = self.precision == "float16"
            theirs = bl.intermediate_values(model, self._rows.of(self._which, single), half=is_half)
            if theirs.moved is not None:
                own = Rows(self._package, theirs.moved).run(self._package, np.arange(len(theirs.moved)))
            if self.tolerance is None:
                self.tolerance = max(theirs.tolerance, HALF) if is_half else theirs.tolerance
            found = against.with_model(
                self.steps, own, theirs, self.compared, self.tolerance, self._package.program.inputs
            )
            self.against_model, self.missing = found

    def _another_row(self, change):
        if change["new"] == self.values["row"]:
            return
        try:
            self.values = self._values_of(self._checked_row(change["new"]))
            self.said = f"Row {change['new']:,}: computed again."
        except BeyondLabelsError as error:
            self.row = self.values["row"]
            self.said = f"Row {change['new']} cannot be shown: {error}."

    def _checked_row(self, row):
        if isinstance(row, bool) or not isinstance(row, (int, np.integer)) or not 0 <= row < self._rows.count:
            raise BadInput(f"row {row!r} is not there; X has the rows 0 to {self._rows.count - 1:,}")
        return int(row)

    def _chosen(self, one):
        """Numbers of the rows that are compared, spread over X; fewer where the values of one row are many."""
        constants = self._package.program.constants
        numbers = sum(getattr(value, "size", 0) for name, value in one.items() if name not in constants)
        most = min(int(np.clip(_MOST_NUMBERS // max(numbers, 1), 1, _MOST_ROWS)), self._rows.count)
        return np.unique(np.linspace(0, self._rows.count - 1, most).round().astype(int))

    def _values_of(self, row, own=None):
        """What the browser draws for one row; ``own`` when it has been computed already."""
        own = self._rows.run(self._package, row) if own is None else own
        at = np.flatnonzero(self._which == row)
        theirs = {
            mark.value: (mark.other, mark.wanted[at])
            for mark in self.against_model
            if len(at) and len(mark.wanted) == self.compared
        }
        labels = (self.precision, f"{self._simulated} (simulated)")
        other = self._rows.run(self._other, row)
        return {"row": row, "steps": shown.row_values(self.steps, own, other, labels, theirs)}


def _check(**tolerances):
    for name, value in tolerances.items():
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < np.inf
        ):
            raise BadInput(f"{name} is {value!r}; expected a number above 0, such as 1e-5")
