"""Every committed lesson keeps the guide: executed, normalised, short cells, described figures, starters as in the checks."""

import ast
import builtins
import re

import make
import nbformat
import pytest

import beyondlabels as bl
from beyondlabels.course.exercises import all_exercises

LESSONS = bl.course.lessons(make.LESSONS)


@pytest.fixture(params=LESSONS, ids=lambda one: one.id)
def lesson(request):
    return request.param


@pytest.fixture
def notebook(lesson):
    return nbformat.read(lesson.path, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_it_is_valid_and_normalised(lesson, notebook):
    nbformat.validate(notebook)
    text = lesson.path.read_text("utf-8")
    assert make.text(make.normalise(notebook)) == text, "run `python tests/lessons/make.py`"
    assert len(text.encode()) < 400_000


def test_it_was_executed_without_error(notebook):
    assert all(cell.execution_count for cell in code(notebook))
    outputs = [output for cell in code(notebook) for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    assert not [output.text for output in outputs if output.get("name") == "stderr"]


def test_nothing_of_one_machine_or_one_run_is_left(lesson, notebook):
    text = lesson.path.read_text("utf-8")
    assert "widgets" not in notebook.metadata
    assert "widget-view" not in text
    assert not re.search(r"0x[0-9a-f]{6,}", text)
    assert not re.search(r"/tmp/|/home/|/Users/|ipykernel_", text)


def test_cell_ids_say_what_they_are(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]+", id) for id in ids)


def test_cells_are_short_and_imports_stand_first(notebook):
    for number, cell in enumerate(code(notebook)):
        assert len(cell.source.splitlines()) < 15, cell.id
        if number:
            assert not re.search(r"^(import|from) ", cell.source, re.M), cell.id


def test_printed_results_are_checked(notebook):
    for cell in code(notebook):
        if any(output.output_type == "stream" for output in cell.outputs):
            assert cell.source.startswith("# NBVAL_CHECK_OUTPUT"), cell.id


@pytest.mark.parametrize("id", ["mixtures", "manifolds"])
def test_printed_lines_fit_a_window_of_600_pixels(id):
    """JupyterLab breaks a longer line anywhere, in the middle of a number too. An ``assess`` cell prints bl's sentences."""
    notebook = nbformat.read(next(one.path for one in LESSONS if one.id == id), as_version=4)
    for cell in code(notebook):
        printed = [line for output in cell.outputs for line in output.get("text", "").splitlines()]
        assert cell.id == "assess" or max(map(len, printed), default=0) <= 58, cell.id


def test_figures_have_caption_and_text_alternative(notebook):
    for cell in code(notebook):
        for output in cell.outputs:
            data = output.get("data", {})
            assert "image/png" not in data, f"{cell.id}: show it with bl.course.figure(figure, caption, alt)"
            for image in re.findall(r"<img[^>]*>", data.get("text/html", "")):
                assert len(re.search(r'alt="([^"]*)"', image)[1]) > 40, cell.id
                assert "<figcaption" in data["text/html"]


def test_every_widget_leaves_a_sentence_without_a_kernel(notebook):
    for cell in code(notebook):
        if re.search(r"^bl\.(course\.(exercise|predict|reveal)|explore|ExportPanel)", cell.source, re.M):
            data = cell.outputs[-1].data
            assert len(data["text/plain"]) > 20, cell.id
            assert data["text/html"].lstrip().startswith("<"), cell.id


def test_starters_are_those_of_the_checks(lesson, notebook):
    cells = notebook.cells
    shown = [re.match(r'bl\.course\.exercise\("([\w.]+)"\)$', cell.source) for cell in cells]
    asked = [(found[1], cells[place + 1].source) for place, found in enumerate(shown) if found]
    assert asked == [(one.id, one.starter) for one in all_exercises(lesson.id)]


def test_no_later_cell_takes_an_answers_name(lesson, notebook):
    """A learner who answers, goes on and comes back to press Check again must not be judged on another cell's value."""
    cells = code(notebook)
    for one in all_exercises(lesson.id):
        place = next(at for at, cell in enumerate(cells) if cell.source == f'bl.course.exercise("{one.id}")')
        answers = set(re.findall(r"^(\w+) = \.\.\.$|^def (\w+)", one.starter, re.M))
        answers = {name for pair in answers for name in pair if name}
        for cell in cells[place + 2 :]:
            assert not answers & assigned(cell.source), f"{cell.id} assigns a name of {one.id}"


def assigned(source):
    """The names that a cell binds for the cells below it."""
    bound, work = set(), list(ast.parse(source).body)
    while work:
        node = work.pop()
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif not isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)):
            work.extend(ast.iter_child_nodes(node))
    return bound


