"""Which factories are eligible for what."""
