"""Names of a package that are imported when they are first used (PEP 562)."""

from importlib import import_module


def lazily(package, shown_as, homes, modules=()):
    """``__getattr__`` and ``__dir__`` for the module whose ``globals()`` are ``package``.

    ``homes`` maps a public name to the module below that holds it, ``modules`` are public themselves, ``shown_as`` is what
    the error calls the package. A name is kept once found.
    """
    names = sorted({*homes, *modules, *package.get("__all__", ())})

    def find(name):
        if name in homes:
            value = getattr(import_module(f".{homes[name]}", package["__name__"]), name)
        elif name in modules:
            value = import_module(f".{name}", package["__name__"])
        else:
            raise AttributeError(f"{shown_as} has no attribute {name!r}; it has {', '.join(names)}")
        package[name] = value
        return value

    return find, lambda: names
