"""Environmental records of a factory."""
