"""Journeys of several steps, each as a table that can be read aloud."""
