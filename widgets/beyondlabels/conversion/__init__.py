"""From a fitted model to a saved, verified Core ML package. ``convert.py`` shows the whole way on one page."""
