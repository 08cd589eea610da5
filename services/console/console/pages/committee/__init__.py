"""The committee of one factory."""
