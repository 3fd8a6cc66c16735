"""How verdicts and results read in a terminal and as a card, and the Swift that comes with them."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import DBSCAN, KMeans
from sklearn.covariance import EllipticEnvelope
from sklearn.neighbors import NearestNeighbors
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

import beyondlabels as bl
from beyondlabels.quiet import coremltools
from foreign import build, save

X = np.random.default_rng(0).normal(size=(40, 2))
HOSTILE = ["<script>alert(1)</script>", "a\"b'c&d\\e"]


class Tags(HTMLParser):
    """Collects tags, attributes and text, and insists that every tag is closed in order."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text, self.open = set(), set(), "", []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    model = make_pipeline(StandardScaler(), KMeans(3, n_init=2, random_state=0)).fit(X)
    return bl.export(model, tmp_path_factory.mktemp("print") / "groups.mlpackage", sample=X)


def test_a_result_in_a_terminal(result):
    text = str(result)
    for part in (
        f"{result.path}: {result.size / 1000:.1f} kB, iOS 16 and macOS 13 and later, float32",
        "✓ Exact: StandardScaler → KMeans; label ← predict, distances ← transform",
        "Verified on this computer, from the saved file: 40 of 40 labels equal; largest distances error",
        "What it gives away: ",
        "None of your rows.",
        "limit float32-input: rounding your sample to float32 changed no value by more than",
        "print(result.swift)",
    ):
        assert part in text


def test_a_method_that_a_pipeline_has_not_is_its_last_steps(tmp_path):
    model = make_pipeline(StandardScaler(), EllipticEnvelope(random_state=0)).fit(X)
    said = "score ← decision_function, distances ← mahalanobis of the last step"
    assert said in str(bl.assess(model))
    assert said in str(bl.export(model, tmp_path / "a.mlpackage", sample=X))
    assert "mahalanobis of the last step" in bl.assess(model)._repr_html_()
    assert "of the last step" not in str(bl.assess(model[-1]))
    near = make_pipeline(StandardScaler(), NearestNeighbors()).fit(X)
    assert "neighbors ← kneighbors[1] of the last step" in str(bl.assess(near))


def test_where_parity_is_shown_it_is_said_that_core_ml_was_not_run(result):
    if result.core_ml is not None:
        pytest.skip("here it was")
    assert "Apple's own runtime was not run here." in str(result)
    assert "Apple's own runtime was not run here." in Tags(result._repr_html_()).text.replace("&#x27;", "'")
    assert "apple-runtime-not-run" in [limit.id for limit in result.limits]


def test_sizes_and_files(result):
    assert dict(result.files)["Manifest.json"] > 0
    assert result.size == sum(size for _, size in result.files)
    assert {name.split("/")[-1] for name, _ in result.files} >= {"Manifest.json", "model.mlmodel"}
    assert result.seconds > 0


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0.0 kB"), (2_649, "2.6 kB"), (999_949, "999.9 kB"), (1_260_000, "1.3 MB")]
)
def test_sizes_in_words(size, text):
    from beyondlabels.conversion.printing import kilobytes

    assert kilobytes(size) == text


def test_everything_is_plain_data(result):
    plain = json.loads(json.dumps(result.plain()))
    assert plain["parity"]["label"]["sentence"] == "40 of 40 labels equal"
    assert plain["verdict"]["exportable"] is True
    assert plain["size"] == result.size
    refused = json.loads(json.dumps(bl.assess(DBSCAN().fit(X)).plain()))
    assert refused["refused"][0]["id"] == "no-out-of-sample"
    assert [set(each) for each in refused["substitutes"]] == [{"name", "summary"}] * 2


def test_a_card_says_what_the_terminal_says(result):
    page = Tags(result._repr_html_())
    for part in ("Exact", "StandardScaler → KMeans", "40 of 40 labels equal", result.carries.summary, "reduce_argmin"):
        assert part in page.text
    for limit in result.limits:
        assert limit.what in page.text
        assert limit.source in page.text
    assert "import CoreML" in page.text


