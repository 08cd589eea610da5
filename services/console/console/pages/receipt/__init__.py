"""The receipt of one decision on eligibility."""
