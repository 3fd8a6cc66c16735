"""What each layer of a Keras model gives, by the name that its operation has in a package."""

import keras

from .walk import graph, identifier


def run(model, given):
    """Layer's name -> its result for ``given``, the model's inputs in order; a layer called again is numbered.

    The names are those of ``walk.Walk``. A layer that gives several values, or none of its own (a nested model), is left out.
    """
    found = []
    _through(model, [keras.ops.convert_to_tensor(each) for each in given], [], found)
    names, made = {name for name, _ in found}, {}
    for name, value in found:
        free, count = name, 0
        while free in made:
            count += 1
            free = f"{name}_{count}"
        if value is not None and (free == name or free not in names):
            made[free] = value
    return made


def _through(model, given, path, found):
    def one(each):
        def call(*args, **kwargs):
            own = [*path, each.name]
            if graph(each) is not None:
                made = _through(each, keras.tree.flatten(args[0]), own, found)
                return made[0] if len(made) == 1 else made
            made = each(*args, **kwargs)
            if not isinstance(each, keras.layers.InputLayer):
                single = not isinstance(made, (list, tuple, dict))
                found.append((identifier("_".join(own)), keras.ops.convert_to_numpy(made) if single else None))
            return made

        return call

    return keras.tree.flatten(graph(model)._run_through_graph(given, operation_fn=one))
