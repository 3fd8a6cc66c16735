"""``.ci/make-venv`` leaves alone what is not this checkout's own."""

import shutil
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / ".ci" / "make-venv"


def test_an_environment_that_is_only_linked_to_is_refused_and_kept(tmp_path):
    checkout, other = tmp_path / "checkout", tmp_path / "other"
    (checkout / ".ci").mkdir(parents=True)
    shutil.copy(SCRIPT, checkout / ".ci")
    other.mkdir()
    (other / "kept").write_text("somebody's environment")
    (checkout / ".venv").symlink_to(other)
    found = subprocess.run([checkout / ".ci" / "make-venv"], capture_output=True, text=True)
    assert found.returncode == 1
    assert found.stderr.startswith(f"make: .venv is a link to {other}, and make would")
    assert "rm .venv" in found.stderr
    assert (other / "kept").read_text() == "somebody's environment"
    assert (checkout / ".venv").is_symlink()
