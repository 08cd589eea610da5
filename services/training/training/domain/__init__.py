"""Courses, sessions and their participants, certificates and recommendations: rules on plain values."""
