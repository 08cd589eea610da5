"""The finance products and their rules."""
