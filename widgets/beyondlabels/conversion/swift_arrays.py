"""The Swift that loads a package whose inputs are arrays of any shape. It was not compiled here."""

from .swift import _indented, _literal, _read, _swift_type, _type_name, _variable


def swift(name, path, verdict, inputs, ports):
    """Swift source for a package called ``name`` at ``path`` with these ``Inputs``; ``ports`` are its outputs.

    Written after Apple Developer Documentation, MLModel and MLMultiArray (2025).
    """
    fields = "\n".join(f"    let {_variable(each)}: {_swift_type(ports[each])}" for each in verdict.outputs)
    reads = ",\n".join(f"            {_variable(each)}: {_read(each, ports[each])}" for each in verdict.outputs)
    parameters = ", ".join(f"{_variable(each.name)}: [{_element(each)}]" for each in inputs)
    notes = "\n".join(f"    /// - {_variable(each.name)}: {_note(each)}" for each in inputs)
    given = ",\n".join(f"            {_literal(each.name)}: {_array(each)}" for each in inputs)
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

    /// One row, each input as its numbers with the last axis running fastest.
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
        let array = try MLMultiArray(shape: ([1] + shape).map {{ NSNumber(value: $0) }}, dataType: type)
        guard values.count == array.count
        else {{ throw Failure.wrongCount(expected: array.count, found: values.count) }}
        for (index, value) in values.enumerated() {{ array[index] = value }}
        return array
    }}

    private static func numbers(_ output: MLFeatureProvider, _ name: String) -> [Float] {{
        guard let array = output.featureValue(for: name)?.multiArrayValue else {{ return [] }}
        return (0..<array.count).map {{ array[$0].floatValue }}
    }}
}}
"""


def _element(port):
    return "Int32" if port.dtype == "int32" else "Float"


def _note(port):
    shape = " × ".join(map(str, port.shape)) or "one number"
    return f"{shape}, {'whole numbers' if port.dtype == 'int32' else 'in the units the model was trained on'}"


def _array(port):
    values = f"{_variable(port.name)}.map {{ NSNumber(value: $0) }}"
    return f"Self.array({values}, {list(port.shape)}, .{port.dtype})"
