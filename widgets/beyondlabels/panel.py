"""The export panel: the verdict on a model, its export, and what the saved file was found to compute."""

import re
from dataclasses import replace
from pathlib import Path

import traitlets

from . import assess, export, panel_words, runtime
from .errors import BadInput, BeyondLabelsError, NotExportable, PackageExists
from .panel_road import Road
from .widget import Card

PRECISIONS = ("float32", "float16")
TARGETS = ("iOS15", "iOS16", "iOS17", "iOS18")
_QUICK_ROWS = 5_000  # substitutes are fitted and measured without being asked up to here: under a second


class ExportPanel(Card, stem="panel"):
    """What can be exported from a fitted model, with a button that does it and shows what the saved file computes.

    ``X``: rows to verify with, an array or DataFrame of shape (rows, features); for a model without a rule for new points
    the rows it was fitted on, so that substitutes can be fitted and measured. ``path``: where to save, by default named
    after the model, in the working folder. A package that this panel wrote is replaced without asking, any other only
    with ``overwrite=True`` or the card's own "Replace it". Raises ``BadInput`` for an unknown precision or target.
    """

    path = traitlets.Unicode().tag(sync=True)
    precision = traitlets.Enum(PRECISIONS).tag(sync=True)
    target = traitlets.Enum(TARGETS).tag(sync=True)
    view = traitlets.Dict().tag(sync=True)  # the verdict and the substitutes, in words
    shown = traitlets.Dict().tag(sync=True)  # road's name -> its result in words; the model's own road is ""
    checks = traitlets.Dict().tag(sync=True)  # road's name -> what the last check found
    trouble = traitlets.Dict().tag(sync=True)  # why the last press gave nothing, empty when it did
    busy = traitlets.Bool(False).tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)  # one more with every answer from Python

    def __init__(self, model, X, path=None, precision="float32", target="iOS16", overwrite=False):
        for what, value, known in (("precision", precision, PRECISIONS), ("target", target, TARGETS)):
            if value not in known:
                raise BadInput(f"{what} {value!r} is not known; choose one of {', '.join(known)}")
        self.model, self.X, self.overwrite = model, X, overwrite
        self.verdict = assess(model)
        super().__init__(path=str(path or _file_name(self.verdict)), precision=precision, target=target)
        self._own = Road(model)
        self._substitutes = {each.name: Road(model, each) for each in self.verdict.substitutes}
        self._measured = False
        if _is_small(X):
            self.measure()
        self._look()
        self.on_msg(self._pressed)

    @property
    def result(self):
        """The ``ExportResult`` of the model itself, ``None`` before the first export."""
        return self._own.result

    @property
    def results(self):
        """Substitute's name -> its ``ExportResult``, for those that were exported."""
        return {name: road.result for name, road in self._substitutes.items() if road.result}

    def export(self, substitute=None, overwrite=None):
        """Do what the button does, for the model or for the ``substitute`` of that name; returns the ``ExportResult``.

        Raises what ``bl.export`` raises; the card says the same in words, and what was exported before stays.
        """
        road = self._road(substitute)
        overwrite = self.overwrite if overwrite is None else overwrite
        self.trouble, self.busy = {}, True
        try:
            path = self._path_of(road)
            fitted = road.fitted(self.X)
            options = {"sample": self.X, "precision": self.precision, "target": self.target}
            result = export(
                fitted, path, overwrite=overwrite or road.wrote(path), progress=self._say_progress, **options
            )
            road.keep(replace(result, agreement=road.agreement) if road.agreement else result)
            self.checks = {name: found for name, found in self.checks.items() if name != road.name}
            self.shown = {**self.shown, road.name: panel_words.result(road.result)}
            self.said = f"Saved {result.path} and read it back. {panel_words.summary(result.parity)}"
        except Exception as error:
            self._excuse(road, error)
            raise
        finally:
            self.busy = False
            self.answered += 1
        return road.result

    def check(self, substitute=None):
        """Replay the proof inside the saved file; returns a ``CheckResult``. Raises ``BadPackage`` when it cannot be read."""
        road = self._road(substitute)
        if road.result is None:
            raise BadInput("nothing has been exported yet; export first, then check the file")
        shown, answer = road.result.path, None
        try:
            found = runtime.check(road.place)
            answer = panel_words.check(found, shown)
        except BeyondLabelsError as error:
            answer = panel_words.unreadable(str(error).replace(str(road.place), shown))
            raise
        finally:
            if answer:
                self.trouble, self.checks = {}, {**self.checks, road.name: answer}
                self.said = f"Checked {shown} again: the proof {'holds' if answer['passed'] else 'does not hold'}."
                self.answered += 1
        return found

    def measure(self):
        """Fit every substitute and measure how often it agrees with the model, on held-out rows; the card shows it."""
        for road in self._substitutes.values():
            road.measure(self.X)
        self._measured = True
        self._look()

    def describe(self):
        """The verdict in one line, the same on every run."""
        outputs = ", ".join(f"{name} ← {call}" for name, call in self.verdict.calls.items())
        return f"Export {str(self.verdict).splitlines()[0]}" + (f"; {outputs}" if self.verdict.exportable else "")

    def picture(self):
        """The verdict, or the results, as static HTML; the same on every run."""
        return panel_words.picture(self.verdict, self._own, self._substitutes.values())

    def _road(self, name):
        if name and name not in self._substitutes:
            offered = ", ".join(map(repr, self._substitutes)) or "none for this model"
            raise BadInput(f"no substitute {name!r}; there is {offered}")
        return self._substitutes[name] if name else self._own

    def _path_of(self, road):
        text = self.path.strip()
        if not text:
            raise BadInput(f"a package needs a name, such as {_file_name(self.verdict)}")
        path = Path(text).expanduser()
        path = path if path.suffix else path.with_name(f"{path.name}.mlpackage")
        return path.with_name(f"{path.stem}-{_slug(road.name)}{path.suffix}") if road.name else path

    def _look(self):
        offers = [panel_words.offer(road, str(self._path_of(road))) for road in self._substitutes.values()]
        options = {"precisions": PRECISIONS, "targets": TARGETS, "offers": offers, "measured": self._measured}
        self.view = {**panel_words.verdict(self.verdict, self.model), **options}

    def _say_progress(self, words):
        self.said = f"{words[:1].upper()}{words[1:]}…"

    def _excuse(self, road, error):
        """Show in words why there is no package."""
        exists = isinstance(error, PackageExists)
        limits = error.verdict.refused if isinstance(error, NotExportable) else ()
        self.trouble = {
            "road": road.name,
            "exists": exists,
            "kept": road.place is not None and not exists and road.wrote(road.place),
            "limits": [panel_words.limit(each) for each in limits],
        }
        why = panel_words.exists(road, self._path_of(road)) if exists else panel_words.reason(error)
        self.said = f"Not exported. {why}"

    def _pressed(self, _widget, content, _buffers):
        action, name = content.get("action"), content.get("road") or None
        self.said = ""
        try:
            for option in {"path", "precision", "target"} & content.keys():
                self.set_trait(option, content[option])
            if action == "export":
                self.export(name, overwrite=True if content.get("replace") else None)
            elif action == "check":
                self.check(name)
            elif action == "measure":
                self.measure()
        except Exception as error:  # the card has said it; a traceback in the log of a widget reaches nobody
            self.said = self.said or f"That did not work. {panel_words.reason(error)}"
        finally:
            self.answered += 1


def _is_small(X):
    try:
        return len(X) <= _QUICK_ROWS
    except TypeError:
        return False


def _file_name(verdict):
    """``kmeans.mlpackage`` for ``StandardScaler → KMeans``."""
    return f"{_slug(verdict.model.rpartition('→')[2]) or 'model'}.mlpackage"


def _slug(text):
    return re.sub(r"\W+", "-", text.strip().lower()).strip("-")
