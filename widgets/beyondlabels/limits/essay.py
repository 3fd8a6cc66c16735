"""The limits behind the ten claims of 2017, each with the system since which it no longer holds, or that it still does."""

from .limit import Limit

ENTRIES = [
    Limit(
        id="fixed-weights",
        what="The weights of an ML Program stay as they were saved: it cannot be trained or updated on the device.",
        why="They are written into the package and compiled. MLUpdateTask updates neural networks and nearest neighbours of the "
        "older model types, and nothing else.",
        holds="Still so in iOS 18. The older types can be updated since iOS 13, Create ML trains some kinds on the device since "
        "iOS 15, and since iOS 18 a program can keep a state between predictions (MLState).",
        source="Apple, documentation of MLUpdateTask (2019); Apple, Build dynamic iOS apps with the Create ML framework (2021); "
        "Apple, Deploy machine learning and AI models on-device with Core ML (2024).",
        instead="Fit again where the data are, export again, and let the app fetch the new package; what changes from call to "
        "call can be an input.",
        lesson="welcome",
    ),
    Limit(
        id="few-model-types",
        what="The ready-made model types are classifiers and regressors, and little else.",
        why="A type has to exist before a tool can write it, and there is none for a projection, a mixture or an outlier score.",
        holds="Of the ready-made types it still holds. Of the format it no longer does since iOS 15: an ML Program holds any "
        "computation on tensors.",
        source="Apple, coremltools guide, ML Programs (2021).",
        instead="Write the function as an ML Program; `beyondlabels.export` does.",
        lesson="welcome",
    ),
    Limit(
        id="new-release",
        what="A better model needs a new release of the app.",
        why="A package that comes with the app changes only with the app.",
        holds="No longer, since iOS 11: compileModel(at:) compiles a model on the device, asynchronously since iOS 16. Apple's "
        "own delivery, MLModelCollection, came with iOS 14 and is deprecated since iOS 17.4.",
        source="Apple, documentation of MLModel.compileModel(at:) (2017); Apple, documentation of MLModelCollection (2020).",
        instead="Let the app fetch the package, by a download or Background Assets, and compile it there.",
        lesson="welcome",
    ),
    Limit(
        id="readable-package",
        what="Whoever has the app can read the model: the package is a folder of plain files.",
        why="Program and weights are stored openly, for every runtime to read.",
        holds="Still so unless you ask for encryption, which Xcode has a key for since iOS 14. The device fetches that key when "
        "the model is first loaded, which needs a network once, and decrypts the model there.",
        source="Apple, Generating a Model Encryption Key (2020).",
        instead="Encrypt the package if the model is a secret, and ship nothing whose loss you could not bear.",
        lesson="welcome",
    ),
    Limit(
        id="full-size-weights",
        what="A package cannot store its weights in fewer bits.",
        why="The formats of 2017 did not say how to read smaller numbers, and no tool wrote them.",
        holds="No longer, since iOS 16: weights of 8 bits or fewer, and half of them left out; since iOS 18 4 bits by block.",
        source="Apple, coremltools guide, Optimization Overview (2025).",
        instead="Export, then `beyondlabels.shrink`, and read what it costs in accuracy, which is yours to judge.",
        lesson="welcome",
    ),
    Limit(
        id="closed-inside",
        what="An app cannot ask what a model is made of.",
        why="A compiled model was a file to load and no more.",
        holds="No longer, since iOS 17.4: MLModelStructure and MLComputePlan tell. Values between the operations are shown by "
        "tools on Apple's systems only.",
        source="Apple, documentation of MLModelStructure and MLComputePlan (2024).",
        instead="Read the saved program on any system: “Look inside” in the export panel, or the glass box of `beyondlabels`.",
        lesson="welcome",
    ),
    Limit(
        id="converter-stops",
        what="Apple's own converter takes scikit-learn up to 1.5, and neither Keras 3 nor ONNX.",
        why="It has to be kept in step with every library by hand, and was not.",
        holds="So in coremltools 9: a limit of the tools, not of Core ML.",
        source="coremltools 9 documentation (2025); measured here: make bench, Fitted objects that become a Core ML model.",
        instead="Use the builder of ML Programs, which is open to everybody; this package is built on it.",
        lesson="welcome",
    ),
]
