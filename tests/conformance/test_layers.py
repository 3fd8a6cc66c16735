"""A part of Apple's own layer tests with our runtime, and a planted fault that they must notice."""

from conformance import layers

PART = (
    "cpu and (softmax_nd or transpose or slice_by_size or gather_along or batched or where_broad or tile or concat_nd)"
)


def test_a_part_of_apples_layer_tests_passes(tmp_path):
    entries = layers.run(tmp_path / "log", PART)
    found = [layers.verdict(entry) for entry in entries]
    assert found.count("passed") >= 8
    assert "failed" not in found, [entry for entry in entries if layers.verdict(entry) == "failed"]
    assert sum(entry["predictions"] for entry in entries) > 100


def test_a_layer_that_is_wrong_is_noticed(tmp_path):
    entries = layers.run(tmp_path / "log", "cpu and softmax_nd", fault="softmaxND")
    assert [layers.verdict(entry) for entry in entries] == ["failed"]
