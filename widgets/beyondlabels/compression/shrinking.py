"""The whole way of a saved package to smaller ones, each measured, on one page."""

import math
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

from .. import runtime
from ..errors import BadInput, BadPackage, NotExportable
from ..limits import get
from ..mil import rewrite, save, targets
from ..runtime.check import PROOF
from ..runtime.loss import losses
from ..runtime.overflow import watching
from . import methods, proving, weights
from .feeding import Feed
from .opening import opened
from .result import Refusal, ShrinkResult, Variant


def shrink(
    path,
    *,
    sample,
    method="all",
    target=None,
    into=None,
    smallest_weight=2048,
    overwrite=False,
    progress=None,
):
    """Make smaller packages from the saved one at ``path``, and measure what each loses.

    ``sample``: rows to measure with, as for ``export``: an array or DataFrame (rows, features), or arrays of the inputs' own
    shapes, by name or in order where there are several. ``method``: a name, a list of names, or "all" that the target
    allows: "float16", "int8", "int8-asymmetric", "int4", "palette8" (6, 4, 2; also "palette4-uniform"), "pruned-50" (any
    percentage), "pruned-50+int8", "pruned-50+palette4", "palette4+int8". ``target``: the oldest system to run on, the
    package's own unless a later one is named. ``into``: a folder for the variants, which are called
    ``NAME.METHOD.mlpackage`` (default: beside the package). ``smallest_weight``: weights with fewer numbers stay as they
    are. ``progress``: called with a few words before each step. Returns a ``ShrinkResult``.

    Each variant is saved in one step, read back from disk and run beside the package itself. Raises ``NotExportable`` (its
    ``.verdict.refused`` holds the limits) where a method cannot be had, ``BadPackage``, ``BadInput`` and ``PackageExists``;
    the package itself is never changed, and variants that were finished before an error stay.
    """
    began, say = time.perf_counter(), progress or (lambda words: None)
    wanted, everything = methods.chosen(method), isinstance(method, str) and method == "all"
    least = _whole(smallest_weight)
    package = opened(path, method)
    own = rewrite.target_of(package.program.specification)
    target = _target(own, target)
    folder = Path(path).parent if into is None else Path(into)
    paths = {each.name: save.checked(folder / f"{Path(path).stem}.{each.name}.mlpackage", overwrite) for each in wanted}
    _insist_whole(path, package)
    feed = Feed(package, sample)
    say("running the package itself")
    made, left = [], []
    uncompressed = feed.outputs(package)
    with tempfile.TemporaryDirectory(prefix="beyondlabels.") as room:
        base = path if target == own else _for_target(path, target, Path(room))
        work = _Work(path, package, Path(base), target, feed, uncompressed, least)
        for each in wanted:
            say(f"{each.name}: {each.words}")
            try:
                made.append(_variant(work, each, paths[each.name]))
            except NotExportable as refusal:
                if not everything:
                    raise
                left += [(each.name, limit) for limit in refusal.verdict.refused]
    if not made:
        raise NotExportable(Refusal(str(path), "any method", tuple(dict.fromkeys(limit for _, limit in left))))
    return ShrinkResult(
        path=str(path),
        size=_size(path),
        target=own,
        smallest_os=targets.TARGETS[own],
        rows=len(feed.rows),
        variants=tuple(made),
        left_out=tuple(left),
        smallest_weight=least,
        seconds=time.perf_counter() - began,
    )


class _Work:
    """What all variants are made from: the package, what they start with, and what to measure them on."""

    def __init__(self, path, package, base, target, feed, uncompressed, least):
        self.path, self.package, self.base, self.target = path, package, base, target
        self.feed, self.uncompressed = feed, uncompressed
        self.least = least
        self.start = runtime.load(base).program
        self.weights = weights.large(self.start, least)

    def refuse(self, method, limit):
        raise NotExportable(Refusal(str(self.path), method.name, (limit,)))


