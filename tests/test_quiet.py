"""Core ML's file format is read without importing coremltools, and its classes are coremltools' own all the same."""

import subprocess
import sys

import pytest

OWN = "from beyondlabels.quiet import protobufs; model, mil = protobufs()"
THEIRS = "import coremltools.proto.Model_pb2 as theirs"


def run(code, *arguments):
    found = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    return found.stdout.split()


def test_the_viewer_needs_no_coremltools(zoo):
    code = (
        "import sys; from pathlib import Path; from beyondlabels.server.model import check, model\n"
        "print(model(Path(sys.argv[1]), 'm')['kind'], check(Path(sys.argv[1]), 'm')['passed'])\n"
        "print(*[name for name in ('coremltools', 'sklearn', 'scipy', 'pandas') if name in sys.modules])"
    )
    assert run(code, zoo("kmeans")) == ["mlProgram", "True"]


@pytest.mark.parametrize("order", [(OWN, THEIRS), (THEIRS, OWN)])
def test_one_class_for_each_message_whichever_is_loaded_first(order):
    assert run("\n".join([*order, "print(model.Model is theirs.Model)"])) == ["True"]
