"""Lines of improvement plans across factories."""
