"""Saving: what is refused, what is kept, and what is left when the process is killed at any moment."""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

import beyondlabels as bl
from beyondlabels.mil import save

X = np.arange(40.0).reshape(10, 4)
MODEL = StandardScaler().fit(X)
OTHER = StandardScaler().fit(X + 1000)


def export(path, model=MODEL, **options):
    return bl.export(model, path, sample=X, **options)


def snapshot(path):
    return {file.relative_to(path): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


def names(folder):
    return sorted(each.name for each in folder.iterdir())


# ---- refused ---------------------------------------------------------------------------------------------------------


def test_an_existing_package_is_refused(tmp_path):
    path = tmp_path / "a.mlpackage"
    export(path)
    before = snapshot(path)
    with pytest.raises(bl.PackageExists, match=r"exists; choose another name, or pass overwrite=True"):
        export(path, OTHER)
    assert snapshot(path) == before
    assert names(tmp_path) == ["a.mlpackage"]


NO_PLACE = {
    "too long": ("l" * 300 + ".mlpackage", "File name too long; choose another name"),
    "a zero in it": ("a\0b.mlpackage", "zero character in it; choose another name"),
    "a number": (3, "the path is 3; expected text or a Path"),
    "nothing": (None, "the path is None; expected text or a Path"),
    "bytes": (b"a.mlpackage", "expected text or a Path"),
}


@pytest.mark.parametrize(("path", "said"), NO_PLACE.values(), ids=NO_PLACE)
def test_what_is_no_place(path, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(bl.BadInput, match=said):
        export(path)
    assert names(tmp_path) == []


def test_a_link_to_nowhere_is_in_the_way(tmp_path):
    link = tmp_path / "link.mlpackage"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(bl.PackageExists):
        export(link)
    export(link, overwrite=True)
    assert names(tmp_path) == ["link.mlpackage"]
    assert not link.is_symlink()


def test_overwrite_replaces_all_of_it(tmp_path):
    path = tmp_path / "a.mlpackage"
    export(path)
    (path / "stray.txt").write_text("x")
    export(path, OTHER, overwrite=True)
    assert not (path / "stray.txt").exists()
    assert np.allclose(
        bl.runtime.load(path).predict({"x": X + 1000})["transformed"], OTHER.transform(X + 1000), atol=1e-5
    )
    assert names(tmp_path) == ["a.mlpackage"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_file_in_its_place(tmp_path, overwrite):
    path = tmp_path / "a.mlpackage"
    path.write_text("mine")
    with pytest.raises((bl.PackageExists, bl.BadInput)):
        export(path, overwrite=overwrite)
    assert path.read_text() == "mine"


def test_a_folder_that_is_no_package_is_not_replaced(tmp_path):
    path = tmp_path / "a.mlpackage"
    path.mkdir()
    (path / "thesis.txt").write_text("mine")
    with pytest.raises(bl.BadInput, match=r"without Manifest\.json, so it is no package; it is not replaced"):
        export(path, overwrite=True)
    assert (path / "thesis.txt").read_text() == "mine"


def test_an_empty_folder_may_be_replaced(tmp_path):
    path = tmp_path / "a.mlpackage"
    path.mkdir()
    export(path, overwrite=True)
    assert bl.runtime.check(path).passed


@pytest.mark.parametrize("name", ["a", "a.mlmodel", "a.mlpackage.zip", ".mlpackage"])
def test_another_ending(tmp_path, name):
    with pytest.raises(bl.BadInput, match=r"ends in \.mlpackage"):
        export(tmp_path / name)
    assert names(tmp_path) == []


def test_a_missing_folder(tmp_path):
    with pytest.raises(bl.BadInput, match=r"the folder .*none does not exist; create it first"):
        export(tmp_path / "none" / "a.mlpackage")


def test_a_link_to_a_package_is_replaced_and_its_target_kept(tmp_path):
    export(tmp_path / "real.mlpackage")
    before = snapshot(tmp_path / "real.mlpackage")
    (tmp_path / "link.mlpackage").symlink_to(tmp_path / "real.mlpackage")
    export(tmp_path / "link.mlpackage", OTHER, overwrite=True)
    assert snapshot(tmp_path / "real.mlpackage") == before
    assert bl.runtime.check(tmp_path / "link.mlpackage").passed
    assert names(tmp_path) == ["link.mlpackage", "real.mlpackage"]  # the link itself is gone too


def test_names_with_signs_that_mean_something_to_a_shell(tmp_path):
    for name in ("a b.mlpackage", "[v2]*?.mlpackage", "größe.v1.mlpackage", "-o.mlpackage"):
        export(tmp_path / name)
        assert bl.runtime.check(tmp_path / name).passed
    assert len(names(tmp_path)) == 4


def test_a_path_relative_to_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    export("a.mlpackage")
    export("a.mlpackage", OTHER, overwrite=True)
    assert names(tmp_path) == ["a.mlpackage"]


# ---- the disk --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["write_bytes", "write_text", "mkdir"])
def test_a_full_disk_keeps_the_old_package(tmp_path, monkeypatch, operation):
    path = tmp_path / "a.mlpackage"
    export(path)
    before = snapshot(path)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, operation, full)
    with pytest.raises(
        bl.BadInput, match="cannot be saved: No space left on device; what was there before is untouched"
    ):
        export(path, OTHER, overwrite=True)
    monkeypatch.undo()
    assert snapshot(path) == before
    assert names(tmp_path) == ["a.mlpackage"]


def test_a_folder_that_may_not_be_written(tmp_path, monkeypatch):
    """Permissions do not bind root, so the system's answer is put in by hand."""

    def refused(*_, **__):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(bl.BadInput, match="cannot be saved: Permission denied"):
        export(tmp_path / "a.mlpackage")
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind root")
def test_a_read_only_folder(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(bl.BadInput, match="cannot be saved: Permission denied"):
            export(tmp_path / "a.mlpackage")
    finally:
        tmp_path.chmod(0o700)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 256 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root on Linux")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("this container may not mount a file system")
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.mark.parametrize("left", [0, 2_000, 300_000])
def test_a_disk_that_is_really_full(small_disk, left):
    """300 kB are free of 256: then only the large weights do not fit, which coremltools' native writer writes."""
    from sklearn.decomposition import PCA

    path = small_disk / "a.mlpackage"
    export(path)
    before = snapshot(path)
    wide = np.random.default_rng(0).normal(size=(300, 280))
    status = os.statvfs(small_disk)
    (small_disk / "filler").write_bytes(bytes(max(0, status.f_bavail * status.f_frsize - left)))
    with pytest.raises(
        bl.BadInput, match=r"cannot be saved: (No space left on device|the weights could not be written)"
    ):
        bl.export(PCA(260).fit(wide), path, sample=wide, overwrite=True)
    assert snapshot(path) == before
    assert names(small_disk) == ["a.mlpackage", "filler"]


def test_an_error_inside_leaves_nothing(tmp_path):
    def fail():
        with save.staged(tmp_path / "a.mlpackage") as package:
            (package / "half").write_text("x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert names(tmp_path) == []


# ---- killed ----------------------------------------------------------------------------------------------------------

KILLED = """
import json, os, random, signal, sys, time
from pathlib import Path
import numpy as np
from sklearn.preprocessing import StandardScaler
import beyondlabels as bl
from beyondlabels.mil import save

path, exchange, rounds = Path(sys.argv[1]), sys.argv[2] == "exchange", int(sys.argv[3])
X = np.arange(40.0).reshape(10, 4)
models = [StandardScaler().fit(X + offset) for offset in (0, 1000)]
if not exchange:
    save._exchange = lambda one, other: False
bl.export(models[0], path, sample=X)
began = time.perf_counter()
bl.export(models[0], path, sample=X, overwrite=True)
one = min(time.perf_counter() - began, 0.08)
chance, seen = random.Random(0), []
for number in range(rounds):
    child = os.fork()
    if child == 0:
        turn = number
        while True:
            turn += 1
            bl.export(models[turn % 2], path, sample=X, overwrite=True)
    time.sleep(chance.uniform(0, 6 * one))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    left = [each.name for each in path.parent.iterdir() if each != path]
    if not exchange:
        save._bring_back(path)
    mean = bl.runtime.load(path).predict({"x": X})["transformed"]
    which = [bool(np.allclose(mean, model.transform(X), atol=1e-4)) for model in models]
    seen.append({"passed": bl.runtime.check(path).passed, "which": which.index(True), "left": left})
bl.export(models[0], path, sample=X, overwrite=True)
print(json.dumps({"seen": seen, "after": [each.name for each in path.parent.iterdir()]}))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("way", ["exchange", "two renames"])
def test_killed_at_30_random_moments(tmp_path, way):
    """There is always a whole package, the old or the new, and the next save sweeps away what was left."""
    path = tmp_path / "a [v1].mlpackage"
    done = subprocess.run([sys.executable, "-c", KILLED, path, way, "30"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert all(each["passed"] for each in report["seen"])
    assert {each["which"] for each in report["seen"]} == {0, 1}
    assert any(each["left"] for each in report["seen"]), "no kill fell into a save"
    assert report["after"] == ["a [v1].mlpackage"]


STOPPED = """
import os, signal, sys
import numpy as np
from pathlib import Path
from sklearn.preprocessing import StandardScaler
import beyondlabels as bl
from beyondlabels.mil import save

X = np.arange(40.0).reshape(10, 4)
renames, after, rename = [], int(sys.argv[2]), os.rename

def kill_after(*names):
    rename(*names)
    renames.append(names)
    if len(renames) == after:
        os.kill(os.getpid(), signal.SIGKILL)

save._exchange = lambda one, other: False
os.rename = kill_after
bl.export(StandardScaler().fit(X + 1000), sys.argv[1], sample=X, overwrite=True)
"""


@pytest.mark.parametrize("after", [1, 2])
def test_killed_between_or_after_the_two_renames(tmp_path, monkeypatch, after):
    """A file system that cannot exchange folders: the next save brings the old package back, or keeps the new one."""
    path = tmp_path / "a.mlpackage"
    export(path)
    before = snapshot(path)
    done = subprocess.run([sys.executable, "-c", STOPPED, path, str(after)], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert path.exists() == (after == 2)
    with pytest.raises(bl.PackageExists):
        export(path)
    assert (snapshot(path) == before) == (after == 1)
    assert bl.runtime.check(path).passed
    monkeypatch.setattr(save, "_exchange", lambda one, other: False)
    export(path, OTHER, overwrite=True)
    export(path, OTHER, overwrite=True)
    assert names(tmp_path) == ["a.mlpackage"]


def test_folders_of_processes_that_run_are_left_alone(tmp_path):
    """Two saves at once do not take each other's work away; nor is anything swept that only looks alike."""
    mine = tmp_path / f".a.{os.getpid()}.abcd.partial.mlpackage"
    dead = tmp_path / f".a.{_dead()}.abcd.partial.mlpackage"
    alike = [
        tmp_path / f".a.{_dead()}.1.abcd.partial.mlpackage",
        tmp_path / f".b.{_dead()}.abcd.partial.mlpackage",
        tmp_path / ".a.x.y.partial.mlpackage",
    ]
    for folder in (mine, dead, *alike):
        folder.mkdir()
    export(tmp_path / "a.mlpackage")
    assert not dead.exists()
    assert all(folder.exists() for folder in (mine, *alike))


def _dead():
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_two_folders_change_places(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        (folder / folder.name).write_text("")
    if not save._exchange(one, other):
        pytest.skip("this file system cannot exchange folders")
    assert (names(one), names(other)) == (["other"], ["one"])


def test_an_exchange_that_fails_is_an_error(tmp_path):
    (tmp_path / "one").mkdir()
    with pytest.raises(OSError, match="No such file"):
        save._exchange(tmp_path / "one", tmp_path / "none")


# ---- what is written -------------------------------------------------------------------------------------------------


def test_the_manifest_names_every_file(tmp_path, zoo):
    for path in (zoo("kmeans"), zoo("standard")):
        manifest = json.loads((path / "Manifest.json").read_text())
        entries = manifest["itemInfoEntries"]
        assert entries[manifest["rootModelIdentifier"]]["path"] == "com.apple.CoreML/model.mlmodel"
        listed = {path / "Data" / entry["path"] for entry in entries.values()}
        files = {path / name for name, _ in save.files(path)} - {path / "Manifest.json"}
        assert all(any(file.is_relative_to(each) for each in listed) for file in files)
        assert all(each.exists() for each in listed)


def test_coremltools_reads_what_was_written(zoo):
    """Apple's own tool accepts manifest, specification and weights."""
    from beyondlabels.quiet import coremltools

    ct = coremltools()
    for name in ("kmeans", "pca", "half"):
        specification = ct.utils.load_spec(str(zoo(name)))
        assert specification.WhichOneof("Type") == "mlProgram"
        ct.models.MLModel(str(zoo(name)), skip_model_load=True)


def test_files_are_listed_with_their_sizes(zoo):
    for name, size in save.files(zoo("kmeans")):
        assert (zoo("kmeans") / name).stat().st_size == size
