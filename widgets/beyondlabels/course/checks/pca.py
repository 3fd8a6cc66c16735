"""The exercises of lesson 04, PCA on digits and wines, in the order of the lesson. The judges measure spaces, never signs."""

from ._pca_axes import AXES, BACK
from ._pca_reading import ANGLE, HOW_MANY
from ._pca_using import COMPRESSOR, WHITE

EXERCISES = [AXES, BACK, HOW_MANY, ANGLE, WHITE, COMPRESSOR]
