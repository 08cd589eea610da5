"""Writes the manifests that the topic registry, the typed settings and the code already know."""
