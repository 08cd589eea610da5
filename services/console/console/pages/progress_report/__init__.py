"""One progress report."""
