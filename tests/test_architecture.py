"""The arrows of the house: who may import whom, what stays lazy, and how long a file may be."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import beyondlabels as bl

PACKAGE = Path(bl.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
HEAVY = ("sklearn", "keras", "jax", "coremltools", "ipywidgets", "anywidget", "pandas", "matplotlib", "numpy")
WIDGET_HOMES = ("explore", "panel", "panel_road", "panel_words", "glass_box", "course")
INNER = ("conversion", "mil", "compression")


def module_name(file):
    parts = ("beyondlabels", *file.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(file):
    """Every module that ``file`` imports, at the top or inside a function, by its absolute name.

    ``from .a import b`` gives ``….a.b``, since ``b`` may be a module; a prefix test works for both.
    """
    own = module_name(file).split(".")
    package = own if file.name == "__init__.py" else own[:-1]
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{stem}.{alias.name}" for alias in node.names}
    return found


def within(*names):
    """The Python files of these modules and folders of the package."""
    return [file for file in FILES if file.relative_to(PACKAGE).with_suffix("").parts[0] in names]


def offenders(files, *forbidden):
    """(file, import) for each import of a forbidden module or of anything in it."""
    return [
        (str(file.relative_to(PACKAGE)), name)
        for file in files
        for name in sorted(imports(file))
        if any(name == bad or name.startswith(f"{bad}.") for bad in forbidden)
    ]


def ours(*names):
    return [f"beyondlabels.{name}" for name in names]


def test_the_runtime_reads_only_the_saved_file():
    """Parity proves something only because the runtime knows nothing of the model or of how it was converted."""
    assert offenders(within("runtime"), *ours(*INNER), "sklearn", "keras", "jax") == []


def test_the_conversion_knows_no_widget():
    files = within(*INNER, "runtime", "limits")
    assert offenders(files, *ours("widget", *WIDGET_HOMES), "ipywidgets", "anywidget", "traitlets") == []


def test_widgets_know_the_inside_by_public_names_only():
    """``bl.export`` or ``from ..runtime import load``, never ``from ..runtime.load import …``."""
    files = within(*WIDGET_HOMES)
    assert offenders(files, *ours(*INNER)) == []
    deep = [(file, name) for file, name in offenders(files, *ours("runtime", "limits")) if _is_module(name)]
    assert deep == []


def _is_module(name):
    """Whether ``beyondlabels.runtime.x[.y]`` reaches into a module below ``runtime`` rather than for a name in it."""
    parts = name.split(".")[1:]
    inner = PACKAGE.joinpath(*parts[:2])
    public = getattr(import_module(f"beyondlabels.{parts[0]}"), "__all__", ())
    if len(parts) == 1 or (len(parts) == 2 and parts[1] in public):
        return False
    return inner.with_suffix(".py").is_file() or inner.is_dir()


def test_the_errors_stand_alone():
    assert [name for file, name in offenders(within("errors"), "beyondlabels")] == []


def test_the_server_extension_knows_the_inside_by_public_names_only():
    files = within("server")
    assert offenders(files, *ours(*INNER)) == []
    assert [pair for pair in offenders(files, *ours("runtime", "limits")) if _is_module(pair[1])] == []


def test_jupyter_starts_without_loading_anything_heavy():
    """Jupyter imports the extension at each start; a model is read by what is imported when somebody opens one."""
    code = f"import beyondlabels.server.handlers, sys; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []


def test_importing_the_package_loads_nothing_heavy():
    code = f"import beyondlabels, sys; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []


@pytest.mark.parametrize("name", sorted(set(bl.__all__) - {"__version__"}))
def test_every_registered_name_resolves(name):
    assert getattr(bl, name) is not None


def test_an_unknown_name_says_which_there_are():
    with pytest.raises(AttributeError, match=r"it has .*export"):
        bl.exprot  # noqa: B018


def public_modules(first):
    """The public names of all packages that are modules, asked in a new process after importing ``first``."""
    packages = [module_name(file) for file in FILES if file.name == "__init__.py"]
    code = (
        "import types; from importlib import import_module\n"
        f"for name in {first!r}: import_module(name)\n"
        f"for package in map(import_module, {packages!r}):\n"
        "    for name in getattr(package, '__all__', ()):\n"
        "        if isinstance(getattr(package, name), types.ModuleType): print(f'{package.__name__}.{name}')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_no_module_hides_a_public_function():
    """Importing a module sets its name on its package: ``beyondlabels/export.py`` would overwrite ``bl.export``."""
    every = [name for name in map(module_name, FILES) if not name.endswith("__main__")]
    assert public_modules(first=every) - public_modules(first=[]) == set()


def test_the_texts_name_the_version():
    """The version has one place, ``__init__``; what cites it must say the same."""
    root = PACKAGE.parent.parent
    assert f"\nversion: {bl.__version__}\n" in (root / "CITATION.cff").read_text("utf-8")
    assert f"\n## {bl.__version__} (" in (root / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_no_file_is_too_long_to_read(file):
    lines = len(file.read_text("utf-8").splitlines())
    assert lines <= 300, f"{lines} lines; split it by what its parts are for"
