"""The exercises of the welcome: the buttons of a card, a verdict, a package asked, and what a package gives away."""

from ..exercises import Exercise, NotYet
from ..prose import kind
from ._tools import begun

_SETUP = """
import tempfile
import beyondlabels as bl
from sklearn.cluster import DBSCAN, KMeans
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

measurements = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
X = bl.datasets.load("penguins")[measurements].dropna()
model = make_pipeline(StandardScaler(), KMeans(3, n_init=10, random_state=seed)).fit(X)
"""
_SETUP_PACKAGE = f"""{_SETUP}
with tempfile.TemporaryDirectory() as place:
    bl.export(model, f"{{place}}/first.mlpackage", sample=X)
    package = bl.runtime.load(f"{{place}}/first.mlpackage")
new_bird = [[45.0, 15.0, 210.0, 4500.0]]
"""


def _judge_first_check(namespace):
    word = begun(namespace, "island_bird")
    if not isinstance(word, str):
        raise NotYet(f"`island_bird` is {kind(word)}; a text was expected, in quotation marks.", "not_text")
    if word != word.lower():
        raise NotYet(
            f"You wrote {word!r} with a capital; the exercise asks for small letters. `.lower()` makes them.", "capital"
        )
    if word.strip().rstrip("s") != "penguin":
        raise NotYet(
            f"{word!r} is an answer, though not this one. Which birds were measured on those islands?", "other_bird"
        )
    return "That is all a check does: it reads the names in your notebook and says what it saw."


FIRST_CHECK = Exercise(
    id="welcome.first_check",
    title="Try the buttons",
    text=(
        "Lesson 01 is about a bird of the Antarctic islands. Put its name into `island_bird`, as a text in small letters. "
        "Press Check before you write anything, then take a hint, then answer wrongly on purpose."
    ),
    starter="island_bird = ...",
    solution='island_bird = "penguin"',
    another='island_bird = "penguins"',
    judge=_judge_first_check,
    hints=("It swims well and does not fly.", "The data set is called `penguins`."),
    misconceptions={
        "capital": 'island_bird = "Penguin"',
        "other_bird": 'island_bird = "albatross"',
        "not_text": "island_bird = 342",
    },
)


def _judge_verdict(namespace):
    answer = begun(namespace, "limit_id")
    name = type(answer).__name__
    if name == "Limit":
        raise NotYet(
            "`limit_id` is the whole entry. Its short name is what the catalogue is searched by: add `.id`.", "entry"
        )
    if name == "Verdict":
        raise NotYet("`limit_id` is the whole verdict. The reasons stand in `.refused`, a tuple of limits.", "verdict")
    if not isinstance(answer, str):
        raise NotYet(f"`limit_id` is {kind(answer)}; the short name of a limit is a text.", "not_text")
    if answer in ("surrogate", "exact", "iterative", "impossible"):
        raise NotYet(f"{answer!r} is the kind of the verdict. Asked is its reason: `.refused` names it.", "kind")
    if answer != "no-out-of-sample":
        raise NotYet(f"{answer!r} is not why DBSCAN is refused. Print the verdict and read its second line.", "other")
    return "DBSCAN has no rule for a new point, on any phone or none. A limit of the method, then, not of Core ML."


READ_VERDICT = Exercise(
    id="welcome.read_verdict",
    title="Read a verdict",
    text="Ask `bl.assess` about a DBSCAN that was fitted to `X`, and put the short name of the limit that refuses it into "
    "`limit_id`.",
    starter="limit_id = ...",
    solution="verdict = bl.assess(DBSCAN().fit(X))\nlimit_id = verdict.refused[0].id",
    another='limit_id = "no-out-of-sample"',
    judge=_judge_verdict,
    hints=(
        "`print(bl.assess(DBSCAN().fit(X)))` says it in words; the short name stands before the colon.",
        "A verdict has `.refused`, a tuple of limits, and a limit has `.id`.",
    ),
    misconceptions={
        "kind": "limit_id = bl.assess(DBSCAN().fit(X)).kind",
        "entry": "limit_id = bl.assess(DBSCAN().fit(X)).refused[0]",
        "verdict": "limit_id = bl.assess(DBSCAN().fit(X))",
    },
    setup=_SETUP,
)