def _variant(work, method, path):
    """One compressed package: made, saved, read back, measured, proven. Returns the ``Variant``."""
    began = time.perf_counter()
    _insist_possible(work, method)
    with save.staged(path) as staged:
        specification = _write(work, method, staged)
        save.write(staged, specification)
        variant = runtime.load(staged)
        half = method.family == "half"
        if half:
            _no_overflow(work, method, variant)
        found = losses(work.uncompressed, work.feed.outputs(variant), proving.one_unit(work.package.program))
        before, after = (weights.large(each, work.least, half) for each in (work.start, variant.program))
        done = len(before) - len(after)
        if method.steps and done < 1:
            work.refuse(method, get("shrink-tool").because("coremltools left every weight as it was"))
        proving.tell(specification, method, found)
        rows = proving.prove(specification, work.package, variant, work.feed, half)
        save.write(staged, specification)
        _insist_proven(staged, rows)
        files = tuple(save.files(staged))
    size = sum(size for _, size in files)
    return Variant(
        method=method.name,
        words=method.words,
        family=method.family,
        path=str(path),
        files=files,
        ratio=_size(work.path) / size,
        target=work.target,
        smallest_os=targets.TARGETS[work.target],
        weights=(max(done, 0), len(before)),
        losses=found,
        proof_rows=rows,
        seconds=time.perf_counter() - began,
    )


def _insist_possible(work, method):
    """Raise ``NotExportable`` where the target is too old, or no weight is large enough."""
    order = list(targets.TARGETS)
    if order.index(method.target) > order.index(work.target):
        needed, own = (targets.TARGETS[name].split(" and ")[0] for name in (method.target, work.target))
        found = f"it needs {needed}, this package is for {own}: target={method.target!r}"
        work.refuse(method, get("shrink-newer-system").because(found))
    if not method.steps or work.weights:
        return
    done = weights.compressed(work.package.program)
    if done:
        work.refuse(method, get("shrink-already").because(f"{done} of them"))
    work.refuse(method, get("shrink-small-weights").because(weights.why_none(work.package.program, work.least)))


def _write(work, method, staged):
    """The compressed specification, its weights already in the staged package."""
    folder = save.weights_folder(staged)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of k-means where a weight has fewer different values than the table
            if not method.steps:
                return rewrite.rewrite(work.base, work.target, "float16", folder)
            return rewrite.compressed(work.base, [_named(step, work.weights) for step in method.steps], folder)
    except OSError:
        raise
    except Exception as error:
        work.refuse(method, get("shrink-tool").because(f"{type(error).__name__}: {str(error)[:200]}"))


def _named(step, large):
    return lambda model: step(model, large)


def _no_overflow(work, method, variant):
    """Refuse where a number in half precision overflows on the sample, even one that no output shows."""
    makers = {name: step.kind for step in variant.program.operations for name, _, _ in step.outputs}
    with watching() as seen:
        work.feed.outputs(variant)
    for each in seen.values():
        if each.overflows:
            found = f"the result of the operation {each.name!r} ({each.kind})"
            work.refuse(method, get("float16-overflow").because(found))
    for values in work.feed.values(variant) if seen else ():
        for name, value in values.items():
            if getattr(value, "dtype", None) == np.float16 and not np.isfinite(value).all():
                found = f"the value {name!r} ({makers.get(name, 'a constant')})"
                work.refuse(method, get("float16-overflow").because(found))


def _insist_whole(path, package):
    """Raise ``BadPackage`` where the package carries a proof and the proof does not hold."""
    if PROOF in package.program.metadata:
        result = runtime.check(path)
        if not result.passed:
            raise BadPackage(
                f"{path}: its own proof does not hold, so it is not compressed: {' '.join(result.problems)}"
            )


def _insist_proven(staged, rows):
    if rows and not (result := runtime.check(staged)).passed:
        raise BadPackage(f"the compressed package does not give the same answers twice: {' '.join(result.problems)}")


def _for_target(path, target, room):
    """The package written again for a later system, in a temporary folder."""
    base = room / Path(path).name
    base.mkdir()
    try:
        save.write(base, rewrite.rewrite(path, target, "float32", save.weights_folder(base)))
    except OSError as error:
        raise BadInput(f"the temporary folder cannot be written: {error.strerror or error}") from error
    except Exception as error:
        limit = get("shrink-tool").because(f"for {target}: {type(error).__name__}: {str(error)[:200]}")
        raise NotExportable(Refusal(str(path), f"target={target!r}", (limit,))) from error
    return base


def _target(own, asked):
    order = list(targets.TARGETS)
    if asked is None:
        return own
    targets.checked(asked, "float32")
    if order.index(asked) < order.index(own):
        raise BadInput(f"target {asked!r} is older than the package's own, {own}; export the model again for it")
    return asked


def _whole(least):
    good = isinstance(least, (int, np.integer)) and not isinstance(least, bool)
    if not good or not 10 <= least < math.inf:
        raise BadInput(f"smallest_weight is {least!r}; expected a whole number of at least 10")
    return int(least)


def _size(path):
    return sum(size for _, size in save.files(Path(path)))
