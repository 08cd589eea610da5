"""One advisory visit, and the planning of it."""
