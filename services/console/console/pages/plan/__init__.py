"""Planning an unannounced visit."""
