"""What this service keeps of other services' facts, one view a file; each can be rebuilt from the streams."""
