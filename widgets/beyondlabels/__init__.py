"""Machine learning beyond classification and regression, taken to Core ML as far as it truly goes.

Only names live here; each is imported when it is first used, so that ``import beyondlabels`` loads neither
scikit-learn, Keras, coremltools nor any widget.
"""

from .lazily import lazily

__version__ = "0.1.0"

_HOMES = {
    "assess": "conversion.convert",
    "carries": "conversion.carried",
    "export": "conversion.convert",
    "intermediate_values": "conversion.intermediates",
    "recipe": "conversion.registry",
    "shrink": "compression.shrinking",
    "swift": "conversion.saved_swift",
    "ExportResult": "conversion.verdict",
    "ImageInput": "conversion.images",
    "ReconstructionError": "conversion.reconstruction",
    "ShrinkResult": "compression.result",
    "Substitute": "conversion.verdict",
    "Verdict": "conversion.verdict",
    "BadInput": "errors",
    "BadPackage": "errors",
    "BeyondLabelsError": "errors",
    "NotExportable": "errors",
    "PackageExists": "errors",
    "ParityFailed": "errors",
    "ExportPanel": "panel",
    "GlassBox": "glass_box",
}
_MODULES = ("course", "datasets", "explore", "limits", "runtime")

__all__ = ["__version__", *_HOMES, *_MODULES]
__getattr__, __dir__ = lazily(globals(), "beyondlabels", _HOMES, _MODULES)
