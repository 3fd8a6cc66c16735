"""One module per family of recipes, each with its ``ROWS``."""
