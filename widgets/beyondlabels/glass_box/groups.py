"""Operations that belong together by name: a layer's, a block's, at any depth."""

import re

_HALF = re.compile(r"_cast_fp16$")
_DEEPEST = 4


def tree(steps):
    """The steps as a tree: a list whose items are step numbers or {"name", "label", "items"}.

    Only neighbours in running order form a group, two or more that share the words at the start of their names, cut at
    underscores (a number stays with the word before it: ``dense_1`` is one word). Where operations are named after layers, as
    in a package made from Keras, what an operation adds behind the layer's name is left out first. MIL's own names
    (``sub_0``) say nothing and form no group.
    """
    names = [_HALF.sub("", each.name) for each in steps]
    owners = [_owner(name, each.kind) for name, each in zip(names, steps, strict=True)]
    layers = set(owners)  # first_conv of kind conv, beside first_conv_transpose: there the end is the layer's own
    words = [_words(name if name in layers else owner) for name, owner in zip(names, owners, strict=True)]
    return _grouped(list(enumerate(words)), 0, "", 0)


def _owner(name, kind):
    return re.sub(rf"(^|_){re.escape(kind)}(_\d+)?$", "", name)


def _words(own):
    return tuple(re.split(r"[_./](?!\d+(?:[_./]|$))", own)) if own else ()


def _grouped(entries, depth, before, level):
    items, at = [], 0
    while at < len(entries):
        words = entries[at][1]
        end = at + 1
        while (
            end < len(entries) and len(words) > depth and entries[end][1][depth : depth + 1] == words[depth : depth + 1]
        ):
            end += 1
        run = entries[at:end]
        at = end
        if len(run) == 1 or level >= _DEEPEST:
            items += [index for index, _ in run]
            continue
        shared = depth + 1
        while (
            all(len(other) > shared and other[shared] == words[shared] for _, other in run if len(words) > shared)
            and len(words) > shared
        ):
            shared += 1
        label = "_".join(words[depth:shared])
        name = f"{before}_{label}" if before else label
        if len(run) == len(entries):
            items += _grouped(run, shared, name, level) if level == 0 else [index for index, _ in run]
        else:
            items.append({"name": name, "label": label, "items": _grouped(run, shared, name, level + 1)})
    return items
