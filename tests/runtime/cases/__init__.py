"""Inputs and outputs worked out by hand, one table per family: (operation, inputs, output or tuple of outputs)."""

from importlib import import_module
from pathlib import Path

FAMILIES = sorted(file.stem for file in Path(__file__).parent.glob("*.py") if file.stem not in ("__init__", "values"))
CASES = [case for family in FAMILIES for case in import_module(f"runtime.cases.{family}").CASES]
