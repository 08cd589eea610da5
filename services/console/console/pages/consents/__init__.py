"""Who holds which consent of a factory."""
