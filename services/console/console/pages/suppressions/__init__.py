"""Recipients whose address takes nothing any more."""
