"""One thin, typed module for each service that the console calls."""
