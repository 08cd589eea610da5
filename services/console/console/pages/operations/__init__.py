"""The machinery of the services, for those who run it."""
