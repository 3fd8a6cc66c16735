"""Smaller packages from a saved one, each read back from disk and measured on a sample."""
