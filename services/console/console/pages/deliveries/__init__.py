"""What became of each message that somebody was to get."""
