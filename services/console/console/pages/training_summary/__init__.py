"""How many were trained, by sex and role."""
