"""The inbox in the application."""
