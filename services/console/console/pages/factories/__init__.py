"""The list of factories."""
