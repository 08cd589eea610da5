"""The training of one factory."""
