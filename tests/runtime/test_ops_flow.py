"""Control flow, lists, states and compressed weights through saved packages: built and saved by coremltools, read here."""

import numpy as np
import pytest

from beyondlabels.errors import BadInput, BadPackage
from beyondlabels.quiet import coremltools
from beyondlabels.runtime import load
from beyondlabels.runtime.run import run
from runtime.surgery import main_block, read_specification, write_specification

X = np.array([[1, 2, 3]], np.float32)


@pytest.fixture
def saved(tmp_path):
    """``saved(build, inputs, target)`` gives the path of a package of the program that ``build(mb, **inputs)`` makes."""

    def save(build, specs, target="iOS18", precision="FLOAT32", **options):
        ct = coremltools()
        from coremltools.converters.mil import Builder as mb

        target = getattr(ct.target, target)

        @mb.program(input_specs=specs(mb), opset_version=target)
        def program(x, **others):
            return build(mb, x, **others)

        made = ct.convert(
            program, minimum_deployment_target=target, compute_precision=ct.precision[precision], **options
        )
        made.save(str(tmp_path / "made.mlpackage"))
        return tmp_path / "made.mlpackage"

    return save


def one_input(mb, shape=(1, 3)):
    return [mb.TensorSpec(shape=shape)]


def only(outputs):
    (value,) = outputs.values()
    return value


@pytest.mark.parametrize(("x", "expected"), [(X, X + 10), (-X, -X - 1)])
def test_cond_runs_one_of_its_blocks(saved, x, expected):
    def build(mb, x):
        ten = mb.const(val=np.float32(10))
        positive = mb.greater(x=mb.reduce_sum(x=x, axes=[0, 1]), y=np.float32(0))
        return mb.cond(
            pred=positive, _true_fn=lambda: mb.add(x=x, y=ten), _false_fn=lambda: mb.sub(x=x, y=np.float32(1))
        )

    package = load(saved(build, one_input))
    np.testing.assert_array_equal(only(package.predict({"x": x})), expected)
    assert "block()" in package.program.listing()


def test_while_loop_with_a_cond_inside(saved):
    """Doubles x until its sum is at least 100; each odd round adds 1 as well: 6, 12, 27 (+3), 54, 111 (+3)."""

    def build(mb, x):
        def go_on(value, count):
            return mb.less(x=mb.reduce_sum(x=value, axes=[0, 1]), y=np.float32(100))

        def body(value, count):
            value = mb.mul(x=value, y=np.float32(2))
            odd = mb.equal(x=mb.mod(x=count, y=2), y=1)
            value = mb.cond(
                pred=odd, _true_fn=lambda: mb.add(x=value, y=np.float32(1)), _false_fn=lambda: mb.identity(x=value)
            )
            return value, mb.add(x=count, y=1)

        return mb.while_loop(_cond=go_on, _body=body, loop_vars=(x, np.int32(0)))

    value, count = load(saved(build, one_input)).predict({"x": X}).values()
    np.testing.assert_array_equal(value, [[21, 37, 53]])
    assert count == 4


def test_a_list_that_grows_in_a_loop(saved):
    """Writes x + i at place i, four times, and gathers 3, 1, 0."""

    def build(mb, x):
        def body(place, ls):
            return mb.add(x=place, y=1), mb.list_write(
                ls=ls, index=place, value=mb.add(x=x, y=mb.cast(x=place, dtype="fp32"))
            )

        ls = mb.make_list(init_length=1, elem_shape=(1, 3), dynamic_length=True)
        _, ls = mb.while_loop(_cond=lambda place, ls: mb.less(x=place, y=4), _body=body, loop_vars=(np.int32(0), ls))
        return mb.list_gather(ls=ls, indices=[3, 1, 0])

    found = only(load(saved(build, one_input, "iOS15")).predict({"x": X}))
    np.testing.assert_array_equal(found, np.stack([X + 3, X + 1, X]))


