"""Substitutes for models that have no function for a new point: one module each, all measured on held-out rows."""
