"""The limits catalogue. The panel, the lessons, the command line and every refusal show entries from here."""

from . import essay, keras_models, shrinking
from .limit import Limit

_ENTRIES = [
    Limit(
        id="no-out-of-sample",
        what="There is no function for a new point: the algorithm labels the rows it was given and has no rule for others.",
        why="Its result is a list of labels, found by looking at all rows together. One more row could change every label, "
        "so there is nothing that Core ML, or any other runtime, could compute for that row alone.",
        holds="True of the algorithm, not of Core ML: it was so in 2017 and is so in 2026.",
        source="Ester, Kriegel, Sander and Xu, A Density-Based Algorithm for Discovering Clusters (1996); "
        "scikit-learn 1.9 user guide, Clustering (2026): these estimators have fit_predict and no predict.",
        instead="Export a substitute that has a rule for new points, and read how often the two agree; or run the "
        "algorithm on the device, on the user's own points, in Swift.",
        lesson="density",
    ),
    Limit(
        id="no-embedding",
        what="There is no function for a new point: the algorithm places the rows it was given and has no rule for others.",
        why="It moves all places together until their distances fit, so a place belongs to a row, not to its features. One more "
        "row could move all the others, so there is nothing that Core ML, or any other runtime, could compute for it alone.",
        holds="True of the algorithm, not of Core ML.",
        source="van der Maaten, Learning a Parametric Embedding by Preserving Local Structure (2009); scikit-learn 1.9 user "
        "guide, Manifold learning (2026): these estimators have fit_transform and no transform.",
        instead="Export a substitute that learns where the rows were placed, and read how well it places rows it has not "
        "seen; or fit PCA, kernel PCA or Isomap, which have a rule of their own.",
        lesson="manifolds",
    ),
    Limit(
        id="one-matrix",
        what="There is no function for a new point: the algorithm labels the rows and the columns of one matrix together.",
        why="Every row counts in the labels of the columns and every column in those of the rows, so a row has no label "
        "without the matrix it stands in.",
        holds="True of the algorithm, not of Core ML.",
        source="Dhillon, Co-clustering Documents and Words Using Bipartite Spectral Graph Partitioning (2001); scikit-learn 1.9 "
        "user guide, Biclustering (2026): these estimators have no predict.",
        instead="Ship the labels as a table, or cluster the rows alone with a model that has a rule, such as k-means.",
    ),
    Limit(
        id="float32-input",
        what="The package reads float32: about seven significant digits.",
        why="Core ML programs have no float64. A value such as 16,777,217 cannot be told from 16,777,216 once it is float32.",
        holds="Since ML Programs exist (iOS 15); still so in iOS 18.",
        source="Apple, coremltools guide, Typed Execution (2025).",
        instead="Centre or rescale very large values before they reach the phone. Parity is measured on float32 inputs, "
        "and both sides are given the same ones.",
        lesson="kmeans",
    ),
    Limit(
        id="float32-cancellation",
        what="Some outputs are small differences of large numbers, and float32 keeps too few digits of them.",
        why="They belong to eigenvalues far below the largest: the kernel's values, of ordinary size, are weighted so that they "
        "nearly cancel, and what remains is no larger than the rounding of the seventh digit. The model itself has sixteen.",
        holds="True of the number format: Core ML programs have no float64.",
        source="Higham, Accuracy and Stability of Numerical Algorithms (2002); the loss is estimated on the model's own rows.",
        instead="Keep fewer components, or take a larger gamma where the kernel is rbf, laplacian or chi2, which then falls off "
        "faster, and fit again.",
    ),
    Limit(
        id="float16-precision",
        what="Half precision keeps about three significant digits.",
        why="float16 has an 11-bit significand, so rounding errors are 8,192 times those of float32.",
        holds="True of the number format.",
        source="IEEE 754-2019, IEEE Standard for Floating-Point Arithmetic (2019); the loss shown is measured on your sample.",
        instead="Use float32 unless you have measured that you need half the size.",
        lesson="mixtures",
    ),
    Limit(
        id="float16-overflow",
        what="A value passes 65,504, the largest number float16 can hold, and becomes infinite.",
        why="A squared distance between body masses in grams is already that large.",
        holds="True of the number format.",
        source="IEEE 754-2019, IEEE Standard for Floating-Point Arithmetic (2019); found by running your sample.",
        instead="Scale the features first, or export with precision='float32'. A Mahalanobis distance is the same on every "
        "scale: there only float32 helps.",
        lesson="outliers",
    ),
    Limit(
        id="carries-rows",
        what="The package carries rows of your training data word for word.",
        why="The model answers by comparing a new point with stored rows, so the rows have to be in the file, and anyone "
        "who has the app can read them.",
        holds="True of the model. Core ML can encrypt a model (since iOS 14), but it is decrypted on the device.",
        source="Apple Developer Documentation, Encrypting a Model in Your App (2020).",
        instead="Do not ship it if the rows are about people; use a model that keeps only summaries, such as k-means.",
        lesson="outliers",
    ),
    Limit(
        id="group-of-one",
        what="A group has a single training row, so its centre is that row.",
        why="A centre is the mean of its rows, and the mean of one row is the row itself.",
        holds="True of the algorithm.",
        source="Lloyd, Least Squares Quantization in PCM (1982).",
        instead="Lower the number of groups, or leave out the lone row, before you ship the package.",
        lesson="kmeans",
    ),
    Limit(
        id="score-undefined",
        what="The log-likelihood of this model is no usable number, so the output score is left out.",
        why="All variance is explained, and the covariance has no inverse that float64 can hold; scikit-learn's "
        "score_samples is not finite either, or made of roundings.",
        holds="A limit of the model, not of this package.",
        source="Tipping and Bishop, Mixtures of Probabilistic Principal Component Analysers (1999).",
        instead="Keep fewer components, or drop constant and duplicated features, if you need the score.",
        lesson="pca",
    ),
    Limit(
        id="no-split",
        what="No tree of the forest splits, so every row gets the same score, and the label is the sign of a rounding.",
        why="A feature whose values span 1e-7 or less is constant to scikit-learn 1.9, and no rows are split by it; 1.6 and 1.7 "
        "still split them.",
        holds="A limit of the model, not of this package.",
        source="scikit-learn 1.9, tree/_splitter.pyx, FEATURE_THRESHOLD (2026).",
        instead="Scale the data, for instance with StandardScaler as the first step, and fit again.",
    ),
    Limit(
        id="solver-stops",
        what="A row's answer has no closed form: the program repeats the solver's sweeps, and stops where the model's own "
        "tolerance says.",
        why="Where the sweeps stop decides the last digits, and float32 may stop one sweep earlier or later than float64. "
        "Non-negative factorization looks at all rows of a call together, so a row's last digits depend on the others.",
        holds="True of the algorithm, in scikit-learn too.",
        source="scikit-learn 1.9, decomposition/_nmf.py, _lda.py and _dict_learning.py (2026); the error shown is measured.",
        instead="Fit with a smaller tolerance where you need more digits, and give rows one at a time where a row's answer "
        "must not depend on its neighbours.",
        lesson="pca",
    ),
    Limit(
        id="collinear",
        what="Some features say all but the same, so the inverse covariance is made of roundings, and the distances with it.",
        why="Inverting a covariance of condition number k costs its logarithm in digits; beyond 5e9, fewer are left of "
        "float64's sixteen than the package is held to.",
        holds="True of the number format.",
        source="Higham, Accuracy and Stability of Numerical Algorithms (2002), chapter 7; measured on your model.",
        instead="Drop features that others already tell, centre the data where assume_centered=True, or use a shrunk "
        "covariance such as LedoitWolf.",
    ),
    Limit(
        id="proof-of-ties",
        what="Every row of the proof inside the package is a tie: its answer lies between two.",
        why="No other row could be made up: two centres are as good as one, or nearly every value of the sample is there twice. "
        "Rounding decides such an answer, so another runtime may decide it the other way, and be right too.",
        holds="True of the model and its data.",
        source="Higham, Accuracy and Stability of Numerical Algorithms (2002), section 1.8; found on your model.",
        instead="Read a label that differs on a Mac as a tie, or fit fewer groups, or on data without so many duplicates.",
    ),
    Limit(
        id="rows-at-once",
        what="The package takes up to 100,000 rows in one call.",
        why="A flexible dimension of an ML Program needs an upper bound when it is written.",
        holds="Since ML Programs have flexible shapes (iOS 15).",
        source="Apple, coremltools guide, Flexible Input Shapes (2025).",
        instead="Call it in pieces of at most 100,000 rows.",
        lesson="kmeans",
    ),
    Limit(
        id="one-image-at-once",
        what="The package takes one image in one call.",
        why="An image input of an ML Program has a fixed batch of one: its shape is (1, channels, height, width).",
        holds="Since ML Programs exist (iOS 15).",
        source="Apple, coremltools guide, Image Input and Output (2025).",
        instead="Call it once for each image, or export without image_input for many rows in one array.",
    ),
    Limit(
        id="not-fitted",
        what="The model has not been fitted.",
        why="Its parameters do not exist yet, so there is nothing to write into a package.",
        holds="True of every model before fit.",
        source="scikit-learn 1.9 developer guide, Estimators (2026).",
        instead="Call fit first.",
        lesson="welcome",
    ),
    Limit(
        id="malformed",
        what="The model is not put together as scikit-learn does it, or what fit has left in it was changed.",
        why="A recipe reads the steps of a model and what fit has left in each; what is not there cannot be written.",
        holds="True of this model: scikit-learn cannot fit or use it either, or only by chance.",
        source="scikit-learn 1.9 user guide, Pipelines and composite estimators (2026).",
        instead="Put it together from (name, estimator) pairs, or with make_pipeline and make_union, fit it as a whole, and "
        "export what fit returns.",
    ),
    Limit(
        id="option-not-covered",
        what="An option changes the function in a way that no recipe covers.",
        why="Exporting the function without it would give wrong results silently.",
        holds="A limit of this package, not of Core ML.",
        source="beyondlabels, conversion recipes.",
        instead="Fit the model without the option, or register a recipe of your own with @beyondlabels.recipe.",
    ),
    Limit(
        id="no-recipe",
        what="No recipe is known for this class.",
        why="Models are looked up by their exact class: a subclass may compute something else, and would be converted wrongly "
        "and silently.",
        holds="A limit of this package, not of Core ML.",
        source="beyondlabels, conversion registry.",
        instead="Register a recipe with @beyondlabels.recipe, or export a known class.",
        lesson="manifolds",
    ),
    Limit(
        id="class-labels",
        what="The class labels are not whole numbers that int32 holds, and a package gives nothing else as a label.",
        why="The outputs of an ML Program are tensors of numbers; only the older model types name a class by text.",
        holds="Since ML Programs exist (iOS 15); still so in iOS 18.",
        source="Apple, coremltools guide, Typed Execution (2025).",
        instead="Fit on numbers and keep the names for the app: names, y = numpy.unique(y, return_inverse=True); "
        "the class of a row is then names[label].",
    ),
    Limit(
        id="no-reconstruction",
        what="The model does not give back what it is given, so there is no error of reconstruction.",
        why="The score is the difference between a row and what the model makes of it, in the same features.",
        holds="A limit of the model, not of this package.",
        source="beyondlabels, conversion.reconstruction.",
        instead="Take a model with a way back: PCA, IncrementalPCA, TruncatedSVD, KernelPCA(fit_inverse_transform=True), a "
        "pipeline that ends in one, or a Keras autoencoder.",
    ),
    Limit(
        id="text-categories",
        what="The categories are text, and a package reads numbers only.",
        why="The inputs of an ML Program are tensors of numbers; only the older model types with a dictionary can look up text.",
        holds="Since ML Programs exist (iOS 15); still so in iOS 18.",
        source="Apple, coremltools guide, Typed Execution (2025); Apple, coremltools API, DictVectorizer (2025).",
        instead="Number the text with the table below, in Swift on the phone and in Python alike (X[name].map(table[name]) "
        "for each column), fit the encoder on the numbers and export that.",
    ),
    Limit(
        id="no-errors",
        what="The model raises an error for some inputs, and a package cannot: it gives a number there.",
        why="An ML Program has no operation that stops with an error; every input of the right shape gets an output.",
        holds="Since ML Programs exist (iOS 15); still so in iOS 18.",
        source="Apple, coremltools API, MIL Ops (2025).",
        instead="Check those inputs in the app before the call, or choose the option that gives a number in scikit-learn too.",
    ),
    Limit(
        id="apple-runtime-not-run",
        what="Apple's own runtime was not run here.",
        why="Core ML itself exists only on Apple systems; this parity was measured with the NumPy runtime of beyondlabels, "
        "which reads the saved file.",
        holds="On every system but macOS.",
        source="Apple, coremltools guide, Model Prediction (2025): predictions need macOS.",
        instead="Run `beyondlabels check` on the package on a Mac: there the proof rows go through Core ML too.",
        lesson="welcome",
    ),
]

_PARTS = (_ENTRIES, essay.ENTRIES, keras_models.ENTRIES, shrinking.ENTRIES)
CATALOGUE = {entry.id: entry for part in _PARTS for entry in part}


def get(limit_id):
    """The limit with this id. Raises ``KeyError`` naming the ids that exist."""
    try:
        return CATALOGUE[limit_id]
    except KeyError:
        raise KeyError(f"no limit {limit_id!r}; the catalogue has {', '.join(CATALOGUE)}") from None


def everything():
    """All limits, in the order of the catalogue."""
    return list(CATALOGUE.values())
