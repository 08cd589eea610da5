"""Tests before and after a session."""
