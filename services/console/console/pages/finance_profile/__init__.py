"""Buyer scores and ownership of a factory."""