def stateful(saved):
    ct = coremltools()
    from coremltools.converters.mil.mil import types

    def specs(mb):
        return [mb.TensorSpec(shape=(1, 3)), mb.StateTensorSpec((1, 3), dtype=types.fp16)]

    def build(mb, x, total):
        return mb.add(
            x=mb.coreml_update_state(
                state=total, value=mb.add(x=mb.read_state(input=total), y=mb.cast(x=x, dtype="fp16"))
            ),
            y=np.float16(0),
        )

    from coremltools.converters.mil import Builder as mb

    @mb.program(input_specs=specs(mb), opset_version=ct.target.iOS18)
    def program(x, total):
        return build(mb, x, total)

    return program


def test_a_state_outlives_the_prediction(tmp_path):
    """A running sum in float16: 2048 + 1 stays 2048."""
    ct = coremltools()
    made = ct.convert(stateful(None), minimum_deployment_target=ct.target.iOS18, compute_precision=ct.precision.FLOAT16)
    made.save(str(tmp_path / "made.mlpackage"))
    package = load(tmp_path / "made.mlpackage")
    assert package.program.states == {"total": ("float16", (1, 3))}
    first, second = package.make_state(), package.make_state()
    for expected in ([2048, 1, 2], [2048, 2, 4]):
        found = only(package.predict({"x": [[2048, 1, 2]] if expected[1] == 1 else [[1, 1, 2]]}, state=first))
        np.testing.assert_array_equal(found, [expected])
    np.testing.assert_array_equal(only(package.predict({"x": X}, state=second)), X)
    np.testing.assert_array_equal(first["total"].value, [[2048, 2, 4]])
    with pytest.raises(BadInput, match=r"pass state=package\.make_state\(\)"):
        package.predict({"x": X})


WEIGHTS = np.random.default_rng(0).normal(size=(64, 64)).astype(np.float32)


def dense(saved, target="iOS18"):
    return saved(lambda mb, x: mb.linear(x=x, weight=WEIGHTS), lambda mb: one_input(mb, (1, 64)), target)


COMPRESSIONS = {
    "int8": ("iOS16", "linear_quantize_weights", "OpLinearQuantizerConfig", {"mode": "linear_symmetric"}, 0.01),
    "uint8": (
        "iOS16",
        "linear_quantize_weights",
        "OpLinearQuantizerConfig",
        {"mode": "linear", "dtype": "uint8"},
        0.01,
    ),
    "int4 in blocks": (
        "iOS18",
        "linear_quantize_weights",
        "OpLinearQuantizerConfig",
        {"dtype": "int4", "granularity": "per_block", "block_size": 16},
        0.1,
    ),
    "uint4": (
        "iOS18",
        "linear_quantize_weights",
        "OpLinearQuantizerConfig",
        {"mode": "linear", "dtype": "uint4"},
        0.15,
    ),
    **{
        f"{bits} bits": ("iOS16", "palettize_weights", "OpPalettizerConfig", {"mode": "uniform", "nbits": bits}, loss)
        for bits, loss in ((8, 0.01), (6, 0.04), (4, 0.2), (2, 0.9), (1, 3))
    },
    **{
        f"{bits} bits in groups": (
            "iOS18",
            "palettize_weights",
            "OpPalettizerConfig",
            {"mode": "uniform", "nbits": bits, "granularity": "per_grouped_channel", "group_size": 8},
            loss,
        )
        for bits, loss in ((8, 0.01), (6, 0.04), (4, 0.2), (3, 0.4), (2, 0.9), (1, 3))
    },
    "pruned": ("iOS16", "prune_weights", "OpMagnitudePrunerConfig", {"target_sparsity": 0.5}, 0.5),
    "pruned 18": ("iOS18", "prune_weights", "OpMagnitudePrunerConfig", {"target_sparsity": 0.5}, 0.5),
}


