"""The Swift that loads a package and builds ``x`` from named values in the right order. It was not compiled here."""

import json
import re


def swift(name, path, verdict, features, ports):
    """Swift source for a package called ``name`` at ``path`` with these features; ``ports`` are its outputs.

    Written after Apple Developer Documentation, MLModel and MLMultiArray (2025).
    """
    type_name = _type_name(name)
    fields = "\n".join(f"    let {_variable(each)}: {_swift_type(ports[each])}" for each in verdict.outputs)
    reads = ",\n".join(f"            {_variable(each)}: {_read(each, ports[each])}" for each in verdict.outputs)
    names = ",\n".join(f"        {_literal(feature)}" for feature in features)
    return f"""import CoreML

/// {verdict.model}, from {path.name}. Add the package to the app target; Xcode compiles it.
struct {type_name} {{
    /// The order in which the model expects its {len(features)} features.
    static let features = [
{names}
    ]

    struct Output {{
{_indented(fields)}
    }}

    enum Failure: Error {{ case modelNotInApp, missing(String) }}

    private let model: MLModel

    init() throws {{
        guard let url = Bundle.main.url(forResource: {_literal(path.stem)}, withExtension: "mlmodelc")
        else {{ throw Failure.modelNotInApp }}
        model = try MLModel(contentsOf: url)
    }}

    /// One row, by name: order is taken care of, a missing value is an error.
    func callAsFunction(_ row: [String: Float]) throws -> Output {{
        let x = try MLMultiArray(shape: [1, {len(features)}], dataType: .float32)
        for (column, name) in Self.features.enumerated() {{
            guard let value = row[name] else {{ throw Failure.missing(name) }}
            x[[0, NSNumber(value: column)]] = NSNumber(value: value)
        }}
        let output = try model.prediction(from: MLDictionaryFeatureProvider(dictionary: ["x": x]))
        return Output(
{reads}
        )
    }}

    private static func numbers(_ output: MLFeatureProvider, _ name: String) -> [Float] {{
        guard let array = output.featureValue(for: name)?.multiArrayValue else {{ return [] }}
        return (0..<array.count).map {{ array[$0].floatValue }}
    }}
}}
"""


def _literal(text):
    """``text`` as a Swift string: as JSON writes it, but for its escapes of control characters."""
    codes = {"\\b": "\\u{8}", "\\f": "\\u{c}"}

    def swiftly(escape):
        found = escape.group()
        return f"\\u{{{found[2:]}}}" if found[1] == "u" else codes.get(found, found)

    return re.sub(r"\\(u[0-9a-f]{4}|.)", swiftly, json.dumps(text, ensure_ascii=False))


def _indented(text):
    return "\n".join(f"    {line}" for line in text.splitlines())


def _read(name, port):
    numbers = f"Self.numbers(output, {_literal(name)})"
    if _swift_type(port) == "[Float]":
        return numbers
    return f"Int({numbers}[0])" if _swift_type(port) == "Int" else f"{numbers}[0]"


def _swift_type(port):
    """``Int`` for a label, ``Float`` for one number a row, ``[Float]`` for several."""
    if port.dtype == "int32":
        return "Int"
    return "Float" if port.bounds and len(port.bounds) == 1 else "[Float]"


def _type_name(name):
    words = re.findall(r"[^\W_]+", name)
    joined = "".join(word[:1].upper() + word[1:] for word in words) or "Model"
    return joined if joined[0].isalpha() else f"Model{joined}"


def _variable(name):
    return re.sub(r"\W", "_", name)
