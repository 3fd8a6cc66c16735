"""Values that outlive an operation: states, kept from one prediction to the next, and lists, that grow in a loop."""

import numpy as np

from ..bounds import room

_LONGEST = 2**24  # elements of a list
_DTYPES = {"fp16": np.float16, "fp32": np.float32, "int32": np.int32, "bool": np.bool_}


class State:
    """What a state holds: ``value`` is an array of its declared type and shape."""

    def __init__(self, value):
        self.value = value


def read_state(input):
    """A copy of what the state holds."""
    return input.value.copy()


def write_state(input, data):
    """Put ``data`` into the state, rounded to its type. Makes no value."""
    if np.shape(data) != input.value.shape:
        raise ValueError(f"the state has shape {input.value.shape}, the data {np.shape(data)}")
    input.value = np.array(data, input.value.dtype)
    return ()


def coreml_update_state(state, value):
    """Put ``value`` into the state, and give what it holds then."""
    write_state(state, value)
    return read_state(state)


def make_list(elem_shape=None, init_length=1, dynamic_length=True, dtype="fp32"):
    """A list of ``init_length`` tensors of zeros; an element whose shape is not known yet is ``None``."""
    sizes = [] if elem_shape is None else elem_shape if isinstance(elem_shape, list) else np.ravel(elem_shape).tolist()
    known = elem_shape is not None and not any(isinstance(size, str) for size in sizes)
    if not 0 <= int(init_length) <= _LONGEST:
        raise ValueError(f"a list of {int(init_length):,} elements is not made; at most {_LONGEST:,} are")
    element = np.zeros(room(*sizes), _DTYPES[dtype]) if known else None
    return [element] * int(init_length)


def list_length(ls):
    """How many elements the list has, int32 scalar."""
    return np.int32(len(ls))


def list_read(ls, index):
    """The element at ``index``."""
    return ls[_place(index, len(ls))]


def list_write(ls, index, value):
    """A list with ``value`` at ``index``; it grows as far as that needs, by zeros."""
    return _written(ls, [(int(index), value)])


def list_gather(ls, indices):
    """The elements at ``indices``, stacked along a new first axis."""
    found = [ls[_place(index, len(ls))] for index in indices]
    room(sum(map(np.size, found)))
    return np.stack(found)


def list_scatter(ls, indices, value):
    """A list with ``value[i]`` at ``indices[i]``; it grows as far as that needs, by zeros."""
    return _written(ls, [(int(index), value[place]) for place, index in enumerate(indices)])


def _place(index, length):
    if not 0 <= int(index) < length:
        raise IndexError(f"the list has {length} elements, none at {int(index)}")
    return int(index)


def _written(ls, pairs):
    made = list(ls)
    longest = max((index for index, _ in pairs), default=-1) + 1
    if longest > len(made):
        if longest > _LONGEST:
            raise IndexError(f"a list of {longest:,} elements is not made; at most {_LONGEST:,} are")
        blank = next((np.zeros_like(each) for each in [*ls, *(value for _, value in pairs)] if each is not None), None)
        made += [blank] * (longest - len(made))
    for index, value in pairs:
        _place(index, len(made))
        made[index] = value
    return made
