"""The rules of assessments, in the standard library only."""
