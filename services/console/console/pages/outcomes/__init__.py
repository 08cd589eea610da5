"""What became of people months after a session."""
