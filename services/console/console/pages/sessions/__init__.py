"""The list of training sessions, and scheduling a new one."""
