"""Orthogonal matching pursuit: a row as a sum of a fixed number of atoms, one more in each step."""

import numpy as np

from .blocks import builder, constant


def matching_pursuit(x, atoms, count):
    """Take the atom that what is left points along most, ``count`` times, each time fitting all taken so far again (Pati,
    Rezaiifar and Krishnaprasad 1993). The taken atoms are kept orthogonal, so that each fit is a projection; in the end a
    triangular system gives their own coefficients.

    A row ends early, as in scikit-learn, where hardly anything is left, or the best atom is a mixture of those taken.
    """
    mb = builder()
    stored = mb.const(val=constant(atoms))
    lengths = constant((atoms**2).sum(axis=1))
    left, taken, bases, shares, mixes = x, [], [], [], []
    first = alive = free = None
    for _ in range(min(count, len(atoms))):
        along = mb.abs(x=mb.matmul(x=left, y=stored, transpose_y=True))
        along = along if free is None else mb.mul(x=along, y=free)
        most = mb.reduce_max(x=along, axes=[1], keep_dims=True)
        if first is None:
            # scikit-learn's own end, 2^-26; and what float32 leaves of a row that its atoms explain
            first = mb.maximum(x=mb.mul(x=most, y=np.float32(1e-6)), y=np.float32(2.0**-26))
        best = mb.reduce_argmax(x=along, axis=1, keep_dims=False)
        atom = mb.gather(x=stored, indices=best, axis=0)
        mix = [_dot(atom, base) for base in bases]
        basis = atom
        for share, base in zip(mix, bases, strict=True):
            basis = mb.sub(x=basis, y=mb.mul(x=share, y=base))
        size = _dot(basis, basis)
        own = mb.expand_dims(x=mb.gather(x=lengths, indices=best, axis=0), axes=[1])
        going = mb.logical_and(
            x=mb.greater(x=most, y=first), y=mb.greater(x=size, y=mb.mul(x=own, y=np.float32(1e-10)))
        )
        going = mb.cast(x=going, dtype="fp32")
        alive = going if alive is None else mb.mul(x=alive, y=going)
        root = mb.sqrt(x=mb.maximum(x=size, y=np.float32(1e-30)))
        basis = mb.real_div(x=basis, y=root)
        share = mb.mul(x=_dot(left, basis), y=alive)
        left = mb.sub(x=left, y=mb.mul(x=share, y=basis))
        hot = mb.one_hot(indices=best, one_hot_vector_size=len(atoms), axis=-1, on_value=1.0, off_value=0.0)
        closed = mb.sub(x=np.float32(1), y=hot)
        free = closed if free is None else mb.mul(x=free, y=closed)
        taken.append(hot)
        bases.append(basis)
        shares.append(share)
        mixes.append([*mix, root])
    return _from_triangle(taken, shares, mixes)


def _from_triangle(taken, shares, mixes):
    """The code: coefficients c with sum over later atoms j of mixes[j][i] c[j] = shares[i], each put at its atom."""
    mb = builder()
    code, found = None, {}
    for i in reversed(range(len(taken))):
        rest = shares[i]
        for j in range(i + 1, len(taken)):
            rest = mb.sub(x=rest, y=mb.mul(x=mixes[j][i], y=found[j]))
        found[i] = mb.real_div(x=rest, y=mixes[i][i])
        part = mb.mul(x=taken[i], y=found[i])
        code = part if code is None else mb.add(x=code, y=part)
    return code


def _dot(x, y):
    mb = builder()
    return mb.reduce_sum(x=mb.mul(x=x, y=y), axes=[1], keep_dims=True)
