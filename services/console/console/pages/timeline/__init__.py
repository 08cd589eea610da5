"""The history of one factory, across all services."""
