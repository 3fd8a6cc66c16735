"""What Core ML, a number format or an algorithm cannot do: each limit once, shown the same everywhere."""

from .catalogue import CATALOGUE, Limit, everything, get

__all__ = ["CATALOGUE", "Limit", "everything", "get"]
