"""One small module per family of models; importing a library's folder registers its recipes."""
