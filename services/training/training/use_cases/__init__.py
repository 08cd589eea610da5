"""What this service does, one verb a file: load, one verb, save."""
