"""Damage to a specification, field by field: any message of the format, whatever it means, set to what nobody expects."""

EXTREMES = (0, 1, 2, 3, 7, 64, 999, 2**15, 2**20, 2**31 - 1, 2**31, 2**32 - 1, 2**40, 2**62, 2**63 - 1, 2**64 - 1)
EXTREMES += (-1, -2, -(2**31), -(2**63))
FLOATS = (0.0, -0.0, 1.0, -1.0, 1e-45, 1e30, -1e30, 1e308, float("nan"), float("inf"), float("-inf"))
TEXTS = (
    "",
    "x",
    "y",
    "main",
    "nothing",
    "../../x",
    "/etc/passwd",
    "a" * 5000,
    "é企",
    "\0",
    "%s{}",
    "-1",
    "nan",
    "CoreML99",
)
_RANGES = {1: None, 2: None, 3: (-(2**63), 2**63 - 1), 4: (0, 2**64 - 1), 5: (-(2**31), 2**31 - 1), 13: (0, 2**32 - 1)}
_RANGES |= {14: (-(2**31), 2**31 - 1), 17: (-(2**31), 2**31 - 1), 18: (-(2**63), 2**63 - 1)}


def within(message, most=20_000):
    """The message and those inside it, in order; at most so many."""
    found, waiting = [], [message]
    while waiting and len(found) < most:
        each = waiting.pop()
        found.append(each)
        for field, value in each.ListFields():
            if field.message_type is None:
                continue
            if _is_map(field):
                if field.message_type.fields_by_name["value"].message_type is not None:
                    waiting.extend(value[key] for key in sorted(value))
            elif _repeated(field):
                waiting.extend(value)
            else:
                waiting.append(value)
    return found


def any_field(specification, chance):
    """Some field of some message: another number, text, truth, or left out, added, doubled, moved."""
    every = [each for each in within(specification) if each.DESCRIPTOR.fields]
    message = every[int(chance.integers(len(every)))]
    there = [field for field, _ in message.ListFields()]
    known = message.DESCRIPTOR.fields
    field = (
        known[int(chance.integers(len(known)))]
        if not there or chance.random() < 0.3
        else there[int(chance.integers(len(there)))]
    )
    return change(message, field, chance)


def numbers(specification, chance):
    """A whole number that is set becomes an extreme one: sizes, places, counts, epochs, enumerations."""
    return _of_type(specification, chance, (3, 4, 5, 13, 14, 17, 18))


def floats(specification, chance):
    """A float becomes NaN, infinite or huge."""
    return _of_type(specification, chance, (1, 2))


def texts(specification, chance):
    """A name or a text becomes another one, often one that is in use elsewhere."""
    return _of_type(specification, chance, (9,))


def parts(specification, chance):
    """A message within the specification is left out, doubled, put elsewhere or replaced by another of its sort."""
    every = within(specification)
    holders = [
        (each, field) for each in every for field, _ in each.ListFields() if field.message_type and not _is_map(field)
    ]
    message, field = holders[int(chance.integers(len(holders)))]
    if not _repeated(field):
        same = [each for each in every if each.DESCRIPTOR is field.message_type]
        other = same[int(chance.integers(len(same)))].SerializeToString()
        getattr(message, field.name).ParseFromString(other)
        return f"{_name(message, field)} replaced"
    return _shuffled(message, field, chance)


def future(specification, chance):
    """Another version of the format, and operation sets of tomorrow."""
    specification.specificationVersion = int(chance.choice([0, 1, 5, 9, 10, 11, 99, 2**31 - 1, -1, -(2**31)]))
    if specification.WhichOneof("Type") == "mlProgram" and chance.random() < 0.7:
        for function in specification.mlProgram.functions.values():
            new = str(chance.choice(["CoreML9", "CoreML99", "", "CoreML5"]))
            if chance.random() < 0.5 and function.opset in function.block_specializations:
                function.block_specializations[new].CopyFrom(function.block_specializations[function.opset])
            function.opset = new
    return f"version {specification.specificationVersion}"


