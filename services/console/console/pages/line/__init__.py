"""One line of an improvement plan."""
