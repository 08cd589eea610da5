"""The messages of the person."""
