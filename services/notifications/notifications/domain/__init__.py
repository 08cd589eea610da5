"""What a message and a recipient are, and the rules they keep; standard library only."""