def _judge_package(namespace):
    answer = begun(namespace, "answer")
    model, bird = namespace["model"], namespace["new_bird"]
    if isinstance(answer, dict):
        raise NotYet(
            f"`answer` is everything the package gives: {', '.join(answer)}. Take `label` out of it.", "everything"
        )
    try:
        if isinstance(answer, bool):  # Python takes True for 1, which may well be the group
            raise TypeError
        values = [float(value) for value in _flat(answer)]
    except (TypeError, ValueError):
        raise NotYet(f"`answer` is {kind(answer)}; the number of a group was expected.", "type") from None
    if len(values) == 3:
        raise NotYet(
            "These are three numbers: the distances to the three centres. Asked is the group, `label`.", "distances"
        )
    if len(values) != 1:
        raise NotYet(f"`answer` has {len(values)} values; one bird has one group.", "shape")
    if values[0] != int(model.predict(_named(model, bird))[0]):
        raise NotYet(
            f"The package puts this bird into another group than {values[0]:g}. Did you pass `new_bird`, all four "
            "measurements in their own units?",
            "other_group",
        )
    return "The saved file and scikit-learn agree on a bird that neither has seen. The file alone was enough to know."


def _flat(value):
    return (
        value.ravel().tolist()
        if hasattr(value, "ravel")
        else list(value)
        if isinstance(value, (list, tuple))
        else [value]
    )


def _named(model, rows):
    import pandas as pd

    return pd.DataFrame(rows, columns=model.feature_names_in_)


ASK_PACKAGE = Exercise(
    id="welcome.ask_package",
    title="Ask the saved file",
    text="`package` was read back from disk; scikit-learn is not needed any more. Ask it for the group of `new_bird` and put the "
    "number into `answer`.",
    starter="answer = ...",
    solution='answer = package.predict({"x": new_bird})["label"][0]',
    another='answer = [int(package.predict({"x": new_bird})["label"].item())]',
    judge=_judge_package,
    hints=(
        "`package.predict` takes a dict of inputs by name and returns a dict of outputs by name. The input is called `x`.",
        'One line: `package.predict({"x": new_bird})`, then the output `label`.',
    ),
    misconceptions={
        "everything": 'answer = package.predict({"x": new_bird})',
        "distances": 'answer = package.predict({"x": new_bird})["distances"]',
        "other_group": 'answer = int(package.predict({"x": new_bird})["label"][0]) + 1',
    },
    setup=_SETUP_PACKAGE,
)


def _judge_teller(namespace):
    from ... import NotExportable, carries

    teller = begun(namespace, "teller")
    if not hasattr(teller, "get_params"):
        raise NotYet(f"`teller` is {kind(teller)}; a fitted model was expected.", "no_model")
    try:
        found = carries(teller)
    except NotExportable as error:
        limit = error.verdict.refused[0].id if error.verdict.refused else error.verdict.kind
        raise NotYet(f"There is no package of this one ({limit}), so it gives nothing away.", "no_package") from None
    if found.kind != "rows":
        raise NotYet(
            f"A package of this model would carry: {found.summary} That tells something of the penguins, yet no row of "
            "them. Which methods answer by looking up the rows they were given?",
            "no_rows",
        )
    return f"It would carry {found.rows:,} rows word for word. Whoever has the app has them: think of customers, not of penguins."


GIVE_AWAY = Exercise(
    id="welcome.give_away",
    title="A package that tells",
    text="Open question: fit any model of scikit-learn to `X` whose package would carry rows of the penguins word for word, and "
    "put it into `teller`. `bl.carries(teller)` says what a package would hold.",
    starter="teller = ...",
    solution="from sklearn.neighbors import NearestNeighbors\n\nteller = NearestNeighbors().fit(X)",
    another="from sklearn.svm import OneClassSVM\nteller = OneClassSVM().fit(X)",
    judge=_judge_teller,
    hints=(
        "Try `bl.carries(model)` on the k-means first: three centres, no rows.",
        "The answer to **which stored row is nearest?** cannot be given without the stored rows.",
    ),
    misconceptions={
        "no_rows": "teller = PCA(2).fit(X)",
        "no_package": "teller = DBSCAN().fit(X)",
        "no_model": "teller = X",
    },
    setup=_SETUP,
)

EXERCISES = [FIRST_CHECK, ASK_PACKAGE, READ_VERDICT, GIVE_AWAY]
