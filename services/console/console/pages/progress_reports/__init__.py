"""Progress reports across factories."""
