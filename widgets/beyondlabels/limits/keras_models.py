"""The limits of Keras models: part of the catalogue."""

from .limit import Limit

ENTRIES = [
    Limit(
        id="keras-layer",
        what="A layer of this class cannot be written into a package.",
        why="Layers are looked up by their exact class, since only Python knows what a class of your own computes. A layer that "
        "draws random numbers, such as the sampling of a variational autoencoder, gives another answer at every call; a "
        "program of Core ML is meant to give the same. keras.random makes no nodes in a graph, so such draws always sit in a "
        "layer of their own. Dropout, noise and augmentation draw in training only, and are exported as nothing.",
        holds="A limit of this package for layers that compute; of the idea for layers that draw.",
        source="Keras 3 documentation, Making new layers and models via subclassing (2026); Kingma and Welling, Auto-Encoding "
        "Variational Bayes (2014), for the sampling.",
        instead="Build the model from Keras's own layers and keras.ops. For a variational autoencoder export the encoder's "
        "mean and the decoder as keras.Model(x, decoder(mean)), and draw in Swift if you need draws.",
    ),
    Limit(
        id="keras-operation",
        what="An operation of keras.ops in the graph cannot be written into a package.",
        why="Core ML has no such operation, or its result is not one answer for each row, or no recipe spells it.",
        holds="A limit of this package, and where the detail says so of the operations of an ML Program.",
        source="beyondlabels, conversion recipes for Keras; Apple, coremltools API, MIL Ops (2025).",
        instead="Compute it before or after the model, or spell it with operations that are covered.",
    ),
    Limit(
        id="keras-lambda",
        what="A Lambda layer holds Python code, which no package can carry.",
        why="Its function is only known by calling it; nothing says which operations it is made of.",
        holds="True of the layer.",
        source="Keras 3 API reference, Lambda layer (2026): Python bytecode, best replaced for anything that is to last.",
        instead="Write the same with operators or keras.ops on the tensors, x * 2 or keras.ops.tanh(x), while you build the "
        "functional model: then it is part of the graph.",
    ),
    Limit(
        id="keras-subclass",
        what="A subclass of keras.Model has no graph to walk, or may compute something else than its graph.",
        why="Its call is Python code that is run, not data that can be read.",
        holds="True of Keras 3, which calls such models opaque.",
        source="Keras 3 documentation, The Functional API (2026), section on its weaknesses and strengths.",
        instead="Call the same layers on a keras.Input and wrap them: keras.Model(inputs, outputs). Weights stay where they are, "
        "in the layers. If it was made from inputs and outputs, keras.Model(model.inputs, model.outputs) is enough.",
    ),
    Limit(
        id="keras-option",
        what="An option of a Keras layer changes the function in a way that cannot be written.",
        why="Exporting the layer without it would give wrong results silently.",
        holds="A limit of this package, and where the detail says so of the operations of an ML Program.",
        source="beyondlabels, conversion recipes for Keras; Apple, coremltools API, MIL Ops (2025).",
        instead="Rebuild the layer without the option, or with layers that spell it out, and load the same weights.",
    ),
    Limit(
        id="keras-open-shape",
        what="An input has an axis of open length besides the rows.",
        why="The program is written for known shapes: padding, flattening and recurrent steps depend on them.",
        holds="A limit of this package; Core ML itself has flexible shapes (since iOS 12).",
        source="Apple, coremltools guide, Flexible Input Shapes (2025).",
        instead="Rebuild the model with a fixed length, such as keras.Input((20, 8)), load the same weights, and pad shorter "
        "sequences in the app.",
    ),
    Limit(
        id="keras-alone",
        what="A layer on its own is not a model.",
        why="It does not say which shape it is to be given.",
        holds="True of Keras 3.",
        source="Keras 3 API reference, The base Layer class (2026).",
        instead="Put it into one: keras.Sequential([keras.Input(shape), layer]).",
    ),
]
