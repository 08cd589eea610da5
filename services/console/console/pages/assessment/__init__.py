"""One assessment and its steps."""
