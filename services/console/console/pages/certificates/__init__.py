"""Checking a certificate by its number."""
