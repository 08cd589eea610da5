"""Holds on factories; for country managers alone."""