@pytest.mark.parametrize(("target", "method", "config", "options", "loss"), COMPRESSIONS.values(), ids=COMPRESSIONS)
def test_weights_that_coremltools_compressed(saved, tmp_path, target, method, config, options, loss):
    """The weights that come out are those of coremltools' own unpacking, and near the ones that went in."""
    from coremltools.optimize import coreml

    ct = coremltools()
    chosen = getattr(coreml, config)(weight_threshold=10, **options)
    model = ct.models.MLModel(str(dense(saved, target)), skip_model_load=True)
    small = getattr(coreml, method)(model, coreml.OptimizationConfig(global_config=chosen))
    small.save(str(tmp_path / "small.mlpackage"))
    program = load(tmp_path / "small.mlpackage").program
    assert any(operation.kind.startswith("constexpr_") for operation in program.operations)
    identity = np.eye(64, dtype=np.float32)
    columns = [only(run(program, {"x": row[None]}))[0] for row in identity]
    np.testing.assert_allclose(np.array(columns).T, unpacked(small), rtol=1e-6, atol=1e-6)
    assert np.sqrt(np.mean((np.array(columns).T - WEIGHTS) ** 2)) < loss


def unpacked(model):
    """The weight that coremltools itself unpacks."""
    from coremltools.optimize.coreml import decompress_weights

    for operation in decompress_weights(model)._mil_program.functions["main"].operations:
        if operation.op_type == "linear":
            return operation.weight.val
    raise AssertionError("no linear operation")


def test_a_compressed_weight_is_unpacked_once(saved, tmp_path, monkeypatch):
    from coremltools.optimize import coreml

    from beyondlabels.runtime.ops import OPS

    model = coremltools().models.MLModel(str(dense(saved)), skip_model_load=True)
    config = coreml.OptimizationConfig(global_config=coreml.OpLinearQuantizerConfig(weight_threshold=10))
    coreml.linear_quantize_weights(model, config).save(str(tmp_path / "small.mlpackage"))
    package, calls = load(tmp_path / "small.mlpackage"), []
    kind = next(each.kind for each in package.program.operations if each.kind.startswith("constexpr_"))
    true = OPS[kind]
    monkeypatch.setitem(OPS, kind, lambda **inputs: calls.append(kind) or true(**inputs))
    first, second = (only(package.predict({"x": np.ones((1, 64))})) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert len(calls) == 1


def test_a_classifier_gives_label_and_chances(saved):
    classes = coremltools().ClassifierConfig(["cat", "dog", "owl"])
    package = load(saved(lambda mb, x: mb.softmax(x=x), one_input, classifier_config=classes))
    label, chances = package.predict({"x": [[0, np.log(2), 0]]}).values()
    assert label == "dog"
    assert chances == pytest.approx({"cat": 0.25, "dog": 0.5, "owl": 0.25})
    assert {port.dtype for port in package.program.outputs.values()} == {"str", "dict"}


def test_damaged_control_flow_is_refused(saved):
    def build(mb, x):
        return mb.cond(
            pred=mb.greater(x=mb.reduce_sum(x=x, axes=[0, 1]), y=np.float32(0)),
            _true_fn=lambda: mb.exp(x=x),
            _false_fn=lambda: mb.abs(x=x),
        )

    path = saved(build, one_input)
    whole = read_specification(path)
    for change, message in [
        (lambda cond: cond.blocks.pop(), "is no cond or while_loop"),
        (lambda cond: cond.blocks[0].outputs.append("x"), "takes or returns too few values"),
        (lambda cond: cond.inputs.clear(), "is no cond or while_loop"),
        (lambda cond: cond.blocks[0].operations.pop(), "before anything has made it"),
    ]:
        specification = read_specification(path)
        change(next(each for each in main_block(specification).operations if each.type == "cond"))
        write_specification(path, specification)
        with pytest.raises(BadPackage, match=message):
            load(path).predict({"x": X})
        write_specification(path, whole)
