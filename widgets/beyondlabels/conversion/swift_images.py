"""The Swift that loads a package whose input is an image. It was not compiled here."""

from .swift import _indented, _literal, _outputs, _type_name


def swift(name, path, verdict, inputs, ports):
    """Swift source for a package called ``name`` at ``path`` whose one input is an image; ``ports`` are its outputs.

    Written after Apple Developer Documentation, MLFeatureValue and MLImageConstraint (2025).
    """
    (port,) = inputs
    _, high, wide = port.shape
    fields, reads, helpers = _outputs({each: ports[each] for each in verdict.outputs})
    return f"""import CoreGraphics
import CoreML
import CoreVideo
import Vision

/// {verdict.model}, from {path.name}. Add the package to the app target; Xcode compiles it.
///
/// Takes one image: {wide} × {high} pixels. Core ML turns its colours into {port.image.color}, and the program computes
/// {port.image.formula} from each pixel (0 to 255): do not scale pixels yourself.
struct {_type_name(name)} {{
    static let width = {wide}, height = {high}

    struct Output {{
{_indented(fields)}
    }}

    enum Failure: Error {{ case modelNotInApp, noImageInput, wrongSize(width: Int, height: Int) }}

    private let model: MLModel

    init() throws {{
        guard let url = Bundle.main.url(forResource: {_literal(path.stem)}, withExtension: "mlmodelc")
        else {{ throw Failure.modelNotInApp }}
        model = try MLModel(contentsOf: url)
    }}

    /// Any image: Core ML scales it to the model's size, the part that does not fit is cut off at the edges.
    func callAsFunction(_ image: CGImage) throws -> Output {{
        guard let constraint = model.modelDescription.inputDescriptionsByName[{_literal(port.name)}]?.imageConstraint
        else {{ throw Failure.noImageInput }}
        let crop = VNImageCropAndScaleOption.centerCrop.rawValue
        return try predict(MLFeatureValue(cgImage: image, constraint: constraint, options: [.cropAndScale: crop]))
    }}

    /// A frame of the camera or a video, already {wide} × {high} pixels, such as kCVPixelFormatType_32BGRA.
    func callAsFunction(_ buffer: CVPixelBuffer) throws -> Output {{
        let width = CVPixelBufferGetWidth(buffer), height = CVPixelBufferGetHeight(buffer)
        guard width == Self.width, height == Self.height else {{ throw Failure.wrongSize(width: width, height: height) }}
        return try predict(MLFeatureValue(pixelBuffer: buffer))
    }}

    private func predict(_ image: MLFeatureValue) throws -> Output {{
        let inputs = try MLDictionaryFeatureProvider(dictionary: [{_literal(port.name)}: image])
        let output = try model.prediction(from: inputs)
        return Output(
{reads}
        )
    }}
{helpers}}}
"""
