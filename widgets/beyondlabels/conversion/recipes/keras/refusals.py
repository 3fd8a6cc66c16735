"""Keras's own layers and operations that are refused, each with the reason and the way out. ``walk`` tells them."""

import keras

from .walk import refused_layer, refused_operation

L = keras.layers

refused_layer("its rows would have six axes, and Core ML's arrays have at most five; use ConvLSTM2D", L.ConvLSTM3D)
refused_layer(
    "a cell is a single step; wrap it in keras.layers.RNN", L.GRUCell, L.LSTMCell, L.SimpleRNNCell, L.StackedRNNCells
)
refused_layer("it computes nothing of its own; use one of Keras's layers", L.Layer, L.Wrapper)
refused_layer(
    "its function belongs to another library and is no part of the graph; spell it with Keras's layers",
    L.JaxLayer,
    L.FlaxLayer,
    L.TFSMLayer,
    L.TorchModuleWrapper,
)
refused_layer(
    "it works on text or by TensorFlow's hashes and tables; number the values before the model, in Python and in Swift alike, "
    "and start the model at its Embedding or CategoryEncoding",
    L.TextVectorization,
    L.StringLookup,
    L.IntegerLookup,
    L.Hashing,
    L.HashedCrossing,
)
refused_layer(
    "it looks at the histogram of a whole picture; adjust the picture in the app, before the model",
    L.AutoContrast,
    L.Equalization,
    L.ContrastLimitedAdaptiveHistogramEqualization,
)
refused_layer("it needs a Fourier transform; use STFTSpectrogram, which is a convolution", L.MelSpectrogram)
refused_layer("it shortens lists of bounding boxes; do that in the app", L.MaxNumBoundingBoxes)


def _operations(reason, names):
    refused_operation(reason, *names.split())


_operations(
    "the same layer of Keras is covered, and holds the weights",
    "Conv ConvTranspose DepthwiseConv SeparableConv BatchNorm LayerNorm RMSNorm DotProductAttention",
)
_operations(
    "a decomposition or solution of linear equations has no operation in Core ML; if it is of weights, compute it first "
    "and multiply with the result",
    "Cholesky CholeskyInverse Det Eig Eigh Inv Logdet Lstsq LuFactor MatrixRank Pinv Qr SVD Slogdet Solve SolveTriangular",
)
_operations(
    "Core ML has no complex numbers and no Fourier transform; use keras.layers.STFTSpectrogram for spectra",
    "FFT FFT2 IFFT2 IRFFT RFFT STFT ISTFT ViewAsComplex ViewAsReal Angle Imag Polar Isreal",
)
_operations(
    "Python code inside the graph; spell the steps with keras.ops on the values themselves",
    "AssociativeScan Cond ForiLoop Map Scan Switch VectorizedMap WhileLoop JVP",
)
_operations(
    "the size of its result depends on the data, or its rows are counted together",
    "Bincount Histogram Nonzero Unique Corrcoef AllClose Size Ndim",
)
_operations(
    "it loses track of the rows; use reshape, transpose or keras.layers.Flatten",
    "Ravel Vstack Vsplit Flipud BroadcastTo",
)
_operations(
    "it is no part of a row's answer but a loss or a measure; leave it out of the exported model",
    "BinaryCrossentropy CategoricalCrossentropy SparseCategoricalCrossentropy CTCLoss CTCDecode InTopK PSNR SSIM",
)
_operations(
    "it writes into an array or adds up by number; use where, one_hot and matmul",
    "Scatter ScatterUpdate SliceUpdate SegmentReduction SegmentMax SegmentMin SegmentProd SegmentSum",
)
_operations(
    "it makes or treats missing numbers, and what a package is given is finite; use where with a comparison",
    "Isclose Isfinite Isinf Isnan Isneginf Isposinf NanToNum Nanargmax Nanargmin Nancumprod Nancumsum Nanmax Nanmean "
    "Nanmedian Nanmin Nanpercentile Nanprod Nanquantile Nanstd Nansum Nanvar Nextafter",
)
_operations(
    "whole numbers by bits have no operation in Core ML",
    "BitwiseAnd BitwiseInvert BitwiseLeftShift BitwiseNot BitwiseOr BitwiseRightShift BitwiseXor LeftShift RightShift Gcd Lcm "
    "View",
)
_operations(
    "it makes a constant from its arguments; make it with NumPy, outside the graph",
    "Arange Array ConvertToTensor Full Geomspace Linspace Logspace Meshgrid Diag Diagflat Vander EmptyLike",
)
_operations(
    "it is not written; multiply, matmul, reshape and reduce spell it",
    "CDist Correlate Cross Diagonal Einsum Inner Kron Outer Rearrange Tensordot Trace Trapezoid Vdot Cumprod Fold Unfold "
    "ExtractSequences ExtractPatches Slice Select Rot90 UnravelIndex",
)
_operations(
    "Core ML has no operation for this function, and no formula keeps float32's digits everywhere",
    "Arctan2 Erfc Erfinv Fmod I0",
)
_operations("what it does beyond cast depends on the backend; use clip and cast", "SaturateCast")
_operations("order statistics between values are not written; use sort or median", "Percentile Quantile Argpartition")
_operations("looking up by order or by membership is not written; compare with a constant and sum", "SearchSorted IsIn")
_operations(
    "pictures are moved, bent or recoloured before the model, in the app",
    "AffineTransform ElasticTransform GaussianBlur HSVToRGB MapCoordinates PerspectiveTransform RGBToHSV ScaleAndTranslate "
    "SobelEdges",
)
