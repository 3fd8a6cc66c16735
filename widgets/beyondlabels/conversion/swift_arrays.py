"""The Swift that loads a package whose inputs are arrays of any shape. It was not compiled here."""

from .swift import _indented, _literal, _outputs, _type_name, _variable


def swift(name, path, verdict, inputs, ports, first=None):
    """Swift source for a package called ``name`` at ``path`` with these ``Inputs``; ``ports`` are its outputs. ``first``: input
    name -> the length of the first axis, where that is not one row.

    Written after Apple Developer Documentation, MLModel and MLMultiArray (2025).
    """
    fields, reads, helpers = _outputs({each: ports[each] for each in verdict.outputs})
    parameters = ", ".join(f"{_variable(each.name)}: [{_element(each)}]" for each in inputs)
    shapes = {each.name: [(first or {}).get(each.name, 1), *each.shape] for each in inputs}
    notes = "\n".join(f"    /// - {_variable(each.name)}: {_note(each, shapes[each.name])}" for each in inputs)
    given = ",\n".join(f"            {_literal(each.name)}: {_array(each, shapes[each.name])}" for each in inputs)
    what = "One row, each" if all(shape[0] == 1 for shape in shapes.values()) else "Each"
    return f"""import CoreML

/// {verdict.model}, from {path.name}. Add the package to the app target; Xcode compiles it.
struct {_type_name(name)} {{
    struct Output {{
{_indented(fields)}
    }}

    enum Failure: Error {{ case modelNotInApp, wrongCount(expected: Int, found: Int) }}

    private let model: MLModel

    init() throws {{
        guard let url = Bundle.main.url(forResource: {_literal(path.stem)}, withExtension: "mlmodelc")
        else {{ throw Failure.modelNotInApp }}
        model = try MLModel(contentsOf: url)
    }}

    /// {what} input as its numbers with the last axis running fastest.
{notes}
    func callAsFunction({parameters}) throws -> Output {{
        let inputs: [String: MLMultiArray] = try [
{given}
        ]
        let output = try model.prediction(from: MLDictionaryFeatureProvider(dictionary: inputs))
        return Output(
{reads}
        )
    }}

    private static func array(_ values: [NSNumber], _ shape: [Int], _ type: MLMultiArrayDataType) throws -> MLMultiArray {{
        let array = try MLMultiArray(shape: shape.map {{ NSNumber(value: $0) }}, dataType: type)
        guard values.count == array.count
        else {{ throw Failure.wrongCount(expected: array.count, found: values.count) }}
        for (index, value) in values.enumerated() {{ array[index] = value }}
        return array
    }}
{helpers}}}
"""


def _element(port):
    return "Int32" if port.dtype == "int32" else "Float"


def _note(port, shape):
    shape = " × ".join(map(str, shape[shape[0] == 1 :])) or "one number"
    return f"{shape}, {'whole numbers' if port.dtype == 'int32' else 'in the units the model was trained on'}"


def _array(port, shape):
    values = f"{_variable(port.name)}.map {{ NSNumber(value: $0) }}"
    return f"Self.array({values}, {shape}, .{port.dtype})"