def test_a_refusal_in_a_terminal_and_as_a_card():
    verdict = bl.assess(DBSCAN().fit(X))
    for text in (str(verdict), Tags(verdict._repr_html_()).text):
        for part in ("DBSCAN", "⊘ No function to export", "no-out-of-sample", "nearest core point within eps"):
            assert part in text
    assert "✓" not in str(verdict)


def test_an_exportable_verdict():
    verdict = bl.assess(KMeans(2, n_init=1).fit(X))
    assert str(verdict).startswith("KMeans: ✓ Exact\n  The package computes the same function.")
    assert "outputs: label ← predict, distances ← transform" in str(verdict)
    assert "⊘ Not exportable" in str(bl.assess(KMeans()))
    assert "computes the same function" not in str(bl.assess(KMeans()))


def hostile_result(folder):
    frame = pd.DataFrame(X, columns=HOSTILE)
    model = Pipeline([("<b>scale</b>", StandardScaler()), ("groups", KMeans(2, n_init=1, random_state=0))]).fit(frame)
    return bl.export(model, folder / "<i>x&y.mlpackage", sample=frame, name="<u>name</u>")


def test_names_cannot_write_html(tmp_path):
    result = hostile_result(tmp_path)
    page = Tags(result._repr_html_())
    assert not page.tags & {"script", "i", "u"}
    assert HOSTILE[0] in page.text
    assert {each for each in page.attributes if each.startswith("on")} == set()
    steps = [("<img src=x onerror=alert(1)>", type("Odd", (StandardScaler,), {})()), ("k", KMeans(2, n_init=1))]
    page = Tags(bl.assess(Pipeline(steps).fit(X))._repr_html_())
    assert "img" not in page.tags
    assert "step '<img src=x onerror=alert(1)>'" in page.text


def test_a_class_with_a_hostile_name():
    cls = type("<script>x</script>", (), {})
    page = Tags(bl.assess(cls())._repr_html_())
    assert "script" not in page.tags
    assert "<script>x</script>" in page.text


# ---- Swift -----------------------------------------------------------------------------------------------------------


def swift_of(columns, folder, **options):
    frame = pd.DataFrame(np.resize(X, (20, len(columns))), columns=columns)
    return bl.export(StandardScaler().fit(frame), folder / "my model.mlpackage", sample=frame, **options).swift


def literals(swift):
    """The Swift strings of the list of features, in order."""
    body = re.search(r"static let features = \[\n(.*?)\n    \]", swift, re.S)[1]
    return re.findall(r'^ {8}"((?:[^"\\]|\\.)*)",?$', body, re.M)


def unescaped(text):
    """What Swift makes of a string literal (The Swift Programming Language, Strings and Characters, 2025)."""
    simple = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", '"': '"', "'": "'", "\\": "\\"}

    def one(found):
        return chr(int(found[1], 16)) if found[1] else simple[found[2]]

    return re.sub(r"\\(?:u\{([0-9a-fA-F]{1,8})\}|(.))", one, text)


NAMES = [
    "z last",
    "a first",
    'say "hi"',
    "back\\slash",
    "\\(injected)",
    "длина",
    "羽",
    "tab\tand\nline",
    "bell\x07\b\f",
]


def test_swift_has_the_features_in_order_with_every_sign_escaped(tmp_path):
    found = literals(swift_of(NAMES, tmp_path))
    assert [unescaped(each) for each in found] == NAMES
    assert not any(re.search(r"(?<!\\)(\\\\)*\\\(", each) for each in found), "an interpolation got through"


def test_swift_reads_each_output_as_what_it_is(result):
    for part in (
        "struct Groups {",
        "let label: Int",
        "let distances: [Float]",
        'label: Self.wholes(output, "label")[0]',
        "array[$0].intValue",
        'distances: Self.numbers(output, "distances")',
        'forResource: "groups", withExtension: "mlmodelc"',
        "MLMultiArray(shape: [1, 2], dataType: .float32)",
        'MLDictionaryFeatureProvider(dictionary: ["x": x])',
    ):
        assert part in result.swift
    code = re.sub(r'"(?:[^"\\]|\\.)*"', '""', result.swift)
    for opening, closing in ("{}", "()", "[]"):
        assert code.count(opening) == code.count(closing)


