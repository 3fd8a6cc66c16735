"""The ten claims of a well-known essay of 2017, in our own words: what was said, what holds today, and how we know.

The essay told iOS developers why Core ML would not work for them, and to learn machine learning instead. Verdicts are as of
2026; every one names the documents it rests on. ``lesson`` is the id of the lesson in which a learner tries it.
"""

from dataclasses import dataclass

from ..limits import Limit, get

STILL, HALF, NO_LONGER = "still true", "half true", "no longer true"
VERDICTS = (STILL, HALF, NO_LONGER)


@dataclass(frozen=True)
class Claim:
    """One claim: what was said in 2017, which of ``VERDICTS`` holds today, in which words, by which source.

    ``limits`` are the entries of the catalogue behind it; they say since which system.
    """

    id: str
    said: str
    verdict: str
    today: str
    source: str
    lesson: str = ""
    limits: tuple[Limit, ...] = ()


CLAIMS = (
    Claim(
        "train",
        "Core ML cannot train a model on the device.",
        HALF,
        "Neural networks and nearest neighbours can be trained further on the device since iOS 13, and Create ML trains some "
        "kinds from nothing since iOS 15. An ML Program, the kind of package that this course saves, cannot be trained at all.",
        "Apple, documentation of MLUpdateTask (2019); Apple, Build dynamic iOS apps with the Create ML framework (2021)",
        limits=(get("fixed-weights"),),
    ),
    Claim(
        "kinds",
        "It knows classification and regression, and nothing else.",
        HALF,
        "Its ready-made model types are still mostly these two. Since iOS 15 an ML Program holds any computation on tensors, so "
        "groups, projections and outliers fit in. What is missing is tools that write one.",
        "coremltools guide, ML Programs (2021); measured here: make bench, Fitted objects that become a Core ML model",
        "kmeans",
        limits=(get("few-model-types"),),
    ),
    Claim(
        "update",
        "A model cannot change while the app runs.",
        HALF,
        "Updatable networks and neighbours can, since iOS 13; since iOS 18 a program can keep a state between predictions. The "
        "weights of a program stay as they were saved.",
        "Apple, documentation of MLUpdateTask (2019); Apple, Deploy machine learning and AI models on-device with Core ML (2024)",
        "sensors",
        limits=(get("fixed-weights"),),
    ),
    Claim(
        "replace",
        "A better model needs a new release of the app.",
        NO_LONGER,
        "An app can fetch a model and compile it on the device with compileModel(at:), and could since iOS 11. Apple's own "
        "delivery, MLModelCollection, came with iOS 14 and is deprecated since 17.4; a download or Background Assets serve.",
        "Apple, documentation of MLModel.compileModel(at:) (2017); Apple, documentation of MLModelCollection (2020)",
        limits=(get("new-release"),),
    ),
    Claim(
        "secret",
        "Anyone can unzip the app and take the model.",
        HALF,
        "Still so, unless you ask for encryption: Xcode can make a key since iOS 14, and the device fetches it when the model "
        "is first loaded, which needs a network once. Without it everything in the package can be read.",
        "Apple, Generating a Model Encryption Key (2020)",
        "outliers",
        limits=(get("readable-package"),),
    ),
    Claim(
        "privacy",
        "It does nothing for privacy.",
        HALF,
        "Predictions and updates on the device spare an upload. Nothing watches over what a package carries: some methods keep "
        "rows of the training data word for word, and whoever has the app has them.",
        "Apple, documentation of MLUpdateTask (2019); measured here: what each package carries, README, What exports",
        "outliers",
        limits=(get("carries-rows"),),
    ),
    Claim(
        "size",
        "It cannot make a model smaller.",
        NO_LONGER,
        "coremltools.optimize stores weights in 8 bits or fewer since iOS 16, and in 4 bits by block since iOS 18. What that "
        "costs in accuracy is yours to measure, and distillation, the strongest kind of shrinking, is still your own work.",
        "coremltools guide, Optimizing Models (2024)",
        "sensors",
        limits=(get("full-size-weights"),),
    ),
    Claim(
        "only_way",
        "It is not the only way to run a model on an iPhone.",
        STILL,
        "Truer than ever: ONNX Runtime, ExecuTorch, LiteRT and MLX Swift stand beside it, Apple added Foundation Models (iOS "
        "26) and Core AI (27, for neural networks), and at times twenty lines of plain Swift do better than any of them.",
        "ONNX Runtime, ExecuTorch, LiteRT and MLX Swift, their documentation (2026); Apple, documentation of Foundation Models "
        "(2025) and of Core AI (2026)",
        "density",
    ),
    Claim(
        "black_box",
        "It is a black box.",
        HALF,
        "A program can be read operation by operation, and since iOS 17.4 an app can ask for a model's structure and its plan of "
        "computing. The tools that compare intermediate values run on Apple's systems only; our own runtime shows them anywhere.",
        "Apple, documentation of MLModelStructure and MLComputePlan (2024)",
        "pca",
        limits=(
            get("closed-inside"),
            get("apple-runtime-not-run"),
        ),
    ),
    Claim(
        "libraries",
        "It is hard to connect to a new library.",
        STILL,
        "coremltools' converter stops at scikit-learn 1.5, and it has none for Keras 3 or ONNX. The builder of ML Programs is "
        "open to everybody; this course is built on it.",
        "coremltools 9 documentation (2025); measured here: make bench, Fitted objects that become a Core ML model",
        "manifolds",
        limits=(get("converter-stops"),),
    ),
)
