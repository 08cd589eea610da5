"""Giving consent on behalf of a factory."""
