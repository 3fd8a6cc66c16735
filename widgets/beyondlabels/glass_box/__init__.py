"""The glass box: a saved package's program as a graph and a list, with every value on the way."""

from .box import GlassBox

__all__ = ["GlassBox"]
