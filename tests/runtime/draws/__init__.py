"""Random arguments for every operation that coremltools can evaluate itself: ``DRAWS[kind](rng)`` gives one set of them."""

from runtime.draws import elementwise, moving, products

DRAWS = {**elementwise.DRAWS, **moving.DRAWS, **products.DRAWS}
