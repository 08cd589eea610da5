"""The released report of an assessment."""
