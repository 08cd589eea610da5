"""Courses that are recommended from what assessments found."""
