"""The improvement plan of one factory."""
