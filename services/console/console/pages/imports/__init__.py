"""Importing a factory list and reading what became of each row."""