def kind(specification, chance):
    """The model is said to be of another kind, or its inputs and outputs are."""
    if chance.random() < 0.3:
        choices = specification.DESCRIPTOR.oneofs_by_name["Type"].fields
        chosen = choices[int(chance.integers(len(choices)))].name
        getattr(specification, chosen).SetInParent()
        return f"now a {chosen}"
    ports = [*specification.description.input, *specification.description.output]
    if not ports:
        return "no ports"
    port = ports[int(chance.integers(len(ports)))]
    choices = port.type.DESCRIPTOR.oneofs_by_name["Type"].fields
    chosen = choices[int(chance.integers(len(choices)))].name
    getattr(port.type, chosen).SetInParent()
    if chosen == "imageType":
        port.type.imageType.width, port.type.imageType.height = (int(each) for each in chance.choice([0, 3, 2**40], 2))
        port.type.imageType.colorSpace = int(chance.choice([0, 10, 20, 30, 99]))
    if chosen == "multiArrayType":
        array = port.type.multiArrayType
        array.dataType = int(chance.choice([0, 65568, 65600, 131104, 999]))
        del array.shape[:]
        array.shape.extend(int(each) for each in chance.choice([-1, 0, 1, 4, 2**31, 2**62], int(chance.integers(0, 5))))
    return f"{port.name} is a {chosen}"


def change(message, field, chance):
    """Change one field of a message."""
    name = _name(message, field)
    if _is_map(field):
        return _changed_map(message, field, chance)
    if chance.random() < 0.15:
        message.ClearField(field.name)
        return f"{name} left out"
    if _repeated(field):
        values = getattr(message, field.name)
        if field.message_type is None and len(values) and chance.random() < 0.7:
            place = int(chance.integers(len(values)))
            values[place] = _value(field, chance)
            return f"{name}[{place}] is {values[place]!r:.60}"
        return _shuffled(message, field, chance)
    if field.message_type is not None:
        getattr(message, field.name).SetInParent()
        return f"{name} set to nothing"
    setattr(message, field.name, _value(field, chance))
    return f"{name} is {getattr(message, field.name)!r:.60}"


def _of_type(specification, chance, types):
    found = [
        (each, field)
        for each in within(specification)
        for field, _ in each.ListFields()
        if field.type in types and not _is_map(field)
    ]
    if not found:
        return any_field(specification, chance)
    message, field = found[int(chance.integers(len(found)))]
    return change(message, field, chance)


def _shuffled(message, field, chance):
    values, name = getattr(message, field.name), _name(message, field)
    how = chance.choice(["doubled", "left out", "turned round", "many", "added"])
    if how == "added" and field.message_type is None:
        values.append(_value(field, chance))
    elif how == "added":
        values.add()
    elif not len(values):
        return f"{name} is empty"
    elif how == "many":
        values.extend([values[0]] * 3000)
    elif how == "turned round":
        turned = list(values)[::-1]
        del values[:]
        values.extend(turned)
    else:
        place = int(chance.integers(len(values)))
        if how == "left out":
            del values[place]
        else:
            values.extend([values[place]])
    return f"{name} {how}"


def _changed_map(message, field, chance):
    values, name = getattr(message, field.name), _name(message, field)
    if not len(values):
        return f"{name} is empty"
    key = sorted(values)[int(chance.integers(len(values)))]
    inner = field.message_type.fields_by_name["value"]
    if chance.random() < 0.5:
        del values[key]
        return f"{name}[{key!r:.40}] left out"
    if inner.message_type is None:
        values[key] = _value(inner, chance)
        return f"{name}[{key!r:.40}] changed"
    if field.message_type.fields_by_name["key"].type == 9:
        new = str(chance.choice([*TEXTS[:4], "axis", "shape", "y"]))
        values[new].CopyFrom(values[key])
        return f"{name}[{key!r:.40}] is also {new!r}"
    return f"{name} left alone"


def _value(field, chance):
    if field.type in (1, 2):
        value = FLOATS[int(chance.integers(len(FLOATS)))]
        return value if field.type == 1 or abs(value) < 3e38 or value != value else 3e38
    if field.type == 8:
        return bool(chance.integers(2))
    if field.type == 9:
        return TEXTS[int(chance.integers(len(TEXTS)))]
    if field.type == 12:
        return chance.bytes(int(chance.choice([0, 1, 3, 64, 1000])))
    low, high = _RANGES[field.type]
    allowed = [value for value in EXTREMES if low <= value <= high]
    return allowed[int(chance.integers(len(allowed)))]


def _is_map(field):
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def _repeated(field):
    return field.is_repeated if hasattr(field, "is_repeated") else field.label == 3


def _name(message, field):
    return f"{message.DESCRIPTOR.name}.{field.name}"


KINDS = {
    "field": any_field,
    "number": numbers,
    "float": floats,
    "text": texts,
    "part": parts,
    "future": future,
    "port": kind,
}