def test_each_reveal_comes_after_its_prediction(notebook):
    sources = "\n".join(cell.source for cell in code(notebook))
    asked = {name: found.start() for found in re.finditer(r'predict\(\s*"([\w.]+)"', sources) for name in [found[1]]}
    shown = {name: found.start() for found in re.finditer(r'reveal\(\s*"([\w.]+)"', sources) for name in [found[1]]}
    assert asked.keys() == shown.keys()
    assert all(asked[name] < shown[name] for name in asked)


def test_the_words(lesson, notebook):
    words = prose(notebook)
    assert re.search(r"\bminutes\b", words)
    assert "!" not in re.sub(r"`[^`]*`", "", words)
    assert all(target.is_file() for target in linked(lesson, words))


def linked(lesson, words):
    return [lesson.path.parent / name for name in re.findall(r"\]\(([\w.-]+\.ipynb)\)", words)]


@pytest.mark.parametrize("lesson", [one for one in LESSONS if one.number], ids=lambda one: one.id, indirect=False)
def test_the_guide_of_a_full_lesson(lesson):
    notebook = nbformat.read(lesson.path, as_version=4)
    words, sources = prose(notebook), "\n".join(cell.source for cell in code(notebook))
    assert 25 <= lesson.minutes <= 45
    assert 3 <= len(lesson.objectives) <= 4
    assert lesson.prerequisites
    for heading in ("Predict", "Explore", "Build it", "Where it breaks", "To the phone", "Recap", "Further reading"):
        assert re.search(rf"^## {heading}", words, re.M), heading
    assert len(all_exercises(lesson.id)) >= 4
    assert 1 <= sources.count("bl.explore.") <= 2
    assert "bl.ExportPanel(" in sources
    reading = words[words.index("## Further reading") :]
    assert len(re.findall(r"^- .*\(\d{4}\)", reading, re.M)) >= 3


def test_limits_are_shown_by_the_lessons_they_name():
    paths = {one.id: one.path for one in LESSONS}
    named = [limit for limit in bl.limits.everything() if limit.lesson]
    assert [limit.id for limit in named if limit.lesson not in paths] == []
    assert [limit.id for limit in named if limit.id not in paths[limit.lesson].read_text("utf-8")] == []


def test_every_limit_that_a_lesson_names_has_its_lesson():
    texts = [one.path.read_text("utf-8") for one in LESSONS]
    named = [limit for limit in bl.limits.everything() if any(f"`{limit.id}`" in text for text in texts)]
    assert len(named) > 12
    assert [limit.id for limit in named if not limit.lesson] == []


def bound(tree):
    """The names that code gives a meaning to."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef):
            found |= {node.name, *(argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg))}
        elif isinstance(node, ast.Lambda):
            found |= {argument.arg for argument in node.args.args}
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(name.asname or name.name).partition(".")[0] for name in node.names}
    return found


def test_a_solution_runs_where_it_is_asked_for(lesson, notebook):
    """It is copied into the cell below its card, so it may use only what stands in the notebook above."""
    known, solutions = set(dir(builtins)), {one.id: one for one in all_exercises(lesson.id)}
    for cell in code(notebook):
        if asked := re.match(r'bl\.course\.exercise\("([\w.]+)"\)$', cell.source):
            tree = ast.parse(solutions.pop(asked[1]).solution)
            used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            assert used - bound(tree) - known - bound(ast.parse(next_source(notebook, cell))) == set(), asked[1]
        known |= bound(ast.parse(cell.source))
    assert solutions == {}


def next_source(notebook, cell):
    """The text of the cell that follows ``cell``: its starter."""
    return notebook.cells[notebook.cells.index(cell) + 1].source


def test_making_it_is_the_same_twice():
    made, _ = make.make(LESSONS[0].path)
    assert make.shape(made) == make.shape(LESSONS[0].path.read_text("utf-8"))
