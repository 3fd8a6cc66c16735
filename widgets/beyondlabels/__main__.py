"""``python -m beyondlabels`` is the ``beyondlabels`` command."""

import sys

from .cli import main

sys.exit(main())
