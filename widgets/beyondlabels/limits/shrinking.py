"""The limits of making a saved package smaller: part of the catalogue."""

from .limit import Limit

ENTRIES = [
    Limit(
        id="shrink-newer-system",
        what="The method stores weights in a way that the package's oldest system cannot read.",
        why="Palettes, 8-bit integers and zeros that are left out came with iOS 16; 4 bits in blocks, 3-bit palettes and two "
        "methods together with iOS 18.",
        holds="Since iOS 16 and iOS 18; an older system will not learn it.",
        source="Apple, coremltools guide, Optimization Overview (2025).",
        instead="Pass target= with the later system if your app may need it, or choose a method that the package's own reads.",
    ),
    Limit(
        id="shrink-not-a-program",
        what="The model is no ML Program, and only the weights of an ML Program are compressed here.",
        why="The passes of coremltools.optimize work on the operations of a program; older model types store weights otherwise.",
        holds="Since ML Programs exist (iOS 15); still so in coremltools 9.",
        source="Apple, coremltools guide, Optimization Overview (2025).",
        instead="Export the model again with beyondlabels.export, which writes an ML Program, and shrink that.",
    ),
    Limit(
        id="shrink-functions",
        what="The package holds several functions, and coremltools compresses packages with one.",
        why="Functions may share weights, and compressing one would have to follow in the others.",
        holds="So in coremltools 9.",
        source="Apple, coremltools guide, Multifunction Models (2025).",
        instead="Compress each function in a package of its own and join them afterwards.",
    ),
    Limit(
        id="shrink-small-weights",
        what="No weight was large enough: nothing would shrink.",
        why="A compressed weight needs a table or scales beside it, and the program and proof of a small package are most of "
        "its size. coremltools leaves weights of up to 2,048 numbers alone unless told otherwise.",
        holds="A choice of coremltools, not of Core ML.",
        source="Apple, coremltools API, optimize.coreml, weight_threshold (2025).",
        instead="Pass a lower smallest_weight= and see whether the package gets smaller, or leave it as it is.",
    ),
    Limit(
        id="shrink-already",
        what="The weights that are large enough are compressed already.",
        why="What is stored in a few bits cannot be stored so once more; two methods together are made in one go.",
        holds="So in coremltools 9.",
        source="Apple, coremltools guide, Combining Compression Types (2025).",
        instead="Shrink the package that this one was made from, if need be with two methods, such as pruned-50+palette4.",
    ),
    Limit(
        id="shrink-tool",
        what="The method could not be applied to this program by coremltools.",
        why="Some operations and shapes of weights are not supported by its passes.",
        holds="So in coremltools 9.",
        source="Apple, coremltools guide, Optimization Overview (2025); what it said was measured on your package.",
        instead="Try another method; for float16, export the model again with precision='float16'.",
    ),
]
