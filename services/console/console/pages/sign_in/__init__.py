"""The door: what somebody sees who is not signed in. Its addresses are in `signin/routes.py`."""
