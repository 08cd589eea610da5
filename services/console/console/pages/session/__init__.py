"""One training session, from its days to its certificates."""
