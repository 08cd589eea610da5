"""Checks the manifests without a cluster: builds every combination, validates it against schemas, and judges it."""
