"""Advisory visits across factories."""
