"""Kernels that are sums of a few products: a model of one is a matrix, and need not store its rows."""

from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import comb, factorial, prod

import numpy as np

from .blocks import builder, with_constant
from .distances import unit


@dataclass(frozen=True)
class Features:
    """A kernel as sums of products, K(x, p) = of(x) . weighted(p): then a model of it is one matrix, and stores no row.

    ``products`` (count, degree): which of the row's numbers, and of the 1 after them, are multiplied; ``weights`` (count,);
    both ``None`` for the kernels that are products of rows.
    """

    name: str
    products: np.ndarray | None = None
    weights: np.ndarray | None = None

    def of(self, x):
        """The features of rows ``x``, as a Var (rows, count)."""
        mb = builder()
        if self.products is None:
            return unit(x) if self.name == "cosine" else x
        longer, made = with_constant(x, 1), None
        for column in self.products.T:
            factor = mb.gather(x=longer, indices=column.astype(np.int32), axis=1)
            made = factor if made is None else mb.mul(x=made, y=factor)
        return made

    def of_rows(self, rows):
        """The same for stored rows, float64 (rows, count)."""
        if self.products is None:
            length = np.linalg.norm(rows, axis=1, keepdims=True)
            return rows / np.where(length == 0, 1, length) if self.name == "cosine" else rows
        return np.column_stack([rows, np.ones(len(rows))])[:, self.products].prod(axis=2)

    def weighted(self, rows):
        """The features of stored rows times their weights, float64 (rows, count)."""
        return self.of_rows(rows) if self.weights is None else self.of_rows(rows) * self.weights


def explicit(name, points, gamma=None, degree=3, coef0=1):
    """The kernel's ``Features``, or ``None`` where there are none, or more of them than ``points`` has rows.

    (gamma x.p + coef0)^degree is the sum of all products of degree numbers out of gamma x p and coef0 (multinomial theorem);
    where coef0 is 0, those without it are all.
    """
    count, width = points.shape
    if name in ("linear", "cosine"):
        return Features(name)
    small = name in ("poly", "polynomial") and float(degree).is_integer() and 1 <= degree <= 8
    numbers = width + 1 if coef0 else width
    if not small or comb(numbers + int(degree) - 1, int(degree)) > count:
        return None
    products = np.array(list(combinations_with_replacement(range(numbers), int(degree))))
    factors = np.append(np.full(width, 1 / width if gamma is None else gamma), coef0)[products].prod(axis=1)
    ways = [
        factorial(int(degree)) / prod(factorial(n) for n in np.unique(row, return_counts=True)[1]) for row in products
    ]
    kept = factors != 0
    return Features(name, products[kept], factors[kept] * np.array(ways)[kept])
