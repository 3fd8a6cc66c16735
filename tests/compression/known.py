"""The weight inside the packages of another maker."""

import numpy as np

WEIGHT = np.random.default_rng(0).normal(size=(64, 64)).astype(np.float32)
