"""The Swift that loads a package and builds ``x`` from named values in the right order. It was not compiled here."""

import json
import re

# What the templates and Swift itself call something: a struct of that name would stand in its place.
_TAKEN = (
    "Any|AnyHashable|AnyObject|Array|Bool|Bundle|CGImage|CVPixelBuffer|Character|CoreGraphics|CoreML|CoreVideo|Data|Date"
    "|Decimal|Dictionary|Double|Error|Failure|Float|Foundation|Int|Int32|MLDictionaryFeatureProvider|MLFeatureProvider"
    "|MLFeatureValue|MLModel|MLMultiArray|MLMultiArrayDataType|NSNumber|Never|Optional|Output|Protocol|Result|Self|Set"
    "|String|Swift|Type|URL|VNImageCropAndScaleOption|Vision|Void"
)
_KEYWORDS = (
    "Any|as|associatedtype|break|case|catch|class|continue|default|defer|deinit|do|else|enum|extension|fallthrough|false"
    "|fileprivate|for|func|guard|if|import|in|init|inout|internal|is|let|nil|open|operator|precedencegroup|private|protocol"
    "|public|repeat|rethrows|return|static|struct|subscript|super|switch|throw|throws|true|try|typealias|var|where|while"
)
_NO_NAMES = "self|Self|Type|Protocol|_"  # which mean something even between backticks
_NUMBERS = """
    private static func numbers(_ output: MLFeatureProvider, _ name: String) -> [Float] {
        guard let array = output.featureValue(for: name)?.multiArrayValue else { return [] }
        return (0..<array.count).map { array[$0].floatValue }
    }
"""
_WHOLES = _NUMBERS.replace("numbers", "wholes").replace("[Float]", "[Int]").replace("floatValue", "intValue")
_HELPERS = {"Self.numbers(": _NUMBERS, "Self.wholes(": _WHOLES}
_VALUES = {"String": "stringValue", "[AnyHashable: NSNumber]": "dictionaryValue", "Double": "doubleValue"}


def swift(name, path, verdict, features, ports):
    """Swift source for a package called ``name`` at ``path`` with these features; ``ports`` are its outputs.

    Written after Apple Developer Documentation, MLModel and MLMultiArray (2025).
    """
    type_name = _type_name(name)
    fields, reads, helpers = _outputs({each: ports[each] for each in verdict.outputs})
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
{helpers}}}
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


def _outputs(ports):
    """(fields of the struct, what each is read with, the functions that reading needs) of the outputs by name."""
    fields = "\n".join(f"    let {_variable(name)}: {_swift_type(port)}" for name, port in ports.items())
    reads = ",\n".join(f"            {_variable(name)}: {_read(name, port)}" for name, port in ports.items())
    return fields, reads, "".join(text for call, text in _HELPERS.items() if call in reads)


def _read(name, port):
    found, kind = f"output.featureValue(for: {_literal(name)})!", _swift_type(port)
    if kind in _VALUES:
        return f"{found}.{_VALUES[kind]}"
    if port.dtype == "int64":
        return f"Int({found}.int64Value)"
    values = f"Self.{'wholes' if 'Int' in kind else 'numbers'}(output, {_literal(name)})"
    return values if kind.startswith("[") else f"{values}[0]"


def _swift_type(port):
    """``Int`` for a label, ``Float`` for one number a row, ``[Int]`` and ``[Float]`` for several; a classifier's label may be a
    text, and its probabilities are a dictionary."""
    if port.dtype in ("str", "dict"):
        return "String" if port.dtype == "str" else "[AnyHashable: NSNumber]"
    if port.dtype == "int64":  # as no array is
        return "Int"
    if port.dtype == "float64" and port.bounds == ():
        return "Double"
    kind = "Int" if port.dtype.startswith("int") else "Float"
    return kind if port.bounds and len(port.bounds) == 1 and port.bounds[0][0] == 1 else f"[{kind}]"


def _type_name(name):
    words = re.findall(r"[^\W_]+", name)
    joined = "".join(word[:1].upper() + word[1:] for word in words) or "Model"
    joined = joined if joined[0].isalpha() else f"Model{joined}"
    return f"{joined}Package" if re.fullmatch(_TAKEN, joined) else joined


def _variable(name):
    plain = re.sub(r"\W|^(?=\d)", "_", name)
    if re.fullmatch(_NO_NAMES, plain):
        return f"{plain}_"
    return f"`{plain}`" if re.fullmatch(_KEYWORDS, plain) else plain
