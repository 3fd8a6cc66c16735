"""A program as the steps a reader follows: each operation with the values it reads, and its constants folded into it."""

from dataclasses import dataclass

from .ops import OPS
from .program import Ref


@dataclass(frozen=True)
class Constant:
    """A constant that an operation takes as ``parameter``. ``value`` is an array, a text or a list of these; where it is stored
    compressed, ``packed`` names the operation that unpacks it, and what it holds is among the values of a run by ``name``."""

    parameter: str
    name: str
    value: object
    packed: str = ""


@dataclass(frozen=True)
class Step:
    """One operation. ``outputs``: (name, dtype, shape) of each value it makes; ``reads``: (parameter, value's name) of each
    value that was made before it, those read inside its blocks too; ``rule``: what it computes, a sentence; ``inside``: the
    operations of its blocks as text, for ``cond`` and ``while_loop``."""

    name: str
    kind: str
    outputs: tuple
    reads: tuple
    constants: tuple
    rule: str
    inside: str = ""


def walk_through(package):
    """The steps of a loaded ``Package`` in the order in which they run, a list of ``Step``."""
    program = package.program
    packed = {
        output[0]: each.kind
        for each in program.operations
        if each.kind.startswith("constexpr_")
        for output in each.outputs
    }
    return [_step(program, each, packed) for each in program.operations if not each.kind.startswith("constexpr_")]


def _step(program, operation, packed):
    reads, constants = [], []
    for parameter, given in operation.inputs.items():
        for value in given if isinstance(given, list) else [given]:
            if not isinstance(value, Ref):
                constants.append(Constant(parameter, "", value))
            elif value.name in program.constants:
                constants.append(Constant(parameter, value.name, program.constants[value.name]))
            elif value.name in packed:
                constants.append(Constant(parameter, value.name, None, packed[value.name]))
            else:
                reads.append((parameter, value.name))
    known = {name for _, name in reads}
    for name in _read_inside(operation, set()):
        if name not in known and name not in program.constants and name not in packed:
            known.add(name)
            reads.append(("block", name))
    name = operation.name or (operation.outputs[0][0] if operation.outputs else operation.kind)
    inside = "\n".join(program.lines([operation])) if operation.blocks else ""
    return Step(name, operation.kind, operation.outputs, tuple(reads), tuple(constants), _rule(operation.kind), inside)


def _read_inside(operation, made):
    """Names that the blocks of ``operation`` read from outside themselves."""
    for block in operation.blocks:
        inner = made | set(block.inputs) | set(block.constants)
        for each in block.operations:
            given = [value for one in each.inputs.values() for value in (one if isinstance(one, list) else [one])]
            yield from (value.name for value in given if isinstance(value, Ref) and value.name not in inner)
            yield from _read_inside(each, inner)
            inner |= {name for name, _, _ in each.outputs}
        yield from (name for name in block.results if name not in inner)


def _rule(kind):
    """The first sentence of what this runtime says of an operation; empty for one that it does not know."""
    text = " ".join((OPS[kind].__doc__ or "").split()) if kind in OPS else ""
    return text.partition(". ")[0].rstrip(".") + "." if text else ""