def test_a_score_is_one_number_in_swift(tmp_path):
    from sklearn.decomposition import PCA

    wide = np.random.default_rng(0).normal(size=(30, 3))
    swift = bl.export(PCA(1).fit(wide), tmp_path / "a.mlpackage", sample=wide).swift
    assert "let score: Float\n" in swift
    assert "let transformed: [Float]" in swift


@pytest.mark.parametrize(
    ("name", "type_name"),
    [
        ("my model", "MyModel"),
        ("3 groups", "Model3Groups"),
        ("größe", "Größe"),
        ("!?", "Model"),
        ("a-b_c", "ABC"),
        ("MLModel", "MLModelPackage"),
        ("float", "FloatPackage"),
        ("self", "SelfPackage"),
        ("output", "OutputPackage"),
    ],
)
def test_the_name_becomes_a_type(name, type_name, tmp_path):
    assert f"struct {type_name} {{" in swift_of(["a"], tmp_path, name=name)


def test_several_whole_numbers_are_an_array_in_swift(tmp_path):
    from sklearn.neighbors import NearestNeighbors

    swift = bl.export(NearestNeighbors(n_neighbors=3).fit(X), tmp_path / "a.mlpackage", sample=X).swift
    assert "let neighbors: [Int]\n" in swift
    assert 'neighbors: Self.wholes(output, "neighbors")' in swift


def swift_of_another(folder, write, shapes, **options):
    """The Swift of a package of another maker, saved as in ``foreign.build``."""
    return bl.swift(build(folder / "a.mlpackage", write, shapes, "iOS16", **options))


def test_words_of_swift_stand_between_backticks(tmp_path):
    swift = swift_of_another(
        tmp_path, lambda mb, a, b: mb.add(x=a, y=b, name="default"), {"in": (1, 3), "self": (1, 3)}
    )
    for part in (
        "(`in`: [Float], self_: [Float])",
        '"in": Self.array(`in`.map { NSNumber(value: $0) }, [1, 3], .float32)',
        "let `default`: [Float]",
        '`default`: Self.numbers(output, "default")',
    ):
        assert part in swift


def test_swift_has_the_first_axis_that_the_package_takes(tmp_path):
    swift = swift_of_another(tmp_path, lambda mb, x: mb.reduce_sum(x=x, axes=[1], name="y"), {"x": (2, 4)})
    assert "Self.array(x.map { NSNumber(value: $0) }, [2, 4], .float32)" in swift
    assert "/// - x: 2 × 4, in the units" in swift
    assert "let y: [Float]" in swift


def test_no_swift_for_more_rows_than_one_at_least(tmp_path):
    ct = coremltools()
    from coremltools.converters.mil import Builder as mb
    from coremltools.converters.mil.mil import get_new_symbol

    @mb.program(input_specs=[mb.TensorSpec((get_new_symbol(), 4))], opset_version=ct.target.iOS16)
    def program(x):
        return mb.relu(x=x, name="y")

    save(program, tmp_path / "a.mlpackage", "iOS16", inputs=[ct.TensorType("x", shape=(ct.RangeDim(2, 50), 4))])
    with pytest.raises(bl.BadInput, match="input 'x' takes 2 to 50 rows; Swift is written for one row"):
        bl.swift(tmp_path / "a.mlpackage")


@pytest.mark.parametrize(("labels", "kind"), [(["a", "b", "c"], "String"), ([1, 2, 3], "Int")])
def test_a_classifier_gives_a_label_and_a_dictionary_in_swift(tmp_path, labels, kind):
    config = coremltools().ClassifierConfig(labels)
    swift = swift_of_another(tmp_path, lambda mb, x: mb.softmax(x=x, name="p"), {"x": (1, 3)}, classifier_config=config)
    value = {"String": ".stringValue", "Int": ".int64Value)"}[kind]
    assert f"let classLabel: {kind}\n" in swift
    assert f'output.featureValue(for: "classLabel")!{value}' in swift
    assert re.search(r"let classLabel_probs: \[AnyHashable: NSNumber\]\n", swift)
    assert 'output.featureValue(for: "classLabel_probs")!.dictionaryValue' in swift
    assert "Self.numbers" not in swift
