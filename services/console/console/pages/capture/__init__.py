"""Answering the questions of a visit."""
