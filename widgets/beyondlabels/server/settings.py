"""What can be set in Jupyter's configuration."""

from traitlets import Bool
from traitlets.config import Configurable


class BeyondLabels(Configurable):
    """``c.BeyondLabels.…`` in ``jupyter_server_config.py``."""

    low_latency = Bool(True, help="Send each kernel message at once instead of waiting for more (Nagle).").tag(
        config=True
    )
