"""Who was there on a day of a session."""
