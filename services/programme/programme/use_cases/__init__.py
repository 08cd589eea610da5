"""What this service can be asked to do: one file each, a command and the function that does it."""
