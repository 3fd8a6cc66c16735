"""What Core ML, a number format or an algorithm cannot do: each limit once, shown the same everywhere."""

from .catalogue import CATALOGUE, everything, get
from .limit import Limit

__all__ = ["CATALOGUE", "Limit", "everything", "get"]
