"""Side-by-side measurements: what our mechanisms cost against the bare libraries doing the same work."""
